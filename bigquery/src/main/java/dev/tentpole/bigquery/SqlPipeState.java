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

    /** Puts what follows above what is there, which is returned: its conditions must not select partitions below. */
    SqlRelation barrier() {
        SqlRelation below = relation;
        below.seal();
        relation = new SqlRelation();
        relation.inputs.add(below);
        return below;
    }
}
