package dev.tentpole.bigquery;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which partitions of one table a condition selects, after BigQuery's page on querying partitioned tables: a bare column
 * against constants does, also inside of {@code DATE()}; other functions around it do not.
 */
final class SqlPartitions {

    private final SqlFold fold;
    private final SqlResolver resolver;
    private final SqlNotes notes;
    private final SqlScan scan;
    private final boolean direct;
    private final IdentityHashMap<SqlExpr, Boolean> mentioning = new IdentityHashMap<>(4);
    private final boolean range;
    private final TableField.Type type;

    SqlPartitions(SqlFold fold, SqlResolver resolver, SqlScan scan, boolean direct) {
        this.fold = fold;
        this.resolver = resolver;
        notes = resolver.notes();
        this.scan = scan;
        this.direct = direct;
        TablePartitioning partitioning =
                scan.schema == null ? null : scan.schema.partitioning().orElse(null);
        range = partitioning != null && partitioning.unit() == TablePartitioning.Unit.RANGE;
        TableLeaves.Node node = scan.schema == null || partitioning == null
                ? null
                : scan.schema.leaves().column(partitioning.field().orElse(""));
        type = node == null ? TableField.Type.TIMESTAMP : node.field().type();
    }

    /**
     * What a condition selects.
     *
     * @param paths the names in it that are made of the partition column in any way
     */
    SqlSelection select(SqlExpr expr, SqlScope scope, List<SqlExpr.Path> paths) {
        SqlSelection selection = select(expr, scope);
        for (SqlExpr.Path path : paths) {
            if (!mentions(path, scope)) {
                // Through structs and subqueries it is not followed, but may select partitions all the same.
                return new SqlSelection(SqlRanges.NONE, selection.expected(), selection.upper());
            }
        }
        return selection;
    }

    private SqlSelection select(SqlExpr expr, SqlScope scope) {
        if (!mentions(expr, scope)) {
            boolean unknown = SqlTrees.any(expr, part -> part instanceof SqlExpr.Unknown);
            return unknown ? SqlSelection.UNKNOWN : SqlSelection.ALL;
        }
        if (!(expr instanceof SqlExpr.Call call)) {
            return SqlSelection.UNKNOWN;
        }
        return switch (call.name()) {
            case "AND" -> and(call, scope);
            case "OR" -> or(call, scope);
            case "NOT" -> not(call, scope);
            case "IS NULL" ->
                isColumn(call.args().get(0), scope) ? SqlSelection.exactly(SqlRanges.NULL) : SqlSelection.UNKNOWN;
            case "IS NOT NULL" ->
                isColumn(call.args().get(0), scope) ? SqlSelection.maybe(SqlRanges.NOT_NULL) : SqlSelection.UNKNOWN;
            case "BETWEEN" ->
                compared(">=", call.args().get(0), call.args().get(1), scope)
                        .and(compared("<=", call.args().get(0), call.args().get(2), scope));
            case "IN" -> in(call, scope);
            case "IN UNNEST" -> inArray(call, scope);
            case "=", "<", "<=", ">", ">=" -> {
                SqlExpr left = call.args().get(0);
                SqlExpr right = call.args().get(1);
                yield mentions(left, scope)
                        ? compared(call.name(), left, right, scope)
                        : compared(mirrored(call.name()), right, left, scope);
            }
            case "!=" -> SqlSelection.UNKNOWN;
            default -> {
                wrapped(call);
                yield SqlSelection.UNKNOWN;
            }
        };
    }

    private SqlSelection and(SqlExpr.Call call, SqlScope scope) {
        SqlSelection selection = SqlSelection.ALL;
        for (SqlExpr arg : call.args()) {
            selection = selection.and(select(arg, scope));
        }
        return selection;
    }

    private SqlSelection or(SqlExpr.Call call, SqlScope scope) {
        SqlTruth truth = new SqlTruth(fold, resolver, scope);
        List<SqlRanges> lower = new ArrayList<>();
        List<SqlRanges> expected = new ArrayList<>();
        List<SqlRanges> upper = new ArrayList<>();
        boolean other = false;
        boolean surely = false;
        boolean pure = true;
        boolean open = false;
        for (SqlExpr arg : call.args()) {
            if (SqlConstants.isConstant(arg, scope)) {
                // If it is true all partitions are read, otherwise it is as if it was not there.
                open = true;
                continue;
            }
            SqlSelection selection = select(arg, scope);
            pure &= isPure(arg, scope);
            other |= selection.isAll();
            if (!SqlTruth.mayBeNever(truth.of(arg, fold.times(scope)))) {
                surely |= selection.isAll();
                lower.add(selection.lower());
            }
            expected.add(selection.expected());
            upper.add(selection.upper());
        }
        if (other && direct) {
            notes.inOr(call, scan);
        }
        if (surely) {
            return open ? SqlSelection.UNKNOWN : SqlSelection.ALL;
        }
        // Whether conditions on other columns beside those on the partitions keep them from being selected is not
        // known.
        return new SqlSelection(
                SqlRanges.union(lower),
                open || other ? SqlRanges.ALL : SqlRanges.union(expected),
                open || other || !pure ? SqlRanges.ALL : SqlRanges.union(upper));
    }

