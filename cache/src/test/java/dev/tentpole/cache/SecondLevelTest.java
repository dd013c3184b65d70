package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.cache.Answer.Outcome;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheStats.SecondLevelStats;
import dev.tentpole.cache.SecondLevel.Codec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two instances that share what they load, and a second level that fails. */
@Timeout(60)
final class SecondLevelTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Codec<String> CODEC = new Codec<>() {
        @Override
        public byte[] encode(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    };

    private final FakeTime time = new FakeTime();
    private final MemoryLevel memory = new MemoryLevel();
    private final AtomicInteger loads = new AtomicInteger();
    private final QueryCache<String, String> one = cache().build();
    private final QueryCache<String, String> two = cache().build();

    private QueryCacheBuilder<String, String> cache() {
        return QueryCache.<String, String>builder()
                .clocks(time, time)
                .jitter(0)
                .timeToLive(Duration.ofSeconds(60))
                .tags((key, value) -> Set.of("tag"))
                .maximumWaitingWrites(3, 1_000)
                .secondLevel(memory, key -> key, CODEC);
    }

    @AfterEach
    void close() {
        memory.slow.countDown();
        one.close();
        two.close();
    }

    private static void pass(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Answer<String> fetch(QueryCache<String, String> cache, String key) throws InterruptedException {
        return cache.fetch(key, CacheControl.use(), (k, load) -> k + loads.incrementAndGet());
    }

    private static SecondLevelStats stats(QueryCache<String, String> cache) {
        assertThat(cache.flushSecondLevel(PATIENCE)).isTrue();
        return cache.stats().secondLevel();
    }

    @Test
    void what_one_instance_loads_another_takes_and_keeps_no_longer() throws InterruptedException {
        fetch(one, "a");
        assertThat(stats(one).written()).isEqualTo(1);
        time.advance(Duration.ofSeconds(20));
        Answer<String> taken = fetch(two, "a");
        assertThat(taken.value()).isEqualTo("a1");
        assertThat(taken.reason()).isEqualTo(Reason.SECOND_LEVEL);
        assertThat(taken.age()).isEqualTo(Duration.ofSeconds(20));
        assertThat(taken.timeToLive()).isEqualTo(Duration.ofSeconds(40));
        assertThat(two.entries(1).get(0).tags()).containsExactly("tag");
        time.advance(Duration.ofSeconds(40));
        assertThat(fetch(two, "a").value()).isEqualTo("a2");
        assertThat(stats(two).hits()).isEqualTo(1);
        assertThat(loads).hasValue(2);
    }

    @Test
    void what_was_invalidated_is_not_taken_back() throws InterruptedException {
        fetch(one, "a");
        stats(one);
        fetch(two, "a");
        memory.down = true;
        one.invalidateTag("tag");
        assertThat(stats(one).failures()).isPositive();
        memory.down = false;
        assertThat(memory.held).containsKey("a");
        time.advanceMillis(1);
        assertThat(fetch(one, "a").value()).isEqualTo("a2");
        one.invalidate("a");
        stats(one);
        assertThat(memory.held).isEmpty();
        fetch(two, "b");
        stats(two);
        one.invalidateAll();
        time.advanceMillis(1);
        assertThat(fetch(one, "b").outcome()).isEqualTo(Outcome.MISS);
        assertThat(fetch(one, "b").value()).isEqualTo("b4");
    }

    @Test
    void one_that_fails_is_done_without_and_left_alone_for_a_while() throws InterruptedException {
        memory.down = true;
        for (int i = 0; i < 20; i++) {
            assertThat(fetch(one, "k" + i).value()).startsWith("k" + i);
            one.flushSecondLevel(PATIENCE);
        }
        assertThat(memory.calls).hasValue(SharedResults.FAILURES);
        SecondLevelStats stats = stats(one);
        assertThat(stats.failures()).isEqualTo(SharedResults.FAILURES);
        assertThat(stats.skipped()).isEqualTo(40 - SharedResults.FAILURES);
        time.advance(SharedResults.PAUSE);
        fetch(one, "x");
        stats(one);
        assertThat(memory.calls).as("one call tries").hasValue(SharedResults.FAILURES + 1);
        memory.down = false;
        time.advance(SharedResults.PAUSE);
        fetch(one, "y");
        assertThat(stats(one).written()).isEqualTo(1);
    }

    @Test
    void what_waits_to_be_written_is_bounded_and_loads_do_not_wait_for_it() throws InterruptedException {
        memory.slow = new CountDownLatch(1);
        for (int i = 0; i < 50; i++) {
            fetch(one, "k" + i);
        }
        memory.slow.countDown();
        SecondLevelStats stats = stats(one);
        assertThat(stats.written()).isBetween(3L, 4L);
        assertThat(stats.written() + stats.dropped()).isEqualTo(50);
    }

    @Test
    void bytes_that_can_not_be_read_count_as_absent() throws InterruptedException {
        memory.held.put("a", new byte[] {9, 9});
        memory.held.put("b", new byte[] {1, 2, 3});
        memory.held.put("c", new byte[0]);
        assertThat(fetch(one, "a").value()).isEqualTo("a1");
        assertThat(fetch(one, "b").value()).isEqualTo("b2");
        assertThat(fetch(one, "c").value()).isEqualTo("c3");
        assertThat(stats(one).misses()).isEqualTo(3);
    }

    @Test
    void bytes_that_were_changed_cut_or_put_under_another_key_count_as_absent() throws InterruptedException {
        fetch(one, "a");
        stats(one);
        byte[] right = memory.held.get("a");
        memory.held.put("b", right);
        assertThat(fetch(two, "b").value()).isEqualTo("b2");
        for (int i = 0; i < right.length; i++) {
            byte[] wrong = right.clone();
            wrong[i] ^= 0x10;
            memory.held.put("a", wrong);
            assertThat(fetch(two, "a").reason()).as("byte %s", i).isEqualTo(Reason.NONE);
            stats(two);
            two.invalidate("a");
            stats(two);
            memory.held.put("a", Arrays.copyOf(right, i));
            assertThat(fetch(two, "a").reason()).as("length %s", i).isEqualTo(Reason.NONE);
            stats(two);
            two.invalidate("a");
            stats(two);
        }
        memory.held.put("a", right);
        time.advanceMillis(1);
        assertThat(fetch(one, "a").value()).isEqualTo("a1");
    }

    @Test
    void an_error_of_it_is_its_own_and_ends_no_thread() throws InterruptedException {
        memory.error = new NoClassDefFoundError("driver");
        assertThat(fetch(one, "a").value()).isEqualTo("a1");
        assertThat(stats(one).failures()).isEqualTo(2);
        memory.error = null;
        fetch(one, "b");
        assertThat(stats(one).written()).isEqualTo(1);
    }

    @Test
    void a_caller_who_is_interrupted_while_it_reads_is_not_its_failure() throws Exception {
        memory.slowRead = new CountDownLatch(1);
        try (Workers workers = new Workers()) {
            for (int i = 0; i < SharedResults.FAILURES; i++) {
                String key = "k" + i;
                Workers.Job<Answer<String>> caller = workers.start(() -> fetch(one, key));
                caller.awaitWaiting();
                caller.interrupt();
                assertThat(caller.failure()).isInstanceOf(InterruptedException.class);
            }
        }
        memory.slowRead.countDown();
        assertThat(loads).hasValue(0);
        fetch(one, "a");
        assertThat(stats(one).failures() + stats(one).skipped()).isZero();
        assertThat(stats(one).written()).isEqualTo(1);
    }

    @Test
    void a_key_without_a_text_and_a_value_without_bytes_are_cached_and_not_shared() throws InterruptedException {
        Codec<String> broken = new Codec<>() {
            @Override
            public byte[] encode(String value) {
                throw new IllegalStateException("broken");
            }

            @Override
            public String decode(byte[] bytes) {
                throw new StackOverflowError("deep");
            }
        };
        memory.held.put("x", new byte[0]);
        try (QueryCache<String, String> textless = cache().secondLevel(memory, key -> "a".repeat(-1), CODEC)
                        .build();
                QueryCache<String, String> byteless =
                        cache().secondLevel(memory, key -> key, broken).build()) {
            for (QueryCache<String, String> cache : List.of(textless, byteless)) {
                fetch(cache, "a");
                assertThat(fetch(cache, "a").outcome()).isEqualTo(Outcome.HIT);
                assertThat(stats(cache).failures()).isPositive();
                assertThat(cache.invalidate("a")).isEqualTo(1);
                assertThat(cache.getIfPresent("a")).isEmpty();
            }
            fetch(one, "b");
            stats(one);
            assertThat(fetch(byteless, "b").reason()).isEqualTo(Reason.NONE);
        }
    }

    @Test
    void one_that_hangs_while_it_writes_is_given_up_when_the_cache_is_closed() throws InterruptedException {
        memory.slow = new CountDownLatch(1);
        fetch(one, "a");
        one.close();
        Until.holds(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("tentpole-cache-second-level")));
        assertThat(memory.held).isEmpty();
    }

