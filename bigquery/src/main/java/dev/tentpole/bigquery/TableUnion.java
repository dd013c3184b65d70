package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table as which a wildcard is seen. BigQuery takes the columns of the member that was created last, which a catalog does
 * not know; so any column that any member has may be one.
 */
final class TableUnion {

    private TableUnion() {}

    /** The last one, with the columns of the others where it has none of their name. */
    static TableStats of(List<TableStats> tables) {
        TableStats last = tables.get(tables.size() - 1);
        List<TableField> fields = last.fields();
        for (TableStats table : tables) {
            fields = together(fields, table.fields());
        }
        return fields == last.fields()
                ? last
                : last.toBuilder().fields(fields).leafBytes(Map.of()).build();
    }

    /** The same list if nothing comes from the other one. */
    private static List<TableField> together(List<TableField> fields, List<TableField> others) {
        if (fields.equals(others)) {
            return fields;
        }
        Map<String, TableField> all = new LinkedHashMap<>();
        fields.forEach(field -> all.put(SqlText.lower(field.name()), field));
        boolean changed = false;
        for (TableField other : others) {
            String name = SqlText.lower(other.name());
            TableField field = all.get(name);
            TableField both = field == null ? other : together(field, other);
            changed |= !both.equals(field);
            all.put(name, both);
        }
        return changed ? new ArrayList<>(all.values()) : fields;
    }

    private static TableField together(TableField field, TableField other) {
        if (field.fields().isEmpty() || other.fields().isEmpty()) {
            return field;
        }
        List<TableField> children = together(field.fields(), other.fields());
        return children == field.fields()
                ? field
                : TableField.struct(field.name(), field.mode(), children.toArray(TableField[]::new));
    }
}
