package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.cache.Assembly.Source;
import dev.tentpole.cache.Chunk.Run;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of neighbouring points, and in how many pieces. */
final class ChunkTest {

    private static final int POINTS = 256;
    private static final GridValues<SeriesGrid<String>> VALUES = SeriesGrid.values();
    private static final TimeGrid LINE = TimeGrid.ofMillis(0, POINTS - 1, 1);

    private Chunk<SeriesGrid<String>> chunk = Chunk.empty();

    private static SeriesGrid<String> points(int from, int to) {
        SeriesGrid.Builder<String> builder = SeriesGrid.builder(LINE.part(from, to));
        int series = builder.series("s");
        for (int i = from; i < to; i++) {
            builder.set(series, i - from, (long) i);
        }
        return builder.build();
    }

    private void add(int from, int to, long number, long until) {
        int before = chunk.count();
        SeriesGrid<String> value = points(from, to);
        chunk = chunk.with(new Run(from, to, number, number, until, until, until), value, VALUES.weigh(value));
        chunk = chunk.compact(VALUES, LINE, 0, before < POINTS && chunk.count() == POINTS);
    }

    /** Reads points, all of which must be what was put there. */
    private List<int[]> read(int from, int to, long now) {
        List<int[]> pieces = new ArrayList<>();
        chunk.read(from, to, run -> run.isGood(now, Source.CACHED, -1), (a, b, value, loadedAt) -> {
            pieces.add(new int[] {a, b});
            for (int i = a; i < b; i++) {
                assertThat(value.longAt(0, (int) value.grid().offsetOf(i))).isEqualTo(i);
            }
        });
        return pieces;
    }

    @Test
    void points_that_come_one_by_one_are_in_few_pieces_and_in_one_once_all_are_there() {
        for (int i = 0; i < POINTS; i++) {
            add(i, i + 1, i, 1_000 + i);
            assertThat(chunk.count()).isEqualTo(i + 1);
            assertThat(chunk.segments).hasSizeLessThanOrEqualTo(16);
        }
        assertThat(chunk.segments).hasSize(1);
        assertThat(chunk.runs).hasSize(POINTS);
        assertThat(read(0, POINTS, 0)).containsExactly(new int[] {0, POINTS});
    }

    @Test
    void each_point_ends_at_its_own_time_however_they_are_joined() {
        for (int i = 0; i < POINTS; i++) {
            add(i, i + 1, i, 1_000 + i);
        }
        assertThat(read(0, POINTS, 1_000)).containsExactly(new int[] {1, POINTS});
        assertThat(read(10, 20, 1_014)).containsExactly(new int[] {15, 20});
        assertThat(read(10, 20, 1_019)).isEmpty();
    }

    @Test
    void a_point_that_is_loaded_again_does_not_have_the_others_copied() {
        add(0, POINTS, 1, 1_000);
        SeriesGrid<String> whole = chunk.segments.get(0).value();
        add(POINTS - 1, POINTS, 2, 2_000);
        add(7, 8, 3, 2_000);
        assertThat(chunk.segments).hasSize(4);
        for (int place : new int[] {0, 2}) {
            assertThat(chunk.segments.get(place).value()).isSameAs(whole);
        }
        assertThat(read(0, POINTS, 1_500)).containsExactly(new int[] {7, 8}, new int[] {POINTS - 1, POINTS});
    }

    @Test
    void runs_of_one_load_that_meet_are_one() {
        add(10, 20, 1, 1_000);
        add(30, 40, 1, 1_000);
        add(20, 30, 1, 1_000);
        assertThat(chunk.runs).hasSize(1);
        add(5, 10, 2, 1_000);
        assertThat(chunk.runs).hasSize(2);
        chunk = chunk.without(12, 14);
        assertThat(chunk.runs).extracting(Run::from).containsExactly(5, 10, 14);
        assertThat(chunk.without(100, 110)).isSameAs(chunk);
    }

    @Test
    void points_of_a_load_that_began_later_are_not_replaced() {
        add(10, 20, 5, 1_000);
        assertThat(chunk.olderThan(3, 0, 30)).containsExactly(new int[] {0, 10}, new int[] {20, 30});
        assertThat(chunk.olderThan(3, 12, 18)).isEmpty();
        assertThat(chunk.olderThan(6, 0, 30)).containsExactly(new int[] {0, 30});
    }

    @Test
    void what_is_of_no_use_goes_in_one_pass_and_leaves_the_rest_as_it_was() {
        add(0, POINTS, 1, 3_000);
        for (int i = 10; i < 200; i += 10) {
            add(i, i + 5, i, 1_000 + i);
        }
        assertThat(chunk.withoutUseless(1_000)).isSameAs(chunk);
        chunk = chunk.withoutUseless(1_100);
        assertThat(chunk.count()).isEqualTo(POINTS - 10 * 5);
        List<int[]> expected = new ArrayList<>();
        for (int i = 0; i <= 100; i += 10) {
            expected.add(new int[] {i == 0 ? 0 : i + 5, i == 100 ? POINTS : i + 10});
        }
        assertThat(covered(1_100)).containsExactlyElementsOf(expected);
        assertThat(chunk.withoutUseless(3_000).isEmpty()).isTrue();
        assertThat(chunk.withoutUseless(3_000).segments).isEmpty();
    }

    /** {@return what is read, neighbours as one} */
    private List<int[]> covered(long now) {
        List<int[]> stretches = new ArrayList<>();
        for (int[] piece : read(0, POINTS, now)) {
            int last = stretches.size() - 1;
            if (last >= 0 && stretches.get(last)[1] == piece[0]) {
                stretches.get(last)[1] = piece[1];
            } else {
                stretches.add(piece);
            }
        }
        return stretches;
    }
}
