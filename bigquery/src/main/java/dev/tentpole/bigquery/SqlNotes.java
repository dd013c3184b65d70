package dev.tentpole.bigquery;

import dev.tentpole.bigquery.CostWarning.Severity;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
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
    private static final int MOST_USELESS = 1_000;
    /** Longer pieces of a query are not quoted in a rewrite. */
    private static final int MOST_TEXT = 300;

    private final String sql;
    private final Set<String> materialized;
    /** By where they begin. */
    private final NavigableMap<Integer, Region> regions = new TreeMap<>();

    private final Map<List<Object>, CostWarning> warnings = new LinkedHashMap<>();
    private final Set<CostAssumption> assumptions = EnumSet.noneOf(CostAssumption.class);
    private final Set<String> cacheObstacles = new LinkedHashSet<>();
    final List<SqlCtes.Entry> ctes = new ArrayList<>();
    final List<SqlScan> scans = new ArrayList<>();
    /** Of the statement: what may turn out to be no reason for a warning once all of it is known. */
    final List<Star> stars = new ArrayList<>();

    final List<Useless> useless = new ArrayList<>();
    private int warningsBefore;
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

    /** A star in a list of columns, or a whole row, with the tables whose columns it stands for. */
    record Star(CostWarning.Id id, int start, int end, String qualifier, Set<String> without, List<SqlScan> scans) {}

    /**
     * A condition on partitions, or on the tables of a wildcard, that selects none.
     *
     * @param consequence ends the reason if no other condition selects any
     * @param otherwise ends it if another one does; null if then nothing is to be said
     */
    record Useless(
            CostWarning.Id id,
            Severity severity,
            SqlExpr expr,
            SqlScan scan,
            String reason,
            String consequence,
            @Nullable String otherwise,
            String rewrite) {}

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

    /** What is written at a place of the query; null if that is long or stands in a view. */
    @Nullable
    String text(SqlExpr expr) {
        boolean here = expr.end() <= sql.length() && expr.end() - expr.start() <= MOST_TEXT;
        return here ? sql.substring(expr.start(), expr.end()) : null;
    }

    /** Whether no more warnings are taken, so that none need be thought about. */
    boolean isFull() {
        return warnings.size() >= MOST_WARNINGS;
    }

    /** Says how much the statement is expected to read, which is the most that any advice on it saves. */
    void capSavings(long expected) {
        int place = 0;
        for (Map.Entry<List<Object>, CostWarning> entry : warnings.entrySet()) {
            CostWarning warning = entry.getValue();
            if (place++ >= warningsBefore && warning.savesBytes().orElse(0) > expected) {
                entry.setValue(new CostWarning(
                        warning.id(),
                        warning.severity(),
                        warning.start(),
                        warning.end(),
                        warning.reason(),
                        warning.rewrite(),
                        OptionalLong.of(expected)));
            }
        }
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
        if (isFull()) {
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
        stars.clear();
        useless.clear();
        warningsBefore = warnings.size();
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
                "ORDER BY … LIMIT n, if the first rows are enough",
                0);
    }

    void star(SqlQuery.Item item, List<SqlScope.Var> vars) {
        List<SqlScan> tables = new ArrayList<>();
        for (SqlScope.Var var : vars) {
            if (var.scan != null) {
                var.scan.star = true;
                tables.add(var.scan);
            }
        }
        if (!tables.isEmpty() && item.end() > item.start()) {
            Set<String> without = new HashSet<>(item.except());
            for (SqlQuery.Item replaced : item.replace()) {
                without.add(SqlText.lower(String.valueOf(replaced.alias())));
            }
            String qualifier = item.expr() instanceof SqlExpr.Path path ? String.join(".", path.names()) + "." : "";
            stars.add(new Star(CostWarning.Id.SELECT_STAR, item.start(), item.end(), qualifier, without, tables));
        }
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

    private void useless(Useless condition) {
        if (useless.size() < MOST_USELESS) {
            useless.add(condition);
        }
    }

    void inOr(SqlExpr expr, SqlScan scan) {
        useless(new Useless(
                CostWarning.Id.PARTITION_FILTER_IN_OR,
                Severity.WARNING,
                expr,
                scan,
                "OR with a condition on something else makes the condition on the partitions of " + scan.name,
                " useless.",
                null,
                "AND " + CostScanWarnings.column(scan) + " >= … around the OR"));
    }

    void wrapped(SqlExpr expr, SqlScan scan, boolean text) {
        String column = CostScanWarnings.column(scan);
        useless(new Useless(
                text ? CostWarning.Id.FORMAT_FUNCTION_ON_PARTITION : CostWarning.Id.PARTITION_COLUMN_WRAPPED,
                Severity.WARNING,
                expr,
                scan,
                "A function around " + column + " keeps this condition from selecting partitions of " + scan.name,
                ".",
                null,
                column + " >= … AND " + column + " < …, with constants"));
    }

    void notConstant(SqlExpr expr, SqlScan scan, boolean direct) {
        if (direct) {
            boolean parameter = expr instanceof SqlExpr.Param;
            useless(new Useless(
                    CostWarning.Id.PARTITION_FILTER_NOT_CONSTANT,
                    parameter ? Severity.INFO : Severity.WARNING,
                    expr,
                    scan,
                    parameter
                            ? "The value of this parameter is not known here, so that"
                            : "This is not known before the query runs, so that",
                    " all partitions of " + scan.name + " are taken to be read.",
                    " this condition is not taken to select partitions of " + scan.name + ".",
                    parameter
                            ? "the parameter's value in the estimate"
                            : CostScanWarnings.column(scan) + " compared with a constant or a parameter"));
        }
    }

    void suffixNotConstant(SqlExpr expr, SqlScan scan) {
        useless(new Useless(
                CostWarning.Id.WILDCARD_SUFFIX_NOT_CONSTANT,
                Severity.WARNING,
                expr,
                scan,
                "This condition on _TABLE_SUFFIX is not constant, so that",
                " all tables of " + scan.name + " are read.",
                " it selects no tables of " + scan.name + ".",
                "_TABLE_SUFFIX compared with constants"));
    }

    /** Notes that a row is used as a value. */
    void wholeRow(SqlExpr.Path path, SqlSlot.Row row) {
        if (!row.fields.isEmpty() && row.fields.get(0) instanceof SqlSlot.Column first && first.scan.known()) {
            boolean table = first.scan.columns().size() == row.fields.size();
            boolean own =
                    row.fields.get(row.fields.size() - 1) instanceof SqlSlot.Column last && last.scan == first.scan;
            if (table && own) {
                stars.add(new Star(
                        CostWarning.Id.REPEATED_FULL_STRUCT,
                        path.start(),
                        path.end(),
                        String.join(".", path.names()) + ".",
                        Set.of(),
                        List.of(first.scan)));
            }
        }
    }
}
