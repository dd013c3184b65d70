package dev.tentpole.bigquery;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what {@code jobs.query} and {@code jobs.getQueryResults} answer, the rows of it straight into columns.
 *
 * <p>Reading starts over with each attempt, so that a page that broke off leaves nothing behind.
 */
final class PageReader implements RestCalls.BodyReader<PageReader.Answer> {

    private final List<TableField> known;
    private final int expectedRows;

    /**
     * Makes a reader.
     *
     * @param known the schema, empty if this answer brings it
     * @param expectedRows a guess
     */
    PageReader(List<TableField> known, int expectedRows) {
        this.known = known;
        this.expectedRows = expectedRows;
    }

    /**
     * An answer.
     *
     * @param head all of it but the rows
     * @param schema the columns, empty while the query runs and for statements that have none
     * @param rows how many rows
     * @param columns the rows' values
     */
    record Answer(ObjectNode head, List<TableField> schema, int rows, List<QueryColumn> columns) {

        boolean isComplete() {
            return head.path("jobComplete").asBoolean(true);
        }

        @Nullable
        String pageToken() {
            String token = head.path("pageToken").asString("");
            return token.isEmpty() ? null : token;
        }

        long totalRows() {
            return head.path("totalRows").asLong(0);
        }
    }

    @Override
    public Answer read(InputStream body) throws IOException {
        try (JsonParser parser = Json.MAPPER.createParser(body)) {
            ObjectNode head = Json.MAPPER.createObjectNode();
            List<TableField> schema = known;
            List<ColumnWriter> writers = List.of();
            JsonNode early = null;
            int rows = 0;
            expect(parser.nextToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                if (!name.equals("rows")) {
                    head.set(name, parser.readValueAsTree());
                    if (name.equals("schema") && schema.isEmpty()) {
                        schema = ResultSchema.read(head.path("schema").path("fields"));
                    }
                } else if (schema.isEmpty()) {
                    // Objects of JSON have no order: the rows may come before what says how to read them.
                    early = parser.readValueAsTree();
                } else {
                    writers = writers(schema);
                    rows = rows(parser, writers);
                }
            }
            if (early != null) {
                writers = writers(schema);
                try (JsonParser again = early.traverse(ObjectReadContext.empty())) {
                    again.nextToken();
                    rows = rows(again, writers);
                }
            }
            return new Answer(head, schema, rows, columns(schema, writers));
        }
    }

    private List<ColumnWriter> writers(List<TableField> schema) {
        List<ColumnWriter> writers = new ArrayList<>(schema.size());
        for (TableField field : schema) {
            writers.add(ColumnWriter.of(field, expectedRows));
        }
        return writers;
    }

    private static List<QueryColumn> columns(List<TableField> schema, List<ColumnWriter> writers) {
        List<QueryColumn> columns = new ArrayList<>(schema.size());
        for (int i = 0; i < schema.size(); i++) {
            columns.add((i < writers.size() ? writers.get(i) : ColumnWriter.of(schema.get(i), 0)).finish());
        }
        return columns;
    }

    private static int rows(JsonParser parser, List<ColumnWriter> writers) throws IOException {
        int rows = 0;
        ColumnWriter[] columns = writers.toArray(ColumnWriter[]::new);
        expect(parser.currentToken(), JsonToken.START_ARRAY);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                boolean cells = parser.currentName().equals("f");
                parser.nextToken();
                if (cells) {
                    cells(parser, columns);
                } else {
                    parser.skipChildren();
                }
            }
            rows++;
        }
        for (ColumnWriter column : columns) {
            if (column.rows != rows) {
                throw new IOException("a row has another number of cells than the schema has columns");
            }
        }
        return rows;
    }

    private static void cells(JsonParser parser, ColumnWriter[] columns) throws IOException {
        int index = 0;
        expect(parser.currentToken(), JsonToken.START_ARRAY);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                boolean value = parser.currentName().equals("v") && index < columns.length;
                parser.nextToken();
                if (value) {
                    columns[index].append(parser);
                } else {
                    parser.skipChildren();
                }
            }
            index++;
        }
    }

    private static void expect(@Nullable JsonToken actual, JsonToken expected) throws IOException {
        if (actual != expected) {
            throw new IOException("the answer is not what BigQuery answers");
        }
    }
}
