package dev.tentpole.bigquery;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Computes expressions that are constant before the query runs: literals, parameters, the time, and functions of them. */
final class SqlFold {

    private final Instant now;
    private final ZoneId zone;
    private final ZoneId sent;
    private final Map<String, SqlParameter> named = new HashMap<>();
    private final List<SqlParameter> positional = new ArrayList<>();
    private final IdentityHashMap<SqlExpr.Literal, Optional<SqlValue>> literals = new IdentityHashMap<>();

    /**
     * A fold of one statement.
     *
     * @param zone that of times without one
     * @param sent that of times without one in parameters
     */
    SqlFold(Instant now, ZoneId zone, List<SqlParameter> parameters, ZoneId sent) {
        this.now = now;
        this.zone = zone;
        this.sent = sent;
        for (SqlParameter parameter : parameters) {
            if (parameter.name().isEmpty()) {
                positional.add(parameter);
            } else {
                named.put(SqlText.lower(parameter.name()), parameter);
            }
        }
    }

    ZoneId zone() {
        return zone;
    }

    /** A column that has a value while an expression is computed. */
    interface Binding {
        /** The value of a path; null if it is no constant. */
        @Nullable
        SqlValue value(SqlExpr.Path path);
    }

    /** The value of an expression; null if it is not constant or not understood. */
    @Nullable
    SqlValue value(SqlExpr expr, Binding binding) {
        if (expr instanceof SqlExpr.Literal literal) {
            return literal(literal);
        }
        if (expr instanceof SqlExpr.Param param) {
            SqlParameter parameter = parameter(param);
            if (parameter == null || !parameter.known() || parameter.array()) {
                return null;
            }
            return parameter.value().isEmpty()
                    ? SqlValue.NULL
                    : SqlValue.parse(parameter.type(), parameter.value().get(), sent);
        }
        if (expr instanceof SqlExpr.Path path) {
            return binding.value(path);
        }
        return expr instanceof SqlExpr.Call call && !call.window() ? call(call, binding) : null;
    }

    /** Whether a constant, whose value may not be understood, is not null for sure. */
    boolean isNeverNull(SqlExpr expr) {
        if (expr instanceof SqlExpr.Literal literal) {
            return literal.type() != null || !literal.value().isEmpty();
        }
        if (expr instanceof SqlExpr.Param param) {
            SqlParameter parameter = parameter(param);
            return parameter != null
                    && parameter.known()
                    && (parameter.array() || parameter.value().isPresent());
        }
        if (expr instanceof SqlExpr.Path path) {
            return SqlWords.isTime(path);
        }
        if (!(expr instanceof SqlExpr.Call call)) {
            return expr instanceof SqlExpr.Struct;
        }
        return SqlTraits.NEVER_NULL.isOf(call.name())
                || (SqlTraits.STRICT.isOf(call.name()) && call.args().stream().allMatch(this::isNeverNull));
    }

    /** Whether a constant is null, or may be, because its value is not understood. */
    boolean mayBeNull(SqlExpr constant, SqlScope scope) {
        if (isNeverNull(constant)) {
            return false;
        }
        SqlValue value = value(constant, times(scope));
        return value == null || value.isNull();
    }

    /** Whether a constant number is not above zero, or may be so. */
    boolean mayBeNothing(SqlExpr constant, SqlScope scope) {
        SqlValue value = value(constant, times(scope));
        Long number = value == null ? null : value.number();
        return number == null || number <= 0;
    }

    /** Whether a constant array has no elements, or may have none. */
    boolean mayBeNoElements(SqlExpr constant, SqlScope scope) {
        boolean some = constant instanceof SqlExpr.Call call
                && call.name().equals("ARRAY")
                && !call.args().isEmpty();
        List<SqlValue> values = some ? List.of() : array(constant, times(scope));
        return !some && (values == null || values.isEmpty());
    }

    /** The values of an array; null if they are not constant. */
    @Nullable
    List<SqlValue> array(SqlExpr expr, Binding binding) {
        List<SqlValue> values = new ArrayList<>();
        if (expr instanceof SqlExpr.Param param) {
            SqlParameter parameter = parameter(param);
            if (parameter == null || !parameter.known() || !parameter.array()) {
                return null;
            }
            for (String text : parameter.values()) {
                SqlValue value = SqlValue.parse(parameter.type(), text, sent);
                if (value == null) {
                    return null;
                }
                values.add(value);
            }
            return values;
        }
        if (!(expr instanceof SqlExpr.Call call) || !call.name().equals("ARRAY")) {
            return null;
        }
        for (SqlExpr arg : call.args()) {
            SqlValue value = value(arg, binding);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return values;
    }

    private @Nullable SqlParameter parameter(SqlExpr.Param param) {
        if (!param.name().isEmpty()) {
            return named.get(SqlText.lower(param.name()));
        }
        return param.position() < positional.size() ? positional.get(param.position()) : null;
    }

    private @Nullable SqlValue literal(SqlExpr.Literal literal) {
        TableField.Type type = literal.type();
        if (type == null) {
            return literal.value().isEmpty() ? SqlValue.NULL : null;
        }
        // Each is asked for several times, and times are costly to read.
        return literals.computeIfAbsent(
                        literal, key -> Optional.ofNullable(SqlValue.parse(type, literal.value(), zone)))
                .orElse(null);
    }

    /** The names that stand for the time where they stand for nothing else. */
    Binding times(SqlScope scope) {
        return path -> SqlWords.isTime(path) && scope.find(path.names()) == null
                ? time(SqlText.upper(path.names().get(0)), zone)
                : null;
    }

    private @Nullable SqlValue time(String function, ZoneId at) {
        SqlValue value;
        try {
            value = SqlValue.of(TableField.Type.TIMESTAMP, SqlValue.micros(now));
        } catch (DateTimeException | ArithmeticException e) {
            // The clock says what no timestamp of BigQuery's can.
            return null;
        }
        return switch (function) {
            case "CURRENT_TIMESTAMP" -> value;
            case "CURRENT_DATE" -> value.as(TableField.Type.DATE, at);
            case "CURRENT_DATETIME" -> value.as(TableField.Type.DATETIME, at);
            default -> null;
        };
    }

    private @Nullable SqlValue call(SqlExpr.Call call, Binding binding) {
        switch (call.name()) {
            case "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_DATETIME" -> {
                ZoneId at = zone(call, 0, binding);
                return at == null ? null : time(call.name(), at);
            }
            case "INTERVAL" -> {
                return null;
            }
            case "SAFE" -> {
                return value(call.args().get(0), binding);
            }
            default -> {
                // Computed below.
            }
        }
        List<SqlValue> args = new ArrayList<>();
        for (SqlExpr arg : call.args()) {
            if (arg instanceof SqlExpr.Call interval && interval.name().equals("INTERVAL")) {
                SqlValue amount = value(interval.args().get(0), binding);
                SqlValue unit = value(interval.args().get(1), binding);
                if (amount == null || unit == null) {
                    return null;
                }
                args.add(amount);
                args.add(unit);
                continue;
            }
            SqlValue value = value(arg, binding);
            if (value == null) {
                return null;
            }
            args.add(value);
        }
        return SqlFunctions.call(call.name(), args, zone);
    }

    private @Nullable ZoneId zone(SqlExpr.Call call, int argument, Binding binding) {
        if (call.args().size() <= argument) {
            return zone;
        }
        SqlValue name = value(call.args().get(argument), binding);
        return name != null && name.value() instanceof String text ? SqlValue.zone(text) : null;
    }
}