    @Test
    void a_caller_who_wants_a_new_value_does_not_get_a_shared_one() throws InterruptedException {
        fetch(one, "a");
        stats(one);
        CacheControl refresh = CacheControl.of(CacheControl.Mode.REFRESH);
        assertThat(two.fetch("a", refresh, (key, load) -> "new").value()).isEqualTo("new");
        stats(two);
        one.invalidate("a");
        two.invalidate("a");
    }

    @Test
    void what_is_read_while_it_is_invalidated_is_not_kept() throws Exception {
        fetch(one, "a");
        stats(one);
        time.advanceMillis(1);
        byte[] shared = memory.held.get("a");
        List<Consumer<QueryCache<String, String>>> invalidations = List.of(
                cache -> cache.invalidate("a"),
                cache -> cache.invalidateTag("tag"),
                cache -> cache.invalidateIf("a"::equals),
                QueryCache::invalidateAll);
        for (Consumer<QueryCache<String, String>> invalidation : invalidations) {
            memory.held.put("a", shared);
            CountDownLatch invalidating = new CountDownLatch(1);
            CountDownLatch decoding = new CountDownLatch(1);
            CountDownLatch invalidated = new CountDownLatch(1);
            AtomicBoolean armed = new AtomicBoolean();
            // Lets a reader begin as soon as the invalidation has begun and looks at the clock.
            InstantSource wall = () -> {
                if (armed.compareAndSet(true, false)) {
                    invalidating.countDown();
                    pass(decoding);
                }
                return time.instant();
            };
            Codec<String> slow = new Codec<>() {
                @Override
                public byte[] encode(String value) {
                    return value.getBytes(StandardCharsets.UTF_8);
                }

                @Override
                public String decode(byte[] bytes) {
                    decoding.countDown();
                    pass(invalidated);
                    return new String(bytes, StandardCharsets.UTF_8);
                }
            };
            try (QueryCache<String, String> cache = cache().clocks(time, wall)
                            .secondLevel(memory, key -> key, slow)
                            .build();
                    Workers workers = new Workers()) {
                armed.set(true);
                Workers.Job<Boolean> writer = workers.start(() -> {
                    invalidation.accept(cache);
                    return true;
                });
                pass(invalidating);
                Workers.Job<Answer<String>> reader = workers.start(() -> fetch(cache, "a"));
                assertThat(writer.result()).isTrue();
                invalidated.countDown();
                reader.result();
                assertThat(fetch(cache, "a").value()).isNotEqualTo("a1");
            }
        }
    }

