package dev.tentpole.bigquery;

import dev.tentpole.bigquery.CostWarning.Severity;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is noticed about a statement while it is resolved: warnings, assumptions, and why its result is not cached. */
final class SqlNotes {

    private static final int MOST_WARNINGS = 200;

    private final String sql;
    private final Set<String> materialized;
    /** By where they begin. */
    private final NavigableMap<Integer, Region> regions = new TreeMap<>();

    private final Map<List<Object>, CostWarning> warnings = new LinkedHashMap<>();
    private final Set<CostAssumption> assumptions = EnumSet.noneOf(CostAssumption.class);
    private final Set<String> cacheObstacles = new LinkedHashSet<>();
    final List<SqlCtes.Entry> ctes = new ArrayList<>();
    final List<SqlScan> scans = new ArrayList<>();
    private boolean unbounded;
    private boolean functions;
    private boolean statementUnbounded;

    /**
     * The notes of a text.
     *
     * @param materialized the tables in place of which BigQuery may read a materialized view
     */
    SqlNotes(String sql, Set<String> materialized) {
        this.sql = sql;
        this.materialized = materialized;
    }

    /** Whether a materialized view may be read in place of a table. */
    boolean isMaterialized(String table) {
        return materialized.contains(table);
    }

    /** Where a text that is not in the query, that of a view, was put behind it. */
    private record Region(int to, int start, int end) {}

    /** The first place behind the query and all texts that were put behind it. */
    int nextRegion() {
        Map.Entry<Integer, Region> last = regions.lastEntry();
        return last == null ? sql.length() + 1 : last.getValue().to + 1;
    }

    /** Says that what is noticed at these places of a view's text belongs to where the view is named now. */
    void region(int from, int to, int start, int end) {
        regions.put(from, new Region(to, start, end));
    }

    private int place(int at, boolean first) {
        Map.Entry<Integer, Region> region = at > sql.length() ? regions.floorEntry(at) : null;
        if (region != null && at <= region.getValue().to) {
            return place(first ? region.getValue().start : region.getValue().end, first);
        }
        return Math.min(at, sql.length());
    }

    String sql() {
        return sql;
    }

    Set<CostAssumption> assumptions() {
        return assumptions;
    }

    Set<String> cacheObstacles() {
        return cacheObstacles;
    }

    List<CostWarning> warnings() {
        return new ArrayList<>(warnings.values());
    }

    boolean isUnbounded() {
        return unbounded;
    }

    void assume(CostAssumption assumption) {
        assumptions.add(assumption);
    }

    void notCached(String reason) {
        cacheObstacles.add(reason);
    }

    void warn(CostWarning.Id id, Severity severity, int start, int end, String reason) {
        warn(id, severity, start, end, reason, null, -1);
    }

    void warn(
            CostWarning.Id id,
            Severity severity,
            int start,
            int end,
            String reason,
            @Nullable String rewrite,
            long saves) {
        if (warnings.size() >= MOST_WARNINGS) {
            return;
        }
        int from = place(start, true);
        CostWarning warning = new CostWarning(
                id,
                severity,
                from,
                Math.max(from, place(end, false)),
                reason,
                Optional.ofNullable(rewrite),
                saves < 0 ? OptionalLong.empty() : OptionalLong.of(saves));
        warnings.putIfAbsent(List.of(id, from, reason), warning);
    }

    /** Says that a statement begins, so that only what follows counts for it. */
    void beginStatement() {
        statementUnbounded = false;
    }

    /** Whether the statement may read any number of bytes. */
    boolean isStatementUnbounded() {
        return statementUnbounded;
    }

    /** Notes that the script makes functions, whose names are not known. */
    void functionMade() {
        functions = true;
    }

    /** Whether a function may be one that users have made. */
    boolean isUsers(String function) {
        return SqlWords.isUsers(function) || (functions && !SqlWords.isGoogles(function));
    }

    /** Notes a function that users have made, which may read tables. */
    void userFunction(boolean free) {
        assume(CostAssumption.FUNCTIONS_ARE_FREE);
        if (!free) {
            unboundedSyntax();
        }
    }

    void unboundedSyntax() {
        statementUnbounded = true;
        unbounded = true;
    }

    void unknownSyntax(int start, int end) {
        warn(
                CostWarning.Id.SYNTAX_UNKNOWN,
                Severity.WARNING,
                start,
                end,
                "This was not understood; it is taken to read everything that it can name.");
    }

    void unknownColumn(SqlExpr.Path path) {
        warn(
                CostWarning.Id.COLUMN_UNKNOWN,
                Severity.WARNING,
                path.start(),
                path.end(),
                "Nothing in scope has this name; it is taken to read everything in scope.");
    }

    void scan(SqlScan scan) {
        scans.add(scan);
    }

    void view(TableStats view, int start, int end) {
        warn(
                CostWarning.Id.VIEW_EXPANDED,
                Severity.INFO,
                start,
                end,
                "The view " + view.name() + " is billed as the tables that it reads.");
    }

    void cte(SqlCtes.Entry entry) {
        ctes.add(entry);
    }

    void limited(SqlRelation relation) {
        relation.limited = true;
    }

