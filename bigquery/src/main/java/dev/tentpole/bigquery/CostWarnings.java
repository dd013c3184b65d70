package dev.tentpole.bigquery;

import dev.tentpole.bigquery.CostWarning.Severity;
import java.util.List;

/** The warnings that need more than one place of a query to be seen. */
final class CostWarnings {

    private static final int MANY_TABLES = 3;

    private CostWarnings() {}

    static void afterAll(SqlNotes notes, CostBytes billed, long budget) {
        if (billed.upper() > budget) {
            boolean surely = billed.lower() > budget;
            notes.warn(
                    CostWarning.Id.OVER_BUDGET,
                    surely ? Severity.ERROR : Severity.WARNING,
                    0,
                    0,
                    (surely ? "At least " + billed.lower() : "Up to " + billed.upper())
                            + " bytes are billed, over the budget of " + budget + ".");
        }
    }

    static void afterStatement(
            SqlNotes notes, List<SqlCtes.Entry> ctes, List<SqlRelation> relations, List<SqlScan> scans) {
        for (SqlCtes.Entry entry : ctes) {
            cte(notes, entry);
        }
        for (SqlRelation relation : relations) {
            if (!relation.crossJoins.isEmpty() && !isTied(relation)) {
                relation.crossJoins.forEach(notes::crossJoin);
            }
            for (SqlRelation.Needed needed : relation.needed) {
                calls(notes, needed.expr());
            }
            calls(notes, relation.columns);
            calls(notes, relation.wide);
        }
        boolean limited = relations.stream().anyMatch(relation -> relation.limited);
        for (SqlScan scan : scans) {
            scan(notes, scan, limited);
        }
    }

    private static boolean isTied(SqlRelation relation) {
        return relation.filters.stream()
                .anyMatch(filter -> SqlTrees.any(
                        filter.expr(),
                        part -> part instanceof SqlExpr.Call call
                                && call.name().equals("=")
                                && call.args().stream().allMatch(SqlExpr.Path.class::isInstance)));
    }

    private static void calls(SqlNotes notes, List<SqlSlot> slots) {
        for (SqlSlot slot : slots) {
            if (slot instanceof SqlSlot.Computed computed) {
                calls(notes, computed.expr);
            }
        }
    }

