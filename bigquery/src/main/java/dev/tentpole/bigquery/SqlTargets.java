package dev.tentpole.bigquery;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows names through queries that hand columns on, down to where they come from. */
final class SqlTargets {

    /** How many expressions of queries below each other are followed. */
    static final int DEEPEST = 40;

    private SqlTargets() {}

    /** The column of a table that a path stands for, also through queries that only hand it on; null if it is none. */
    static @Nullable SqlSlot target(SqlExpr.Path path, SqlScope scope) {
        SqlExpr.Path at = path;
        SqlScope in = scope;
        for (int i = 0; i < SqlCursor.DEEPEST; i++) {
            SqlScope.Found found = in.find(at.names());
            SqlSlot slot = found == null ? null : found.slot();
            if (slot == null || found == null) {
                return null;
            }
            if (found != null && slot instanceof SqlSlot.Row row && found.rest().size() == 1) {
                slot = row.field(found.rest().get(0));
                SqlScope.Var var = slot == null ? in.var(at.names().get(0)) : null;
                if (var != null && var.scan != null) {
                    slot = var.scan.pseudo(found.rest().get(0));
                }
            } else if (!found.rest().isEmpty()) {
                return null;
            }
            if (!(slot instanceof SqlSlot.Computed computed)) {
                return slot;
            }
            if (!(computed.expr instanceof SqlExpr.Path next)) {
                return null;
            }
            at = next;
            in = computed.scope;
        }
        return null;
    }

    /** Whether a name means a column of the table through a query that stands beside it, and is computed for each of its rows. */
    static boolean isLateral(SqlExpr.Path path, SqlScope scope, SqlScan scan) {
        SqlSlot first = slot(path, scope);
        if (!(first instanceof SqlSlot.Computed) && !(first instanceof SqlSlot.Merged)) {
            return false;
        }
        // Which columns are to be looked at, and whether a query beside the table computes what is made of them.
        Deque<SqlSlot> work = new ArrayDeque<>(List.of(first));
        Deque<Boolean> beside = new ArrayDeque<>(List.of(false));
        IdentityHashMap<SqlSlot, Boolean> seen = new IdentityHashMap<>(4);
        while (!work.isEmpty()) {
            SqlSlot slot = work.pop();
            boolean besides = beside.pop();
            Boolean before = seen.put(slot, besides);
            if (before != null && (before || !besides)) {
                seen.put(slot, before);
            } else if (slot instanceof SqlSlot.Computed computed && computed.expr instanceof SqlExpr.Path next) {
                SqlSlot below = slot(next, computed.scope);
                if (below != null) {
                    SqlRelation owner = computed.scope.owner();
                    work.push(below);
                    beside.push(owner != null && owner != scan.relation);
                }
            } else if (slot instanceof SqlSlot.Merged merged) {
                for (SqlSlot input : merged.inputs) {
                    work.push(input);
                    beside.push(besides);
                }
            } else if (besides
                    && ((slot instanceof SqlSlot.Column column && column.scan == scan)
                            || (slot instanceof SqlSlot.Pseudo pseudo && pseudo.scan == scan))) {
                return true;
            }
        }
        return false;
    }

    /** What a path stands for; of a column of structs the column, whatever field is meant. */
    static @Nullable SqlSlot slot(SqlExpr.Path path, SqlScope scope) {
        SqlScope.Found found = scope.find(path.names());
        SqlSlot slot = found == null ? null : found.slot();
        return found != null && slot instanceof SqlSlot.Row row && found.rest().size() == 1
                ? row.field(found.rest().get(0))
                : slot;
    }

    /** What a name stands for that a query below computes; null if it is a column, or computed otherwise. */
    static SqlSlot.@Nullable Computed computed(SqlExpr expr, SqlScope scope) {
        SqlExpr at = expr;
        SqlScope in = scope;
        for (int i = 0; i < DEEPEST && at instanceof SqlExpr.Path path; i++) {
            SqlScope.Found found = in.find(path.names());
            SqlSlot slot = found == null ? null : found.slot();
            if (found != null && slot instanceof SqlSlot.Row row && found.rest().size() == 1) {
                slot = row.field(found.rest().get(0));
            } else if (found != null && !found.rest().isEmpty()) {
                return null;
            }
            if (!(slot instanceof SqlSlot.Computed computed)) {
                return null;
            }
            if (!(computed.expr instanceof SqlExpr.Path)) {
                return computed;
            }
            at = computed.expr;
            in = computed.scope;
        }
        return null;
    }
}
