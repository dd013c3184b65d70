package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the macros of one query refer to: the time range, the interval, the variables, and the types of columns.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class MacroContext {

    /** BigQuery's times are of the years 1 to 9999, to the microsecond. */
    static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private static final Map<String, TableField.Type> FUNCTIONS = functions();

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
        this.variables = new HashMap<>(builder.variables);
        this.columns = new HashMap<>(builder.columns);
        TablePartitioning.Unit unit = builder.partitionUnit;
        this.partitionUnit = unit == null ? TablePartitioning.Unit.DAY : unit;
    }

    /**
     * {@return a builder}
     *
     * @param from where the time range begins, in the years 1 to 9999
     * @param to where it ends, not before it begins, in the years 1 to 9999
     */
    public static Builder builder(Instant from, Instant to) {
        return new Builder(from, to);
    }

    /** What makes dates and times without a zone; everything else is taken to make a timestamp. */
    private static Map<String, TableField.Type> functions() {
        Map<String, TableField.Type> types = new HashMap<>();
        for (String name : List.of("", "_ADD", "_SUB", "_TRUNC")) {
            types.put("DATE" + name, TableField.Type.DATE);
            types.put("DATETIME" + name, TableField.Type.DATETIME);
        }
        types.put("DATE_FROM_UNIX_DATE", TableField.Type.DATE);
        for (String prefix : List.of("PARSE_", "CURRENT_")) {
            types.put(prefix + "DATE", TableField.Type.DATE);
            types.put(prefix + "DATETIME", TableField.Type.DATETIME);
        }
        return types;
    }

    /** The values of a dashboard's variable; many if it is one of several values, even if one is selected. */
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

    @Nullable
    Variable variable(String name) {
        return variables.get(name);
    }

    /** {@return the value of one of Grafana's own variables, empty if there is none of that name} */
    String global(String name) {
        return switch (name) {
            case "__from" -> Long.toString(from.toEpochMilli());
            case "__to" -> Long.toString(to.toEpochMilli());
            case "__interval" -> MacroDurations.format(interval);
            case "__interval_ms" -> Long.toString(interval.toMillis());
            case "__range" -> Math.round(rangeMillis() / 1000.0) + "s";
            case "__range_s" -> Long.toString(Math.round(rangeMillis() / 1000.0));
            case "__range_ms" -> Long.toString(rangeMillis());
            default -> "";
        };
    }

    private long rangeMillis() {
        return to.toEpochMilli() - from.toEpochMilli();
    }

    /** {@return the type of a column or of a function's value, a timestamp if nothing is known of it} */
    TableField.Type typeOf(String column) {
        TableField.Type type = columns.get(column);
        if (type != null) {
            return type;
        }
        int call = column.indexOf('(');
        if (call > 0) {
            return FUNCTIONS.getOrDefault(
                    column.substring(0, call).strip().toUpperCase(Locale.ROOT), TableField.Type.TIMESTAMP);
        }
        String name = column.substring(column.lastIndexOf('.') + 1)
                .replace("`", "")
                .strip()
                .toLowerCase(Locale.ROOT);
        type = columns.get(name);
        if (type != null) {
            return type;
        }
        return name.equals("_partitiondate") ? TableField.Type.DATE : TableField.Type.TIMESTAMP;
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
        private TablePartitioning.@Nullable Unit partitionUnit;

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
            variables.put(
                    name,
                    new Variable(type, List.copyOf(values), type == TableField.Type.STRING || values.size() != 1));
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
         * Takes the types of columns and the kind of partitions from a catalog's table. Of several tables the longest partitions
         * count, so that none is missed.
         *
         * @param table the table
         * @return this
         */
        public Builder table(TableStats table) {
            table.fields().forEach(field -> column(field.name(), field.type()));
            table.partitioning()
                    .filter(partitioning -> partitioning.unit() != TablePartitioning.Unit.RANGE)
                    .ifPresent(partitioning -> longest(partitioning.unit()));
            return this;
        }

        private void longest(TablePartitioning.Unit unit) {
            TablePartitioning.Unit known = partitionUnit;
            partitionUnit = known == null || unit.compareTo(known) > 0 ? unit : known;
        }

        /**
         * {@return the context}
         *
         * @throws IllegalArgumentException if the range ends before it begins or leaves the years 1 to 9999, or the interval is out of
         *     its range
         */
        public MacroContext build() {
            Args.check(!from.isBefore(FIRST) && !from.isAfter(LAST), "from", from, "in the years 1 to 9999");
            Args.check(!to.isAfter(LAST), "to", to, "in the years 1 to 9999");
            Args.check(!to.isBefore(from), "to", to, "not before from = " + from);
            Args.inRange("interval", interval, Duration.ofMillis(1), Duration.ofDays(1000));
            return new MacroContext(this);
        }
    }
}
