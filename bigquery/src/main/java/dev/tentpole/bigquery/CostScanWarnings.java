package dev.tentpole.bigquery;

import dev.tentpole.bigquery.CostWarning.Severity;
import org.jspecify.annotations.Nullable;

/** The warnings about a table at the place where a query names it. */
final class CostScanWarnings {

    private static final int MANY_TABLES = 3;

    private CostScanWarnings() {}

    /**
     * Warns about one table.
     *
     * @param limit how many rows are left of what is made of it; null if nothing limits it
     * @param changed whether the statement changes the table
     */
    static void scan(SqlNotes notes, SqlScan scan, @Nullable SqlExpr limit, boolean changed) {
        if (scan.schema == null) {
            unknown(notes, scan);
            return;
        }
        TableStats table = scan.schema;
        partitions(notes, scan, table, changed);
        if (scan.wildcard) {
            wildcard(notes, scan);
        }
        clustering(notes, scan, table, limit != null);
        if (limit != null && table.clustering().isEmpty() && !selects(scan)) {
            notes.warn(
                    CostWarning.Id.LIMIT_WITHOUT_PRUNING,
                    Severity.INFO,
                    CostWarnings.limitStart(notes, limit),
                    limit.end(),
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

    /** The partition column as it can be written. */
    static String column(SqlScan scan) {
        return scan.schema == null
                ? ""
                : scan.schema
                        .partitioning()
                        .flatMap(TablePartitioning::field)
                        .map(CostRewrites::name)
                        .orElse("_PARTITIONTIME");
    }

    /** Whether any condition selects partitions, or tables of a wildcard. */
    static boolean selects(SqlScan scan) {
        return !(scan.selection.upper().coversAllNumbers()
                        && scan.selection.expected().coversAllNumbers())
                || (scan.wildcard && scan.members().stream().anyMatch(member -> !member.expected));
    }

    private static void partitions(SqlNotes notes, SqlScan scan, TableStats table, boolean changed) {
        if (table.partitioning().isEmpty() || notes.isFull()) {
            return;
        }
        String column = column(scan);
        boolean all = scan.selection.upper().coversAllNumbers()
                && scan.selection.expected().coversAllNumbers();
        if (all) {
            boolean refused = table.requirePartitionFilter() && scan.selection.isAll();
            CostSavings.Newest newest = CostSavings.partition(scan, table, changed);
            notes.warn(
                    refused
                            ? CostWarning.Id.REQUIRED_PARTITION_FILTER_MISSING
                            : CostWarning.Id.MISSING_PARTITION_FILTER,
                    refused ? Severity.ERROR : newest.saves() == 0 ? Severity.INFO : Severity.WARNING,
                    scan.start,
                    scan.end,
                    refused
                            ? "BigQuery refuses this: " + scan.name + " demands a condition on " + column + "."
                            : "No condition on " + column + " selects partitions of " + scan.name + ".",
                    "WHERE " + newest.text(),
                    newest.saves());
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
            CostSavings.Newest newest = notes.isFull() ? new CostSavings.Newest("", -1) : CostSavings.table(scan);
            notes.warn(
                    CostWarning.Id.WILDCARD_UNBOUNDED,
                    newest.saves() == 0 ? Severity.INFO : Severity.WARNING,
                    scan.start,
                    scan.end,
                    "No condition on _TABLE_SUFFIX selects from the " + scan.tables.size() + " tables of " + scan.name
                            + ".",
                    "WHERE " + newest.text(),
                    newest.saves());
        }
        int dated = scan.found.dated;
        if (dated > MANY_TABLES) {
            notes.warn(
                    CostWarning.Id.SHARDED_TABLE_ADVICE,
                    Severity.INFO,
                    scan.start,
                    scan.end,
                    dated + " tables have a date in their name; one partitioned table is cheaper to query and cached.",
                    "one table with partitions by day",
                    -1);
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
                    "a condition on " + CostRewrites.name(table.clustering().get(0)),
                    -1);
        } else if (used < 0) {
            notes.warn(
                    CostWarning.Id.CLUSTERING_UNUSED,
                    Severity.INFO,
                    scan.start,
                    scan.end,
                    "No condition uses the columns by which " + scan.name + " is clustered.",
                    "a condition on " + CostRewrites.name(table.clustering().get(0)),
                    -1);
        }
    }
}
