package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one statement reads and is billed for, once its scans are known. */
final class CostStatement {

    static final long MIB = 1L << 20;
    static final long MINIMUM = 10 * MIB;

    /** How many partitions of one table are looked at in all of its references. */
    private static final long MOST_PARTITIONS = 2_000_000;

    private final CostEstimator settings;
    private final SqlNotes notes;
    private final SqlScript script;
    private final boolean selective;

    /**
     * The settings and notes of a statement.
     *
     * @param script what it has in common with the other statements
     * @param selective whether it has any condition, join or limit, by which blocks of clustered tables may be left out
     */
    CostStatement(CostEstimator settings, SqlNotes notes, SqlScript script, boolean selective) {
        this.settings = settings;
        this.notes = notes;
        this.script = script;
        this.selective = selective;
    }

    /** Costs of all tables of the scans, by name. */
    List<TableCost> tables(List<SqlScan> scans) {
        Map<String, List<SqlScan>> unknown = new LinkedHashMap<>();
        Map<TableStats, List<SqlScan>> known = new LinkedHashMap<>();
        for (SqlScan scan : scans) {
            if (scan.active == 0) {
                continue;
            }
            if (!scan.known()) {
                unknown.computeIfAbsent(scan.name, name -> new ArrayList<>()).add(scan);
            }
            for (TableStats table : scan.tables) {
                known.computeIfAbsent(table, key -> new ArrayList<>()).add(scan);
            }
        }
        List<TableCost> costs = new ArrayList<>();
        known.forEach((table, uses) -> {
            TableCost cost = table(table, uses);
            if (cost != null) {
                costs.add(cost);
            }
        });
        unknown.forEach((name, uses) -> costs.add(new TableCost(
                name,
                TableStats.Kind.TABLE,
                false,
                uses.size(),
                new CostBytes(0, 0, CostBytes.UNBOUNDED),
                List.of(),
                List.of(),
                0)));
        return costs;
    }

