package dev.tentpole.bigquery;

import dev.tentpole.bigquery.CostWarning.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The warnings that need more than one place of a statement to be seen. */
final class CostWarnings {

    /** Of a table of up to so many bytes the order of a join is not worth a word. */
    private static final long SMALL_TABLE = 100L << 20;

    private static final int MANY_TABLES = 3;
    private static final int MOST_WILDCARDS = 100;
    private static final String LIMIT = "LIMIT";

    private CostWarnings() {}

    static void afterAll(SqlNotes notes, CostBytes billed, long budget) {
        if (billed.upper() > budget) {
            boolean surely = billed.lower() > budget;
            notes.warn(
                    CostWarning.Id.OVER_BUDGET,
                    surely ? Severity.ERROR : Severity.WARNING,
                    0,
                    notes.sql().length(),
                    (surely ? "At least " + billed.lower() : "Up to " + billed.upper())
                            + " bytes are billed, over the budget of " + budget + ".");
        }
    }

    /**
     * Warns about what can be seen once it is known what is read of each table.
     *
     * @param relations all relations of the statement, inputs before what uses them
     * @param changed the table that the statement changes; empty if it changes none
     */
    static void afterStatement(
            SqlNotes notes,
            List<SqlCtes.Entry> ctes,
            List<SqlRelation> relations,
            List<SqlScan> scans,
            String changed) {
        Set<SqlRelation> reading = Collections.newSetFromMap(new IdentityHashMap<>(4));
        for (SqlRelation relation : relations) {
            if (!relation.scans.isEmpty() || relation.allInputs().stream().anyMatch(reading::contains)) {
                reading.add(relation);
            }
        }
        for (SqlCtes.Entry entry : ctes) {
            cte(notes, entry, entry.relation != null && reading.contains(entry.relation));
        }
        Set<Integer> tables = scans.stream()
                .filter(scan -> !scan.inView)
                .map(scan -> scan.start)
                .collect(Collectors.toSet());
        CostColumnWarnings columns = new CostColumnWarnings(notes, scans);
        for (SqlRelation relation : relations) {
            SqlTies.untied(relation).forEach(join -> crossed(notes, join));
            if (changed.isEmpty()) {
                relation.joins.forEach(joined -> inOrder(notes, joined));
            }
            for (SqlRelation.Needed needed : relation.needed) {
                calls(notes, needed.expr(), tables);
            }
            calls(notes, relation.columns, tables);
            calls(notes, relation.wide, tables);
            relation.filters.forEach(filter -> first(notes, filter.expr(), filter.scope()));
            relation.laterFilters.forEach(filter -> first(notes, filter.expr(), filter.scope()));
            columns.relation(relation);
        }
        columns.stars();
        notes.useless.forEach(condition -> useless(notes, condition));
        IdentityHashMap<SqlRelation, SqlExpr> limits = limits(relations);
        for (SqlScan scan : scans) {
            SqlExpr limit = scan.relation == null ? null : limits.get(scan.relation);
            CostScanWarnings.scan(notes, scan, limit, scan.name.equals(changed));
        }
    }

    /** The limit by which rows of each relation may go, if any. */
    private static IdentityHashMap<SqlRelation, SqlExpr> limits(List<SqlRelation> relations) {
        IdentityHashMap<SqlRelation, SqlExpr> limits = new IdentityHashMap<>(0);
        for (int i = relations.size() - 1; i >= 0; i--) {
            SqlRelation relation = relations.get(i);
            SqlExpr limit = relation.limits.isEmpty() ? limits.get(relation) : relation.limits.get(0);
            if (limit != null) {
                limits.put(relation, limit);
                relation.inputs.forEach(input -> limits.putIfAbsent(input, limit));
            }
        }
        return limits;
    }

    /** Where the word before a limit begins, or the limit itself. */
    static int limitStart(SqlNotes notes, SqlExpr limit) {
        String sql = notes.sql();
        int at = Math.min(limit.start(), sql.length());
        while (at > 0 && limit.end() <= sql.length() && Character.isWhitespace(sql.charAt(at - 1))) {
            at--;
        }
        boolean word = sql.regionMatches(true, at - LIMIT.length(), LIMIT, 0, LIMIT.length());
        return word && limit.end() <= sql.length() ? at - LIMIT.length() : limit.start();
    }

    private static void useless(SqlNotes notes, SqlNotes.Useless condition) {
        boolean selected = CostScanWarnings.selects(condition.scan());
        String otherwise = condition.otherwise();
        if (selected && otherwise == null) {
            return;
        }
        notes.warn(
                condition.id(),
                selected ? Severity.INFO : condition.severity(),
                condition.expr().start(),
                condition.expr().end(),
                condition.reason() + (selected ? otherwise : condition.consequence()),
                condition.rewrite(),
                -1);
    }

