package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.Workers.Job;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loaders of several caches that ask for what each other loads. */
@Timeout(20)
final class LoadCircleTest {

    private static final RangeRequest<String> REQUEST = RangeFixture.request(RangeFixture.seconds(0, 9));

    private final Workers workers = new Workers();
    private final Upstream upstream = new Upstream();
    private final QueryCache<String, String> labels =
            QueryCache.<String, String>builder().timeout(Duration.ofMinutes(5)).build();
    private final QueryCache<String, String> rules =
            QueryCache.<String, String>builder().timeout(Duration.ofMinutes(5)).build();
    private final RangeCache<String, SeriesGrid<String>> ranges = RangeCache.<String, SeriesGrid<String>>builder(
                    SeriesGrid.values())
            .timeout(Duration.ofMinutes(5))
            .build();

    @AfterEach
    void close() {
        workers.close();
        labels.close();
        rules.close();
        ranges.close();
    }

    private String meet(CyclicBarrier both) throws Exception {
        both.await(10, TimeUnit.SECONDS);
        return "met";
    }

    private static Problem rootProblem(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return ((CacheException) root).problem();
    }

    @Test
    void a_circle_over_two_caches_ends_with_an_error() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        Job<String> one = workers.start(() ->
                labels.get("a", (key, load) -> meet(both) + rules.get("b", (missing, inner) -> "b")));
        Job<String> other = workers.start(() ->
                rules.get("b", (key, load) -> meet(both) + labels.get("a", (missing, inner) -> "a")));
        assertThat(List.of(rootProblem(one.failure()), rootProblem(other.failure())))
                .containsOnly(Problem.RECURSIVE_LOAD);
    }

    @Test
    void a_circle_over_a_query_cache_and_a_range_cache_ends_with_an_error() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        Job<String> one = workers.start(() -> labels.get(
                "a",
                (key, load) -> meet(both) + ranges.get(REQUEST, upstream::load).fetched()));
        Job<Long> other = workers.start(() -> ranges.get(REQUEST, (key, grid, load) -> {
                    meet(both);
                    labels.get("a", (missing, inner) -> "a");
                    return upstream.load(key, grid, load);
                })
                .fetched());
        assertThat(List.of(rootProblem(one.failure()), rootProblem(other.failure())))
                .containsOnly(Problem.RECURSIVE_LOAD);
    }

    @Test
    void a_loader_that_comes_back_to_its_own_cache_by_way_of_another_gets_an_error() {
        assertThatThrownBy(() -> labels.get(
                        "a",
                        (key, load) -> rules.get("b", (missing, inner) -> labels.get("a", (again, innermost) -> "a"))))
                .satisfies(e -> assertThat(rootProblem(e)).isEqualTo(Problem.RECURSIVE_LOAD));
    }
}
