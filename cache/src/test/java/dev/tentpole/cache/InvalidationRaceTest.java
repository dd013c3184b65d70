package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.cache.Workers.Job;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Invalidations that come while what was loaded is being kept: a load has seen none, and its entry is not there yet. */
@Timeout(60)
final class InvalidationRaceTest {

    private final Workers workers = new Workers();
    private final QueryCache<String, String> cache = QueryCache.<String, String>builder()
            .tags((key, value) -> Set.of("tag"))
            .build();

    @AfterEach
    void close() {
        workers.close();
        cache.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_is_just_being_kept_is_removed() throws Exception {
        List<Runnable> invalidations = List.of(
                () -> cache.invalidate("a"),
                () -> cache.invalidateTag("tag"),
                () -> cache.invalidateIf(key -> key.equals("a")),
                cache::invalidateAll,
                () -> cache.advanceGeneration("tag", 1));
        for (Runnable invalidation : invalidations) {
            CountDownLatch keeping = new CountDownLatch(1);
            CountDownLatch kept = new CountDownLatch(1);
            Job<String> reader = workers.start(() -> cache.get("a", (key, load) -> {
                // Nothing is there to be asked about, but this load, which is as it is kept.
                cache.invalidateIf(any -> {
                    keeping.countDown();
                    await(kept);
                    return false;
                });
                return "old";
            }));
            await(keeping);
            Job<Boolean> writer = workers.start(() -> {
                invalidation.run();
                return true;
            });
            Until.holds(() -> writer.thread().getState() == Thread.State.BLOCKED
                    || writer.task().isDone());
            kept.countDown();
            assertThat(reader.result()).isEqualTo("old");
            assertThat(writer.result()).isTrue();
            assertThat(cache.get("a", (key, load) -> "new")).isEqualTo("new");
            cache.invalidateAll();
        }
    }
}
