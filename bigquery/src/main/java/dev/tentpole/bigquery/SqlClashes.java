package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on a column that no value meets together: {@code a > 5 AND a < 3}. Only those are held together that are on the
 * same rows: two references to a CTE are read with conditions of their own.
 */
final class SqlClashes {

    /** On one column conditions of more places are not told apart. */
    private static final int MOST_PLACES = 50;

    /** Among more sources those of one CTE are not told apart. */
    private static final int MOST_SOURCES = 100;

    /**
     * Where a condition stands.
     *
     * @param relation whose rows it is on; null if it is on those of no table
     * @param outer the outer join that it belongs to
     */
    record Place(SqlScope scope, @Nullable SqlRelation relation, SqlRelation.@Nullable OuterFilter outer) {}

    /** The values of a column that conditions of one place leave. */
    private static final class Range {
        /** Null if it is of several places. */
        final @Nullable Place place;

        /** The source by which the column is named; null if it is named without one. */
        final @Nullable SqlSlot source;

        @Nullable
        SqlValue low;

        @Nullable
        SqlValue high;

        /** Whether an end itself is left out. */
        boolean aboveLow;

        boolean belowHigh;

        Range(@Nullable Place place, @Nullable SqlSlot source) {
            this.place = place;
            this.source = source;
        }
    }

    private record Choice(SqlExpr.Call or, Place place) {}

    private final SqlFold fold;
    private final @Nullable SqlClashes around;
    private final IdentityHashMap<SqlSlot, List<Range>> ranges = new IdentityHashMap<>(4);
    private final List<Choice> choices = new ArrayList<>(0);

    SqlClashes(SqlFold fold) {
        this(fold, null);
    }

    private SqlClashes(SqlFold fold, @Nullable SqlClashes around) {
        this.fold = fold;
        this.around = around;
    }

    /** Whether no value may meet all of these conditions on the same rows. */
    static boolean isClash(List<SqlExpr> conditions, SqlScope scope, SqlFold fold) {
        if (!isAnyTwice(conditions)) {
            return false;
        }
        SqlClashes clashes = new SqlClashes(fold);
        Place place = new Place(scope, scope.owner(), null);
        boolean clash = false;
        for (SqlExpr condition : conditions) {
            clash |= clashes.add(condition, place);
        }
        return clash;
    }