    private static void calls(SqlNotes notes, SqlExpr expr) {
        SqlTrees.any(expr, part -> {
            if (part instanceof SqlExpr.Call call) {
                call(notes, call);
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

    private static void call(SqlNotes notes, SqlExpr.Call call) {
        if (SqlTraits.CHANGING.isOf(call.name())) {
            changing(notes, call.name(), call);
        }
        boolean plain = call.name().equals("REGEXP_CONTAINS")
                && call.args().size() == 2
                && call.args().get(1) instanceof SqlExpr.Literal pattern
                && pattern.value().matches("\\^?(\\.\\*)?[\\w /-]+(\\.\\*)?\\$?");
        if (plain) {
            notes.warn(
                    CostWarning.Id.REGEXP_WHERE_LIKE_WORKS,
                    Severity.INFO,
                    call.start(),
                    call.end(),
                    "This pattern has nothing that LIKE could not say.",
                    "LIKE '%…%'",
                    0);
        }
    }

    private static void cte(SqlNotes notes, SqlCtes.Entry entry) {
        if (entry.references == 0) {
            notes.warn(
                    CostWarning.Id.UNUSED_CTE,
                    Severity.INFO,
                    entry.cte.start(),
                    entry.cte.end(),
                    "Nothing refers to this query; it is most likely not read.");
        } else if (entry.references > 1) {
            notes.warn(
                    CostWarning.Id.CTE_REFERENCED_REPEATEDLY,
                    Severity.INFO,
                    entry.cte.start(),
                    entry.cte.end(),
                    "This query is referred to " + entry.references + " times, and may be computed as often.",
                    "a temporary table",
                    -1);
        }
    }

    private static void scan(SqlNotes notes, SqlScan scan, boolean limited) {
        if (scan.schema == null) {
            unknown(notes, scan);
            return;
        }
        TableStats table = scan.schema;
        if (scan.hasLive(SqlScan.UPPER, SqlScan.EXPECTED)) {
            notes.assume(CostAssumption.UNUSED_COLUMNS_ARE_PRUNED);
            notes.warn(
                    CostWarning.Id.UNUSED_CTE_COLUMNS,
                    Severity.INFO,
                    scan.start,
                    scan.end,
                    "Columns of " + scan.name + " are selected and then not used; most likely they are not read.");
        }
        partitions(notes, scan, table);
        if (scan.wildcard) {
            wildcard(notes, scan);
        }
        clustering(notes, scan, table, limited);
        if (limited && table.clustering().isEmpty()) {
            notes.warn(
                    CostWarning.Id.LIMIT_WITHOUT_PRUNING,
                    Severity.INFO,
                    scan.start,
                    scan.end,
                    "LIMIT does not make BigQuery read less of " + scan.name + ".");
        }
        if (scan.samplePercent >= 0) {
            notes.notCached("samples are not cached");
            notes.warn(
                    CostWarning.Id.TABLE_SAMPLED,
                    Severity.INFO,
                    scan.start,
                    scan.end,
                    "A sample is billed by the blocks that are read; of a small table that is all of it.");
        }
        kinds(notes, scan, table);
    }

    private static void kinds(SqlNotes notes, SqlScan scan, TableStats table) {
        switch (table.kind()) {
            case EXTERNAL -> {
                notes.notCached("external tables are not cached");
                notes.warn(
                        CostWarning.Id.EXTERNAL_TABLE_UNKNOWN,
                        Severity.WARNING,
                        scan.start,
                        scan.end,
                        "How much of the external table " + scan.name + " is read is known after the query only.");
            }
            case MATERIALIZED_VIEW -> notes.assume(CostAssumption.MATERIALIZED_VIEWS_ARE_NOT_USED);
            default -> {
                // Nothing to say.
            }
        }
        if (table.rowAccessPolicy()) {
            notes.notCached("row access policies keep results out of the cache");
            notes.warn(
                    CostWarning.Id.ROW_ACCESS_POLICY,
                    Severity.WARNING,
                    scan.start,
                    scan.end,
                    "Row access policies of " + scan.name + " hide how much is read; a dry run always says 0.");
        }
        if (table.streamingBufferBytes() > 0) {
            notes.notCached("tables with a streaming buffer are not cached");
            notes.warn(
                    CostWarning.Id.STREAMING_BUFFER,
                    Severity.INFO,
                    scan.start,
                    scan.end,
                    scan.name + " has rows that were just written; only the upper bound counts them.");
        }
        for (int i = 0;
                scan.hasLive(SqlScan.EXPECTED, 0) && i < table.leaves().leaves().size();
                i++) {
            TableLeaves.Leaf leaf = table.leaves().leaves().get(i);
            if ((scan.live(i) & SqlScan.EXPECTED) != 0 && leaf.field().type() == TableField.Type.JSON) {
                notes.warn(
                        CostWarning.Id.JSON_WHOLE_COLUMN,
                        Severity.INFO,
                        scan.start,
                        scan.end,
                        "The JSON column " + leaf.path() + " is read as a whole, whatever is taken from it.",
                        "columns for what is asked for often",
                        -1);
            }
        }
    }

    private static void unknown(SqlNotes notes, SqlScan scan) {
        if (scan.name.contains("INFORMATION_SCHEMA")) {
            notes.notCached("INFORMATION_SCHEMA is not cached");
            notes.warn(
                    CostWarning.Id.INFORMATION_SCHEMA_MINIMUM,
                    Severity.INFO,
                    scan.start,
                    scan.end,
                    "Each query of INFORMATION_SCHEMA is billed 10 MiB at least and never cached.");
        } else {
            notes.warn(
                    CostWarning.Id.TABLE_UNKNOWN,
                    Severity.WARNING,
                    scan.start,
                    scan.end,
                    scan.found == SqlScript.Members.TOO_MANY
                            ? "The script names too many tables and views for all to be looked at; how much is read of "
                                    + scan.name + " cannot be told."
                            : "The catalog does not know " + scan.name + "; how much is read of it cannot be told.");
        }
    }

    private static void partitions(SqlNotes notes, SqlScan scan, TableStats table) {
        if (table.partitioning().isEmpty()) {
            return;
        }
        String column = table.partitioning().get().field().orElse("_PARTITIONTIME");
        boolean all = scan.selection.upper().coversAllNumbers()
                && scan.selection.expected().coversAllNumbers();
        if (all) {
            boolean refused = table.requirePartitionFilter() && scan.selection.isAll();
            long saves = table.partitions().isEmpty()
                    ? -1
                    : table.bytes() - table.bytes() / table.partitions().size();
            notes.warn(
                    refused
                            ? CostWarning.Id.REQUIRED_PARTITION_FILTER_MISSING
                            : CostWarning.Id.MISSING_PARTITION_FILTER,
                    refused ? Severity.ERROR : Severity.WARNING,
                    scan.start,
                    scan.end,
                    refused
                            ? "BigQuery refuses this: " + scan.name + " demands a condition on " + column + "."
                            : "No condition on " + column + " selects partitions of " + scan.name + ".",
                    "WHERE " + column + " >= a constant",
                    saves);
        } else if (table.partitions().isEmpty()) {
            notes.warn(
                    CostWarning.Id.PARTITIONS_UNKNOWN,
                    Severity.WARNING,
                    scan.start,
                    scan.end,
                    "The catalog does not know the partitions of " + scan.name + "; how much the condition on " + column
                            + " saves cannot be told.");
        }
    }

    private static void wildcard(SqlNotes notes, SqlScan scan) {
        notes.notCached("wildcard tables are not cached");
        notes.warn(
                CostWarning.Id.WILDCARD_NOT_CACHED,
                Severity.INFO,
                scan.start,
                scan.end,
                "Results of wildcard tables are not cached.");
        if (!scan.suffixFiltered) {
            notes.warn(
                    CostWarning.Id.WILDCARD_UNBOUNDED,
                    Severity.WARNING,
                    scan.start,
                    scan.end,
                    "All " + scan.tables.size() + " tables of " + scan.name + " are read.",
                    "WHERE _TABLE_SUFFIX BETWEEN … AND …",
                    -1);
        }
        if (scan.found.dated > MANY_TABLES) {
            notes.warn(
                    CostWarning.Id.SHARDED_TABLE_ADVICE,
                    Severity.INFO,
                    scan.start,
                    scan.end,
                    scan.found.dated
                            + " tables have a date in their name; one partitioned table is cheaper to query and cached.");
        }
    }

    private static void clustering(SqlNotes notes, SqlScan scan, TableStats table, boolean limited) {
        if (table.clustering().isEmpty()) {
            return;
        }
        int used = -1;
        for (int i = table.clustering().size() - 1; i >= 0; i--) {
            if (scan.filtered.contains(SqlText.lower(table.clustering().get(i)))) {
                used = i;
            }
        }
        if (used >= 0 || limited) {
            notes.warn(
                    CostWarning.Id.CLUSTERED_UPPER_BOUND,
                    Severity.INFO,
                    scan.start,
                    scan.end,
                    "Of the clustered table " + scan.name + " less may be read than can be told before.");
        }
        if (used > 0) {
            notes.warn(
                    CostWarning.Id.CLUSTERING_PREFIX_SKIPPED,
                    Severity.WARNING,
                    scan.start,
                    scan.end,
                    "A condition uses the clustering column "
                            + table.clustering().get(used) + ", but none uses those before it.",
                    "a condition on " + table.clustering().get(0),
                    -1);
        } else if (used < 0) {
            notes.warn(
                    CostWarning.Id.CLUSTERING_UNUSED,
                    Severity.INFO,
                    scan.start,
                    scan.end,
                    "No condition uses the columns by which " + scan.name + " is clustered.",
                    "a condition on " + table.clustering().get(0),
                    -1);
        }
    }

    static void afterCosts(SqlNotes notes, SqlStatement statement, List<TableCost> tables, CostBytes billed) {
        long minimums = 0;
        long bytes = 0;
        for (TableCost table : tables) {
            bytes = CostBytes.plus(bytes, table.bytes().expected());
            minimums += table.bytes().expected() < CostStatement.MINIMUM ? 1 : 0;
            if (table.references() > 1) {
                notes.warn(
                        CostWarning.Id.SAME_TABLE_MULTIPLE_REFS,
                        Severity.INFO,
                        statement.start(),
                        statement.end(),
                        table.table() + " is read in " + table.references() + " places.");
            }
        }
        if (minimums >= MANY_TABLES && billed.expected() > 2 * bytes && bytes > 0) {
            notes.warn(
                    CostWarning.Id.MINIMUM_DOMINATES,
                    Severity.INFO,
                    statement.start(),
                    statement.end(),
                    minimums + " tables are smaller than the minimum of 10 MiB that is billed for each.");
        }
    }
}
