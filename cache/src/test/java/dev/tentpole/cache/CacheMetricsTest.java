package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the meters show. */
final class CacheMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double count(String name, String... tags) {
        return registry.get(name)
                .tags("cache", "c")
                .tags(tags)
                .functionCounter()
                .count();
    }

    @Test
    void a_query_cache_is_shown() throws InterruptedException {
        try (QueryCache<String, String> cache =
                QueryCache.<String, String>builder().build()) {
            CacheMetrics.of("c", cache).bindTo(registry);
            cache.get("a", (key, load) -> "x");
            cache.get("a", (key, load) -> "x");
            cache.fetch("b", CacheControl.of(CacheControl.Mode.BYPASS), (key, load) -> "x");
            cache.fetch("b", CacheControl.use(), (key, load) -> {
                load.noStore();
                return "x";
            });
            cache.invalidate("a");
            assertThat(count("tentpole.cache.requests", "outcome", "hit")).isEqualTo(1);
            assertThat(count("tentpole.cache.requests", "outcome", "miss")).isEqualTo(2);
            assertThat(count("tentpole.cache.requests", "outcome", "bypass")).isEqualTo(1);
            assertThat(count("tentpole.cache.loads", "outcome", "success")).isEqualTo(3);
            assertThat(count("tentpole.cache.not.stored", "reason", "loader")).isEqualTo(1);
            assertThat(count("tentpole.cache.removals", "cause", "invalidated")).isEqualTo(1);
            assertThat(registry.get("tentpole.cache.entries").gauge().value()).isZero();
            assertThat(registry.get("tentpole.cache.load.duration")
                            .functionTimer()
                            .totalTime(TimeUnit.NANOSECONDS))
                    .isPositive();
        }
    }

    @Test
    void a_range_cache_is_shown() throws InterruptedException {
        try (RangeCache<String, SeriesGrid<String>> cache = RangeCache.<String, SeriesGrid<String>>builder(
                        SeriesGrid.values())
                .build()) {
            CacheMetrics.of("c", cache).bindTo(registry);
            RangeRequest<String> request = RangeRequest.of("k", TimeGrid.ofMillis(0, 9_000, 1_000), Instant.now());
            for (int i = 0; i < 2; i++) {
                cache.get(
                        request,
                        (key, grid, load) -> SeriesGrid.<String>builder(grid).build());
            }
            assertThat(count("tentpole.cache.requests", "outcome", "hit")).isEqualTo(1);
            assertThat(count("tentpole.cache.requests", "outcome", "miss")).isEqualTo(1);
            assertThat(count("tentpole.cache.points", "source", "cached")).isEqualTo(10);
            assertThat(count("tentpole.cache.points.loaded")).isEqualTo(10);
            assertThat(registry.get("tentpole.cache.entries").gauge().value()).isEqualTo(1);
        }
    }

    @Test
    void no_meter_has_a_tag_with_many_values() {
        try (QueryCache<String, String> cache =
                QueryCache.<String, String>builder().build()) {
            CacheMetrics.of("c", cache).bindTo(registry);
            for (Meter meter : registry.getMeters()) {
                assertThat(meter.getId().getTags())
                        .allMatch(tag -> java.util.Set.of("cache", "outcome", "cause", "reason")
                                .contains(tag.getKey()));
            }
        }
    }
}
