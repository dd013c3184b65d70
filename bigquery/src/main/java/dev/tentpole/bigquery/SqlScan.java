package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A place in a statement that reads a table, and what it reads of it. */
final class SqlScan {

    static final int LOWER = 1;
    static final int EXPECTED = 2;
    static final int UPPER = 4;
    static final int ALL = LOWER | EXPECTED | UPPER;

    final String name;
    /** The tables; more than one for a wildcard, none if the catalog does not know any. */
    final List<TableStats> tables;
    /** The table whose columns are seen. */
    final @Nullable TableStats schema;

    final int start;
    final int end;
    final boolean wildcard;
    final int prefixLength;
    final double samplePercent;
    /** Whether a view lies between the text and this scan. */
    final boolean inView;

    int active;
    int pseudo;
    /** Whether all columns were asked for at once. */
    boolean star;

    boolean wholeRow;
    /** Whether the rows may be missing in the result of an outer join. */
    boolean optional;

    /** Whether a condition on the suffix was not understood. */
    boolean suffixUnknown;

    boolean suffixFiltered;
    /** Whether a condition from further up selects partitions. */
    boolean pushed;

    /** The columns in conditions, in small letters. */
    final Set<String> filtered = new HashSet<>();

    @Nullable
    SqlRelation relation;
    /** How often the statement reads it. */
    long multiplicity = 1;

    private @Nullable List<Member> members;

    final int[] live;
    private final Map<String, SqlSlot> slots = new HashMap<>();
    SqlSelection selection = SqlSelection.ALL;

    SqlScan(
            String name,
            List<TableStats> tables,
            int prefixLength,
            double samplePercent,
            boolean inView,
            int start,
            int end) {
        this.name = name;
        this.tables = tables;
        this.prefixLength = prefixLength;
        this.wildcard = prefixLength >= 0;
        this.samplePercent = samplePercent;
        this.inView = inView;
        this.start = start;
        this.end = end;
        schema = tables.isEmpty() ? null : tables.get(tables.size() - 1);
        live = new int[schema == null ? 0 : schema.leaves().leaves().size()];
    }

    /** A table of a wildcard, and whether it is read at least, most likely, at most. */
    static final class Member {
        final TableStats table;
        final String suffix;
        boolean lower = true;
        boolean expected = true;
        boolean upper = true;

        Member(TableStats table, String suffix) {
            this.table = table;
            this.suffix = suffix;
        }
    }

    /** The tables, each with what is left of its name. */
    List<Member> members() {
        if (members == null) {
            members = new ArrayList<>();
            for (TableStats table : tables) {
                members.add(new Member(table, wildcard ? table.name().substring(prefixLength) : ""));
            }
        }
        return members;
    }

    boolean known() {
        return schema != null;
    }

    /** The column of that name; null if there is none. */
    @Nullable
    SqlSlot column(String column) {
        SqlSlot slot = slots.get(column);
        if (slot != null || schema == null) {
            return slot;
        }
        TableLeaves.Node node = schema.leaves().column(column);
        if (node != null) {
            slot = slots.computeIfAbsent(node.field().name(), name -> new SqlSlot.Column(name, this, node));
            slots.put(column, slot);
        }
        return slot;
    }

    /** The pseudo column of that name, if the table has it. */
    @Nullable
    SqlSlot pseudo(String column) {
        String upper = SqlText.upper(column);
        boolean has = switch (upper) {
            case "_PARTITIONTIME", "_PARTITIONDATE", "_PARTITION_LOAD_TIME" -> isByIngestion();
            case "_TABLE_SUFFIX" -> wildcard;
            case "_FILE_NAME" -> schema != null && schema.kind() == TableStats.Kind.EXTERNAL;
            default -> false;
        };
        return has ? slots.computeIfAbsent(upper, key -> new SqlSlot.Pseudo(key, this)) : null;
    }

    boolean isByIngestion() {
        return schema != null
                && schema.partitioning().isPresent()
                && schema.partitioning().get().field().isEmpty();
    }

    /** Any column of a table that the catalog does not know. */
    SqlSlot anyColumn(String column) {
        return slots.computeIfAbsent(SqlText.lower(column), key -> new SqlSlot.Column(column, this, null));
    }

    /** Notes that leaves are read. */
    void mark(int first, int last, int mask) {
        for (int i = first; i < last; i++) {
            live[i] |= mask;
        }
    }

    /** Whether the slot is the column by which the table is cut into partitions. */
    boolean isPartitionColumn(SqlSlot slot) {
        if (schema == null || schema.partitioning().isEmpty()) {
            return false;
        }
        String field = schema.partitioning().get().field().orElse("");
        return slot instanceof SqlSlot.Pseudo
                ? isByIngestion() && slot.name.startsWith("_PARTITION")
                : slot.name.equalsIgnoreCase(field);
    }
}
