package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of a query: its columns, and what must be read to compute it at all. */
final class SqlRelation {

    /** An expression whose value decides about rows. */
    record Needed(SqlExpr expr, SqlScope scope) {}

    /**
     * A condition of an outer join: rows stay whatever it says, but for those of its optional sides.
     *
     * @param place how many scans there were before its right side
     * @param end how many there are with it
     * @param left whether rows of its left side may be missing
     * @param right whether rows of its right side may be missing
     */
    record OuterFilter(Needed condition, int place, int end, boolean left, boolean right) {

        /** Whether a scan of the relation is of a side whose rows it leaves out where the condition does not hold. */
        boolean mayLeaveOut(SqlScan scan) {
            return !isFull() && ((left && scan.place < place) || (right && scan.place >= place && scan.place < end));
        }

        /** Whether all rows of both sides stay. */
        boolean isFull() {
            return left && right;
        }
    }

    /**
     * A join of the sources from {@code from} to {@code to} to those before them in the list, which may have more.
     *
     * @param same the columns that it compares by their names, of both sides in turn
     */
    record Joined(SqlQuery.Join join, List<SqlScope.Var> sources, int from, int to, List<SqlSlot> same) {}

    List<SqlSlot> columns = new ArrayList<>();
    /** Takes names that no column has; null if every name is known. */
    @Nullable
    SqlSlot open;

    /** Whether each row is one value and not a tuple of columns. */
    boolean value;

    /** Whether it surely has one row at most. */
    boolean single;

    final List<Needed> needed = new ArrayList<>();
    final List<SqlSlot> neededSlots = new ArrayList<>();
    final List<SqlRelation> inputs = new ArrayList<>();
    /** Conditions of outer joins. */
    final List<OuterFilter> outerFilters = new ArrayList<>();
    /** What steps of a pipe or {@code UNPIVOT} made, and may be read also if nothing behind uses it. */
    final List<SqlSlot> former = new ArrayList<>(0);
    /** What may be read also if nothing uses it: arrays of structs whose elements are rows here, what a pivot compares. */
    final List<SqlSlot> arrays = new ArrayList<>();
    /** What may be read in whole, because something was not understood. */
    final List<SqlSlot> wide = new ArrayList<>();
    /** What a materialized view reads when it is not fresh. */
    final List<SqlRelation> maybe = new ArrayList<>();
    /** Relations of which only one is read, it is not known which one. */
    final List<SqlRelation> alternatives = new ArrayList<>();
    /** Inputs that need not be read, because what becomes of their rows is not known. */
    final List<SqlRelation> likely = new ArrayList<>(0);
    /** What was not understood and looked for tables in. */
    final Set<SqlExpr> seen = Collections.newSetFromMap(new IdentityHashMap<>(4));
    /** Queries in its expressions. */
    final List<SqlRelation> expressionInputs = new ArrayList<>();

    final List<SqlScan> scans = new ArrayList<>();
    final List<Joined> joins = new ArrayList<>(0);
    final List<Needed> filters = new ArrayList<>();
    /** Conditions on what was made of rows: {@code HAVING} and {@code QUALIFY}. */
    final List<Needed> laterFilters = new ArrayList<>();
    /** How many rows limits leave of it. */
    final List<SqlExpr> limits = new ArrayList<>(0);
    /** Arrays whose elements are rows here. */
    final List<Needed> unnested = new ArrayList<>(0);
    /** Keys of an order without a limit, which BigQuery may drop below the outermost query. */
    private final List<Needed> softNeeded = new ArrayList<>();

    private final List<SqlSlot> softSlots = new ArrayList<>();
    /** Whether only the existence of rows is asked for. */
    boolean exists;
    /** Its place among all relations: inputs come before what uses them. */
    int order;

    /** The least place of what it is made of and nothing before it is. */
    int first;

    /** Whether a condition above it must not select partitions below. */
    boolean limited;
    /** Whether rows are numbered or compared with each other, so that a condition above it may not select partitions below. */
    boolean windowed;
    /** Whether it has no rows, or may have none because of a constant, so that nothing may be read. */
    boolean empty;
    /** Whether that is so because a condition is constant and not true. */
    boolean never;

    /** Whether its rows also go to a step that stands beside, whatever becomes of them here. */
    boolean sided;
    /** Whether its columns may be null where none of its rows is: beside an outer join, or in totals of groups. */
    boolean optional;

    private int optionalInputs;
    /** Whether one of its sources is made anew for each row of those before it. */
    boolean lateral;
    /** Whether rows of one side of a join may stay that the other side has nothing for. */
    boolean outer;
    /** Whether it is computed again and again, from a CTE that refers to itself. */
    boolean recursive;

    boolean isRecursive;
    /** Whether columns became rows or rows columns before its conditions. */
    boolean pivoted;

    int active;
    int start;
    int end;

    /** Whether something below keeps conditions from above out. */
    private boolean blocks;

    long multiplicity;

    void limit(@Nullable SqlExpr count) {
        if (count != null) {
            limits.add(count);
        }
    }

    /** Says that the rows of all inputs so far may be missing beside others. */
    void markInputsOptional() {
        markInputsOptional(optionalInputs);
        optionalInputs = inputs.size();
    }

    void markInputsOptional(int from) {
        for (SqlRelation input : inputs.subList(Math.min(from, inputs.size()), inputs.size())) {
            input.optional = true;
        }
    }

    void soft(Needed key) {
        softNeeded.add(key);
    }

    void soft(SqlSlot key) {
        softSlots.add(key);
    }

    List<Needed> softNeeded() {
        return softNeeded;
    }

    List<SqlSlot> softSlots() {
        return softSlots;
    }

    /** Says that the order matters. */
    void keepOrder() {
        needed.addAll(softNeeded);
        neededSlots.addAll(softSlots);
        softNeeded.clear();
        softSlots.clear();
    }

    /** Notes, once the inputs are known, whether conditions from above pass. */
    void seal() {
        blocks = limited || windowed || blocksBelow();
    }

    boolean blocksBelow() {
        for (SqlRelation input : inputs) {
            if (input.blocks || input.limited || input.windowed) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is one of those of which the other one is made, and nothing before that is. */
    boolean isBelow(SqlRelation other) {
        return order >= other.first && order < other.order;
    }

    /** All relations of which it is made, also those in its expressions. */
    List<SqlRelation> allInputs() {
        if (expressionInputs.isEmpty() && maybe.isEmpty() && alternatives.isEmpty() && likely.isEmpty()) {
            return inputs;
        }
        List<SqlRelation> all = new ArrayList<>(inputs);
        all.addAll(expressionInputs);
        all.addAll(maybe);
        all.addAll(alternatives);
        all.addAll(likely);
        return all;
    }

    /** The value of a row. */
    SqlSlot rowValue() {
        return value && columns.size() == 1 ? columns.get(0) : new SqlSlot.Row("", columns);
    }
}
