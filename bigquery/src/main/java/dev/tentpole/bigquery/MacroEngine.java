package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Expands the macros and the variables of dashboards' queries.
 *
 * <p>Macros are looked for among the query's tokens, never within texts, comments or backticks. No value of a variable can
 * change what tokens the query has: values are sent beside it as parameters, or, where text is asked for, written as literals,
 * each the same tokens whatever the value is, but for a whole number below zero, which is {@code CAST('-5' AS INT64)}. Columns
 * are left bare, so that partitions are pruned, and the time range is aligned, so that the same query comes again and is found
 * in BigQuery's cache. The macros are listed in the module's README. Immutable and safe for use by several threads.
 */
public final class MacroEngine {

    private final boolean parameters;
    private final boolean grafana;
    private final boolean align;
    private final String timeColumn;
    private final Duration lateness;

    private MacroEngine(Builder builder) {
        this.parameters = builder.parameters;
        this.grafana = builder.grafana;
        this.align = builder.align;
        this.timeColumn = builder.timeColumn;
        this.lateness = builder.lateness;
    }

    /**
     * {@return an engine with the defaults}
     */
    public static MacroEngine standard() {
        return builder().build();
    }

    /**
     * {@return a builder}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return the query with its macros and variables expanded}
     *
     * @param sql the query
     * @param context what they refer to
     * @throws MacroException if there is no such macro or variable, or its arguments or values are wrong
     */
    public MacroQuery expand(String sql, MacroContext context) {
        Objects.requireNonNull(context, "context");
        if (sql.indexOf('$') < 0 && sql.indexOf("[[") < 0) {
            return new MacroQuery(sql, List.of());
        }
        return grafana ? MacroGrafana.expand(sql, context) : new MacroExpansion(this, sql, context).expand();
    }

    boolean bindsParameters() {
        return parameters;
    }

    boolean aligns() {
        return align;
    }

    String timeColumn() {
        return timeColumn;
    }

    Duration lateness() {
        return lateness;
    }

    /** Says how macros are expanded; used by one thread. */
    public static final class Builder {

        private boolean parameters = true;
        private boolean grafana;
        private boolean align = true;
        private String timeColumn = "timestamp";
        private Duration lateness = Duration.ofDays(1);

        private Builder() {}

        /**
         * Writes all values into the query's text, escaped, instead of sending them beside it: for whoever wants to read, copy or store
         * the query.
         *
         * @return this
         */
        public Builder text() {
            this.parameters = false;
            return this;
        }

        /**
         * Expands as version 3.3 of Grafana's plugin for BigQuery does, to the byte, also within texts and comments. Values that
         * would end a text or be more than one word are escaped or refused, which Grafana does not do. All is text then, and no other
         * setting counts.
         *
         * @return this
         */
        public Builder grafana() {
            this.grafana = true;
            return this;
        }

        /**
         * Says whether the time range is widened to multiples of the interval, at most to whole days. True by default.
         *
         * @param widen whether it is
         * @return this
         */
        public Builder align(boolean widen) {
            this.align = widen;
            return this;
        }

        /**
         * Sets the column that time macros mean which name none, {@code timestamp} by default.
         *
         * @param column the column, not blank
         * @return this
         */
        public Builder timeColumn(String column) {
            this.timeColumn = Args.notBlank("timeColumn", column);
            return this;
        }

        /**
         * Sets how long after its time a row may come, for {@code $__partitionFilter}: so much more partitions are read. One day by
         * default.
         *
         * @param longest from zero to 1,000 days
         * @return this
         */
        public Builder lateness(Duration longest) {
            this.lateness = longest;
            return this;
        }

        /**
         * {@return the engine}
         *
         * @throws IllegalArgumentException if a setting is out of its range
         */
        public MacroEngine build() {
            Args.inRange("lateness", lateness, Duration.ZERO, Duration.ofDays(1000));
            return new MacroEngine(this);
        }
    }
}