    @Test
    void what_is_evicted_for_its_size_stays_in_the_second_level() throws InterruptedException {
        try (QueryCache<String, String> small = QueryCache.<String, String>builder()
                .clocks(time, time)
                .maximumWeight(1_000, (key, value) -> 100)
                .secondLevel(memory, key -> key, CODEC)
                .build()) {
            for (int i = 0; i < 200; i++) {
                fetch(small, "k" + i);
            }
            assertThat(stats(small).written()).isEqualTo(200);
            assertThat(small.stats().evictedBySize()).isEqualTo(190);
        }
        assertThat(memory.held).hasSize(200);
    }

    @Test
    void a_removal_waits_in_place_of_a_write_of_its_key_for_which_there_is_no_room() throws InterruptedException {
        fetch(one, "a");
        assertThat(stats(one).written()).isEqualTo(1);
        memory.slow = new CountDownLatch(1);
        one.put("busy", "x");
        one.invalidate("a");
        time.advance(Duration.ofSeconds(1));
        one.put("a", "n".repeat(2_000));
        memory.slow.countDown();
        assertThat(stats(one).dropped()).isEqualTo(1);
        assertThat(memory.held).doesNotContainKey("a");
    }

    @Test
    void a_removal_that_fails_is_done_once_it_can_be() throws InterruptedException {
        fetch(one, "a");
        fetch(one, "b");
        assertThat(stats(one).written()).isEqualTo(2);
        memory.down = true;
        for (int i = 0; i < SharedResults.FAILURES; i++) {
            fetch(one, "k" + i);
        }
        one.invalidate("a");
        one.invalidate("b");
        one.put("b", "new");
        stats(one);
        memory.down = false;
        time.advance(SharedResults.PAUSE);
        fetch(one, "x");
        Until.holds(() -> memory.held.keySet().equals(Set.of("x")));
    }

