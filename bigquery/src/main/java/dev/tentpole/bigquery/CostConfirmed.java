package dev.tentpole.bigquery;

/** What a dry run says of a statement takes the place of what was estimated, as far as the dry run is sure of it. */
final class CostConfirmed {

    private CostConfirmed() {}

    /**
     * {@return whether a dry run tells the bytes: not if the cache would answer, nor if it says 0 of tables, as it does of what
     * row access policies hide, nor if it does not say how good the bytes are}
     */
    static boolean tells(QueryDryRun dryRun) {
        boolean hidden = dryRun.bytes() == 0 && !dryRun.tables().isEmpty();
        return !dryRun.cacheHit() && !hidden && dryRun.accuracy() != CostAccuracy.UNKNOWN;
    }

    static CostBytes bytes(CostBytes own, QueryDryRun dryRun) {
        long told = dryRun.bytes();
        return switch (dryRun.accuracy()) {
            case PRECISE -> CostBytes.exactly(told);
            // A lower bound above it is of a catalog that is out of date.
            case UPPER_BOUND -> CostBytes.around(own.lower() > told ? 0 : own.lower(), own.expected(), told);
            case LOWER_BOUND ->
                CostBytes.around(told, own.expected(), own.upper() < told ? CostBytes.UNBOUNDED : own.upper());
            case UNKNOWN -> own;
        };
    }

    /**
     * {@return what is billed for bytes that a dry run has told}
     *
     * <p>How they are shared out among the tables, each of which has a minimum, is not told.
     *
     * @param own what would be billed by the estimate alone
     */
    static CostBytes billed(CostBytes own, CostBytes bytes, long tables) {
        long lower = bytes.lower() == 0 ? 0 : CostStatement.atLeastMinimum(bytes.lower());
        long others = CostBytes.times(Math.max(0, tables - 1), CostStatement.MINIMUM);
        long upper = tables == 0 ? lower : CostBytes.plus(CostStatement.atLeastMinimum(bytes.upper()), others);
        long expected = bytes.isExact() ? lower : own.expected();
        return CostBytes.around(lower, expected, Math.max(lower, upper));
    }
}
