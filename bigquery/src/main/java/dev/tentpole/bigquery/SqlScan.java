package dev.tentpole.bigquery;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A place in a statement that reads a table, and what it reads of it. */
final class SqlScan {

    static final int LOWER = 1;
    static final int EXPECTED = 2;
    static final int UPPER = 4;
    static final int ALL = LOWER | EXPECTED | UPPER;

    private static final int[] NONE = {};
    private static final List<String> PSEUDO =
            List.of("_PARTITIONTIME", "_PARTITIONDATE", "_PARTITION_LOAD_TIME", "_TABLE_SUFFIX", "_FILE_NAME");

    final String name;
    final SqlScript.Members found;
    /** The tables; more than one for a wildcard, none if the catalog does not know any. */
    final List<TableStats> tables;
    /** The table whose columns are seen; of a wildcard one that has those of all. */
    final @Nullable TableStats schema;

    final int start;
    final int end;
    final boolean wildcard;
    final int prefixLength;
    /** Whether a view lies between the text and this scan. */
    final boolean inView;

    /** How much of it a sample reads; below 0 without one. */
    double samplePercent;

    int active;
    int pseudo;
    /** Whether all columns were asked for at once. */
    boolean star;

    boolean wholeRow;
    /** Whether the rows may be missing in the result of an outer join. */
    boolean optional;

    /** Whether a condition on the suffix was not understood. */
    boolean suffixUnknown;
    /** Whether less of it may be read, because of what it is joined to or because it is changed. */
    boolean maybeLess;
    /** Whether it is read as it was at another time, when it had another size. */
    boolean past;

    boolean suffixFiltered;
    /** Whether a condition from further up selects partitions. */
    boolean pushed;

    /** The columns in conditions, in small letters. */
    final Set<String> filtered = new HashSet<>();

    @Nullable
    SqlRelation relation;
    /** How many scans of the relation stand before it. */
    int place;
    /** How often its relation reads it, if it stands for several places of a text that was not understood. */
    long repeats = 1;
    /** How often the statement reads it. */
    long multiplicity = 1;

    private @Nullable List<Member> members;
    private final IdentityHashMap<TableStats, Member> byTable = new IdentityHashMap<>(0);

    private int[] live = NONE;
    private final Map<String, SqlSlot> slots = new HashMap<>();
    SqlSelection selection = SqlSelection.ALL;

