package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what contradicts itself in the description of a table. */
final class TableChecks {

    private TableChecks() {}

    /** Checks that no two columns, and no two fields of a struct, have one name, whatever its case. */
    static void fields(String table, List<TableField> fields) {
        Set<String> names = new HashSet<>();
        for (TableField field : fields) {
            Args.check(
                    names.add(SqlText.lower(field.name())),
                    "fields of " + table,
                    field.name(),
                    "the only one of its name, in any case");
            fields(table + "." + field.name(), field.fields());
        }
    }

    /** Checks that the column that cuts a table into partitions is one of its columns and can do so. */
    static void partitioning(String table, List<TableField> fields, TablePartitioning partitioning) {
        Optional<String> column = partitioning.field();
        // Without columns nothing is known about this one either.
        if (column.isEmpty() || fields.isEmpty()) {
            return;
        }
        TableField field = fields.stream()
                .filter(each -> each.name().equalsIgnoreCase(column.get()))
                .findFirst()
                .orElse(null);
        String what = "partitioning field of " + table;
        Args.check(field != null, what, column.get(), "one of the columns");
        if (field == null) {
            return;
        }
        boolean fits = switch (partitioning.unit()) {
            case RANGE -> field.type() == TableField.Type.INT64;
            case HOUR -> field.type() == TableField.Type.TIMESTAMP || field.type() == TableField.Type.DATETIME;
            default ->
                field.type() == TableField.Type.TIMESTAMP
                        || field.type() == TableField.Type.DATETIME
                        || field.type() == TableField.Type.DATE;
        };
        String allowed = switch (partitioning.unit()) {
            case RANGE -> "an INT64";
            case HOUR -> "a TIMESTAMP or DATETIME";
            default -> "a TIMESTAMP, DATETIME or DATE";
        };
        Args.check(
                fits && field.mode() != TableField.Mode.REPEATED,
                what,
                column.get() + " " + field.type() + " " + field.mode(),
                allowed + " that is not repeated");
    }

    /** Checks that no partition is listed twice. */
    static void partitions(String table, List<TablePartition> partitions) {
        Set<String> ids = new HashSet<>();
        for (TablePartition partition : partitions) {
            Args.check(ids.add(partition.id()), "partitions of " + table, partition.id(), "the only one of its id");
        }
    }
}
