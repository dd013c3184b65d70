package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.util.Map;

/**
 * What is in one partition of a table. Immutable.
 *
 * @param id BigQuery's identifier: {@code 20240101}, {@code 30}, {@code __NULL__}, {@code __UNPARTITIONED__}
 * @param rows its rows, at least 0
 * @param bytes its logical bytes, at least 0
 * @param leafBytes logical bytes of leaves by their paths ({@code hits.page.path}), for those that are known
 */
public record TablePartition(String id, long rows, long bytes, Map<String, Long> leafBytes) {

    /**
     * Checks the values.
     *
     * @param id see {@link #id}
     * @param rows see {@link #rows}
     * @param bytes see {@link #bytes}
     * @param leafBytes see {@link #leafBytes}
     */
    public TablePartition {
        Args.notBlank("id", id);
        Args.check(rows >= 0, "rows of partition " + id, rows, "at least 0");
        Args.check(bytes >= 0, "bytes of partition " + id, bytes, "at least 0");
        leafBytes = Map.copyOf(leafBytes);
    }

    /**
     * {@return a partition of whose leaves nothing more is known}
     *
     * @param id BigQuery's identifier
     * @param rows its rows, at least 0
     * @param bytes its logical bytes, at least 0
     */
    public static TablePartition of(String id, long rows, long bytes) {
        return new TablePartition(id, rows, bytes, Map.of());
    }
}
