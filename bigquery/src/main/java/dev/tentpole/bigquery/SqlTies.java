package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which sources of a relation an equality ties together, so that not each row of one meets each row of the other. */
final class SqlTies {

    private static final int MOST_STEPS = 40;

    private final SqlRelation relation;
    /** The sources that scans, columns and rows belong to. */
    private final IdentityHashMap<Object, Integer> places = new IdentityHashMap<>();

    private final List<Integer> parents = new ArrayList<>();

    /** Whether columns are named that may be those of several sources. */
    private boolean open;
    /** Whether an equality may tie any of them. */
    private boolean anything;

    private SqlTies(SqlRelation relation) {
        this.relation = relation;
    }

    /** The joins of a relation of which no equality ties the sides together. */
    static List<SqlQuery.Join> untied(SqlRelation relation) {
        List<SqlRelation.Joined> crossed = new ArrayList<>();
        for (SqlRelation.Joined joined : relation.joins) {
            if (isCross(joined)) {
                crossed.add(joined);
            }
        }
        return crossed.isEmpty() ? List.of() : new SqlTies(relation).among(crossed);
    }

    /** Whether the join itself says nothing of its sides. */
    private static boolean isCross(SqlRelation.Joined joined) {
        SqlQuery.Join join = joined.join();
        boolean rows = join.source() instanceof SqlQuery.Table || join.source() instanceof SqlQuery.Subquery;
        if (!rows || joined.from() == 0 || joined.to() > joined.sources().size() || joined.from() == joined.to()) {
            return false;
        }
        for (SqlScope.Var var : joined.sources().subList(joined.from(), joined.to())) {
            if (var.value instanceof SqlSlot.Computed && var.scan == null) {
                return false;
            }
        }
        return switch (join.kind()) {
            case COMMA, CROSS -> true;
            default -> join.on() != null && !SqlTrees.any(join.on(), part -> !isPlain(part));
        };
    }

    private static boolean isPlain(SqlExpr part) {
        return part instanceof SqlExpr.Literal || part instanceof SqlExpr.Call;
    }

    private List<SqlQuery.Join> among(List<SqlRelation.Joined> crossed) {
        List<SqlScope.Var> sources = crossed.get(0).sources();
        boolean[] single = new boolean[sources.size()];
        IdentityHashMap<Object, SqlRelation> inputs = new IdentityHashMap<>();
        relation.inputs.forEach(input -> inputs.put(input.columns, input));
        for (int i = 0; i < sources.size(); i++) {
            SqlScope.Var var = sources.get(i);
            parents.add(i);
            SqlRelation input = var.scan == null ? inputs.get(var.columns) : null;
            single[i] = input != null && input.single;
            places.put(var.value, i);
            if (var.scan != null) {
                places.put(var.scan, i);
            } else {
                for (SqlSlot slot : var.columns) {
                    places.put(slot, i);
                }
            }
        }
        open = sources.stream().anyMatch(var -> var.open != null);
        List<SqlRelation.Needed> conditions = new ArrayList<>(relation.filters);
        relation.outerFilters.forEach(filter -> conditions.add(filter.condition()));
        for (SqlRelation.Needed condition : conditions) {
            tie(condition.expr(), condition.scope());
        }
        for (SqlRelation.Joined joined : relation.joins) {
            for (int i = 0; i + 1 < joined.same().size(); i += 2) {
                tie(place(joined.same().get(i)), place(joined.same().get(i + 1)));
            }
            // Elements of an array belong to the row that has it.
            boolean own = joined.join().natural() || !isRows(joined.join().source());
            for (int i = joined.from(); own && i < Math.min(joined.to(), sources.size()); i++) {
                tie(Math.max(0, joined.from() - 1), i);
            }
        }
        return anything ? List.of() : untied(crossed, single);
    }

    private List<SqlQuery.Join> untied(List<SqlRelation.Joined> crossed, boolean[] single) {
        List<SqlQuery.Join> untied = new ArrayList<>();
        Set<Integer> left = new HashSet<>();
        boolean many = false;
        int next = 0;
        for (SqlRelation.Joined joined : crossed) {
            for (; next < joined.from(); next++) {
                left.add(root(next));
                many |= !single[next];
            }
            boolean tied = !many;
            for (int right = joined.from(); right < joined.to(); right++) {
                tied |= single[right] || left.contains(root(right));
            }
            if (!tied) {
                untied.add(joined.join());
            }
        }
        return untied;
    }

    private static boolean isRows(SqlQuery.Source source) {
        return source instanceof SqlQuery.Table || source instanceof SqlQuery.Subquery;
    }

    private void tie(SqlExpr expr, SqlScope scope) {
        if (expr instanceof SqlExpr.Call call && isPair(call.name())) {
            List<Integer> left = new ArrayList<>();
            for (SqlExpr arg : call.args()) {
                List<Integer> right = new ArrayList<>();
                side(arg, scope, right);
                for (int i = 0; i < left.size() && !right.isEmpty(); i++) {
                    tie(left.get(i), right.get(0));
                }
                for (int i = 0; i < right.size() && !left.isEmpty(); i++) {
                    tie(left.get(0), right.get(i));
                }
                left = left.isEmpty() ? right : left;
            }
        }
        SqlTrees.parts(expr).forEach(part -> tie(part, scope));
    }

    private static boolean isPair(String name) {
        return switch (name) {
            case "=", "IS NOT DISTINCT", "IN", "IN UNNEST" -> true;
            // Places that are near each other are joined by an index.
            default -> name.startsWith("ST_");
        };
    }

    /** Adds the sources of which one side of a comparison is made. */
    private void side(SqlExpr expr, SqlScope scope, List<Integer> sources) {
        if (expr instanceof SqlExpr.Path path) {
            SqlScope.Found found = scope.find(path.names());
            anything |= open && path.names().size() == 1;
            if (found != null && found.slot() != null) {
                sources.add(place(found.slot()));
            }
        }
        SqlTrees.parts(expr).forEach(part -> side(part, scope, sources));
    }

    private @Nullable Integer placeOrNull(SqlSlot slot) {
        SqlSlot at = slot;
        for (int i = 0; i < MOST_STEPS; i++) {
            Integer place = places.get(at);
            if (place == null && at instanceof SqlSlot.Column column) {
                place = places.get(column.scan);
            } else if (place == null && at instanceof SqlSlot.Pseudo pseudo) {
                place = places.get(pseudo.scan);
            }
            if (place != null || !(at instanceof SqlSlot.Field field)) {
                return place;
            }
            at = field.base;
        }
        return null;
    }

    /** The source of a column; one of a query around this one is a source of its own. */
    private int place(SqlSlot slot) {
        Integer place = placeOrNull(slot);
        if (place != null) {
            return place;
        }
        int own = parents.size();
        parents.add(own);
        places.put(slot, own);
        return own;
    }

    private void tie(int one, int other) {
        if (one >= 0 && other >= 0) {
            parents.set(root(one), root(other));
        }
    }

    private int root(int place) {
        int at = place;
        while (parents.get(at) != at) {
            parents.set(at, parents.get(parents.get(at)));
            at = parents.get(at);
        }
        return at;
    }
}
