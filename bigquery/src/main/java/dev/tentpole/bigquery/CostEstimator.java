package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Tells what a query costs before it runs, with no credentials: it reads the query, resolves its names against a catalog,
 * and adds up the bytes of what is live. Immutable and safe for use by several threads.
 *
 * <p>Syntax that it does not know makes an estimate wider, never an exception.
 */
public final class CostEstimator {

    private static final CostEstimator DEFAULTS = builder().build();

    private final InstantSource clock;
    private final ZoneId zone;
    private final Set<CostAssumption> trusted;
    private final long budgetBytes;

    private CostEstimator(Builder builder) {
        clock = builder.clock;
        zone = builder.zone;
        trusted = Set.copyOf(builder.trusted);
        budgetBytes = builder.budgetBytes;
    }

    /** {@return an estimator with the system's clock, UTC, no trusted assumption and no budget} */
    public static CostEstimator ofDefaults() {
        return DEFAULTS;
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return what a query or a script costs}
     *
     * @param sql GoogleSQL after any macros
     * @param parameters the parameters with or without their values; positional ones in their order, with an empty name
     * @param catalog the tables that are known
     * @param pricing how queries are paid for
     */
    public CostEstimate estimate(String sql, List<SqlParameter> parameters, Catalog catalog, Pricing pricing) {
        Objects.requireNonNull(sql, "sql");
        return new CostRun(this, sql, List.copyOf(parameters), catalog, pricing, null).estimate();
    }

    /**
     * {@return what a query costs of which BigQuery has told the bytes}
     *
     * <p>What the dry run says is the authority: its bytes are taken if they are precise; an upper bound takes the place of the
     * estimate's, and so does a lower one if it is higher. Tables, leaves and warnings are those of the estimate, whose bytes
     * by table then need not add up to the sum. How the bytes are shared out among the tables, each of which has a minimum, is
     * not told, so that what is billed may stay a range.
     *
     * <p>The estimate stays as it is where a dry run tells nothing: of a script of several statements, of {@code CALL},
     * {@code EXECUTE IMMEDIATE}, {@code SET} and whatever else is neither a query nor DML nor makes a table of a query; of
     * temporary tables; of a query that the cache would answer; and where it says 0 bytes. If the catalog knows of row access
     * policies, what they hide is not in the dry run's bytes, which are then a lower bound, or nothing if they were an upper one.
     *
     * @param sql GoogleSQL after any macros, as it was sent for the dry run
     * @param parameters the parameters with or without their values; positional ones in their order, with an empty name
     * @param catalog the tables that are known
     * @param pricing how queries are paid for
     * @param dryRun what BigQuery says of the same query, see {@link BigQueryClient#dryRun}
     */
    public CostEstimate estimate(
            String sql, List<SqlParameter> parameters, Catalog catalog, Pricing pricing, QueryDryRun dryRun) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(dryRun, "dryRun");
        return new CostRun(this, sql, List.copyOf(parameters), catalog, pricing, dryRun).estimate();
    }

    /**
     * {@return what a query or a script without parameters costs}
     *
     * @param sql GoogleSQL after any macros
     * @param catalog the tables that are known
     * @param pricing how queries are paid for
     */
    public CostEstimate estimate(String sql, Catalog catalog, Pricing pricing) {
        return estimate(sql, List.of(), catalog, pricing);
    }

    InstantSource clock() {
        return clock;
    }

    ZoneId zone() {
        return zone;
    }

    boolean trusts(CostAssumption assumption) {
        return trusted.contains(assumption);
    }

    long budgetBytes() {
        return budgetBytes;
    }

    /** Collects settings; not safe for use by several threads. */
    public static final class Builder {

        private InstantSource clock = InstantSource.system();
        private ZoneId zone = ZoneOffset.UTC;
        private final Set<CostAssumption> trusted = EnumSet.noneOf(CostAssumption.class);
        private long budgetBytes = Long.MAX_VALUE;

        private Builder() {}

        /**
         * Sets the clock of {@code CURRENT_DATE()} and its like; the system's if it is not called.
         *
         * @param value the clock
         * @return this builder
         */
        public Builder clock(InstantSource value) {
            clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /**
         * Sets the time zone of functions without one; UTC, as BigQuery's default, if it is not called.
         *
         * @param value the time zone
         * @return this builder
         */
        public Builder zone(ZoneId value) {
            zone = Objects.requireNonNull(value, "zone");
            return this;
        }

        /**
         * Says that an undocumented rule is known to hold, so that the bounds may rest on it too; none if it is not called.
         *
         * @param assumptions the rules
         * @return this builder
         */
        public Builder trust(CostAssumption... assumptions) {
            trusted.addAll(List.of(assumptions));
            return this;
        }

        /**
         * Sets how many billed bytes a query may have before there is a warning; without limit if it is not called.
         *
         * @param bytes the limit, at least 0
         * @return this builder
         */
        public Builder budgetBytes(long bytes) {
            budgetBytes = bytes;
            return this;
        }

        /**
         * {@return an estimator}
         *
         * @throws IllegalArgumentException if a value is not allowed; the message names it
         */
        public CostEstimator build() {
            Args.check(budgetBytes >= 0, "budgetBytes", budgetBytes, "at least 0");
            return new CostEstimator(this);
        }
    }
}
