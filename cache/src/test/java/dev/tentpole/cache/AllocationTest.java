package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What hits cost in memory. */
@Timeout(60)
final class AllocationTest {

    private static final int HITS = 20_000;

    /** Work that may be interrupted. */
    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }

    /** {@return how many bytes this thread allocates for one of so many turns, once it has done as many} */
    private static double bytesPerTurn(int turns, Work work) throws InterruptedException {
        assumeTrue(
                ManagementFactory.getThreadMXBean() instanceof ThreadMXBean meter
                        && meter.isThreadAllocatedMemoryEnabled(),
                "this JVM does not count what threads allocate");
        ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long before = 0;
        for (int i = 0; i < 2 * turns; i++) {
            if (i == turns) {
                before = meter.getThreadAllocatedBytes(id);
            }
            work.run();
        }
        return (meter.getThreadAllocatedBytes(id) - before) / (double) turns;
    }

    @Test
    void a_hit_whose_outcome_is_not_asked_for_allocates_nothing() throws InterruptedException {
        try (QueryCache<String, String> cache = QueryCache.<String, String>builder()
                .maximumWeight(1_000_000, (key, value) -> 100)
                .build()) {
            cache.get("a", (key, load) -> "value");
            // Caffeine's upkeep, now and then, is all there is.
            assertThat(bytesPerTurn(HITS, () -> cache.get("a", (key, load) -> "other")))
                    .isLessThan(1.0);
        }
    }

    @Test
    void a_full_hit_on_a_day_of_a_thousand_series_allocates_sixteen_kilobytes_at_most_however_it_is_looked_at()
            throws InterruptedException {
        TimeGrid day = TimeGrid.of(Instant.EPOCH, Instant.EPOCH.plus(Duration.ofMinutes(1_439)), Duration.ofMinutes(1));
        RangeRequest<String> request = RangeRequest.of("k", day, Instant.MAX);
        try (RangeCache<String, SeriesGrid<String>> cache = RangeCache.<String, SeriesGrid<String>>builder(
                        SeriesGrid.values())
                .build()) {
            RangeLoader<String, SeriesGrid<String>> loader = (key, grid, load) -> {
                SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid);
                for (int s = 0; s < 1_000; s++) {
                    int series = builder.series("series" + s);
                    for (int i = 0; i < grid.count(); i++) {
                        builder.set(series, i, i * 0.5 + s);
                    }
                }
                return builder.build();
            };
            cache.get(request, loader);
            double bytes = bytesPerTurn(500, () -> {
                SeriesGrid<String> value = cache.get(request, loader).value();
                assertThat(value.series().size() == 1_000 && value.doubleAt(0, 100) == 50)
                        .isTrue();
            });
            assertThat(bytes).isBetween(1.0, 16_384.0);
        }
    }
}
