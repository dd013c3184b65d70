package dev.tentpole.bigquery;

import java.util.List;

/**
 * What a statement reads of one table. Immutable.
 *
 * @param table {@code project.dataset.table}
 * @param kind what kind of table it is; {@link TableStats.Kind#TABLE} also for one that the catalog does not know
 * @param known whether the catalog knows the table
 * @param references how many times the statement names it, also through views and CTEs
 * @param bytes the bytes that are read
 * @param leaves what is read of each leaf, in the order of the table's columns
 * @param partitions what is read of each partition; empty if the table has none, or they are not known, or the
 *     statements of a script read more than 500,000 of them in all
 * @param partitionCount all partitions of the table that are known; 0 if they are not listed
 */
public record TableCost(
        String table,
        TableStats.Kind kind,
        boolean known,
        int references,
        CostBytes bytes,
        List<Leaf> leaves,
        List<Partition> partitions,
        int partitionCount) {

    /**
     * Copies the lists.
     *
     * @param table see {@link #table}
     * @param kind see {@link #kind}
     * @param known see {@link #known}
     * @param references see {@link #references}
     * @param bytes see {@link #bytes}
     * @param leaves see {@link #leaves}
     * @param partitions see {@link #partitions}
     * @param partitionCount see {@link #partitionCount}
     */
    public TableCost {
        leaves = List.copyOf(leaves);
        partitions = List.copyOf(partitions);
    }

    /**
     * What is read of a leaf: a column, or a field of a struct that is no struct itself.
     *
     * @param path the path, {@code hits.page.path}
     * @param bytes the bytes that are read
     */
    public record Leaf(String path, CostBytes bytes) {}

    /**
     * What is read of a partition.
     *
     * @param id BigQuery's identifier
     * @param bytes the bytes that are read
     */
    public record Partition(String id, CostBytes bytes) {}
}
