package dev.tentpole.bigquery;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the partition columns and pseudo columns of which the values of a name are made, through any expression of any query
 * below: BigQuery may push a condition on that name down to them.
 */
final class SqlOrigins {

    private static final int MOST_STEPS = 300_000;

    private final SqlResolver resolver;
    private int left = MOST_STEPS;

    SqlOrigins(SqlResolver resolver) {
        this.resolver = resolver;
    }

    /** Whether not everything was looked through. */
    boolean isLost() {
        return left < 0;
    }

    /** Adds the scans of the partition and pseudo columns behind a name; returns how many columns were looked at. */
    int add(SqlExpr.Path path, SqlScope scope, Set<SqlScan> scans) {
        SqlSlot first = slot(path, scope);
        if (first == null) {
            return 0;
        }
        if (ends(first, scans)) {
            return 1;
        }
        return follow(new ArrayDeque<>(List.of(first)), scans);
    }

    /** Adds the scans of the partition and pseudo columns that a query in an expression makes its columns of. */
    int add(SqlExpr.Sub sub, SqlScope scope, Set<SqlScan> scans) {
        return follow(new ArrayDeque<>(resolver.inExpression(sub.query(), scope).columns), scans);
    }

    private int follow(Deque<SqlSlot> work, Set<SqlScan> scans) {
        Set<SqlSlot> seen = Collections.newSetFromMap(new IdentityHashMap<>(4));
        int steps = 0;
        while (!work.isEmpty() && left >= 0) {
            SqlSlot slot = work.poll();
            if (!seen.add(slot)) {
                continue;
            }
            steps++;
            left--;
            if (slot instanceof SqlSlot.Computed computed) {
                parts(computed.expr, computed.scope, work);
            } else if (slot instanceof SqlSlot.Merged merged) {
                left -= merged.inputs.size();
                work.addAll(merged.inputs);
            } else if (slot instanceof SqlSlot.Field field) {
                work.add(field.base);
            } else if (slot instanceof SqlSlot.Row row) {
                left -= row.fields.size();
                work.addAll(row.fields);
            } else {
                ends(slot, scans);
            }
        }
        return steps;
    }

    private void parts(SqlExpr expr, SqlScope scope, Deque<SqlSlot> work) {
        left--;
        if (expr instanceof SqlExpr.Path path) {
            SqlSlot slot = slot(path, scope);
            if (slot != null) {
                work.add(slot);
            }
        } else if (expr instanceof SqlExpr.Sub sub) {
            work.addAll(resolver.inExpression(sub.query(), scope).columns);
        }
        for (SqlExpr part : SqlTrees.parts(expr)) {
            parts(part, scope, work);
        }
    }

    /** Whether the slot is a column of a table; adds its scan if it decides about partitions or tables. */
    private static boolean ends(SqlSlot slot, Set<SqlScan> scans) {
        if (slot instanceof SqlSlot.Column column) {
            if (!column.scan.tables.isEmpty()) {
                column.scan.filtered.add(SqlText.lower(column.name));
            }
            if (column.scan.isPartitionColumn(slot)) {
                scans.add(column.scan);
            }
            return true;
        }
        if (slot instanceof SqlSlot.Pseudo pseudo) {
            scans.add(pseudo.scan);
            return true;
        }
        return false;
    }

    /** The column that a path means, or what it is made of. */
    private static @Nullable SqlSlot slot(SqlExpr.Path path, SqlScope scope) {
        SqlScope.Found found = scope.find(path.names());
        SqlSlot slot = found == null ? null : found.slot();
        if (found != null && slot instanceof SqlSlot.Row row && !found.rest().isEmpty()) {
            SqlSlot field = row.field(found.rest().get(0));
            if (field != null) {
                return field;
            }
            SqlScope.Var var = scope.var(path.names().get(0));
            return var == null || var.scan == null
                    ? null
                    : var.scan.pseudo(found.rest().get(0));
        }
        return slot;
    }
}
