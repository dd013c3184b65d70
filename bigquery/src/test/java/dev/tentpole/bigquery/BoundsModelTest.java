package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The truth lies within the bounds for queries that select partitions. The truth is that of a small model of its own: what is
 * in each partition of a table, and two readers of it. The one that prunes best reads a partition if any value that it can
 * hold may pass; the other one prunes by what Google documents, and not through queries. BigQuery is somewhere between them.
 */
final class BoundsModelTest {

    private static final int QUERIES = 1_500;
    private static final int PARTITIONS = 8;
    private static final long DAY = ChronoUnit.DAYS.getDuration().toMillis() * 1_000;
    private static final LocalDate FIRST = LocalDate.of(2024, 3, 1);

    /** How a table is cut. */
    enum Cut {
        TIMESTAMP,
        DATE,
        RANGE,
        INGESTION
    }

    /**
     * A condition.
     *
     * @param pass whether a row with that value of the partition column may pass
     * @param read whether a partition with that value is read by a reader that prunes as Google documents
     * @param decided whether the value alone decides
     */
    private record Condition(String sql, LongPredicate pass, LongPredicate read, boolean decided) {}

    /** What is in a partition: the values of the partition column from {@code from} to {@code to}, and bytes of its leaves. */
    private record Part(String id, long from, long to, long rows, long column, long n, long s) {}

    private final Random random = new Random(20_240_301);
    private Cut cut = Cut.DATE;
    private List<Part> parts = List.of();

    @ParameterizedTest
    @EnumSource(Cut.class)
    void what_is_read_is_within_the_bounds(Cut kind) {
        cut = kind;
        for (int i = 0; i < QUERIES; i++) {
            parts = parts();
            Catalog catalog = catalog();
            Condition condition = condition(3);
            boolean direct = random.nextBoolean();
            String sql = direct ? direct(condition.sql) : wrapped(condition.sql);
            long best = 0;
            long documented = 0;
            long everything = 0;
            for (Part part : parts) {
                long bytes = part.n + (needsColumn(sql, condition) ? part.column : 0);
                everything += bytes;
                best += any(part, condition.pass) ? bytes : 0;
                documented += any(part, condition.read) ? bytes : 0;
            }
            CostBytes bytes = CostEstimator.ofDefaults()
                    .estimate(sql, catalog, Pricing.onDemand("US"))
                    .bytes();
            assertThat(bytes.lower()).as(sql + " lower").isLessThanOrEqualTo(best);
            assertThat(bytes.upper())
                    .as(sql + " upper " + parts + catalog.table("p.d.t").get().rows() + " "
                            + catalog.table("p.d.t").get().bytes()
                            + catalog.table("p.d.t").get().partitions())
                    .isGreaterThanOrEqualTo(direct ? documented : everything);
        }
    }

    /** Whether the partition column is read: for a condition or for groups, and not because a query within passes it on. */
    private boolean needsColumn(String sql, Condition condition) {
        return condition.sql.contains(column()) || sql.contains("GROUP BY");
    }

    private boolean any(Part part, LongPredicate condition) {
        if (part.rows == 0) {
            return false;
        }
        long step = cut == Cut.TIMESTAMP ? DAY / 8 : 1;
        for (long value = part.from; value <= part.to; value += step) {
            if (condition.test(value)) {
                return true;
            }
        }
        return condition.test(part.to);
    }