    @Test
    void what_was_invalidated_in_great_numbers_is_taken_by_nobody() throws InterruptedException {
        memory.down = true;
        int many = WriteBehind.MOST_REMOVALS + 10;
        for (int i = 0; i < SharedResults.FAILURES; i++) {
            one.invalidate("x" + i);
            one.flushSecondLevel(PATIENCE);
        }
        memory.down = false;
        fetch(two, "a");
        stats(two);
        time.advanceMillis(1);
        for (int i = 0; i < many; i++) {
            one.invalidate("k" + i);
        }
        time.advance(SharedResults.PAUSE);
        fetch(one, "b");
        Until.holds(() -> memory.held.containsKey(SharedResults.EPOCH));
        try (QueryCache<String, String> three = cache().build()) {
            assertThat(fetch(three, "a").reason()).isEqualTo(Reason.NONE);
            assertThat(fetch(three, "b").reason()).isEqualTo(Reason.SECOND_LEVEL);
            stats(three);
        }
    }

    @Test
    void what_is_invalidated_after_it_was_kept_and_before_it_is_written_does_not_stay() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<Runnable> invalidation = new AtomicReference<>(() -> {});
        // Asked for when a key is read, and when it is about to be written.
        Function<String, String> text = key -> {
            if (asked.incrementAndGet() == 2) {
                invalidation.get().run();
            }
            return key;
        };
        try (QueryCache<String, String> cache =
                cache().secondLevel(memory, text, CODEC).build()) {
            invalidation.set(() -> cache.invalidate("a"));
            fetch(cache, "a");
            stats(cache);
            assertThat(memory.held).isEmpty();
            asked.set(0);
            invalidation.set(() -> cache.invalidateTag("tag"));
            fetch(cache, "a");
            stats(cache);
            assertThat(memory.held).isEmpty();
        }
    }

    @Test
    void of_those_who_ask_after_a_pause_one_tries_and_the_others_do_without() throws Exception {
        memory.down = true;
        for (int i = 0; i < SharedResults.FAILURES; i++) {
            fetch(one, "k" + i);
            one.flushSecondLevel(PATIENCE);
        }
        memory.down = false;
        time.advance(SharedResults.PAUSE);
        memory.slowRead = new CountDownLatch(1);
        try (Workers workers = new Workers()) {
            Workers.Job<Answer<String>> trying = workers.start(() -> fetch(one, "a"));
            trying.awaitWaiting();
            assertThat(fetch(one, "b").reason()).isEqualTo(Reason.NONE);
            memory.slowRead.countDown();
            trying.result();
        }
    }

    @Test
    void a_removal_that_takes_the_place_of_a_write_gives_its_room_back() throws InterruptedException {
        fetch(one, "start");
        assertThat(stats(one).written()).isEqualTo(1);
        for (int i = 0; i < 10; i++) {
            memory.slow = new CountDownLatch(1);
            one.put("busy", "x");
            one.put("gone", "g".repeat(800));
            one.invalidate("gone");
            one.put("kept", "k".repeat(800));
            memory.slow.countDown();
            assertThat(stats(one).dropped()).isZero();
        }
        assertThat(memory.held).containsOnlyKeys("start", "busy", "kept");
    }

    @Test
    void while_it_is_left_alone_no_bytes_are_made_and_reads_are_no_misses() throws InterruptedException {
        AtomicInteger encoded = new AtomicInteger();
        Codec<String> counting = new Codec<>() {
            @Override
            public byte[] encode(String value) {
                encoded.incrementAndGet();
                return value.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public String decode(byte[] bytes) {
                return new String(bytes, StandardCharsets.UTF_8);
            }
        };
        memory.down = true;
        try (QueryCache<String, String> cache =
                cache().secondLevel(memory, key -> key, counting).build()) {
            for (int i = 0; i < 100; i++) {
                fetch(cache, "k" + i);
                cache.flushSecondLevel(PATIENCE);
            }
            assertThat(encoded).hasValueLessThanOrEqualTo(SharedResults.FAILURES);
            assertThat(stats(cache).misses()).isZero();
            assertThat(stats(cache).skipped()).isEqualTo(200 - SharedResults.FAILURES);
        }
    }

    @Test
    void a_client_that_leaves_an_interrupt_behind_ends_no_other_write() throws InterruptedException {
        fetch(one, "a");
        assertThat(stats(one).written()).isEqualTo(1);
        memory.interrupts.set(2);
        for (String key : List.of("b", "c", "d")) {
            fetch(one, key);
            stats(one);
        }
        assertThat(stats(one).failures()).isEqualTo(2);
        assertThat(memory.held).containsOnlyKeys("a", "d");
    }
}
