package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the macros of one query refer to: the time range, the interval, the variables, and the types of columns.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class MacroContext {

    private final Instant from;
    private final Instant to;
    private final Duration interval;
    private final Map<String, Variable> variables;
    private final Map<String, TableField.Type> columns;
    private final TablePartitioning.Unit partitionUnit;

    private MacroContext(Builder builder) {
        this.from = builder.from;
        this.to = builder.to;
        this.interval = builder.interval;
        this.variables = Map.copyOf(builder.variables);
        this.columns = Map.copyOf(builder.columns);
        this.partitionUnit = builder.partitionUnit;
    }

    /**
     * {@return a builder}
     *
     * @param from where the time range begins
     * @param to where it ends, not before it begins
     */
    public static Builder builder(Instant from, Instant to) {
        return new Builder(from, to);
    }

    /** The values of a dashboard's variable. */
    record Variable(TableField.Type type, List<String> values, boolean many) {}

    Instant from() {
        return from;
    }

    Instant to() {
        return to;
    }

    Duration interval() {
        return interval;
    }

    Optional<Variable> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    /** {@return the type of a column, a timestamp if nothing is known of it} */
    TableField.Type typeOf(String column) {
        String name = column.substring(column.lastIndexOf('.') + 1)
                .replace("`", "")
                .strip()
                .toLowerCase(Locale.ROOT);
        TableField.Type type = columns.get(name);
        if (type != null) {
            return type;
        }
        String upper = column.toUpperCase(Locale.ROOT);
        if (upper.startsWith("DATE(") || name.equals("_partitiondate")) {
            return TableField.Type.DATE;
        }
        return upper.startsWith("DATETIME(") ? TableField.Type.DATETIME : TableField.Type.TIMESTAMP;
    }

    TablePartitioning.Unit partitionUnit() {
        return partitionUnit;
    }

    /** Says what macros refer to; used by one thread. */
    public static final class Builder {

        private final Instant from;
        private final Instant to;
        private Duration interval = Duration.ofMinutes(1);
        private final Map<String, Variable> variables = new HashMap<>();
        private final Map<String, TableField.Type> columns = new HashMap<>();
        private TablePartitioning.Unit partitionUnit = TablePartitioning.Unit.DAY;

        private Builder(Instant from, Instant to) {
            this.from = Objects.requireNonNull(from, "from");
            this.to = Objects.requireNonNull(to, "to");
        }

        /**
         * Sets the interval that the dashboard asks for. One minute by default.
         *
         * @param length from 1 ms to 1,000 days
         * @return this
         */
        public Builder interval(Duration length) {
            this.interval = length;
            return this;
        }

        /**
         * Adds a variable of texts.
         *
         * @param name its name, without the dollar sign
         * @param values its values, one or several
         * @return this
         */
        public Builder variable(String name, String... values) {
            variables.put(name, new Variable(TableField.Type.STRING, List.of(values), values.length != 1));
            return this;
        }

        /**
         * Adds a variable.
         *
         * @param name its name, without the dollar sign
         * @param type what its values are
         * @param values its values as BigQuery writes them, none for an empty selection
         * @return this
         */
        public Builder variable(String name, TableField.Type type, List<String> values) {
            variables.put(name, new Variable(type, List.copyOf(values), type == TableField.Type.STRING));
            return this;
        }

        /**
         * Says what type a column has, so that it is compared with values of its type. Columns of which nothing is said are taken for
         * {@code TIMESTAMP}.
         *
         * @param name its name
         * @param type its type
         * @return this
         */
        public Builder column(String name, TableField.Type type) {
            columns.put(name.toLowerCase(Locale.ROOT), type);
            return this;
        }

        /**
         * Takes the types of columns and the kind of partitions from a catalog's table.
         *
         * @param table the table
         * @return this
         */
        public Builder table(TableStats table) {
            table.fields().forEach(field -> column(field.name(), field.type()));
            table.partitioning()
                    .filter(partitioning -> partitioning.unit() != TablePartitioning.Unit.RANGE)
                    .ifPresent(partitioning -> this.partitionUnit = partitioning.unit());
            return this;
        }

        /**
         * {@return the context}
         *
         * @throws IllegalArgumentException if the range ends before it begins, or the interval is out of its range
         */
        public MacroContext build() {
            Args.check(!to.isBefore(from), "to", to, "not before from = " + from);
            Args.inRange("interval", interval, Duration.ofMillis(1), Duration.ofDays(1000));
            return new MacroContext(this);
        }
    }
}
