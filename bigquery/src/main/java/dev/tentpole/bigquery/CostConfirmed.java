package dev.tentpole.bigquery;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a dry run says of a statement takes the place of what was estimated, as far as the dry run is sure of it.
 *
 * @param bytes the bytes that it tells, at least 1
 * @param accuracy what they are, not {@link CostAccuracy#UNKNOWN}
 * @param tables how many tables it names
 */
record CostConfirmed(long bytes, CostAccuracy accuracy, int tables) {

    private static final Set<String> READING = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "CREATE");

    /**
     * {@return what a dry run tells of a statement; null if that is nothing}
     *
     * <p>It tells nothing if the cache would answer, nor of statements that it does not go into. 0 bytes are said of all kinds of
     * things that are read and not counted, and what is estimated as nothing needs no confirmation.
     */
    static @Nullable CostConfirmed of(QueryDryRun dryRun, SqlStatement statement, List<SqlScan> scans) {
        if (dryRun.cacheHit() || dryRun.bytes() == 0 || !isReadThrough(statement)) {
            return null;
        }
        // The rows of such tables are not counted, so that what is told is that of the others.
        boolean hidden = scans.stream().flatMap(scan -> scan.tables.stream()).anyMatch(TableStats::rowAccessPolicy);
        CostAccuracy accuracy = switch (dryRun.accuracy()) {
            case PRECISE, LOWER_BOUND -> hidden ? CostAccuracy.LOWER_BOUND : dryRun.accuracy();
            case UPPER_BOUND -> hidden ? CostAccuracy.UNKNOWN : CostAccuracy.UPPER_BOUND;
            case UNKNOWN -> CostAccuracy.UNKNOWN;
        };
        return accuracy == CostAccuracy.UNKNOWN
                ? null
                : new CostConfirmed(dryRun.bytes(), accuracy, dryRun.tables().size());
    }

    /** Whether BigQuery looks at all of a statement before it runs: not at what it calls, sets, or makes for its session. */
    private static boolean isReadThrough(SqlStatement statement) {
        SqlStatement.Target target = statement.target();
        boolean made = statement.query() != null
                && target != null
                && !target.isOfSession()
                && !statement.control().optional();
        return READING.contains(statement.kind()) && (made || !statement.kind().equals("CREATE"));
    }

    boolean isPrecise() {
        return accuracy == CostAccuracy.PRECISE;
    }

    CostBytes bytes(CostBytes own) {
        return switch (accuracy) {
            case PRECISE -> CostBytes.exactly(bytes);
            // A lower bound above it is of a catalog that is out of date.
            case UPPER_BOUND -> CostBytes.around(own.lower() > bytes ? 0 : own.lower(), own.expected(), bytes);
            case LOWER_BOUND ->
                CostBytes.around(
                        Math.max(own.lower(), bytes),
                        own.expected(),
                        own.upper() < bytes ? CostBytes.UNBOUNDED : own.upper());
            case UNKNOWN -> own;
        };
    }

    /**
     * {@return what is billed for bytes that were told}
     *
     * <p>How they are shared out among the tables, each of which has a minimum, is not told.
     *
     * @param own what would be billed for the estimated bytes alone
     * @param estimated those bytes
     * @param confirmed the bytes now
     * @param read the tables that the estimate knows of
     * @param perTable whether it is sure that each table has a minimum
     */
    CostBytes billed(CostBytes own, CostBytes estimated, CostBytes confirmed, List<TableCost> read, boolean perTable) {
        long fewest = perTable ? Math.min(tables, read.size()) * CostStatement.MINIMUM : 0;
        long least = confirmed.lower() == 0 ? 0 : Math.max(fewest, CostStatement.atLeastMinimum(confirmed.lower()));
        // The estimate knows more of bytes that it knows as well.
        long lower = confirmed.lower() == estimated.lower() ? own.lower() : least;
        long minimums = Math.max(1, Math.max(tables, read.size()));
        long expected = confirmed.expected() == estimated.expected()
                ? own.expected()
                : Math.max(minimums * CostStatement.MINIMUM, CostStatement.atLeastMinimum(confirmed.expected()));
        boolean uncounted = (tables == 0 && !estimated.isBounded())
                || read.stream()
                        .anyMatch(table -> !table.known() && table.table().endsWith("*"));
        long upper = uncounted
                ? CostBytes.UNBOUNDED
                : CostBytes.plus(
                        CostStatement.atLeastMinimum(confirmed.upper()), (minimums - 1) * CostStatement.MINIMUM);
        long most = confirmed.upper() == estimated.upper() ? Math.max(own.upper(), upper) : upper;
        return CostBytes.around(lower, expected, Math.max(lower, most));
    }
}