    SqlScan(
            String name,
            SqlScript.Members found,
            int prefixLength,
            double samplePercent,
            boolean inView,
            int start,
            int end) {
        this.name = name;
        this.found = found;
        tables = found.tables;
        schema = found.schema;
        this.prefixLength = prefixLength;
        this.wildcard = prefixLength >= 0;
        this.samplePercent = samplePercent;
        this.inView = inView;
        this.start = start;
        this.end = end;
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

    /** The tables, each with what is left of its name; asked for only where they differ in what is read of them. */
    List<Member> members() {
        if (members == null) {
            members = new ArrayList<>();
            for (TableStats table : tables) {
                members.add(new Member(table, wildcard ? table.name().substring(prefixLength) : ""));
            }
        }
        return members;
    }

    /** For which bounds that table of it is read. */
    int read(TableStats table) {
        int sure = suffixUnknown ? EXPECTED | UPPER : ALL;
        if (members == null) {
            return active & sure;
        }
        if (byTable.isEmpty()) {
            members.forEach(member -> byTable.put(member.table, member));
        }
        Member member = Objects.requireNonNull(byTable.get(table));
        return active
                & sure
                & ((member.lower ? LOWER : 0) | (member.expected ? EXPECTED : 0) | (member.upper ? UPPER : 0));
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
        return node == null
                ? null
                : slots.computeIfAbsent(
                        node.lowerName(), key -> new SqlSlot.Column(node.field().name(), this, node));
    }

    /** The columns of the table as a list that makes them when they are asked for. */
    List<SqlSlot> columns() {
        List<TableLeaves.Node> nodes =
                schema == null ? List.of() : schema.leaves().columns();
        return new AbstractList<>() {
            @Override
            public SqlSlot get(int index) {
                TableLeaves.Node node = nodes.get(index);
                return slots.computeIfAbsent(
                        node.lowerName(), key -> new SqlSlot.Column(node.field().name(), SqlScan.this, node));
            }

            @Override
            public int size() {
                return nodes.size();
            }
        };
    }

    /** The names of columns and pseudo columns in small letters. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        if (schema != null) {
            schema.leaves().columns().forEach(node -> names.add(node.lowerName()));
        }
        for (String pseudo : PSEUDO) {
            if (hasPseudo(pseudo)) {
                names.add(SqlText.lower(pseudo));
            }
        }
        return names;
    }

    /** The pseudo column of that name, if the table has it. */
    @Nullable
    SqlSlot pseudo(String column) {
        String upper = SqlText.upper(column);
        return hasPseudo(upper) ? slots.computeIfAbsent(upper, key -> new SqlSlot.Pseudo(key, this)) : null;
    }

    private boolean hasPseudo(String upper) {
        return switch (upper) {
            case "_PARTITIONTIME", "_PARTITIONDATE", "_PARTITION_LOAD_TIME" -> isByIngestion();
            case "_TABLE_SUFFIX" -> wildcard;
            case "_FILE_NAME" -> schema != null && schema.kind() == TableStats.Kind.EXTERNAL;
            default -> false;
        };
    }

    /** Says that less of it may be read than is known of. */
    void unknown() {
        selection = selection.and(SqlSelection.UNKNOWN);
        suffixUnknown = true;
    }

    /** Says that its conditions may select something else. */
    void unsure() {
        selection = new SqlSelection(SqlRanges.NONE, selection.expected(), SqlRanges.ALL);
        suffixUnknown = true;
        if (members != null) {
            members.forEach(member -> member.upper = true);
        }
    }

    /**
     * What the conditions select of one of its tables. The tables of a wildcard may be cut into partitions otherwise than the
     * one whose columns are seen.
     */
    SqlSelection selection(TableStats table) {
        if (schema == null || table.partitioning().isEmpty()) {
            return selection;
        }
        String field = SqlText.lower(table.partitioning().get().field().orElse(""));
        if (isPartitionedBy(schema, field)
                && Objects.equals(partitionType(schema), partitionType(table))
                && isRange(schema) == isRange(table)) {
            return selection;
        }
        boolean free = selection.isAll() && !suffixUnknown && !filtered.contains(field) && !field.isEmpty();
        return free ? SqlSelection.ALL : SqlSelection.UNKNOWN;
    }

    private static boolean isPartitionedBy(TableStats table, String field) {
        return table.partitioning().isPresent()
                && table.partitioning().get().field().orElse("").equalsIgnoreCase(field);
    }

    private static boolean isRange(TableStats table) {
        return table.partitioning().isPresent() && table.partitioning().get().unit() == TablePartitioning.Unit.RANGE;
    }

    private static TableField.@Nullable Type partitionType(TableStats table) {
        String field = table.partitioning().flatMap(TablePartitioning::field).orElse("");
        TableLeaves.Node node = table.leaves().column(field);
        return node == null ? null : node.field().type();
    }

    /** Whether its columns may be null where none of its rows is, for what stands above its relation. */
    boolean isOptionalAbove() {
        return optional || (relation != null && relation.optional);
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

    /** For which bounds a leaf is read. */
    int live(int leaf) {
        return live.length == 0 ? 0 : live[leaf];
    }

    /** Whether any leaf is read for all of these bounds, and for none of those. */
    boolean hasLive(int with, int without) {
        for (int mask : live) {
            if ((mask & with) == with && (mask & without) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Notes that leaves are read. */
    void mark(int first, int last, int mask) {
        if (live.length == 0) {
            live = new int[schema == null ? 0 : schema.leaves().leaves().size()];
        }
        for (int i = first; i < last; i++) {
            live[i] |= mask;
        }
    }

    /** Whether the slot is the column by which any of its tables is cut into partitions. */
    boolean isPartitionColumnOfAny(SqlSlot slot) {
        return isPartitionColumn(slot)
                || (wildcard && tables.stream().anyMatch(table -> isPartitionedBy(table, slot.name)));
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