    private @Nullable TableCost table(TableStats table, List<SqlScan> scans) {
        int leaves = table.leaves().leaves().size();
        long[] lower = new long[leaves];
        long[] expected = new long[leaves];
        long[] upper = new long[leaves];
        List<SqlSelection> selections = new ArrayList<>();
        long work = 0;
        int[] live = new int[leaves];
        long extra = 0;
        long references = 0;
        long cap = 0;
        long floor = 0;
        double sample = 0;
        CostTable last = null;
        SqlSelection previous = null;
        boolean certain = true;
        boolean past = false;
        for (SqlScan scan : scans) {
            int mask = scan.read(table);
            if (mask == 0) {
                continue;
            }
            references = CostBytes.plus(references, scan.multiplicity);
            SqlSelection selection = scan.selection(table);
            CostTable cost;
            if (last != null && previous != null && previous.isSame(selection)) {
                cost = last;
            } else {
                // Many references to many partitions are not all looked at.
                work += 1 + table.partitions().size();
                SqlSelection next = work > MOST_PARTITIONS ? SqlSelection.UNKNOWN : selection;
                cost = last != null && previous != null && previous.isSame(next) ? last : CostTable.of(table, next);
                previous = next;
            }
            last = cost;
            selections.add(selection);
            sample = Math.max(sample, scan.samplePercent < 0 ? 100 : scan.samplePercent);
            boolean hidden = isUncertain(table, scan);
            certain &= !hidden;
            past |= scan.past;
            cap = CostBytes.plus(cap, CostBytes.times(cost.upperBytes, scan.multiplicity));
            boolean all = !hidden && leaves > 0;
            for (int i = 0; i < leaves; i++) {
                int use = leafMask(scan, table, i) & mask;
                live[i] |= use;
                all &= (use & SqlScan.LOWER) != 0;
                if ((use & SqlScan.LOWER) != 0 && !hidden) {
                    lower[i] = Math.max(lower[i], cost.lower[i]);
                }
                if ((use & SqlScan.UPPER) != 0) {
                    upper[i] = CostBytes.plus(upper[i], CostBytes.times(cost.upper[i], scan.multiplicity));
                }
            }
            floor = all ? Math.max(floor, cost.lowerBytes) : floor;
            if ((scan.pseudo & mask & SqlScan.UPPER) != 0) {
                notes.assume(CostAssumption.PSEUDO_COLUMNS_ARE_FREE);
                if (!settings.trusts(CostAssumption.PSEUDO_COLUMNS_ARE_FREE)) {
                    extra = CostBytes.plus(
                            extra, CostBytes.times(CostBytes.times(8, cost.upperRows), scan.multiplicity));
                }
            }
        }
        if (last == null) {
            return null;
        }
        CostTable once = selections.size() > 1 ? CostTable.of(table, SqlSelection.union(selections)) : last;
        boolean trusted = settings.trusts(CostAssumption.REPEATED_TABLES_ARE_BILLED_ONCE);
        if (references > 1) {
            notes.assume(CostAssumption.REPEATED_TABLES_ARE_BILLED_ONCE);
        }
        boolean external = past || table.kind() == TableStats.Kind.EXTERNAL;
        List<TableCost.Leaf> parts = new ArrayList<>();
        CostBytes sum = CostBytes.ZERO;
        for (int i = 0; i < leaves; i++) {
            if (live[i] == 0) {
                continue;
            }
            expected[i] = (live[i] & SqlScan.EXPECTED) == 0 ? 0 : (long) (once.expected[i] * sample / 100);
            long most = trusted && (live[i] & SqlScan.UPPER) != 0 ? Math.min(upper[i], once.upper[i]) : upper[i];
            CostBytes bytes = external
                    ? new CostBytes(0, expected[i], CostBytes.UNBOUNDED)
                    : CostBytes.around(lower[i], expected[i], Math.max(most, expected[i]));
            parts.add(new TableCost.Leaf(table.leaves().leaves().get(i).path(), bytes));
            sum = sum.plus(bytes);
        }
        if (!external) {
            long least = Math.min(cap, Math.max(sum.lower(), floor));
            // Of a table whose columns are not known any part may be read.
            long most = leaves == 0 ? cap : Math.min(sum.upper(), cap);
            sum = CostBytes.around(least, leaves == 0 ? most : sum.expected(), Math.max(least, most));
        }
        sum = sum.plus(buffered(table, live, external, trusted ? 1 : references))
                .plus(new CostBytes(0, 0, extra));
        boolean listed = script.keep(table.partitions().size());
        return new TableCost(
                table.name(),
                table.kind(),
                true,
                (int) Math.min(Integer.MAX_VALUE, references),
                sum,
                parts,
                listed ? partitions(table, once, live, certain, trusted ? 1 : references) : List.of(),
                listed ? table.partitions().size() : 0);
    }

    private static CostBytes buffered(TableStats table, int[] live, boolean external, long times) {
        boolean any = live.length == 0;
        for (int mask : live) {
            any |= (mask & SqlScan.UPPER) != 0;
        }
        if (external) {
            return new CostBytes(0, 0, CostBytes.UNBOUNDED);
        }
        return any ? new CostBytes(0, 0, CostBytes.times(table.streamingBufferBytes(), times)) : CostBytes.ZERO;
    }

    /** Whether less may be read than the selected leaves of the selected partitions. */
    private boolean isUncertain(TableStats table, SqlScan scan) {
        return table.rowAccessPolicy()
                || table.kind() == TableStats.Kind.EXTERNAL
                || table.kind() == TableStats.Kind.MATERIALIZED_VIEW
                || (!table.clustering().isEmpty() && selective)
                || scan.samplePercent >= 0
                || scan.maybeLess
                || scan.past
                || notes.isMaterialized(table.name());
    }

    /** The mask of a leaf; tables of a wildcard may have their leaves in another order. */
    static int leafMask(SqlScan scan, TableStats table, int leaf) {
        if (scan.schema == null || scan.tables.size() == 1) {
            return scan.live(leaf);
        }
        String path = table.leaves().leaves().get(leaf).path();
        int index = scan.schema.leaves().index(path);
        // The query fails if the member whose columns count lacks one that it names, and * means no more than its own.
        int sure = scan.found.isCommon(path) ? SqlScan.ALL : SqlScan.EXPECTED | SqlScan.UPPER;
        return index < 0 ? 0 : scan.live(index) & sure;
    }