    /** Whether nothing but the partition column and constants is in a condition. */
    private boolean isPure(SqlExpr expr, SqlScope scope) {
        if (expr instanceof SqlExpr.Path path) {
            return isTarget(path, scope);
        }
        for (SqlExpr part : SqlTrees.parts(expr)) {
            if (!isPure(part, scope)) {
                return false;
            }
        }
        return !(expr instanceof SqlExpr.Sub) && !(expr instanceof SqlExpr.Unknown);
    }

    private SqlSelection not(SqlExpr.Call call, SqlScope scope) {
        SqlSelection selection = select(call.args().get(0), scope);
        return selection.isExact() && !selection.upper().nulls()
                ? SqlSelection.maybe(selection.upper().complement())
                : SqlSelection.UNKNOWN;
    }

    private SqlSelection in(SqlExpr.Call call, SqlScope scope) {
        SqlExpr left = call.args().get(0);
        boolean mentioned = mentions(left, scope);
        List<SqlSelection> each = new ArrayList<>();
        for (SqlExpr arg : call.args().subList(1, call.args().size())) {
            SqlSelection constant = mentions(arg, scope) ? compared("=", arg, left, scope) : SqlSelection.UNKNOWN;
            each.add(mentioned ? compared("=", left, arg, scope) : constant);
        }
        return new SqlSelection(
                SqlRanges.union(each.stream().map(SqlSelection::lower).toList()),
                SqlRanges.union(each.stream().map(SqlSelection::expected).toList()),
                SqlRanges.union(each.stream().map(SqlSelection::upper).toList()));
    }

    private SqlSelection inArray(SqlExpr.Call call, SqlScope scope) {
        List<SqlValue> values = fold.array(call.args().get(1), fold.times(scope));
        if (values == null) {
            notes.notConstant(call, scan, direct);
            return SqlSelection.UNKNOWN;
        }
        List<SqlRanges> all = new ArrayList<>();
        boolean nulls = false;
        for (SqlValue value : values) {
            SqlSelection selection = against("=", call.args().get(0), value, scope);
            if (!value.isNull() && !selection.isExact()) {
                return SqlSelection.UNKNOWN;
            }
            nulls |= value.isNull();
            all.add(selection.expected());
        }
        SqlRanges any = SqlRanges.union(all);
        return nulls ? new SqlSelection(any, any, SqlRanges.ALL) : SqlSelection.exactly(any);
    }

    /** The operator with its operands the other way round. */
    static String mirrored(String operator) {
        return switch (operator) {
            case "<" -> ">";
            case "<=" -> ">=";
            case ">" -> "<";
            case ">=" -> "<=";
            default -> operator;
        };
    }

    private SqlSelection compared(String operator, SqlExpr column, SqlExpr other, SqlScope scope) {
        if (mentions(other, scope)) {
            notes.notConstant(other, scan, direct);
            return SqlSelection.UNKNOWN;
        }
        SqlValue value = fold.value(other, fold.times(scope));
        if (value == null) {
            notes.notConstant(other, scan, direct);
            return range && column instanceof SqlExpr.Call ? SqlSelection.ALL : SqlSelection.UNKNOWN;
        }
        SqlSlot.Computed below = SqlTargets.computed(column, scope);
        return below == null
                ? against(operator, column, value, scope)
                : against(operator, below.expr, value, below.scope);
    }

    private SqlSelection against(String operator, SqlExpr column, SqlValue value, SqlScope scope) {
        if (value.isNull()) {
            return new SqlSelection(SqlRanges.NONE, SqlRanges.NONE, SqlRanges.ALL);
        }
        if (isColumn(column, scope)) {
            return bare(operator, column, value);
        }
        if (column instanceof SqlExpr.Call call) {
            if (range) {
                return ofRange(operator, call, value, scope);
            }
            if (call.name().equals("DATE")
                    && call.args().size() == 1
                    && isColumn(call.args().get(0), scope)) {
                return days(operator, value, type == TableField.Type.TIMESTAMP ? fold.zone() : ZoneOffset.UTC);
            }
            SqlSelection moved = moved(operator, call, value, scope);
            if (moved != null) {
                return moved;
            }
            wrapped(call);
        }
        return SqlSelection.UNKNOWN;
    }