    /** Whether two conditions compare columns of one name, which is quick to see and seldom so. */
    private static boolean isAnyTwice(List<SqlExpr> conditions) {
        Set<String> names = new HashSet<>();
        for (SqlExpr condition : conditions) {
            for (SqlExpr arg : condition instanceof SqlExpr.Call call ? call.args() : List.<SqlExpr>of()) {
                if (arg instanceof SqlExpr.Path path
                        && !names.add(
                                SqlText.lower(path.names().get(path.names().size() - 1)))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Adds a condition of a conjunction; returns whether no value may meet it and those before it. */
    boolean add(SqlExpr condition, Place place) {
        if (!(condition instanceof SqlExpr.Call call) || call.window()) {
            return false;
        }
        List<SqlExpr> args = call.args();
        return switch (call.name()) {
            case "AND" -> {
                boolean clash = false;
                for (SqlExpr arg : args) {
                    clash |= add(arg, place);
                }
                yield clash;
            }
            case "OR" -> {
                // Whether each of them clashes is known when the conditions beside it are.
                choices.add(new Choice(call, place));
                yield false;
            }
            case "=", "<", "<=", ">", ">=" ->
                add(args.get(0), call.name(), args.get(1), place)
                        || add(args.get(1), SqlPartitions.mirrored(call.name()), args.get(0), place);
            case "BETWEEN" -> {
                boolean low = add(args.get(0), ">=", args.get(1), place);
                yield add(args.get(0), "<=", args.get(2), place) || low;
            }
            case "IN" ->
                args.get(0) instanceof SqlExpr.Path path
                        && in(path, values(args.subList(1, args.size()), place), place);
            case "IN UNNEST" ->
                args.get(0) instanceof SqlExpr.Path path
                        && in(path, fold.array(args.get(1), fold.times(place.scope)), place);
            default -> false;
        };
    }

    /** Whether there is a choice of conditions none of which may be met together with those beside it. */
    boolean anyChoice() {
        for (Choice choice : choices) {
            if (isNone(choice)) {
                return true;
            }
        }
        return false;
    }

    private boolean isNone(Choice choice) {
        for (SqlExpr arg : choice.or.args()) {
            SqlClashes inside = new SqlClashes(fold, this);
            if (!inside.add(arg, choice.place) && !inside.anyChoice()) {
                return false;
            }
        }
        return true;
    }

    /** The values of expressions; null if one of them is not known. */
    private @Nullable List<SqlValue> values(List<SqlExpr> items, Place place) {
        List<SqlValue> values = new ArrayList<>(items.size());
        for (SqlExpr item : items) {
            SqlValue value = fold.value(item, fold.times(place.scope));
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return values;
    }

    private boolean in(SqlExpr.Path path, @Nullable List<SqlValue> values, Place place) {
        SqlValue least = null;
        SqlValue most = null;
        for (SqlValue value : values == null ? List.<SqlValue>of() : values) {
            if (value.isNull()) {
                continue;
            }
            least = least == null || isAbove(least, value) ? value : least;
            most = most == null || isAbove(value, most) ? value : most;
        }
        return least != null && most != null && (add(path, ">=", least, place) || add(path, "<=", most, place));
    }

    private boolean add(SqlExpr column, String operator, SqlExpr constant, Place place) {
        SqlValue value = column instanceof SqlExpr.Path ? fold.value(constant, fold.times(place.scope)) : null;
        return column instanceof SqlExpr.Path path
                && value != null
                && !value.isNull()
                && add(path, operator, value, place);
    }

    private boolean add(SqlExpr.Path path, String operator, SqlValue value, Place place) {
        if (!(SqlTargets.target(path, place.scope) instanceof SqlSlot.Column column)) {
            return false;
        }
        SqlScope.Found found = place.scope.find(path.names());
        Range range = range(column, place, found != null && found.slot() instanceof SqlSlot.Row row ? row : null);
        boolean open = operator.length() == 1 && !operator.equals("=");
        if (!operator.startsWith("<")) {
            Integer order = range.low == null ? Integer.valueOf(1) : order(value, range.low);
            if (order != null && order >= 0) {
                range.aboveLow = order > 0 ? open : range.aboveLow || open;
                range.low = value;
            }
        }
        if (!operator.startsWith(">")) {
            Integer order = range.high == null ? Integer.valueOf(1) : order(range.high, value);
            if (order != null && order >= 0) {
                range.belowHigh = order > 0 ? open : range.belowHigh || open;
                range.high = value;
            }
        }
        return isDisjoint(range, column);
    }

    /** The values that conditions of one place leave so far. */
    private Range range(SqlSlot.Column column, Place place, @Nullable SqlSlot source) {
        List<Range> known = ranges.computeIfAbsent(column, key -> new ArrayList<>(1));
        boolean many = known.size() == MOST_PLACES;
        for (Range range : known) {
            if (isSame(range, place, source) || (many && range.place == null)) {
                return range;
            }
        }
        Range range = known.size() < MOST_PLACES - 1 ? new Range(place, source) : new Range(null, null);
        known.add(range);
        return range;
    }

    @SuppressWarnings("ReferenceEquality") // Two joins are two, however alike they are.
    private static boolean isSame(Range range, Place place, @Nullable SqlSlot source) {
        return range.place != null
                && range.place.relation == place.relation
                && range.place.outer == place.outer
                && range.source == source;
    }

    private boolean isDisjoint(Range range, SqlSlot.Column column) {
        for (SqlClashes clashes = this; clashes != null; clashes = clashes.around) {
            for (Range other : clashes.ranges.getOrDefault(column, List.of())) {
                if (meets(range, other, column.scan)
                        && (isEmpty(range.low, range.aboveLow, other.high, other.belowHigh)
                                || isEmpty(other.low, other.aboveLow, range.high, range.belowHigh))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether conditions of two places may be on the same rows; yes where it is not sure. */
    @SuppressWarnings("ReferenceEquality") // Two joins are two, however alike they are.
    private static boolean meets(Range a, Range b, SqlScan scan) {
        if (a.place == null || b.place == null) {
            return true;
        }
        SqlRelation.OuterFilter first = a.place.outer;
        SqlRelation.OuterFilter second = b.place.outer;
        if (first != null && second != null && first != second) {
            return false;
        }
        SqlRelation one = a.place.relation;
        SqlRelation other = b.place.relation;
        if (one == null || other == null || scan.relation == null) {
            return true;
        }
        if (one == other) {
            return !areApart(a, b, one);
        }
        // Rows of a query in an expression meet those around it; what has as many references is the same or beside.
        return scan.relation.order > Math.min(one.order, other.order)
                || one.multiplicity != other.multiplicity
                || one.multiplicity == CostBytes.UNBOUNDED
                || one.isBelow(other)
                || other.isBelow(one);
    }

    /** Whether two sources beside each other are references to the same CTE. */
    private static boolean areApart(Range a, Range b, SqlRelation relation) {
        if (a.place == null || a.source == null || b.source == null || a.source == b.source || relation.lateral) {
            return false;
        }
        List<SqlScope.Var> sources = a.place.scope.sources();
        int found = 0;
        for (SqlScope.Var var : sources.size() > MOST_SOURCES ? List.<SqlScope.Var>of() : sources) {
            found += var.value == a.source || var.value == b.source ? 1 : 0;
        }
        return found == 2;
    }

    private boolean isEmpty(@Nullable SqlValue low, boolean aboveLow, @Nullable SqlValue high, boolean belowHigh) {
        Integer order = low == null || high == null ? null : order(low, high);
        return order != null && (order > 0 || (order == 0 && (aboveLow || belowHigh)));
    }

    private boolean isAbove(SqlValue value, SqlValue other) {
        Integer order = order(value, other);
        return order != null && order > 0;
    }

    /** How two values compare; null if that is not known. */
    private @Nullable Integer order(SqlValue a, SqlValue b) {
        TableField.Type type = a.type() == TableField.Type.STRING ? b.type() : a.type();
        if (type == null || a.type() == b.type() || (isNumber(a) && isNumber(b))) {
            return a.compare(b);
        }
        SqlValue first = a.as(type, fold.zone());
        SqlValue second = b.as(type, fold.zone());
        return first == null || second == null ? null : first.compare(second);
    }

    private static boolean isNumber(SqlValue value) {
        return value.type() == TableField.Type.INT64 || value.type() == TableField.Type.FLOAT64;
    }
}