    private static void crossed(SqlNotes notes, SqlQuery.Join join) {
        notes.warn(
                CostWarning.Id.CROSS_JOIN,
                Severity.WARNING,
                join.start(),
                join.end(),
                "Each row of one side meets each row of the other; no equality ties them together.",
                "JOIN … ON a.key = b.key",
                0);
    }

    /** Google advises to begin with the largest table. Only the first two can be told apart from joins in parentheses. */
    private static void inOrder(SqlNotes notes, SqlRelation.Joined joined) {
        SqlScan first = joined.sources().get(0).scan;
        SqlScan next = joined.sources().get(joined.from()).scan;
        if (first == null
                || next == null
                || joined.from() != 1
                || joined.to() != 2
                || joined.join().kind() != SqlQuery.JoinKind.INNER) {
            return;
        }
        long before = wholeBytes(first);
        if (before > SMALL_TABLE && wholeBytes(next) > before) {
            notes.warn(
                    CostWarning.Id.JOIN_ORDER,
                    Severity.INFO,
                    joined.join().start(),
                    joined.join().end(),
                    "Table " + next.name + " is larger than " + first.name + " to which it is joined.",
                    "FROM " + CostRewrites.name(next.name) + " … JOIN " + CostRewrites.name(first.name) + " …",
                    0);
        }
    }

    /** The bytes of a table all of which is read; below 0 if it is not, or its bytes are not known. */
    private static long wholeBytes(SqlScan scan) {
        boolean whole = scan.tables.size() == 1
                && !scan.wildcard
                && scan.samplePercent < 0
                && !scan.maybeLess
                && !(scan.relation != null && scan.relation.empty)
                && !CostScanWarnings.selects(scan)
                && scan.tables.get(0).clustering().stream()
                        .noneMatch(name -> scan.filtered.contains(SqlText.lower(name)));
        return whole ? scan.tables.get(0).bytes() : TableStats.UNKNOWN;
    }

    /** Finds conditions that leave the first of numbered rows. */
    private static void first(SqlNotes notes, SqlExpr condition, SqlScope scope) {
        if (!(condition instanceof SqlExpr.Call call)) {
            return;
        }
        if (call.name().equals("AND")) {
            call.args().forEach(arg -> first(notes, arg, scope));
            return;
        }
        if (call.args().size() != 2) {
            return;
        }
        SqlExpr left = call.args().get(0);
        SqlExpr right = call.args().get(1);
        SqlExpr.Call numbered = isFirst(call.name(), right) ? numbered(left, scope) : null;
        if (numbered == null && call.name().equals("=") && isFirst("=", left)) {
            numbered = numbered(right, scope);
        }
        if (numbered != null) {
            notes.warn(
                    CostWarning.Id.LATEST_ROW_BY_WINDOW,
                    Severity.INFO,
                    call.start(),
                    call.end(),
                    "All rows are numbered to find one of each group; an aggregate needs no sort.",
                    CostRewrites.firstRow(notes.text(numbered)),
                    0);
        }
    }

    private static boolean isFirst(String operator, SqlExpr number) {
        if (!(number instanceof SqlExpr.Literal literal) || literal.type() != TableField.Type.INT64) {
            return false;
        }
        return switch (operator) {
            case "=", "<=" -> literal.value().equals("1");
            case "<" -> literal.value().equals("2");
            default -> false;
        };
    }

    /** The {@code ROW_NUMBER} that an expression is, or that a name stands for; null if it is none. */
    private static SqlExpr.@Nullable Call numbered(SqlExpr expr, SqlScope scope) {
        SqlExpr at = expr;
        if (expr instanceof SqlExpr.Path) {
            SqlSlot.Computed computed = SqlTargets.computed(expr, scope);
            at = computed == null ? expr : computed.expr;
        }
        return at instanceof SqlExpr.Call call && call.window() && call.name().equals("ROW_NUMBER") ? call : null;
    }

    private static void calls(SqlNotes notes, List<SqlSlot> slots, Set<Integer> tables) {
        for (SqlSlot slot : slots) {
            if (slot instanceof SqlSlot.Computed computed) {
                calls(notes, computed.expr, tables);
            }
        }
    }

    private static void calls(SqlNotes notes, SqlExpr expr, Set<Integer> tables) {
        SqlTrees.any(expr, part -> {
            if (part instanceof SqlExpr.Call call) {
                call(notes, call, tables);
            }
            return false;
        });
    }

    /** Notes a function, with or without parentheses, of which each run has another value. */
    static void changing(SqlNotes notes, String function, SqlExpr expr) {
        notes.notCached(function + " differs from one run to the next");
        notes.warn(
                CostWarning.Id.NON_DETERMINISTIC_NOT_CACHED,
                Severity.INFO,
                expr.start(),
                expr.end(),
                function + " keeps the result out of the cache.",
                "a constant, rounded so that it stays the same for a while",
                -1);
    }

