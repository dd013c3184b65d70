package dev.tentpole.bigquery;

import dev.tentpole.bigquery.SqlQuery.Item;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code PIVOT} and {@code UNPIVOT} make of a source. */
final class SqlPivots {

    SqlScope.Var apply(SqlQuery.Extras extras, List<SqlScope.Var> inputs, SqlScope outer, SqlRelation relation) {
        relation.pivoted = true;
        List<SqlScope.Var> vars = inputs;
        if (extras.pivot() != null) {
            vars = List.of(pivot(extras.pivot(), vars, outer, relation));
        }
        if (extras.unpivot() != null) {
            vars = List.of(unpivot(extras.unpivot(), vars, relation));
        }
        return vars.get(0);
    }

    private static SqlScope.Var pivot(
            SqlQuery.Pivot pivot, List<SqlScope.Var> inputs, SqlScope outer, SqlRelation relation) {
        SqlScope scope = outer.inner(inputs).ownedBy(relation);
        Set<String> used = new HashSet<>();
        names(pivot.input(), used);
        for (Item aggregate : pivot.aggregates()) {
            if (aggregate.expr() != null) {
                names(aggregate.expr(), used);
            }
        }
        relation.arrays.add(new SqlSlot.Computed("", pivot.input(), scope));
        List<SqlSlot> columns = new ArrayList<>();
        for (SqlScope.Var var : inputs) {
            for (SqlSlot slot : var.columns) {
                if (!used.contains(SqlText.lower(slot.name))) {
                    // What is left groups the rows.
                    columns.add(slot);
                    relation.neededSlots.add(slot);
                }
            }
        }
        List<SqlSlot> made = new ArrayList<>();
        for (int i = 0; i < pivot.values().size(); i++) {
            for (Item aggregate : pivot.aggregates()) {
                if (aggregate.expr() != null) {
                    String prefix = aggregate.alias() == null ? "" : aggregate.alias() + "_";
                    SqlExpr value = valueOf(aggregate.expr(), pivot.input());
                    made.add(new SqlSlot.Computed(prefix + pivot.names().get(i), value, scope));
                }
            }
        }
        columns.addAll(made);
        SqlSlot open = new SqlSlot.Merged("", opened(inputs, made), true);
        String alias = pivot.alias() != null ? pivot.alias() : inputs.isEmpty() ? "" : inputs.get(0).alias;
        return SqlScope.Var.of(alias, columns, open);
    }

    /** An aggregate of the rows that what is compared selects. */
    private static SqlExpr valueOf(SqlExpr aggregate, SqlExpr input) {
        return new SqlExpr.Call("ANY_VALUE", List.of(aggregate, input), 1, false, aggregate.start(), aggregate.end());
    }

    private static List<SqlSlot> opened(List<SqlScope.Var> inputs, List<SqlSlot> made) {
        List<SqlSlot> all = new ArrayList<>(made);
        SqlSlot open = SqlResolver.openOf(inputs);
        if (open != null) {
            all.add(open);
        }
        return all;
    }

    private static SqlScope.Var unpivot(SqlQuery.Unpivot unpivot, List<SqlScope.Var> inputs, SqlRelation relation) {
        Set<String> gone = new HashSet<>();
        unpivot.columns().forEach(paths -> paths.forEach(path -> gone.add(SqlText.lower(name(inputs, path)))));
        List<SqlSlot> columns = new ArrayList<>();
        for (SqlScope.Var var : inputs) {
            for (SqlSlot slot : var.columns) {
                if (!gone.contains(SqlText.lower(slot.name))) {
                    columns.add(slot);
                }
            }
        }
        for (int i = 0; i < unpivot.values().size(); i++) {
            List<SqlSlot> sources = new ArrayList<>();
            for (List<SqlExpr.Path> paths : unpivot.columns()) {
                SqlSlot slot = i < paths.size() ? column(inputs, name(inputs, paths.get(i))) : null;
                if (slot != null) {
                    sources.add(slot);
                }
            }
            // Rows in which all of them are null vanish, unless they are kept, so that they are read in any case.
            (unpivot.keepsNulls() ? relation.former : relation.neededSlots).addAll(sources);
            columns.add(new SqlSlot.Merged(unpivot.values().get(i), sources, false));
        }
        columns.add(new SqlSlot.Merged(unpivot.name(), List.of(), false));
        String alias = unpivot.alias() != null ? unpivot.alias() : inputs.isEmpty() ? "" : inputs.get(0).alias;
        return SqlScope.Var.of(alias, columns, SqlResolver.openOf(inputs));
    }

    /** The column that a path means; behind the name of a source stands that of its column. */
    private static String name(List<SqlScope.Var> inputs, SqlExpr.Path path) {
        String first = path.names().get(0);
        boolean qualified = path.names().size() > 1 && column(inputs, first) == null;
        return qualified ? path.names().get(1) : first;
    }

    private static @Nullable SqlSlot column(List<SqlScope.Var> inputs, String name) {
        for (SqlScope.Var var : inputs) {
            SqlSlot slot = var.column(name);
            if (slot != null) {
                return slot;
            }
        }
        return null;
    }

    private static void names(SqlExpr expr, Set<String> names) {
        if (expr instanceof SqlExpr.Path path) {
            names.add(SqlText.lower(path.names().get(path.names().size() > 1 ? 1 : 0)));
            names.add(SqlText.lower(path.names().get(0)));
        }
        for (SqlExpr part : SqlTrees.parts(expr)) {
            names(part, names);
        }
    }
}
