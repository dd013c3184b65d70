package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a pipe is: its rows so far, and the names that they have. */
final class SqlPipeState {

    SqlScope outer;
    SqlRelation relation;
    List<SqlScope.Var> vars;
    /** Whether each row is one value and not a tuple of columns. */
    boolean value;

    SqlPipeState(SqlScope outer, SqlRelation relation, List<SqlScope.Var> vars) {
        this.outer = outer;
        this.relation = relation;
        this.vars = vars;
    }

    SqlScope scope() {
        return outer.inner(vars).ownedBy(relation);
    }

    void columns(List<SqlSlot> columns, @Nullable SqlSlot open) {
        vars = new ArrayList<>(List.of(SqlScope.Var.of("", columns, open)));
    }

    /** Makes columns new ones; the names of sources still mean the former ones. */
    void columnsBesideNames(List<SqlSlot> columns) {
        SqlSlot open = SqlResolver.openOf(vars);
        List<SqlScope.Var> names = new ArrayList<>();
        for (SqlScope.Var var : vars) {
            if (!var.alias.isEmpty()) {
                names.add(new SqlScope.Var(var.alias, List.of(), null, var.value, null));
            }
        }
        columns(columns, open);
        vars.addAll(0, names);
    }

    /** Puts what follows above what is there, which is returned: its conditions must not select partitions below. */
    SqlRelation barrier() {
        SqlRelation below = relation;
        below.seal();
        relation = new SqlRelation();
        relation.inputs.add(below);
        return below;
    }
}