    private static void call(SqlNotes notes, SqlExpr.Call call, Set<Integer> tables) {
        if (SqlTraits.CHANGING.isOf(call.name())) {
            changing(notes, call.name(), call);
        }
        if (call.name().equals("IN")
                && call.args().get(1) instanceof SqlExpr.Sub sub
                && sub.kind() == SqlExpr.Sub.Kind.IN
                && SqlQuery.mayRepeatRows(sub.query(), tables)) {
            notes.warn(
                    CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                    Severity.INFO,
                    sub.query().start(),
                    sub.query().end(),
                    "This query may give the same row many times, each of which is looked through.",
                    "SELECT DISTINCT …",
                    0);
        }
        if (!call.name().equals("REGEXP_CONTAINS") || call.args().size() != 2) {
            return;
        }
        String like = CostRewrites.like(call.args().get(1));
        if (like != null) {
            SqlExpr text = call.args().get(0);
            String written = notes.text(text);
            boolean simple = text instanceof SqlExpr.Path || text instanceof SqlExpr.Param;
            String left = written == null ? "" : simple ? written + " " : "(" + written + ") ";
            notes.warn(
                    CostWarning.Id.REGEXP_WHERE_LIKE_WORKS,
                    Severity.INFO,
                    call.start(),
                    call.end(),
                    "This pattern has nothing that LIKE could not say.",
                    left + "LIKE '" + like + "'",
                    0);
        }
    }

    private static void cte(SqlNotes notes, SqlCtes.Entry entry, boolean reading) {
        if (entry.references == 0) {
            notes.warn(
                    CostWarning.Id.UNUSED_CTE,
                    Severity.INFO,
                    entry.cte.start(),
                    entry.cte.end(),
                    "Nothing refers to this query; it is most likely not read.",
                    "the query without " + entry.cte.name(),
                    0);
        } else if (entry.references > 1 && reading) {
            notes.warn(
                    CostWarning.Id.CTE_REFERENCED_REPEATEDLY,
                    Severity.INFO,
                    entry.cte.start(),
                    entry.cte.end(),
                    "This query is referred to " + entry.references + " times, and may be computed as often.",
                    "CREATE TEMP TABLE " + CostRewrites.name(entry.cte.name()) + " AS …",
                    -1);
        }
    }

    /**
     * Warns about what can be seen once it is known what is billed.
     *
     * @param expected the bytes that are expected to be read
     */
    static void afterCosts(
            SqlNotes notes,
            SqlStatement statement,
            List<SqlScan> scans,
            List<TableCost> tables,
            long expected,
            CostBytes billed) {
        notes.capSavings(expected);
        long minimums = 0;
        boolean again = false;
        for (TableCost table : tables) {
            minimums += table.bytes().expected() < CostStatement.MINIMUM ? 1 : 0;
            again |= table.references() > 1;
        }
        if (again && !notes.isFull()) {
            repeated(notes, scans, tables);
        }
        if (minimums >= MANY_TABLES && billed.expected() / 2 > expected && expected > 0) {
            notes.warn(
                    CostWarning.Id.MINIMUM_DOMINATES,
                    Severity.INFO,
                    statement.start(),
                    statement.end(),
                    minimums + " tables are smaller than the minimum of 10 MiB that is billed for each.");
        }
    }

    /** Points at the last place where a table is named that was named before. */
    private static void repeated(SqlNotes notes, List<SqlScan> scans, List<TableCost> tables) {
        Map<String, SqlScan> last = new HashMap<>();
        List<SqlScan> wildcards = new ArrayList<>();
        for (SqlScan scan : scans) {
            last.put(scan.name, scan);
            if (scan.wildcard && wildcards.size() < MOST_WILDCARDS) {
                wildcards.add(scan);
            }
        }
        Set<SqlScan> said = Collections.newSetFromMap(new IdentityHashMap<>(4));
        for (TableCost table : tables) {
            if (table.references() <= 1) {
                continue;
            }
            SqlScan at = last.get(table.table());
            for (SqlScan wildcard : wildcards) {
                boolean in = table.table().startsWith(wildcard.name.substring(0, wildcard.prefixLength));
                at = in && (at == null || wildcard.start > at.start) ? wildcard : at;
            }
            if (at != null && said.add(at)) {
                notes.warn(
                        CostWarning.Id.SAME_TABLE_MULTIPLE_REFS,
                        Severity.INFO,
                        at.start,
                        at.end,
                        at.name + " is read in " + table.references() + " places.");
            }
        }
    }
}
