package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What fields a struct has, as far as it can be told. */
final class SqlShapes {

    private SqlShapes() {}

    /** The fields of a column of structs as columns; null if they are not known. */
    static @Nullable List<SqlSlot> fields(SqlSlot slot, SqlResolver resolver) {
        return fields(slot, slot, resolver, 0);
    }

    /** The fields of what {@code shape} is like, taken from {@code base}. */
    private static @Nullable List<SqlSlot> fields(SqlSlot shape, SqlSlot base, SqlResolver resolver, int depth) {
        if (depth > SqlCursor.DEEPEST) {
            return null;
        }
        if (shape instanceof SqlSlot.Column column) {
            return column.node == null || column.node.children().isEmpty() ? null : children(column, base);
        }
        if (shape instanceof SqlSlot.Row row) {
            return taken(row.fields, base);
        }
        if (shape instanceof SqlSlot.Merged merged) {
            return merged.whole || merged.inputs.isEmpty()
                    ? null
                    : fields(merged.inputs.get(0), base, resolver, depth + 1);
        }
        if (shape instanceof SqlSlot.Field field) {
            return field.shape == null ? null : fields(field.shape, base, resolver, depth + 1);
        }
        if (shape instanceof SqlSlot.Computed computed) {
            return ofExpr(computed.expr, computed.scope, base, resolver, depth + 1);
        }
        return null;
    }

    private static @Nullable List<SqlSlot> ofExpr(
            SqlExpr expr, SqlScope scope, SqlSlot base, SqlResolver resolver, int depth) {
        if (expr instanceof SqlExpr.Path path) {
            SqlScope.Found found = scope.find(path.names());
            SqlSlot target = found == null ? null : found.slot();
            for (int i = 0; target != null && found != null && i < found.rest().size(); i++) {
                target = child(target, found.rest().get(i), resolver, depth);
            }
            return target == null ? null : fields(target, base, resolver, depth);
        }
        if (expr instanceof SqlExpr.Struct struct) {
            List<SqlSlot> fields = new ArrayList<>();
            for (int i = 0; i < struct.values().size(); i++) {
                String name = struct.names().get(i);
                fields.add(new SqlSlot.Field(
                        name,
                        base,
                        List.of(name),
                        new SqlSlot.Computed(name, struct.values().get(i), scope)));
            }
            return fields;
        }
        if (expr instanceof SqlExpr.Sub sub && sub.kind() != SqlExpr.Sub.Kind.EXISTS) {
            SqlRelation relation = resolver.inExpression(sub.query(), scope);
            return relation.columns.isEmpty() ? null : fields(relation.columns.get(0), base, resolver, depth);
        }
        if (expr instanceof SqlExpr.With with) {
            return ofExpr(with.body(), scope.variables(with, resolver.budget()), base, resolver, depth + 1);
        }
        if (expr instanceof SqlExpr.Element element) {
            return ofExpr(element.base(), scope, base, resolver, depth + 1);
        }
        if (expr instanceof SqlExpr.Member member) {
            SqlSlot child = child(new SqlSlot.Computed("", member.base(), scope), member.name(), resolver, depth + 1);
            return child == null ? null : fields(child, base, resolver, depth + 1);
        }
        if (expr instanceof SqlExpr.Call call && SqlTraits.TRANSPARENT.isOf(call.name()) && call.values() > 0) {
            return ofExpr(call.args().get(0), scope, base, resolver, depth + 1);
        }
        return null;
    }

    private static @Nullable SqlSlot child(SqlSlot slot, String name, SqlResolver resolver, int depth) {
        List<SqlSlot> fields = fields(slot, slot, resolver, depth + 1);
        if (fields == null) {
            return null;
        }
        for (SqlSlot field : fields) {
            if (field.name.equalsIgnoreCase(name)) {
                return field;
            }
        }
        return null;
    }

    private static List<SqlSlot> taken(List<SqlSlot> fields, SqlSlot base) {
        List<SqlSlot> taken = new ArrayList<>();
        for (SqlSlot field : fields) {
            taken.add(new SqlSlot.Field(field.name, base, List.of(field.name), field));
        }
        return taken;
    }

    private static List<SqlSlot> children(SqlSlot.Column column, SqlSlot base) {
        List<SqlSlot> children = new ArrayList<>();
        TableLeaves.Node node = column.node;
        if (node != null) {
            for (TableField child : node.field().fields()) {
                TableLeaves.Node below = node.child(child.name());
                children.add(new SqlSlot.Field(
                        child.name(),
                        base,
                        List.of(child.name()),
                        new SqlSlot.Column(child.name(), column.scan, below)));
            }
        }
        return children;
    }
}
