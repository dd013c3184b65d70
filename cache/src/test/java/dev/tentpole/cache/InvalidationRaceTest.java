package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tentpole.cache.Workers.Job;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Invalidations that come while what was loaded is being kept: a load has seen none, and its entry is not there yet. */
@Timeout(60)
final class InvalidationRaceTest {

    private static final Set<Thread.State> STOPPED =
            EnumSet.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private final Workers workers = new Workers();
    private final QueryCache<Object, String> cache = QueryCache.<Object, String>builder()
            .tags((key, value) -> Set.of("tag"))
            .build();

    private final RangeCache<Object, SeriesGrid<String>> ranges =
            RangeCache.<Object, SeriesGrid<String>>builder(SeriesGrid.values()).build();
    private volatile Gate gate = new Gate();

    /** Where whoever keeps something waits. */
    private static final class Gate {

        private final CountDownLatch keeping = new CountDownLatch(1);
        private final CountDownLatch kept = new CountDownLatch(1);

        boolean pass() {
            keeping.countDown();
            await(kept);
            return false;
        }
    }

    @AfterEach
    void close() {
        workers.close();
        cache.close();
        ranges.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A key that is like no other. */
    private final class Marker {

        private final Gate own = gate;

        @Override
        public int hashCode() {
            return 0;
        }
    }

    /** A key that is like no other either, but takes some time to see that of a marker. */
    private static final class Plain {

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this || (other instanceof Marker marker && marker.own.pass());
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    @Test
    void what_is_just_being_kept_is_removed() throws Exception {
        List<Consumer<Object>> invalidations = List.of(
                cache::invalidate,
                key -> cache.invalidateTag("tag"),
                key -> cache.invalidateIf(key::equals),
                key -> cache.invalidateAll(),
                key -> cache.advanceGeneration("tag", 1));
        for (Consumer<Object> invalidation : invalidations) {
            Plain a = new Plain();
            Job<String> reader = workers.start(() -> cache.get(a, (key, load) -> {
                // The key of this load is compared with it as that is kept.
                cache.invalidate(new Marker());
                return "old";
            }));
            meanwhile(() -> invalidation.accept(a));
            assertThat(reader.result()).isEqualTo("old");
            assertThat(cache.get(a, (key, load) -> "new")).isEqualTo("new");
            cache.invalidateAll();
        }
    }

    @Test
    void an_invalidation_waits_for_nobody_who_is_just_keeping_something() throws Exception {
        Plain a = new Plain();
        Job<String> reader = workers.start(() -> cache.get(a, (key, load) -> {
            cache.invalidate(new Marker());
            return "old";
        }));
        await(gate.keeping);
        cache.put("b", "value");
        List<Runnable> invalidations = List.of(
                () -> cache.invalidate("b"),
                () -> cache.invalidateTag("another"),
                () -> cache.invalidateIf("b"::equals),
                () -> cache.advanceGeneration("another", 1),
                cache::invalidateAll);
        for (Runnable invalidation : invalidations) {
            assertThat(workers.start(() -> {
                                invalidation.run();
                                return true;
                            })
                            .result())
                    .isTrue();
        }
        gate.kept.countDown();
        assertThat(reader.result()).isEqualTo("old");
        assertThat(cache.getIfPresent(a)).isEmpty();
    }

    @Test
    void a_condition_that_fails_hurts_the_one_who_invalidates_and_no_load() throws Exception {
        Job<String> reader = workers.start(() -> cache.get("a", (key, load) -> {
            assertThat(gate.pass()).isFalse();
            return "value";
        }));
        await(gate.keeping);
        assertThatIllegalStateException()
                .isThrownBy(() -> cache.invalidateIf(key -> {
                    throw new IllegalStateException("broken");
                }));
        gate.kept.countDown();
        assertThat(reader.result()).isEqualTo("value");
        assertThat(cache.getIfPresent("a")).contains("value");
    }

    @Test
    void points_that_are_just_being_kept_are_removed() throws Exception {
        List<Consumer<Object>> invalidations = List.of(
                ranges::invalidate,
                key -> ranges.invalidateTag("tag"),
                key -> ranges.invalidateTag("tag", Instant.EPOCH, Instant.EPOCH),
                key -> ranges.invalidateAll());
        for (Consumer<Object> invalidation : invalidations) {
            Plain a = new Plain();
            RangeRequest<Object> request = RangeRequest.<Object>of(a, RangeFixture.seconds(0, 9), Instant.MAX)
                    .withTags("tag");
            Job<RangeAnswer<SeriesGrid<String>>> reader = workers.start(() -> ranges.get(request, (key, grid, load) -> {
                // The key of this load is compared with it as that is kept.
                ranges.invalidate(new Marker());
                return SeriesGrid.<String>builder(grid).build();
            }));
            meanwhile(() -> invalidation.accept(a));
            assertThat(reader.result().fetched()).isEqualTo(10);
            RangeAnswer<SeriesGrid<String>> later = ranges.get(
                    request,
                    (key, grid, load) -> SeriesGrid.<String>builder(grid).build());
            assertThat(later.cached()).isLessThan(10);
            ranges.invalidateAll();
        }
    }

    /** Does something while an entry is being kept, or when it was, if it waits for that. */
    private void meanwhile(Runnable invalidation) throws Exception {
        await(gate.keeping);
        Job<Boolean> writer = workers.start(() -> {
            invalidation.run();
            return true;
        });
        Until.holds(() ->
                STOPPED.contains(writer.thread().getState()) || writer.task().isDone());
        gate.kept.countDown();
        assertThat(writer.result()).isTrue();
        gate = new Gate();
    }
}