    /** Ranges of numbers are selected by the bare column, which what changes nothing leaves bare, and not by functions of it. */
    private SqlSelection ofRange(String operator, SqlExpr.Call call, SqlValue value, SqlScope scope) {
        boolean same = call.args().size() == 1
                && (call.name().equals("+") || call.name().equals("CAST INT64"))
                && isColumn(call.args().get(0), scope);
        if (same) {
            return likely(bare(operator, call.args().get(0), value));
        }
        wrapped(call);
        return SqlTraits.STRICT.isOf(call.name())
                        || call.name().equals("MOD")
                        || call.name().equals("DIV")
                ? SqlSelection.ALL
                : SqlSelection.UNKNOWN;
    }

    private SqlSelection bare(String operator, SqlExpr column, SqlValue value) {
        boolean pseudoDate = column instanceof SqlExpr.Path path
                && path.names().get(path.names().size() - 1).equalsIgnoreCase("_PARTITIONDATE");
        TableField.Type target = pseudoDate ? TableField.Type.DATE : type;
        if (target == TableField.Type.DATE) {
            return days(operator, value, ZoneOffset.UTC);
        }
        SqlValue typed = exactly(value, target);
        Long number = (typed == null || typed.type() != target) ? null : typed.number();
        if (typed == null || number == null) {
            return SqlSelection.UNKNOWN;
        }
        SqlSelection selection = SqlSelection.exactly(ranges(operator, number, number));
        return isWider(value.type(), target) ? likely(selection) : selection;
    }

    /** Whether values of a type are compared with those of another by making those of the other type the first one's. */
    private static boolean isWider(TableField.@Nullable Type type, TableField.Type than) {
        return switch (than) {
            case DATE -> type == TableField.Type.DATETIME || type == TableField.Type.TIMESTAMP;
            case DATETIME -> type == TableField.Type.TIMESTAMP;
            default -> false;
        };
    }

    /** What most likely selects so, and may read all. */
    private static SqlSelection likely(SqlSelection selection) {
        return new SqlSelection(selection.lower(), selection.expected(), SqlRanges.ALL);
    }

    /** The value as another type, if nothing is lost by that; null otherwise. */
    private @Nullable SqlValue exactly(SqlValue value, TableField.Type target) {
        SqlValue typed = value.as(target, fold.zone());
        TableField.Type from = value.type();
        if (typed == null || from == null || from == target) {
            return typed;
        }
        if (from == TableField.Type.STRING && target == TableField.Type.DATE) {
            SqlValue time = value.as(TableField.Type.DATETIME, fold.zone());
            return time != null && time.equals(typed.as(TableField.Type.DATETIME, fold.zone())) ? typed : null;
        }
        return from == TableField.Type.STRING || value.equals(typed.as(from, fold.zone())) ? typed : null;
    }

    /** The days, as they are in a zone, that compare so with a value. */
    private SqlSelection days(String operator, SqlValue value, ZoneId zone) {
        boolean wider = isWider(value.type(), TableField.Type.DATE);
        SqlValue exact = exactly(value, TableField.Type.DATE);
        SqlValue day = exact == null && wider ? value.as(TableField.Type.DATE, fold.zone()) : exact;
        Long number = day == null || day.type() != TableField.Type.DATE ? null : day.number();
        if (number == null) {
            return SqlSelection.UNKNOWN;
        }
        LocalDate date = LocalDate.ofEpochDay(number);
        long first = SqlValue.micros(date.atStartOfDay(zone).toInstant());
        long next = SqlValue.micros(date.plusDays(1).atStartOfDay(zone).toInstant());
        // A time within a day is above that day and below the next one.
        SqlRanges ranges = exact != null
                ? ranges(operator, first, next - 1)
                : switch (operator) {
                    case "=" -> SqlRanges.NONE;
                    case "<", "<=" -> ranges("<=", first, next - 1);
                    default -> ranges(">", first, next - 1);
                };
        return wider ? likely(SqlSelection.exactly(ranges)) : SqlSelection.exactly(ranges);
    }

