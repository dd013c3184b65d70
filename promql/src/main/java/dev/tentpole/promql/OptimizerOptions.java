package dev.tentpole.promql;

import dev.tentpole.promql.Optimization.Exactness;
import dev.tentpole.promql.Optimization.Rule;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * What {@link Optimizer} may change.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class OptimizerOptions {

    private static final OptimizerOptions DEFAULTS = builder().build();

    private final Exactness exactness;
    private final Set<Rule> rules;
    private final boolean rangeQuery;

    private OptimizerOptions(Builder builder) {
        this.exactness = builder.exactness;
        this.rules = Collections.unmodifiableSet(EnumSet.copyOf(builder.rules));
        this.rangeQuery = builder.rangeQuery;
    }

    /** {@return all rules, and of what they find only what is exact for instant queries and range queries} */
    public static OptimizerOptions defaults() {
        return DEFAULTS;
    }

    /** {@return a builder with the settings of {@link #defaults}} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder with these settings} */
    public Builder toBuilder() {
        Builder builder = new Builder().exactness(exactness).rangeQuery(rangeQuery);
        builder.rules.retainAll(rules);
        return builder;
    }

    /** {@return the least exact steps that are made} */
    public Exactness exactness() {
        return exactness;
    }

    /** {@return the rules that are applied} */
    public Set<Rule> rules() {
        return rules;
    }

    /** {@return whether the query is known to be run as a range query} */
    public boolean rangeQuery() {
        return rangeQuery;
    }

    /** Collects settings; not safe for use by several threads. */
    public static final class Builder {

        private Exactness exactness = Exactness.EXACT;
        private final Set<Rule> rules = EnumSet.allOf(Rule.class);
        private boolean rangeQuery;

        private Builder() {}

        /**
         * Allows steps down to an exactness; {@link Exactness#EXACT} alone unless set.
         *
         * @param least the least exact steps that may be made
         * @return this builder
         */
        public Builder exactness(Exactness least) {
            this.exactness = Objects.requireNonNull(least, "exactness");
            return this;
        }

        /**
         * Switches a rule off.
         *
         * @param rule the rule
         * @return this builder
         */
        public Builder without(Rule rule) {
            rules.remove(Objects.requireNonNull(rule, "rule"));
            return this;
        }

        /**
         * Says that the query is run as a range query, whose series are ordered by their labels whatever the query says;
         * false unless set, and then the order of the result is kept.
         *
         * @param known whether it is
         * @return this builder
         */
        public Builder rangeQuery(boolean known) {
            this.rangeQuery = known;
            return this;
        }

        /** {@return the options} */
        public OptimizerOptions build() {
            return new OptimizerOptions(this);
        }
    }
}
