package dev.tentpole.bigquery;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notes of which tables BigQuery may read less since a join compares columns that come from those by which they are cut, as
 * {@code USING} and {@code NATURAL} do without a condition that could be looked at. Each column is followed once.
 */
final class SqlJoinColumns {

    private final Set<SqlSlot> followed = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<SqlSlot> slots = new ArrayDeque<>();

    /** Follows a column that is compared through the queries that hand it on or compute it. */
    void compared(SqlSlot first) {
        push(first);
        while (!slots.isEmpty()) {
            SqlSlot slot = slots.pop();
            if (slot instanceof SqlSlot.Column column) {
                column.scan.maybeLess |= column.scan.isPartitionColumnOfAny(column);
            } else if (slot instanceof SqlSlot.Pseudo pseudo) {
                pseudo.scan.maybeLess = true;
            } else if (slot instanceof SqlSlot.Merged merged) {
                merged.inputs.forEach(this::push);
            } else if (slot instanceof SqlSlot.Row row) {
                row.fields.forEach(this::push);
            } else if (slot instanceof SqlSlot.Field field) {
                push(field.base);
            } else if (slot instanceof SqlSlot.Computed computed) {
                pushAll(computed);
            }
        }
    }

    private void pushAll(SqlSlot.Computed computed) {
        Deque<SqlExpr> parts = new ArrayDeque<>();
        parts.push(computed.expr);
        while (!parts.isEmpty()) {
            SqlExpr part = parts.pop();
            if (part instanceof SqlExpr.Path path) {
                push(SqlTargets.slot(path, computed.scope));
            } else {
                SqlTrees.parts(part).forEach(parts::push);
            }
        }
    }

    private void push(@Nullable SqlSlot slot) {
        if (slot != null && followed.add(slot)) {
            slots.push(slot);
        }
    }
}