    /** The numbers that compare so with all numbers from {@code first} to {@code last}, which are one value. */
    private static SqlRanges ranges(String operator, long first, long last) {
        return switch (operator) {
            case "=" -> SqlRanges.of(first, last);
            case "<" -> first == Long.MIN_VALUE ? SqlRanges.NONE : SqlRanges.of(Long.MIN_VALUE, first - 1);
            case "<=" -> SqlRanges.of(Long.MIN_VALUE, last);
            case ">" -> last == Long.MAX_VALUE ? SqlRanges.NONE : SqlRanges.of(last + 1, Long.MAX_VALUE);
            default -> SqlRanges.of(first, Long.MAX_VALUE);
        };
    }

    /** {@code TIMESTAMP_ADD(_PARTITIONTIME, INTERVAL 5 DAY) > …} selects as the bare column does. */
    private @Nullable SqlSelection moved(String operator, SqlExpr.Call call, SqlValue value, SqlScope scope) {
        boolean add = call.name().equals("TIMESTAMP_ADD");
        boolean sub = call.name().equals("TIMESTAMP_SUB");
        if ((!add && !sub) || call.args().size() != 2 || !isColumn(call.args().get(0), scope)) {
            return null;
        }
        SqlValue time = value.as(TableField.Type.TIMESTAMP, fold.zone());
        if (time == null) {
            return null;
        }
        SqlExpr.Path hole = new SqlExpr.Path(List.of(""), call.start(), call.end());
        SqlExpr.Call back = new SqlExpr.Call(
                add ? "TIMESTAMP_SUB" : "TIMESTAMP_ADD",
                List.of(hole, call.args().get(1)),
                2,
                false,
                call.start(),
                call.end());
        SqlValue shifted = fold.value(back, path -> path.names().get(0).isEmpty() ? time : null);
        Long number = shifted == null ? null : shifted.number();
        if (number == null) {
            return null;
        }
        SqlRanges ranges = ranges(operator, number, number);
        return scan.isByIngestion() ? SqlSelection.exactly(ranges) : SqlSelection.maybe(ranges);
    }

    private void wrapped(SqlExpr.Call call) {
        boolean text = call.name().startsWith("EXTRACT ")
                || call.name().startsWith("FORMAT_")
                || call.name().equals("CAST STRING");
        if (direct) {
            notes.wrapped(call, scan, text);
        }
    }

    private boolean isColumn(SqlExpr expr, SqlScope scope) {
        return expr instanceof SqlExpr.Path path && isTarget(path, scope);
    }

    /** A column of rows put together is the partition column if that of the rows of this table is. */
    private boolean isTarget(SqlExpr.Path path, SqlScope scope) {
        SqlSlot target = SqlTargets.target(path, scope);
        if (!(target instanceof SqlSlot.Merged)) {
            return isPartitionColumn(target);
        }
        Set<SqlSlot> seen = Collections.newSetFromMap(new IdentityHashMap<>(4));
        Deque<SqlSlot> work = new ArrayDeque<>(List.of(target));
        while (!work.isEmpty()) {
            SqlSlot slot = work.pop();
            SqlSlot end = slot instanceof SqlSlot.Computed computed && computed.expr instanceof SqlExpr.Path next
                    ? SqlTargets.target(next, computed.scope)
                    : slot;
            if (isPartitionColumn(end)) {
                return true;
            }
            if (end instanceof SqlSlot.Merged merged && !merged.whole && seen.add(merged)) {
                work.addAll(merged.inputs);
            }
        }
        return false;
    }

    private boolean isPartitionColumn(@Nullable SqlSlot slot) {
        return (slot instanceof SqlSlot.Column column && column.scan == scan && scan.isPartitionColumn(slot))
                || (slot instanceof SqlSlot.Pseudo pseudo && pseudo.scan == scan && scan.isPartitionColumn(slot));
    }

    private boolean mentions(SqlExpr expr, SqlScope scope) {
        return mentions(expr, scope, 0);
    }

    private boolean mentions(SqlExpr expr, SqlScope scope, int depth) {
        if (expr instanceof SqlExpr.Path path) {
            if (isTarget(path, scope)) {
                return true;
            }
            SqlSlot.Computed below = SqlTargets.computed(path, scope);
            return below != null && (depth > SqlTargets.DEEPEST || mentions(below.expr, below.scope, depth + 1));
        }
        List<SqlExpr> parts = SqlTrees.parts(expr);
        if (parts.isEmpty()) {
            return false;
        }
        Boolean known = mentioning.get(expr);
        if (known != null) {
            return known;
        }
        boolean mentions = false;
        for (int i = 0; !mentions && i < parts.size(); i++) {
            mentions = mentions(parts.get(i), scope, depth);
        }
        mentioning.put(expr, mentions);
        return mentions;
    }
}
