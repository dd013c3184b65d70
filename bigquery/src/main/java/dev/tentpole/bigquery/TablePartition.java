package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.util.Map;

/**
 * What is in one partition of a table. Immutable.
 *
 * @param id BigQuery's identifier: {@code 20240101}, {@code 30}, {@code __NULL__}, {@code __UNPARTITIONED__}
 * @param rows its rows, {@link TableStats#UNKNOWN} if they are not known, which 0 beside bytes means too
 * @param bytes its logical bytes, {@link TableStats#UNKNOWN} if they are not known, which 0 beside rows means too
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
        Args.check(rows >= TableStats.UNKNOWN, "rows of partition " + id, rows, "at least 0, or -1 if not known");
        Args.check(bytes >= TableStats.UNKNOWN, "bytes of partition " + id, bytes, "at least 0, or -1 if not known");
        long told = rows;
        rows = rows == 0 && bytes > 0 ? TableStats.UNKNOWN : rows;
        bytes = bytes == 0 && told > 0 ? TableStats.UNKNOWN : bytes;
        leafBytes = Map.copyOf(leafBytes);
    }

    /**
     * {@return a partition of whose leaves nothing more is known}
     *
     * @param id BigQuery's identifier
     * @param rows its rows, {@link TableStats#UNKNOWN} if they are not known
     * @param bytes its logical bytes, {@link TableStats#UNKNOWN} if they are not known
     */
    public static TablePartition of(String id, long rows, long bytes) {
        return new TablePartition(id, rows, bytes, Map.of());
    }
}
