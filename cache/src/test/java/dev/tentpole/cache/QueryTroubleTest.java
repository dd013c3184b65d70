package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.cache.Answer.Outcome;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.Workers.Job;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A query cache among keys, settings and threads that are not as they should be, and several who invalidate. */
@Timeout(60)
final class QueryTroubleTest {

    private final FakeTime time = new FakeTime();
    private final AtomicInteger loads = new AtomicInteger();
    private final Workers workers = new Workers();
    private QueryCache<Object, String> cache = plain().build();

    @AfterEach
    void close() {
        workers.close();
        cache.close();
    }

    private QueryCacheBuilder<Object, String> plain() {
        return QueryCache.<Object, String>builder()
                .clocks(time, time)
                .executor(Runnable::run)
                .jitter(0)
                .tags((key, value) -> Set.of("tag"))
                .timeToLive(Duration.ofSeconds(60));
    }

    private void use(QueryCacheBuilder<Object, String> builder) {
        cache.close();
        cache = builder.build();
    }

    private Answer<String> fetch(Object key) throws InterruptedException {
        return cache.fetch(key, CacheControl.use(), this::count);
    }

    private String count(Object key, Load load) {
        return "v" + loads.incrementAndGet();
    }

    /** A key that waits while its hash is asked for, or fails to be compared, if a test wants that. */
    private static final class BadKey {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);
        private volatile boolean slow;
        private volatile boolean broken;

