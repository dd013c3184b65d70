package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the catalog knows about a table: its columns, its size, and how it is laid out. Immutable; begin with
 * {@link #builder}.
 *
 * <p>Nothing here needs a query: {@code tables.get} answers most of it for free.
 */
public final class TableStats {

    /** Stands for a number of rows or bytes that is not known. */
    public static final long UNKNOWN = -1;

    private static final int MOST_CLUSTERING_COLUMNS = 4;

    /** What kind of table it is. */
    public enum Kind {
        /** A table of BigQuery, also a clone of one. */
        TABLE,
        /** A view: a query with a name. */
        VIEW,
        /** A view whose result is stored. */
        MATERIALIZED_VIEW,
        /** Files or a database elsewhere. */
        EXTERNAL,
        /** The state of a table at some time. */
        SNAPSHOT
    }

    private final String name;
    private final Kind kind;
    private final List<TableField> fields;
    private final long rows;
    private final long bytes;
    private final Optional<TablePartitioning> partitioning;
    private final boolean requirePartitionFilter;
    private final List<String> clustering;
    private final List<TablePartition> partitions;
    private final Map<String, Long> leafBytes;
    private final long streamingBufferBytes;
    private final boolean rowAccessPolicy;
    private final Optional<String> viewSql;
    private final TableLeaves leaves;
    private final TableSlices slices;
    private final CostLeaves costs;

    private TableStats(Builder builder) {
        name = builder.name;
        kind = builder.kind;
        fields = List.copyOf(builder.fields);
        long rowSum = 0;
        long byteSum = 0;
        boolean allRows = true;
        boolean allBytes = true;
        for (TablePartition partition : builder.partitions) {
            rowSum = CostBytes.plus(rowSum, Math.max(0, partition.rows()));
            byteSum = CostBytes.plus(byteSum, Math.max(0, partition.bytes()));
            allRows &= partition.rows() != UNKNOWN;
            allBytes &= partition.bytes() != UNKNOWN;
        }
        // A number that contradicts the other one, or the partitions, is none.
        long ownRows = builder.rows == 0 && builder.bytes > 0 ? UNKNOWN : builder.rows;
        long ownBytes = builder.bytes == 0 && builder.rows != 0 ? UNKNOWN : builder.bytes;
        leaves = new TableLeaves(fields);
        long[] known = builder.leafBytes.isEmpty() ? null : leaves.known(builder.leafBytes);
        long allBytesTold = total(ownBytes, byteSum, allBytes && ownRows <= rowSum);
        bytes = leaves.agree(UNKNOWN, allBytesTold, known) ? allBytesTold : UNKNOWN;
        long allRowsTold = total(ownRows, rowSum, allRows && ownBytes <= byteSum);
        boolean rowsAgree = leaves.agree(allRowsTold, bytes, known);
        rows = rowsAgree ? allRowsTold : UNKNOWN;
        partitioning = builder.partitioning;
        requirePartitionFilter = builder.requirePartitionFilter;
        clustering = List.copyOf(builder.clustering);
        partitions = List.copyOf(builder.partitions);
        leafBytes = Map.copyOf(builder.leafBytes);
        streamingBufferBytes = builder.streamingBufferBytes;
        rowAccessPolicy = builder.rowAccessPolicy;
        viewSql = builder.viewSql;
        slices = new TableSlices(partitioning, partitions, leaves, rows, bytes, rowsAgree);
        costs = CostLeaves.of(leaves.leaves(), rows, bytes, known);
    }

    /**
     * A number of the whole table.
     *
     * @param sum that of the listed partitions
     * @param complete whether that is all of it
     */
    private static long total(long own, long sum, boolean complete) {
        return own == UNKNOWN && (sum == 0 || !complete) ? UNKNOWN : Math.max(own, sum);
    }

    /**
     * {@return a builder for a table}
     *
     * @param name {@code project.dataset.table}, without backticks
     * @throws IllegalArgumentException if the name has not three parts
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return a builder with all that is known about this table} */
    public Builder toBuilder() {
        Builder builder = new Builder(name)
                .kind(kind)
                .fields(fields)
                .rows(rows)
                .bytes(bytes)
                .requirePartitionFilter(requirePartitionFilter)
                .clustering(clustering)
                .partitions(partitions)
                .leafBytes(leafBytes)
                .streamingBufferBytes(streamingBufferBytes)
                .rowAccessPolicy(rowAccessPolicy);
        partitioning.ifPresent(builder::partitioning);
        viewSql.ifPresent(builder::viewSql);
        return builder;
    }

    /** {@return {@code project.dataset.table}} */
    public String name() {
        return name;
    }

    /** {@return what kind of table it is} */
    public Kind kind() {
        return kind;
    }

    /** {@return the columns in their order} */
    public List<TableField> fields() {
        return fields;
    }

    /** {@return the rows without those of the streaming buffer, or {@link #UNKNOWN}} */
    public long rows() {
        return rows;
    }

    /** {@return the logical bytes without those of the streaming buffer, or {@link #UNKNOWN}} */
    public long bytes() {
        return bytes;
    }

    /** {@return how it is cut into partitions, if it is} */
    public Optional<TablePartitioning> partitioning() {
        return partitioning;
    }

    /** {@return whether BigQuery refuses queries that select no partitions} */
    public boolean requirePartitionFilter() {
        return requirePartitionFilter;
    }

    /** {@return the columns by which blocks are sorted, the first one first; empty if they are not} */
    public List<String> clustering() {
        return clustering;
    }

    /** {@return all partitions, or none if they are not known} */
    public List<TablePartition> partitions() {
        return partitions;
    }

    /** {@return logical bytes of leaves by their paths ({@code hits.page.path}), for those that are known} */
    public Map<String, Long> leafBytes() {
        return leafBytes;
    }

    /** {@return estimated bytes in the streaming buffer} */
    public long streamingBufferBytes() {
        return streamingBufferBytes;
    }

    /** {@return whether not everybody sees every row} */
    public boolean rowAccessPolicy() {
        return rowAccessPolicy;
    }

    /** {@return the query of a view or materialized view, if it is known} */
    public Optional<String> viewSql() {
        return viewSql;
    }

    TableLeaves leaves() {
        return leaves;
    }

    TableSlices slices() {
        return slices;
    }

    CostLeaves costs() {
        return costs;
    }

    @Override
    public String toString() {
        return "TableStats[" + name + ", " + kind + ", " + rows + " rows, " + bytes + " bytes]";
    }

    /** Collects what is known about a table; not safe for use by several threads. */
    public static final class Builder {

        private final String name;
        private Kind kind = Kind.TABLE;
        private List<TableField> fields = new ArrayList<>();
        private long rows = UNKNOWN;
        private long bytes = UNKNOWN;
        private Optional<TablePartitioning> partitioning = Optional.empty();
        private boolean requirePartitionFilter;
        private List<String> clustering = List.of();
        private List<TablePartition> partitions = new ArrayList<>();
        private Map<String, Long> leafBytes = new LinkedHashMap<>();
        private long streamingBufferBytes;
        private boolean rowAccessPolicy;
        private Optional<String> viewSql = Optional.empty();

        private Builder(String name) {
            this.name = CatalogNames.requireFull(name);
        }

        /**
         * Sets what kind of table it is; {@link Kind#TABLE} if it is not called.
         *
         * @param value the kind
         * @return this builder
         */
        public Builder kind(Kind value) {
            kind = Objects.requireNonNull(value, "kind");
            return this;
        }

        /**
         * Adds a nullable column.
         *
         * @param column the column's name
         * @param type the type, not a struct
         * @return this builder
         */
        public Builder field(String column, TableField.Type type) {
            return field(TableField.of(column, type));
        }

        /**
         * Adds a column.
         *
         * @param field the column
         * @return this builder
         */
        public Builder field(TableField field) {
            fields.add(Objects.requireNonNull(field, "field"));
            return this;
        }

        /**
         * Sets all columns.
         *
         * @param value the columns in their order
         * @return this builder
         */
        public Builder fields(List<TableField> value) {
            fields = new ArrayList<>(value);
            return this;
        }

        /**
         * Sets the number of rows; those of the partitions, or {@link #UNKNOWN}, if it is not called.
         *
         * @param value the rows, at least 0, or {@link #UNKNOWN}
         * @return this builder
         */
        public Builder rows(long value) {
            rows = value;
            return this;
        }

        /**
         * Sets the logical bytes; those of the partitions, or {@link #UNKNOWN}, if it is not called, and also if it is 0 while
         * there are rows. Then columns of fixed sizes have an upper bound by the rows, and the expected bytes have no nulls.
         *
         * @param value the logical bytes, at least 0, or {@link #UNKNOWN}
         * @return this builder
         */
        public Builder bytes(long value) {
            bytes = value;
            return this;
        }

        /**
         * Sets how the table is cut into partitions; not at all if it is not called.
         *
         * @param value the partitioning
         * @return this builder
         */
        public Builder partitioning(TablePartitioning value) {
            partitioning = Optional.of(value);
            return this;
        }

        /**
         * Sets whether BigQuery refuses queries that select no partitions; false if it is not called.
         *
         * @param value whether it does
         * @return this builder
         */
        public Builder requirePartitionFilter(boolean value) {
            requirePartitionFilter = value;
            return this;
        }

        /**
         * Sets by which columns blocks are sorted; none if it is not called.
         *
         * @param columns at most 4 columns, the first one first
         * @return this builder
         */
        public Builder clustering(List<String> columns) {
            clustering = List.copyOf(columns);
            return this;
        }

        /**
         * Adds a partition; name all or none.
         *
         * @param id BigQuery's identifier
         * @param partitionRows its rows, at least 0
         * @param partitionBytes its logical bytes, at least 0
         * @return this builder
         */
        public Builder partition(String id, long partitionRows, long partitionBytes) {
            partitions.add(TablePartition.of(id, partitionRows, partitionBytes));
            return this;
        }

        /**
         * Sets all partitions.
         *
         * @param value all partitions, or none if they are not known
         * @return this builder
         */
        public Builder partitions(List<TablePartition> value) {
            partitions = new ArrayList<>(value);
            return this;
        }

        /**
         * Sets the logical bytes of a leaf, as a dry run of a query of nothing but this leaf tells them.
         *
         * @param path the leaf's path, {@code hits.page.path}
         * @param value its logical bytes in the whole table, at least 0
         * @return this builder
         */
        public Builder leafBytes(String path, long value) {
            leafBytes.put(path, value);
            return this;
        }

        /**
         * Sets the logical bytes of leaves.
         *
         * @param value bytes by path
         * @return this builder
         */
        public Builder leafBytes(Map<String, Long> value) {
            leafBytes = new LinkedHashMap<>(value);
            return this;
        }

        /**
         * Sets the estimated bytes in the streaming buffer, at least 0; 0 if it is not called.
         *
         * @param value the bytes
         * @return this builder
         */
        public Builder streamingBufferBytes(long value) {
            streamingBufferBytes = value;
            return this;
        }

        /**
         * Sets whether not everybody sees every row; false if it is not called.
         *
         * @param value whether there is a row access policy
         * @return this builder
         */
        public Builder rowAccessPolicy(boolean value) {
            rowAccessPolicy = value;
            return this;
        }

        /**
         * Sets the query of a view or materialized view.
         *
         * @param sql the query, whose table names are full
         * @return this builder
         */
        public Builder viewSql(String sql) {
            viewSql = Optional.of(sql);
            return this;
        }

        /**
         * {@return what is known about the table}
         *
         * @throws IllegalArgumentException if a value is not allowed; the message names it
         */
        public TableStats build() {
            Args.check(rows >= UNKNOWN, "rows of " + name, rows, "at least 0, or -1 if it is not known");
            Args.check(bytes >= UNKNOWN, "bytes of " + name, bytes, "at least 0, or -1 if it is not known");
            Args.check(
                    streamingBufferBytes >= 0, "streamingBufferBytes of " + name, streamingBufferBytes, "at least 0");
            Args.inRange("clustering columns of " + name, clustering.size(), 0, MOST_CLUSTERING_COLUMNS);
            leafBytes.forEach(
                    (path, value) -> Args.check(value >= 0, "leafBytes of " + name + "." + path, value, "at least 0"));
            Args.check(
                    partitions.isEmpty() || partitioning.isPresent(),
                    "partitions of " + name,
                    partitions.size(),
                    "0 without partitioning");
            TableChecks.fields(name, fields);
            partitioning.ifPresent(value -> TableChecks.partitioning(name, fields, value));
            TableChecks.partitions(name, partitions);
            return new TableStats(this);
        }
    }
}
