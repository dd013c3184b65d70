package dev.tentpole.bigquery;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How many bytes of what a query is expected to read advice on it would save. -1 where that cannot be told. */
final class CostSavings {

    private CostSavings() {}

    /**
     * A condition that leaves the newest partition of a table, or the newest table of a wildcard.
     *
     * @param text how it is written
     * @param saves what is not read with it
     */
    record Newest(String text, long saves) {}

    /** The condition on the partition column that leaves the newest partition. */
    static Newest partition(SqlScan scan, TableStats table, boolean changed) {
        String column = CostScanWarnings.column(scan);
        TablePartition newest = null;
        for (TablePartition partition : table.partitions()) {
            boolean later = isNumber(partition.id()) && (partition.rows() != 0 || partition.bytes() != 0);
            if (later && (newest == null || Long.parseLong(partition.id()) > Long.parseLong(newest.id()))) {
                newest = partition;
            }
        }
        if (newest == null || table.partitioning().isEmpty()) {
            return new Newest(column + " >= …", -1);
        }
        long from = Long.parseLong(newest.id());
        String constant = newest.id();
        if (table.partitioning().get().unit() != TablePartitioning.Unit.RANGE) {
            LocalDateTime time = time(newest.id());
            if (time == null) {
                return new Newest(column + " >= …", -1);
            }
            from = SqlValue.micros(time.toInstant(ZoneOffset.UTC));
            constant = literal(table, time);
        }
        SqlSelection later = SqlSelection.exactly(SqlRanges.of(from, Long.MAX_VALUE));
        long all = read(scan, table, scan.selection(table), changed);
        long left = read(scan, table, scan.selection(table).and(later), changed);
        return new Newest(column + " >= " + constant, all < 0 || left < 0 ? -1 : Math.max(0, all - left));
    }

    private static boolean isNumber(String id) {
        return id.matches("-?[0-9]{1,18}");
    }

    private static @Nullable LocalDateTime time(String id) {
        if (!id.matches("[0-9]{4}([0-9]{2}){0,3}")) {
            return null;
        }
        try {
            return LocalDateTime.parse(
                    id + "0000010100".substring(id.length()), DateTimeFormatter.ofPattern("yyyyMMddHH"));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String literal(TableStats table, LocalDateTime time) {
        TableLeaves.Node node = table.leaves()
                .column(table.partitioning()
                        .flatMap(TablePartitioning::field)
                        .map(SqlText::lower)
                        .orElse(""));
        TableField.Type type =
                node == null ? TableField.Type.TIMESTAMP : node.field().type();
        String day = time.toLocalDate().toString();
        String second = day + " " + time.format(DateTimeFormatter.ofPattern("HH:mm:ss"));
        return switch (type) {
            case DATE -> "DATE '" + day + "'";
            case DATETIME -> "DATETIME '" + second + "'";
            default -> "TIMESTAMP '" + second + "+00'";
        };
    }

    /** The condition on the suffix that leaves the newest table. */
    static Newest table(SqlScan scan) {
        SqlScan.Member newest = null;
        boolean dated = false;
        long all = 0;
        for (SqlScan.Member member : scan.members()) {
            boolean number = member.suffix.matches("[0-9]{4,}");
            if (newest == null
                    || (number && !dated)
                    || (number == dated && member.suffix.compareTo(newest.suffix) > 0)) {
                newest = member;
                dated |= number;
            }
            long bytes = read(scan, member.table, scan.selection(member.table), false);
            all = all < 0 || bytes < 0 ? -1 : CostBytes.plus(all, bytes);
        }
        if (newest == null) {
            return new Newest("_TABLE_SUFFIX BETWEEN … AND …", -1);
        }
        long left = read(scan, newest.table, scan.selection(newest.table), false);
        return new Newest(
                "_TABLE_SUFFIX BETWEEN '" + newest.suffix + "' AND '" + newest.suffix + "'",
                all < 0 || left < 0 ? -1 : Math.max(0, all - left));
    }

    /**
     * What is expected to be read of one table by one place that names it.
     *
     * @param changed whether all of its columns are billed on top
     */
    private static long read(SqlScan scan, TableStats table, SqlSelection selection, boolean changed) {
        if (!isKnown(table)) {
            return -1;
        }
        if ((scan.read(table) & SqlScan.EXPECTED) == 0) {
            return 0;
        }
        CostTable cost = CostTable.of(table, selection);
        long sum = 0;
        for (int i = 0; i < cost.expected.length; i++) {
            boolean live = (CostStatement.leafMask(scan, table, i) & SqlScan.EXPECTED) != 0;
            sum = CostBytes.plus(sum, live ? sampled(cost.expected[i], scan) : 0);
            sum = CostBytes.plus(sum, changed ? cost.expected[i] : 0);
        }
        return sum;
    }

    /** What leaving all of a star's columns out would save, but for those that conditions need, or for the smallest. */
    static long star(SqlScan scan, Set<String> without) {
        long saves = 0;
        for (TableStats table : scan.tables) {
            if (!isKnown(table)) {
                return -1;
            }
            if ((scan.read(table) & SqlScan.EXPECTED) != 0) {
                saves = CostBytes.plus(saves, star(scan, table, without));
            }
        }
        return saves;
    }

    private static long star(SqlScan scan, TableStats table, Set<String> without) {
        CostTable cost = CostTable.of(table, scan.selection(table));
        long sum = 0;
        long smallest = Long.MAX_VALUE;
        boolean needed = !without.isEmpty();
        for (TableLeaves.Node node : table.leaves().columns()) {
            if (without.contains(node.lowerName())) {
                continue;
            }
            long column = 0;
            for (int i = node.first(); i < node.last(); i++) {
                boolean live = (CostStatement.leafMask(scan, table, i) & SqlScan.EXPECTED) != 0;
                column = CostBytes.plus(column, live ? sampled(cost.expected[i], scan) : 0);
            }
            if (scan.filtered.contains(node.lowerName())) {
                needed = true;
            } else {
                sum = CostBytes.plus(sum, column);
                smallest = Math.min(smallest, column);
            }
        }
        return needed ? sum : Math.max(0, sum - Math.min(sum, smallest));
    }

    private static long sampled(long bytes, SqlScan scan) {
        return scan.samplePercent < 0 ? bytes : (long) (bytes * scan.samplePercent / 100);
    }

    private static boolean isKnown(TableStats table) {
        return table.rows() != TableStats.UNKNOWN || table.bytes() != TableStats.UNKNOWN;
    }
}