    void ordered(SqlExpr key) {
        warn(
                CostWarning.Id.ORDER_WITHOUT_LIMIT,
                Severity.INFO,
                key.start(),
                key.end(),
                "All rows are sorted; a LIMIT would let BigQuery keep only the first ones.",
                "ORDER BY … LIMIT n",
                0);
    }

    void qualify(SqlExpr condition) {
        boolean first = SqlTrees.any(
                condition,
                part -> part instanceof SqlExpr.Call call && call.name().equals("ROW_NUMBER"));
        if (first) {
            warn(
                    CostWarning.Id.LATEST_ROW_BY_WINDOW,
                    Severity.INFO,
                    condition.start(),
                    condition.end(),
                    "All rows are numbered to find one of each group; an aggregate needs no sort.",
                    "ARRAY_AGG(t ORDER BY … LIMIT 1)[OFFSET(0)]",
                    0);
        }
    }

    void star(SqlQuery.Item item, List<SqlScope.Var> vars) {
        boolean table = false;
        for (SqlScope.Var var : vars) {
            if (var.scan != null) {
                var.scan.star = true;
                table = true;
            }
        }
        if (table) {
            warn(
                    CostWarning.Id.SELECT_STAR,
                    Severity.WARNING,
                    item.start(),
                    item.end(),
                    "A star reads every column of its tables; only the columns that are needed cost money.",
                    "the columns that are needed, or * EXCEPT (…)",
                    -1);
        }
    }

    void join(SqlQuery.Join join, List<SqlScope.Var> right, SqlRelation relation) {
        boolean array = right.stream().anyMatch(var -> var.value instanceof SqlSlot.Computed);
        if (array || !(join.source() instanceof SqlQuery.Table || join.source() instanceof SqlQuery.Subquery)) {
            return;
        }
        if (join.kind() == SqlQuery.JoinKind.CROSS || join.kind() == SqlQuery.JoinKind.COMMA) {
            relation.crossJoins.add(join);
        }
    }

    /** Says that a cross join has no condition that ties its sides together. */
    void crossJoin(SqlQuery.Join join) {
        warn(
                CostWarning.Id.CROSS_JOIN,
                Severity.WARNING,
                join.start(),
                join.end(),
                "Each row of one side meets each row of the other; no condition ties them together.",
                "JOIN … ON a.key = b.key",
                0);
    }

    /** Notes a function that returns rows; the rows of a pipe may be its first argument. */
    void tableFunction(SqlQuery.TableFunction function, boolean piped) {
        boolean given =
                piped || !function.queries().isEmpty() || !function.tables().isEmpty();
        if (!given || !SqlWords.isGooglesTableFunction(function.path())) {
            unboundedSyntax();
            warn(
                    CostWarning.Id.TABLE_UNKNOWN,
                    Severity.WARNING,
                    function.start(),
                    function.end(),
                    "What a table function reads is not known.");
        }
    }

    void inOr(SqlExpr expr, SqlScan scan) {
        warn(
                CostWarning.Id.PARTITION_FILTER_IN_OR,
                Severity.WARNING,
                expr.start(),
                expr.end(),
                "OR with a condition on something else makes the condition on the partitions of " + scan.name
                        + " useless.",
                "a condition on the partition column with AND around the OR",
                -1);
    }

    void wrapped(SqlExpr expr, SqlScan scan, boolean text) {
        warn(
                text ? CostWarning.Id.FORMAT_FUNCTION_ON_PARTITION : CostWarning.Id.PARTITION_COLUMN_WRAPPED,
                Severity.WARNING,
                expr.start(),
                expr.end(),
                "A function around the partition column keeps this condition from selecting partitions of " + scan.name
                        + ".",
                "the bare column compared with constants",
                -1);
    }

    void notConstant(SqlExpr expr, SqlScan scan, boolean direct) {
        if (direct) {
            boolean parameter = expr instanceof SqlExpr.Param;
            warn(
                    CostWarning.Id.PARTITION_FILTER_NOT_CONSTANT,
                    parameter ? Severity.INFO : Severity.WARNING,
                    expr.start(),
                    expr.end(),
                    (parameter
                                    ? "The value of this parameter is not known here, so that all partitions of "
                                    : "This is not known before the query runs, so that all partitions of ")
                            + scan.name + " are taken to be read.",
                    parameter ? "the parameter's value in the estimate" : "a constant or a parameter",
                    -1);
        }
    }

    void suffixNotConstant(SqlExpr expr, SqlScan scan) {
        warn(
                CostWarning.Id.WILDCARD_SUFFIX_NOT_CONSTANT,
                Severity.WARNING,
                expr.start(),
                expr.end(),
                "This condition on _TABLE_SUFFIX is not constant, so that all tables of " + scan.name + " are read.",
                "constants on _TABLE_SUFFIX",
                -1);
    }

    void wholeRow(SqlExpr.Path path) {
        warn(
                CostWarning.Id.REPEATED_FULL_STRUCT,
                Severity.WARNING,
                path.start(),
                path.end(),
                "A whole row is read; only the fields that are needed cost money.",
                "STRUCT(…) of the fields that are needed",
                -1);
    }
}