    private List<Part> parts() {
        List<Part> made = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            long rows = random.nextInt(4) == 0 ? 0 : random.nextInt(100);
            long nulls = random.nextInt((int) rows + 1);
            LocalDate day = FIRST.plusDays(i);
            String id = cut == Cut.RANGE ? Integer.toString(i * 10) : day.format(DateTimeFormatter.BASIC_ISO_DATE);
            long from = switch (cut) {
                case TIMESTAMP -> day.toEpochDay() * DAY;
                case RANGE -> i * 10L;
                default -> day.toEpochDay();
            };
            long to = switch (cut) {
                case TIMESTAMP -> from + DAY - 1;
                case RANGE -> from + 9;
                default -> from;
            };
            long column = cut == Cut.INGESTION ? 0 : 8 * rows;
            made.add(new Part(id, from, to, rows, column, 8 * (rows - nulls), rows * (2 + random.nextInt(9))));
        }
        return made;
    }

    /** What a user may know: everything, no bytes, no numbers of whole tables, half of the partitions, or any of these numbers. */
    private Catalog catalog() {
        int known = random.nextInt(5);
        TablePartitioning partitioning = switch (cut) {
            case RANGE -> TablePartitioning.range("c", 0, 10L * PARTITIONS, 10);
            case INGESTION -> TablePartitioning.ingestion(TablePartitioning.Unit.DAY);
            default -> TablePartitioning.time(TablePartitioning.Unit.DAY, "c");
        };
        TableStats.Builder table = TableStats.builder("p.d.t").partitioning(partitioning);
        if (cut != Cut.INGESTION) {
            table.field(
                    "c",
                    switch (cut) {
                        case TIMESTAMP -> TableField.Type.TIMESTAMP;
                        case DATE -> TableField.Type.DATE;
                        default -> TableField.Type.INT64;
                    });
        }
        table.field("n", TableField.Type.INT64)
                .field(TableField.of("s", TableField.Type.STRING, TableField.Mode.REQUIRED));
        boolean rowsTold = known != 2 && isTold(known);
        boolean bytesTold = known != 1 && known != 2 && isTold(known);
        long rows = 0;
        long bytes = 0;
        for (Part part : parts) {
            long all = part.column + part.n + part.s;
            rows += part.rows;
            bytes += all;
            // What is not listed is known to be there by the numbers of the whole table alone.
            boolean dropped = (rowsTold || bytesTold) && known == 4 && random.nextInt(6) == 0;
            if (known == 3 ? parts.indexOf(part) < PARTITIONS / 2 : !dropped) {
                table.partition(
                        part.id,
                        isTold(known) ? part.rows : TableStats.UNKNOWN,
                        known != 1 && isTold(known) ? all : TableStats.UNKNOWN);
            }
        }
        if (rowsTold) {
            table.rows(rows);
        }
        if (bytesTold) {
            table.bytes(bytes);
        }
        return Catalog.of(
                table.build(), TableStats.builder("p.d.o").rows(10).bytes(0).build());
    }

    private boolean isTold(int known) {
        return known != 4 || random.nextInt(3) > 0;
    }

    private String column() {
        return cut == Cut.INGESTION ? "_PARTITIONDATE" : "c";
    }

    private String direct(String condition) {
        return switch (random.nextInt(3)) {
            case 0 -> "SELECT SUM(n) FROM p.d.t WHERE " + condition;
            case 1 -> "WITH x AS (SELECT n FROM p.d.t WHERE " + condition + ") SELECT SUM(n) FROM x";
            default -> "SELECT SUM(n) FROM `p.d.t` AS t, UNNEST([1]) AS e WHERE " + condition;
        };
    }

    private String wrapped(String condition) {
        String c = column();
        String rows = "(SELECT n AS m, n, " + c + (cut == Cut.INGESTION ? " AS _PARTITIONDATE" : "") + " FROM p.d.t)";
        return switch (random.nextInt(5)) {
            case 0 -> "SELECT SUM(n) FROM " + rows + " WHERE " + condition;
            case 1 ->
                "SELECT SUM(n) FROM (SELECT n, " + c + " AS k FROM p.d.t UNION ALL SELECT n, " + c
                        + " FROM p.d.t WHERE FALSE) WHERE " + condition.replace(c, "k");
            case 2 ->
                "SELECT " + c + ", SUM(n) FROM p.d.t GROUP BY " + c + " HAVING "
                        + condition.replace("n = 3", "SUM(n) = 3");
            case 3 -> "SELECT SUM(n) FROM UNNEST([1]) AS e LEFT JOIN p.d.t AS t ON TRUE WHERE " + condition;
            default -> "SELECT SUM(n) FROM " + rows + " AS q JOIN UNNEST([1]) AS e ON " + condition;
        };
    }

    private Condition condition(int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            Condition a = condition(depth - 1);
            Condition b = condition(depth - 1);
            return switch (random.nextInt(3)) {
                case 0 -> or(a, b);
                case 1 ->
                    new Condition(
                            "NOT (" + a.sql + ")",
                            a.decided ? a.pass.negate() : value -> true,
                            value -> true,
                            a.decided);
                default ->
                    new Condition(
                            "(" + a.sql + ") AND (" + b.sql + ")",
                            a.pass.and(b.pass),
                            a.read.and(b.read),
                            a.decided && b.decided);
            };
        }
        return leaf();
    }

    /** An alternative that something else decides, too, is not documented to select partitions. */
    private static Condition or(Condition a, Condition b) {
        boolean decided = a.decided && b.decided;
        return new Condition(
                "(" + a.sql + ") OR (" + b.sql + ")",
                a.pass.or(b.pass),
                decided ? a.read.or(b.read) : value -> true,
                decided);
    }

    private Condition leaf() {
        int value = random.nextInt(PARTITIONS + 2) - 1;
        int other = random.nextInt(PARTITIONS + 2) - 1;
        String c = column();
        long a = point(value);
        long b = point(other);
        return switch (random.nextInt(10)) {
            case 0 -> selecting(c + " = " + literal(a), at -> at == a);
            case 1 -> selecting(c + " >= " + literal(a), at -> at >= a);
            case 2 -> selecting(literal(a) + " > " + c, at -> at < a);
            case 3 -> selecting(c + " BETWEEN " + literal(a) + " AND " + literal(b), at -> at >= a && at <= b);
            case 4 -> selecting(c + " IN (" + literal(a) + ", " + literal(b) + ")", at -> at == a || at == b);
            case 5 -> new Condition(c + " != " + literal(a), at -> at != a, at -> true, true);
            case 6 -> selecting(c + " IS NULL", at -> false);
            case 7 -> new Condition(random.nextBoolean() ? "1 = 1" : "TRUE", at -> true, at -> true, true);
            case 8 ->
                cut == Cut.TIMESTAMP
                        ? selecting(
                                "DATE(c) <= DATE '" + LocalDate.ofEpochDay(Math.floorDiv(a, DAY)) + "'",
                                at -> Math.floorDiv(at, DAY) <= Math.floorDiv(a, DAY))
                        : selecting("FALSE", at -> false);
            default -> new Condition("n = 3", at -> true, at -> true, false);
        };
    }

    private static Condition selecting(String sql, LongPredicate pass) {
        return new Condition(sql, pass, pass, true);
    }

    private long point(long index) {
        return switch (cut) {
            case TIMESTAMP -> FIRST.plusDays(index).toEpochDay() * DAY + random.nextInt(8) * (DAY / 8);
            case RANGE -> index * 10 + random.nextInt(10);
            default -> FIRST.plusDays(index).toEpochDay();
        };
    }

    private String literal(long value) {
        return switch (cut) {
            case TIMESTAMP ->
                "TIMESTAMP '"
                        + DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
                                .withZone(ZoneOffset.UTC)
                                .format(Instant.EPOCH.plus(value, ChronoUnit.MICROS))
                        + "+00'";
            case RANGE -> Long.toString(value);
            default -> "DATE '" + LocalDate.ofEpochDay(value) + "'";
        };
    }
}
