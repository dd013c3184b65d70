package dev.tentpole.bigquery;

import dev.tentpole.bigquery.TableField.Mode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures a table by dry runs, which are free, so that later estimates without a connection are exact: one dry run for each leaf
 * field says its bytes, and one for each partition that the catalog names says the partition's.
 *
 * <p>What BigQuery does not call precise is left as it was. Dry runs tell no rows: where the bytes are not what they were, the rows
 * of the table or of a partition are not known any more. The dry runs come one after the other; a table of 50 leaves and 365
 * partitions takes 415. Safe for use by several threads.
 */
public final class Calibrator {

    private final BigQueryClient client;

    /**
     * Makes a calibrator.
     *
     * @param client asks BigQuery; it isn't closed
     */
    public Calibrator(BigQueryClient client) {
        this.client = Objects.requireNonNull(client, "client");
    }

    /**
     * {@return the table with the bytes of its leaves and partitions as BigQuery has them now}
     *
     * @param table the table, with its fields and partitions
     * @throws QueryFailedException if BigQuery refuses a dry run
     * @throws QueryCancelledException if an answer doesn't come in time, or the thread is interrupted
     */
    public TableStats calibrate(TableStats table) {
        TableStats.Builder measured = table.toBuilder();
        List<String> filters = filters(table);
        long filtersBytes = filters.isEmpty() ? 0 : sum(table, List.of(), filters);
        if (filtersBytes >= 0) {
            leaves(table, filters, filtersBytes, measured);
        }
        // Dry runs tell no rows: what is known of them is as old as the catalog, unless the bytes are still the same.
        boolean isSame = measured.build().bytes() == table.bytes() && table.bytes() >= 0;
        if (!isSame) {
            measured.rows(TableStats.UNKNOWN);
        }
        if (!table.partitions().isEmpty()) {
            measured.partitions(partitions(table, isSame));
        }
        return measured.build();
    }

    private void leaves(TableStats table, List<String> filters, long filtersBytes, TableStats.Builder measured) {
        Map<String, Long> leaves = new LinkedHashMap<>(table.leafBytes());
        long sum = 0;
        for (List<TableField> path : paths(table.fields())) {
            long bytes = sum(table, path, filters);
            if (bytes >= 0) {
                // A filter's own column is billed too, and is all that is billed if it is the leaf.
                boolean own = !filters.isEmpty() && name(path).equalsIgnoreCase(partitionField(table));
                leaves.put(name(path), own ? bytes : Math.max(0, bytes - filtersBytes));
            }
            sum = bytes < 0 || sum < 0 ? -1 : sum + leaves.getOrDefault(name(path), 0L);
        }
        measured.leafBytes(leaves);
        if (sum > 0) {
            // What was known of the table as a whole is older than what its leaves have now.
            measured.bytes(sum);
        }
    }

    /** {@return the bytes of a leaf, or of the filters' column alone; -1 if BigQuery does not say precisely} */
    private long sum(TableStats table, List<TableField> path, List<String> filters) {
        String select = path.isEmpty() ? "SELECT 1 FROM `" + table.name() + "`" : CalibrationSql.leaf(table, path);
        if (filters.isEmpty()) {
            return bytes(select);
        }
        long sum = 0;
        for (String filter : filters) {
            long bytes = bytes(select + " WHERE " + filter);
            if (bytes < 0) {
                return -1;
            }
            sum += bytes;
        }
        return sum;
    }

    private List<TablePartition> partitions(TableStats table, boolean isSame) {
        List<TablePartition> partitions = new ArrayList<>();
        for (TablePartition partition : table.partitions()) {
            String predicate = CalibrationSql.predicate(table, partition.id());
            long bytes = predicate.isEmpty() ? -1 : bytes("SELECT * FROM `" + table.name() + "` WHERE " + predicate);
            partitions.add(bytes < 0 ? partition : measured(partition, bytes, isSame));
        }
        return partitions;
    }

    private static TablePartition measured(TablePartition partition, long bytes, boolean isSame) {
        boolean isKnown = partition.bytes() == bytes || (partition.bytes() < 0 && isSame);
        return isKnown
                ? new TablePartition(partition.id(), partition.rows(), bytes, partition.leafBytes())
                : TablePartition.of(partition.id(), TableStats.UNKNOWN, bytes);
    }

    private long bytes(String sql) {
        QueryDryRun dryRun =
                client.dryRun(QueryRequest.builder(sql).useQueryCache(false).build());
        return dryRun.accuracy() == CostAccuracy.PRECISE ? dryRun.bytes() : -1;
    }

    /** A table that demands a filter gets some that together select all rows. */
    private static List<String> filters(TableStats table) {
        if (!table.requirePartitionFilter() || table.partitioning().isEmpty()) {
            return List.of();
        }
        List<String> filters = new ArrayList<>();
        filters.add(CalibrationSql.everything(table));
        if (table.partitions().stream().anyMatch(partition -> partition.id().equals(CalibrationSql.NULL))) {
            filters.add(CalibrationSql.predicate(table, CalibrationSql.NULL));
        }
        return filters;
    }

    private static String partitionField(TableStats table) {
        return table.partitioning().flatMap(TablePartitioning::field).orElse("");
    }

    private static String name(List<TableField> path) {
        return String.join(".", path.stream().map(TableField::name).toList());
    }

    private static List<List<TableField>> paths(List<TableField> fields) {
        List<List<TableField>> paths = new ArrayList<>();
        for (TableField field : fields) {
            if (field.type() != TableField.Type.STRUCT) {
                paths.add(List.of(field));
                continue;
            }
            for (List<TableField> below : paths(field.fields())) {
                List<TableField> path = new ArrayList<>();
                path.add(field);
                path.addAll(below);
                paths.add(path);
            }
        }
        return paths;
    }

    /** {@return whether elements must be taken out of it before its fields are reached} */
    static boolean isArrayOfStructs(TableField field) {
        return field.mode() == Mode.REPEATED && field.type() == TableField.Type.STRUCT;
    }
}
