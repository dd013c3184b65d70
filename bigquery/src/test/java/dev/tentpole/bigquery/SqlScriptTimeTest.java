package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tentpole.bigquery.TableField.Mode;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Texts that name the same things again and again, of which a catalog may have thousands: time and memory grow with the text,
 * not with the text times what it names or times itself.
 */
@Tag("thorough")
final class SqlScriptTimeTest {

    private static final int KIB = 1 << 10;
    private static final long MIB = 1 << 20;
    /** Four times what the largest one takes on a quiet machine. */
    private static final long LONGEST_NANOS = 4_000_000_000L;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Catalog CATALOG = catalog();

    /**
     * A text of many pieces.
     *
     * @param piece what is repeated; {@code #} is another number each time
     */
    private record Shape(String before, String piece) {

        String text(int length) {
            StringBuilder text = new StringBuilder(before);
            for (int i = 0; text.length() < length; i++) {
                text.append(piece.replace("#", Integer.toString(i)));
            }
            return text.toString();
        }
    }

    static List<Shape> variables() {
        return List.of(
                new Shape("", "DECLARE v# INT64; "),
                new Shape("", "DECLARE v# INT64 DEFAULT 5; SELECT a FROM plain WHERE a = v#; "));
    }

    static List<Shape> views() {
        return List.of(
                new Shape("", "SELECT a FROM seen; "),
                new Shape("", "SELECT a FROM seen UNION ALL SELECT 1; SELECT 2; "));
    }

    static List<Shape> wildcards() {
        return List.of(
                new Shape("SELECT x FROM `many_*`", " UNION ALL SELECT x FROM `many_*`"),
                new Shape("", "SELECT x FROM `many_*`; "),
                new Shape("", "CREATE TABLE made_# AS SELECT 1 x; SELECT x FROM `many_*`; "),
                new Shape("", "CREATE TABLE many_# AS SELECT 1 x; SELECT x FROM `many_*`; "));
    }

    static List<Shape> suffixes() {
        return List.of(
                new Shape("SELECT x FROM `many_*` WHERE TRUE", " AND _TABLE_SUFFIX != 'a'"),
                new Shape("SELECT x FROM `many_*` WHERE TRUE", " AND (_TABLE_SUFFIX > 'a' OR x = 1)"),
                new Shape("", "SELECT x FROM `many_*` WHERE _TABLE_SUFFIX != 'a'; "));
    }

    static List<Shape> unread() {
        return List.of(
                new Shape("FOO", " plain"),
                new Shape("SELECT 1 FROM plain WHERE (FOO", " plain"),
                new Shape("", "FOO plain BAR plain plain plain; "));
    }

    @ParameterizedTest
    @MethodSource("variables")
    void variables_of_a_script_are_not_copied_for_each_statement(Shape shape) {
        grows(shape, 64 * KIB);
    }

    @ParameterizedTest
    @MethodSource("views")
    void a_view_is_read_once_however_far_behind_the_script_it_is_named(Shape shape) {
        grows(shape, 64 * KIB);
    }

    @ParameterizedTest
    @MethodSource("wildcards")
    void references_to_a_wildcard_share_its_tables(Shape shape) {
        staysWithin(shape, 256 * KIB, 900 * MIB);
    }

    @ParameterizedTest
    @MethodSource("suffixes")
    void conditions_on_the_suffix_share_one_limit(Shape shape) {
        staysWithin(shape, 256 * KIB, 1_000 * MIB);
    }

    @ParameterizedTest
    @MethodSource("unread")
    void a_text_that_is_not_understood_reads_each_table_once(Shape shape) {
        staysWithin(shape, 256 * KIB, shape.before().isEmpty() ? 140 * MIB : 50 * MIB);
    }

    /** Four times the text takes not much more than four times the memory. */
    private static void grows(Shape shape, int length) {
        estimate(shape.text(KIB));
        Use small = use(shape.text(length / 4));
        Use large = use(shape.text(length));
        // Quadratic memory would be sixteen times as much.
        assertThat(large.bytes()).as(shape.toString()).isLessThan(6 * small.bytes());
        assertThat(large.nanos()).as(shape.toString()).isLessThan(LONGEST_NANOS);
    }

    private static void staysWithin(Shape shape, int length, long bytes) {
        Use use = use(shape.text(length));
        if (use.nanos() >= LONGEST_NANOS) {
            // The first run may be a slow one.
            use = use(shape.text(length));
        }
        assertThat(use.bytes()).as(shape.toString()).isLessThan(bytes);
        assertThat(use.nanos()).as(shape.toString()).isLessThan(LONGEST_NANOS);
    }

    /**
     * What an estimate takes.
     *
     * @param bytes of all objects that it makes, also of those that it drops
     * @param nanos the processor's time, which does not depend on what else the machine does
     */
    private record Use(long bytes, long nanos) {}

    private static Use use(String sql) {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long nanos = THREADS.getCurrentThreadCpuTime();
        estimate(sql);
        return new Use(THREADS.getCurrentThreadAllocatedBytes() - bytes, THREADS.getCurrentThreadCpuTime() - nanos);
    }

    @Test
    void bounds_stay_sound_where_a_limit_is_passed() {
        CostBytes unions = estimate(wildcards().get(0).text(128 * KIB)).bytes();
        assertThat(unions.lower()).isLessThanOrEqualTo(1_000 * 800);
        assertThat(unions.upper()).isEqualTo(CostBytes.UNBOUNDED);
        Shape conditions = suffixes().get(0);
        assertThat(estimate(conditions.text(KIB)).bytes()).isEqualTo(new CostBytes(800_000, 800_000, 1_600_000));
        CostBytes many = estimate(conditions.text(256 * KIB)).bytes();
        assertThat(many.lower()).isZero();
        assertThat(many.upper()).isEqualTo(1_600_000);
    }

    @Test
    void each_reference_of_a_text_that_is_not_understood_counts() {
        CostEstimate estimate = estimate("FOO plain BAR plain plain");
        assertThat(estimate.statements().get(0).tables().get(0).references()).isEqualTo(3);
        assertThat(estimate.bytes().upper()).isGreaterThanOrEqualTo(3 * 8_000);
    }

    private static CostEstimate estimate(String sql) {
        return SampleCatalog.estimator().estimate(sql, CATALOG, Pricing.onDemand("US"));
    }

    private static Catalog catalog() {
        Catalog.Builder catalog = Catalog.builder()
                .defaultProject("proj")
                .defaultDataset("ds")
                .table(table("plain", "a"))
                .table(TableStats.builder("proj.ds.seen")
                        .kind(TableStats.Kind.VIEW)
                        .viewSql("SELECT a FROM proj.ds.plain WHERE a > 1")
                        .build());
        IntStream.range(0, 1_000).forEach(i -> catalog.table(table("many_" + (100_000 + i), "x")));
        return catalog.build();
    }

    private static TableStats table(String name, String column) {
        return TableStats.builder("proj.ds." + name)
                .rows(name.equals("plain") ? 1_000 : 100)
                .field(TableField.of(column, TableField.Type.INT64, Mode.REQUIRED))
                .field(TableField.of("other", TableField.Type.INT64, Mode.REQUIRED))
                .build();
    }
}
