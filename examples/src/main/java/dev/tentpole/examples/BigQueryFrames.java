package dev.tentpole.examples;

import dev.tentpole.bigquery.CostBytes;
import dev.tentpole.bigquery.CostEstimate;
import dev.tentpole.bigquery.QueryColumn;
import dev.tentpole.bigquery.QueryPage;
import dev.tentpole.bigquery.QueryResult;
import dev.tentpole.bigquery.TableCost;
import dev.tentpole.bigquery.TableField;
import dev.tentpole.core.frame.Field;
import dev.tentpole.core.frame.FieldBuilder;
import dev.tentpole.core.frame.FieldType;
import dev.tentpole.core.frame.Frame;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Makes frames of BigQuery's rows, and of what a query costs. Dates and times without a zone are UTC. */
final class BigQueryFrames {

    private BigQueryFrames() {}

    /**
     * Reads pages until there are enough rows.
     *
     * @param maxRows the most rows to read
     */
    static Frame read(QueryResult result, int maxRows) {
        List<FieldBuilder> builders = new ArrayList<>();
        for (TableField field : result.schema()) {
            builders.add(Field.builder(field.name(), type(field)).nullable());
        }
        int left = maxRows;
        for (QueryPage page : result) {
            int rows = Math.min(left, page.rows());
            for (int i = 0; i < builders.size(); i++) {
                append(builders.get(i), page.column(i), rows);
            }
            left -= rows;
            if (left == 0) {
                break;
            }
        }
        return Frame.of("", builders.stream().map(FieldBuilder::build).toArray(Field[]::new));
    }

    private static FieldType type(TableField field) {
        if (field.mode() == TableField.Mode.REPEATED) {
            return FieldType.STRING;
        }
        return switch (field.type()) {
            case INT64 -> FieldType.INT64;
            case FLOAT64, NUMERIC, BIGNUMERIC -> FieldType.FLOAT64;
            case BOOL -> FieldType.BOOL;
            case TIMESTAMP, DATE, DATETIME -> FieldType.TIME;
            default -> FieldType.STRING;
        };
    }

    private static void append(FieldBuilder to, QueryColumn column, int rows) {
        boolean text = type(column.field()) == FieldType.STRING;
        for (int row = 0; row < rows; row++) {
            if (column.isNull(row)) {
                to.appendNull();
            } else if (text) {
                to.appendString(column.stringAt(row));
            } else {
                append(to, column, row, column.field().type());
            }
        }
    }

    private static void append(FieldBuilder to, QueryColumn column, int row, TableField.Type type) {
        switch (type) {
            case INT64 -> to.appendLong(column.longAt(row));
            case BOOL -> to.appendBoolean(column.booleanAt(row));
            case TIMESTAMP -> to.appendTime(column.instantAt(row));
            case DATE ->
                to.appendTime(column.dateAt(row).atStartOfDay(ZoneOffset.UTC).toInstant());
            case DATETIME -> to.appendTime(column.dateTimeAt(row).toInstant(ZoneOffset.UTC));
            default -> to.appendDouble(column.doubleAt(row));
        }
    }

    /** A row for the query, and one for each table and each leaf that it reads. */
    static Frame of(CostEstimate estimate) {
        Rows rows = new Rows();
        rows.add("query", "", estimate.bytes());
        rows.add("billed", "", estimate.billedBytes());
        for (CostEstimate.Statement statement : estimate.statements()) {
            for (TableCost table : statement.tables()) {
                rows.add("table", table.table(), table.bytes());
                for (TableCost.Leaf leaf : table.leaves()) {
                    rows.add("leaf", table.table() + "." + leaf.path(), leaf.bytes());
                }
            }
        }
        return rows.frame();
    }

    /** The columns of an estimate. */
    private static final class Rows {

        private final FieldBuilder part = Field.builder("part", FieldType.STRING);
        private final FieldBuilder name = Field.builder("name", FieldType.STRING);
        private final FieldBuilder lower = Field.builder("lower", FieldType.INT64);
        private final FieldBuilder expected = Field.builder("expected", FieldType.INT64);
        private final FieldBuilder upper =
                Field.builder("upper", FieldType.INT64).nullable();

        void add(String kind, String what, CostBytes bytes) {
            part.appendString(kind);
            name.appendString(what);
            lower.appendLong(bytes.lower());
            expected.appendLong(bytes.expected());
            if (bytes.isBounded()) {
                upper.appendLong(bytes.upper());
            } else {
                upper.appendNull();
            }
        }

        Frame frame() {
            return Frame.of("", part.build(), name.build(), lower.build(), expected.build(), upper.build());
        }
    }
}
