package dev.tentpole.bigquery;

import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions on a column that no value meets together: {@code a > 5 AND a < 3}. */
final class SqlClashes {

    /** The values of a column that all conditions so far leave. */
    private static final class Range {
        @Nullable
        SqlValue low;

        @Nullable
        SqlValue high;

        /** Whether an end itself is left out. */
        boolean open;
    }

    private final SqlFold fold;
    private final IdentityHashMap<SqlSlot, Range> ranges = new IdentityHashMap<>(4);

    SqlClashes(SqlFold fold) {
        this.fold = fold;
    }

    /** Adds a condition of a conjunction; returns whether no value may meet it and those before it. */
    boolean add(SqlExpr condition, SqlScope scope) {
        if (!(condition instanceof SqlExpr.Call call)) {
            return false;
        }
        List<SqlExpr> args = call.args();
        return switch (call.name()) {
            case "=", "<", "<=", ">", ">=" ->
                add(args.get(0), call.name(), args.get(1), scope)
                        || add(args.get(1), SqlPartitions.mirrored(call.name()), args.get(0), scope);
            case "BETWEEN" -> {
                boolean low = add(args.get(0), ">=", args.get(1), scope);
                yield add(args.get(0), "<=", args.get(2), scope) || low;
            }
            case "IN" -> args.get(0) instanceof SqlExpr.Path path && in(path, args.subList(1, args.size()), scope);
            default -> false;
        };
    }

    private boolean in(SqlExpr.Path path, List<SqlExpr> items, SqlScope scope) {
        SqlValue least = null;
        SqlValue most = null;
        for (SqlExpr item : items) {
            SqlValue value = fold.value(item, fold.times(scope));
            if (value == null) {
                return false;
            }
            if (value.isNull()) {
                continue;
            }
            least = least == null || isAbove(least, value) ? value : least;
            most = most == null || isAbove(value, most) ? value : most;
        }
        return least != null && most != null && (add(path, ">=", least, scope) || add(path, "<=", most, scope));
    }

    private boolean add(SqlExpr column, String operator, SqlExpr constant, SqlScope scope) {
        SqlValue value = column instanceof SqlExpr.Path ? fold.value(constant, fold.times(scope)) : null;
        return column instanceof SqlExpr.Path path
                && value != null
                && !value.isNull()
                && add(path, operator, value, scope);
    }

    private boolean add(SqlExpr.Path path, String operator, SqlValue value, SqlScope scope) {
        if (!(SqlTargets.target(path, scope) instanceof SqlSlot.Column column)) {
            return false;
        }
        Range range = ranges.computeIfAbsent(column, key -> new Range());
        if (!operator.startsWith("<")) {
            range.low = range.low == null || isAbove(value, range.low) ? value : range.low;
        }
        if (!operator.startsWith(">")) {
            range.high = range.high == null || isAbove(range.high, value) ? value : range.high;
        }
        range.open |= operator.length() == 1 && !operator.equals("=");
        return range.low != null && range.high != null && isEmpty(range.low, range.high, range.open);
    }

    private boolean isEmpty(SqlValue low, SqlValue high, boolean open) {
        Integer order = order(low, high);
        return order != null && (order > 0 || (order == 0 && open));
    }

    private boolean isAbove(SqlValue value, SqlValue other) {
        Integer order = order(value, other);
        return order != null && order > 0;
    }

    /** How two values compare; null if that is not known. */
    private @Nullable Integer order(SqlValue a, SqlValue b) {
        TableField.Type type = a.type() == TableField.Type.STRING ? b.type() : a.type();
        if (type == null || a.type() == b.type()) {
            return a.compare(b);
        }
        SqlValue first = a.as(type, fold.zone());
        SqlValue second = b.as(type, fold.zone());
        return first == null || second == null ? null : first.compare(second);
    }
}