    /**
     * What is read of each partition.
     *
     * @param times how often the table may be billed
     */
    private static List<TableCost.Partition> partitions(
            TableStats table, CostTable cost, int[] live, boolean certain, long times) {
        List<TableCost.Partition> partitions = new ArrayList<>();
        for (int p = 0; p < table.partitions().size(); p++) {
            if (!cost.inUpper[p]) {
                continue;
            }
            CostLeaves leaves = table.slices().leaves(table.leaves(), p);
            boolean lower = certain && cost.inLower[p];
            long least = 0;
            long likely = 0;
            long most = 0;
            for (int i = 0; i < live.length; i++) {
                if (lower && (live[i] & SqlScan.LOWER) != 0 && cost.lower[i] > 0) {
                    least = CostBytes.plus(least, leaves.lower(i));
                }
                if (cost.inExpected[p] && (live[i] & SqlScan.EXPECTED) != 0) {
                    likely = CostBytes.plus(likely, leaves.expected(i));
                }
                if (live[i] != 0) {
                    most = CostBytes.plus(most, leaves.upper(i));
                }
            }
            long whole = table.slices().bytes(p);
            most = whole < 0 ? most : Math.min(most, whole);
            CostBytes bytes = CostBytes.around(least, likely, CostBytes.times(most, times));
            partitions.add(new TableCost.Partition(table.partitions().get(p).id(), bytes));
        }
        return partitions;
    }

    /** What is billed for the tables of a statement. */
    CostBytes billed(List<TableCost> tables, CostBytes bytes) {
        long information = tables.stream()
                .filter(table -> table.table().contains("INFORMATION_SCHEMA"))
                .count();
        boolean zeroFree = settings.trusts(CostAssumption.ZERO_BYTES_ARE_FREE);
        boolean perTable = settings.trusts(CostAssumption.MINIMUM_PER_TABLE);
        long lowerSum = 0;
        long expectedSum = 0;
        long upperSum = 0;
        for (TableCost table : tables) {
            lowerSum = CostBytes.plus(
                    lowerSum,
                    perTable
                            ? Math.max(MINIMUM, table.bytes().lower())
                            : table.bytes().lower());
            expectedSum =
                    CostBytes.plus(expectedSum, Math.max(MINIMUM, table.bytes().expected()));
            // Whether each table is rounded up or their sum is not known.
            upperSum = CostBytes.plus(upperSum, atLeastMinimum(table.bytes().upper()));
        }
        // What a statement that changes rows is billed for on top belongs to no leaf that it reads.
        CostBytes read = CostBytes.ZERO;
        for (TableCost table : tables) {
            read = read.plus(table.bytes());
        }
        lowerSum = CostBytes.plus(lowerSum, Math.max(0, bytes.lower() - read.lower()));
        expectedSum = CostBytes.plus(expectedSum, Math.max(0, bytes.expected() - read.expected()));
        upperSum = CostBytes.plus(upperSum, Math.max(0, bytes.upper() - read.upper()));
        if (tables.size() > 1) {
            notes.assume(CostAssumption.MINIMUM_PER_TABLE);
        }
        if (bytes.expected() == 0 && !tables.isEmpty()) {
            notes.assume(CostAssumption.ZERO_BYTES_ARE_FREE);
        }
        long lower = bytes.lower() == 0 ? 0 : atLeastMinimum(lowerSum);
        long expected = bytes.expected() == 0 ? 0 : atLeastMinimum(expectedSum);
        long upper = tables.isEmpty() || (bytes.upper() == 0 && zeroFree) ? 0 : atLeastMinimum(upperSum);
        long least = information * MINIMUM;
        return CostBytes.around(
                Math.max(lower, least), Math.max(expected, least), Math.max(upper, Math.max(expected, least)));
    }

    /** {@return what a number of bytes of one table is billed as} */
    static long atLeastMinimum(long bytes) {
        return Math.max(MINIMUM, roundUp(bytes));
    }

    private static long roundUp(long bytes) {
        return bytes > Long.MAX_VALUE - MIB ? Long.MAX_VALUE : (bytes + MIB - 1) / MIB * MIB;
    }
}
