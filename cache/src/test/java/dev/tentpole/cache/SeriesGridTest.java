package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tentpole.cache.GridValues.Piece;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Columns of series, their parts and what is joined of them. */
final class SeriesGridTest {

    private static final GridValues<SeriesGrid<String>> VALUES = SeriesGrid.values(String::compareTo);

    private static TimeGrid grid(int from, int to) {
        return TimeGrid.ofMillis(from * 1_000L, to * 1_000L, 1_000);
    }

    private static SeriesGrid<String> sample(int from, int to) {
        SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid(from, to));
        for (int t = from; t <= to; t++) {
            builder.setAt(builder.series("b"), t * 1_000L, t * 1.5);
            if (t % 3 == 0) {
                builder.set(builder.series("a"), t - from, (long) t);
            }
        }
        return builder.build();
    }

    @Test
    void values_are_read_one_by_one_and_copied_in_columns() {
        SeriesGrid<String> series = sample(1, 6);
        assertThat(series.series()).containsExactly("b", "a");
        assertThat(series.doubleAt(0, 1)).isEqualTo(3.0);
        assertThat(series.isPresent(1, 0)).isFalse();
        assertThat(series.longAt(1, 2)).isEqualTo(3);
        assertThat(series.longs(1, -1)).containsExactly(-1, -1, 3, -1, -1, 6);
        assertThat(series.doubles(0, Double.NaN)).containsExactly(1.5, 3, 4.5, 6, 7.5, 9);
    }

    @Test
    void a_join_of_parts_is_the_whole_and_holes_are_without_data() {
        SeriesGrid<String> whole = sample(0, 99);
        SeriesGrid<String> joined = VALUES.join(
                grid(0, 99),
                List.of(
                        new Piece<>(0, 40, VALUES.slice(whole, grid(0, 50))),
                        new Piece<>(40, 100, VALUES.slice(whole, grid(30, 99)))));
        assertThat(joined.series()).containsExactly("a", "b");
        assertThat(VALUES.slice(joined, grid(0, 99))).isEqualTo(joined);
        assertThat(joined.longs(0, -1)).isEqualTo(whole.longs(1, -1));
        SeriesGrid<String> holes = VALUES.join(grid(0, 9), List.of(new Piece<>(4, 5, whole)));
        assertThat(holes.series()).containsExactly("b");
        assertThat(holes.doubles(0, -1)).containsExactly(-1, -1, -1, -1, 6, -1, -1, -1, -1, -1);
        assertThat(holes.isPresent(0, 9)).isFalse();
        assertThat(VALUES.join(grid(0, 9), List.of()).series()).isEmpty();
    }

    @Test
    void joins_of_joins_and_of_sparser_lines_find_their_points() {
        SeriesGrid<String> whole = sample(0, 99);
        SeriesGrid<String> joined = VALUES.join(
                grid(10, 89),
                List.of(new Piece<>(0, 35, VALUES.slice(whole, grid(5, 60))), new Piece<>(35, 80, whole)));
        TimeGrid sparse = TimeGrid.ofMillis(12_000, 84_000, 4_000);
        SeriesGrid<String> reused = VALUES.join(sparse, List.of(new Piece<>(0, sparse.count(), joined)));
        for (int i = 0; i < sparse.count(); i++) {
            int second = 12 + 4 * i;
            assertThat(reused.doubleAt(1, i)).isEqualTo(second * 1.5);
            assertThat(reused.isPresent(0, i)).isEqualTo(second % 3 == 0);
        }
        TimeGrid sparser = TimeGrid.ofMillis(16_000, 80_000, 16_000);
        SeriesGrid<String> again = VALUES.join(sparser, List.of(new Piece<>(0, sparser.count(), reused)));
        assertThat(again.doubles(1, 0)).containsExactly(24, 48, 72, 96, 120);
    }

    @Test
    void a_series_without_a_point_on_the_grid_is_not_there() {
        SeriesGrid<String> part = VALUES.slice(sample(0, 9), grid(1, 2));
        assertThat(part.series()).containsExactly("b");
        assertThat(VALUES.weigh(part)).isLessThan(VALUES.weigh(sample(0, 9)));
    }

    private static SeriesGrid<String> named(int length, int series) {
        SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid(0, 0));
        for (int s = 0; s < series; s++) {
            builder.set(builder.series("%03d".formatted(s) + "x".repeat(length - 3)), 0, 1.0);
        }
        return builder.build();
    }

    @Test
    void keys_count_in_the_weight() {
        long small = VALUES.weigh(VALUES.slice(named(4, 10), grid(0, 0)));
        long large = VALUES.weigh(VALUES.slice(named(1_004, 10), grid(0, 0)));
        assertThat(large - small).isEqualTo(10 * 2 * 1_000);
        GridValues<SeriesGrid<String>> weighing = SeriesGrid.values(String::compareTo, key -> key.length() - 5);
        long none = weighing.weigh(weighing.slice(named(4, 10), grid(0, 0)));
        assertThat(weighing.weigh(weighing.slice(named(105, 10), grid(0, 0))) - none)
                .isEqualTo(10 * 100);
    }

    @Test
    void equal_keys_of_several_loads_are_held_once() {
        SeriesGrid<String> one = VALUES.slice(named(10, 100), grid(0, 0));
        SeriesGrid<String> other = VALUES.slice(named(10, 100), grid(0, 0));
        assertThat(one.series()).isSameAs(other.series());
        assertThat(VALUES.slice(named(10, 99), grid(0, 0)).series()).hasSize(99);
    }

    @Test
    void every_bit_of_a_value_is_kept() {
        double odd = Double.longBitsToDouble(0x7ff8dead_beef1234L);
        SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid(0, 1));
        SeriesGrid<String> series =
                builder.set(builder.series("a"), 0, odd).set(0, 1, -0.0).build();
        assertThat(series.longAt(0, 0)).isEqualTo(0x7ff8dead_beef1234L);
        assertThat(VALUES.slice(series, grid(0, 1)).longs(0, 0))
                .containsExactly(0x7ff8dead_beef1234L, Double.doubleToRawLongBits(-0.0));
    }

    @Test
    void a_builder_that_has_built_refuses_everything() {
        SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid(0, 9));
        int series = builder.series("a");
        builder.set(series, 0, 1L).build();
        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("built");
        assertThatIllegalStateException().isThrownBy(() -> builder.series("b"));
        assertThatIllegalStateException().isThrownBy(() -> builder.set(series, 1, 1L));
    }

    @Test
    void times_that_are_not_on_the_grid_are_refused() {
        SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid(0, 9));
        int series = builder.series("a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.setAt(series, 500, 1.0))
                .withMessageContaining("time = 500");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.setAt(series, 10_000, 1.0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SeriesGrid.builder(TimeGrid.ofMillis(0, 1_000_000_000, 1)));
    }

    @Test
    void grids_know_their_points() {
        TimeGrid grid = TimeGrid.ofMillis(-2_500, 2_600, 1_000);
        assertThat(grid).isEqualTo(new TimeGrid(500, 1_000, -3, 6));
        assertThat(grid.timeMillis(0)).isEqualTo(-2_500);
        assertThat(grid.end().toEpochMilli()).isEqualTo(2_500);
        assertThat(grid.offsetOf(-500)).isEqualTo(2);
        assertThat(grid.offsetOf(0)).isEqualTo(-1);
        assertThat(grid.offsetOf(3_500)).isEqualTo(-1);
        assertThat(grid.countUntil(-2_501)).isZero();
        assertThat(grid.countUntil(-2_500)).isEqualTo(1);
        assertThat(grid.countUntil(Long.MAX_VALUE / 2)).isEqualTo(6);
        assertThat(grid.part(1, 3)).isEqualTo(TimeGrid.ofMillis(-1_500, -500, 1_000));
        assertThat(grid.isOnLineOf(TimeGrid.ofMillis(500, 500, 1_000))).isTrue();
        assertThat(grid.isOnLineOf(TimeGrid.ofMillis(0, 0, 1_000))).isFalse();
    }
}