        @Override
        public int hashCode() {
            if (slow) {
                reached.countDown();
                try {
                    open.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return 7;
        }

        @Override
        public boolean equals(Object other) {
            if (other instanceof BadKey key && (broken || key.broken)) {
                throw new IllegalStateException("broken");
            }
            return other instanceof BadKey;
        }
    }

    @Test
    void who_invalidates_what_another_one_is_removing_does_not_find_it_after_that() throws Exception {
        List<IntSupplier> ways = List.of(() -> cache.invalidateTag("tag"), () -> cache.advanceGeneration("tag", 1));
        for (IntSupplier way : ways) {
            BadKey key = new BadKey();
            String old = fetch(key).value();
            key.slow = true;
            Job<Integer> first = workers.start(way::getAsInt);
            assertThat(key.reached.await(20, TimeUnit.SECONDS)).isTrue();
            key.slow = false;
            way.getAsInt();
            assertThat(fetch(new BadKey()).value()).isNotEqualTo(old);
            key.open.countDown();
            first.result();
            cache.invalidateAll();
        }
    }

    @Test
    void a_key_whose_equals_throws_hurts_whoever_uses_it_and_nobody_else() throws InterruptedException {
        BadKey bad = new BadKey();
        String loaded = fetch(bad).value();
        bad.broken = true;
        assertThatThrownBy(() -> fetch(new BadKey())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> cache.invalidate(new BadKey())).isInstanceOf(IllegalStateException.class);
        assertThat(fetch("k").outcome()).isEqualTo(Outcome.MISS);
        bad.broken = false;
        assertThat(fetch(new BadKey()).value()).isEqualTo(loaded);
        assertThat(fetch("k").outcome()).isEqualTo(Outcome.HIT);
        cache.invalidateAll();
        assertThat(fetch(new BadKey()).value()).isNotEqualTo(loaded);
    }

    @Test
    void an_executor_that_is_broken_costs_the_refresh_and_not_the_answer() throws InterruptedException {
        use(plain().refreshAfter(Duration.ofSeconds(20)).executor(task -> {
            throw new IllegalStateException("broken");
        }));
        String old = fetch("a").value();
        time.advance(Duration.ofSeconds(20));
        Answer<String> stale = fetch("a");
        assertThat(stale.value()).isEqualTo(old);
        assertThat(stale.reason()).isEqualTo(Reason.LOAD_FAILED);
        assertThat(cache.stats().refreshesRefused()).isEqualTo(1);
        assertThat(cache.loadAll(List.of("b", "c", "d"), 3, this::count)).isEmpty();
    }

    @Test
    void warming_waits_for_no_thread_that_does_not_come() throws InterruptedException {
        List<Runnable> waiting = new ArrayList<>();
        use(plain().executor(waiting::add));
        assertThat(cache.loadAll(List.of("a", "b", "c"), 3, this::count)).isEmpty();
        assertThat(waiting).hasSize(2);
        waiting.forEach(Runnable::run);
        assertThat(loads).hasValue(3);
    }

    @Test
    void a_loader_that_ends_as_if_interrupted_on_a_thread_of_the_cache_fails_for_its_key_alone() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            use(plain().executor(two));
            Thread caller = Thread.currentThread();
            CountDownLatch failed = new CountDownLatch(1);
            Map<Object, CacheException> failures = cache.loadAll(List.of("a", "b"), 2, (key, load) -> {
                if (Thread.currentThread() == caller) {
                    failed.await();
                    return "x";
                }
                failed.countDown();
                throw new InterruptedException("the client's own");
            });
            assertThat(failures).isNotEmpty();
            assertThat(failures.values()).allMatch(e -> e.problem() == CacheException.Problem.LOAD_FAILED);
        } finally {
            two.shutdownNow();
        }
    }

    @Test
    void warming_loads_what_is_stale_and_tells_of_errors() throws InterruptedException {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            use(plain().refreshAfter(Duration.ofSeconds(20)).executor(two));
            String old = fetch("a").value();
            time.advance(Duration.ofSeconds(20));
            Map<Object, CacheException> failures = cache.loadAll(List.of("a", "b"), 2, this::count);
            assertThat(failures).isEmpty();
            assertThat(fetch("a").outcome()).isEqualTo(Outcome.HIT);
            assertThat(fetch("a").value()).isNotEqualTo(old);
            assertThatThrownBy(() -> cache.loadAll(List.of("c", "d", "e"), 3, (key, load) -> {
                        throw new StackOverflowError("deep");
                    }))
                    .isInstanceOf(StackOverflowError.class);
        } finally {
            two.shutdownNow();
        }
    }

    @Test
    void a_stale_value_says_why_it_is_not_loaded_anew() throws InterruptedException {
        List<Runnable> waiting = new ArrayList<>();
        use(plain().refreshAfter(Duration.ofSeconds(20)).executor(waiting::add));
        fetch("a");
        time.advance(Duration.ofSeconds(20));
        for (Mode mode : List.of(Mode.ONLY_IF_CACHED, Mode.NO_STORE)) {
            assertThat(cache.fetch("a", CacheControl.of(mode), this::count).reason())
                    .isEqualTo(Reason.CALLER);
        }
        cache.fetch("a", CacheControl.use(), (key, load) -> {
            throw new IOException("down");
        });
        waiting.forEach(Runnable::run);
        assertThat(fetch("a").reason()).isEqualTo(Reason.LOAD_FAILED);
        assertThat(loads).hasValue(1);
    }

    @Test
    void who_wants_no_load_gets_nothing_past_its_time_to_live_whether_loading_fails_or_not()
            throws InterruptedException {
        use(plain().staleIfError(Duration.ofHours(1)).retryAfter(Duration.ofSeconds(10)));
        fetch("a");
        time.advance(Duration.ofMinutes(2));
        CacheControl onlyIfCached = CacheControl.of(Mode.ONLY_IF_CACHED);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> cache.fetch("a", onlyIfCached, this::count))
                    .hasMessageContaining("nothing that may be served");
            assertThat(cache.fetch("a", CacheControl.use(), QueryTroubleTest::fail)
                            .outcome())
                    .isEqualTo(Answer.Outcome.STALE);
        }
    }

    @Test
    void entries_of_no_weight_and_failures_are_bounded_too() throws InterruptedException {
        use(plain().maximumWeight(100, (key, value) -> 0).negativeTimeToLive(IOException.class, Duration.ofSeconds(9)));
        for (int i = 0; i < 1_000; i++) {
            fetch("k" + i);
        }
        assertThat(cache.stats().entries()).isLessThanOrEqualTo(100);
        cache.invalidateAll();
        assertThatThrownBy(() -> cache.get("f", QueryTroubleTest::fail)).hasMessageContaining("failed");
        assertThatThrownBy(() -> cache.get("f", QueryTroubleTest::fail)).hasMessageContaining("not tried");
        use(plain().negativeTimeToLive(IOException.class, Duration.ofSeconds(9)));
        assertThatThrownBy(() -> cache.get("f", QueryTroubleTest::fail)).hasMessageContaining("failed");
        assertThat(cache.entries(1).get(0).weight()).isEqualTo(1);
        assertThat(cache.entries(1).get(0).failure()).isTrue();
    }

    private static String fail(Object key, Load load) throws IOException {
        throw new IOException("down");
    }

    @Test
    void what_a_caller_does_not_let_be_kept_is_counted_by_that_reason() throws InterruptedException {
        for (Mode mode : List.of(Mode.BYPASS, Mode.NO_STORE)) {
            cache.fetch("a", CacheControl.of(mode), this::count);
        }
        assertThat(cache.stats().notStored()).containsEntry(Reason.CALLER, 2L);
        assertThat(cache.stats().bypasses()).isEqualTo(1);
    }

    @Test
    void a_refresh_whose_value_is_not_kept_is_not_tried_again_for_a_while() throws InterruptedException {
        use(plain().refreshAfter(Duration.ofSeconds(20)).retryAfter(Duration.ofSeconds(5)));
        fetch("a");
        time.advance(Duration.ofSeconds(30));
        AtomicInteger refreshes = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            assertThat(cache.get("a", (key, load) -> {
                        refreshes.incrementAndGet();
                        load.noStore();
                        return "partial";
                    }))
                    .isEqualTo("v1");
        }
        assertThat(refreshes).hasValue(1);
        time.advance(Duration.ofSeconds(5));
        fetch("a");
        assertThat(fetch("a").value()).isEqualTo("v2");
    }

    @Test
    void what_is_put_and_not_kept_takes_the_place_of_what_is_older() throws InterruptedException {
        use(plain().emptyTimeToLive(String::isEmpty, Duration.ZERO));
        cache.put("a", "old");
        assertThat(cache.put("a", "")).isFalse();
        assertThat(cache.getIfPresent("a")).isEmpty();
        assertThat(fetch("a").outcome()).isEqualTo(Outcome.MISS);
    }
}
