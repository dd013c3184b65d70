package dev.tentpole.bigquery;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Estimates as JSON. Amounts of money are texts, so that no reader makes floating-point numbers of them. */
final class CostReport {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private CostReport() {}

    static String json(CostEstimate estimate) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        write(estimate.bytes(), root.putObject("bytes"));
        write(estimate.billedBytes(), root.putObject("billedBytes"));
        root.put("accuracy", estimate.accuracy().name());
        write(estimate.money(), root.putObject("money"));
        root.put("cacheable", estimate.isCacheable());
        estimate.cacheObstacles().forEach(root.putArray("cacheObstacles")::add);
        ArrayNode assumptions = root.putArray("assumptions");
        estimate.assumptions().stream().sorted().forEach(assumption -> assumptions.add(assumption.name()));
        ArrayNode statements = root.putArray("statements");
        estimate.statements().forEach(statement -> write(statement, statements.addObject()));
        ArrayNode warnings = root.putArray("warnings");
        estimate.warnings().forEach(warning -> write(warning, warnings.addObject()));
        return JSON.writeValueAsString(root);
    }

    private static void write(CostBytes bytes, ObjectNode node) {
        node.put("lower", bytes.lower());
        node.put("expected", bytes.expected());
        if (bytes.isBounded()) {
            node.put("upper", bytes.upper());
        } else {
            node.putNull("upper");
        }
    }

    private static void write(CostMoney money, ObjectNode node) {
        node.put("lower", money.lower().toPlainString());
        node.put("expected", money.expected().toPlainString());
        if (money.upper().isPresent()) {
            node.put("upper", money.upper().get().toPlainString());
        } else {
            node.putNull("upper");
        }
        node.put("currency", money.currency());
        node.put("region", money.region());
        node.put("perTib", money.perTib().toPlainString());
        node.put("priceVersion", money.priceVersion());
        node.put("priceDate", money.priceDate().toString());
        node.put("priceKnown", money.priceKnown());
        node.put("freeBytes", money.freeBytes());
        node.put("allocation", money.allocation());
    }

    private static void write(CostEstimate.Statement statement, ObjectNode node) {
        node.put("kind", statement.kind());
        node.put("start", statement.start());
        node.put("end", statement.end());
        write(statement.bytes(), node.putObject("bytes"));
        write(statement.billedBytes(), node.putObject("billedBytes"));
        ArrayNode tables = node.putArray("tables");
        statement.tables().forEach(table -> write(table, tables.addObject()));
    }

    private static void write(TableCost table, ObjectNode node) {
        node.put("table", table.table());
        node.put("kind", table.kind().name());
        node.put("known", table.known());
        node.put("references", table.references());
        write(table.bytes(), node.putObject("bytes"));
        ObjectNode leaves = node.putObject("leaves");
        table.leaves().forEach(leaf -> write(leaf.bytes(), leaves.putObject(leaf.path())));
        node.put("partitionCount", table.partitionCount());
        ObjectNode partitions = node.putObject("partitions");
        table.partitions().forEach(partition -> write(partition.bytes(), partitions.putObject(partition.id())));
    }

    private static void write(CostWarning warning, ObjectNode node) {
        node.put("id", warning.id().name());
        node.put("severity", warning.severity().name());
        node.put("start", warning.start());
        node.put("end", warning.end());
        node.put("reason", warning.reason());
        warning.rewrite().ifPresent(rewrite -> node.put("rewrite", rewrite));
        warning.savesBytes().ifPresent(bytes -> node.put("savesBytes", bytes));
    }
}
