package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tentpole.cache.Answer.Outcome;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.Workers.Job;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads that are shared, handed over, invalidated while they run: interleavings forced by gates. */
@Timeout(60)
final class SingleFlightTest {

    private final FakeTime time = new FakeTime();
    private final Workers workers = new Workers();
    private final AtomicInteger loads = new AtomicInteger();
    private final Gate gate = new Gate();
    private final QueryCache<String, String> cache = QueryCache.<String, String>builder()
            .clocks(time, time)
            .jitter(0)
            .timeToLive(Duration.ofSeconds(60))
            .tags((key, value) -> Set.of("tag"))
            .build();

    /** Where a loader waits until it is let through. */
    private static final class Gate {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        String pass(String value) throws InterruptedException {
            reached.countDown();
            open.await();
            return value;
        }

        void awaitReached() throws InterruptedException {
            assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
        }

        void open() {
            open.countDown();
        }
    }

    @AfterEach
    void close() {
        workers.close();
        cache.close();
    }

    private Job<Answer<String>> fetch(CacheControl control, Loader<String, String> loader) {
        return workers.start(() -> cache.fetch("a", control, loader));
    }

    private Job<Answer<String>> leader() throws InterruptedException {
        Job<Answer<String>> leader = fetch(CacheControl.use(), (key, load) -> {
            loads.incrementAndGet();
            return gate.pass("old");
        });
        gate.awaitReached();
        return leader;
    }

    private Job<Answer<String>> waiter() {
        return waiter(CacheControl.use());
    }

    private Job<Answer<String>> waiter(CacheControl control) {
        Job<Answer<String>> waiter = fetch(control, (key, load) -> "new" + loads.incrementAndGet());
        waiter.awaitWaiting();
        return waiter;
    }

    @Test
    void those_who_ask_meanwhile_share_the_load() throws Exception {
        Job<Answer<String>> leader = leader();
        Job<Answer<String>> waiter = waiter();
        gate.open();
        assertThat(leader.result().outcome()).isEqualTo(Outcome.MISS);
        assertThat(leader.result().reason()).isEqualTo(Reason.NONE);
        assertThat(waiter.result().value()).isEqualTo("old");
        assertThat(waiter.result().reason()).isEqualTo(Reason.SHARED);
        assertThat(loads).hasValue(1);
        assertThat(cache.stats().shared()).isEqualTo(1);
        assertThat(cache.stats().misses()).isEqualTo(2);
    }

    @Test
    void other_keys_are_not_held_up() throws Exception {
        leader();
        for (int i = 0; i < 1_000; i++) {
            assertThat(cache.get("k" + i, (key, load) -> "x")).isEqualTo("x");
            cache.invalidate("k" + i);
        }
        gate.open();
    }

    @Test
    void a_waiter_waits_no_longer_than_it_said_and_the_load_goes_on() throws Exception {
        Job<Answer<String>> leader = leader();
        Throwable failure = fetch(CacheControl.use().within(Duration.ofMillis(5)), (key, load) -> "never")
                .failure();
        assertThat(((CacheException) failure).problem()).isEqualTo(Problem.TIMEOUT);
        gate.open();
        assertThat(leader.result().value()).isEqualTo("old");
    }

    @Test
    void a_waiter_can_be_interrupted_and_the_load_goes_on() throws Exception {
        Job<Answer<String>> leader = leader();
        Job<Answer<String>> waiter = waiter();
        waiter.interrupt();
        assertThat(waiter.failure()).isInstanceOf(InterruptedException.class);
        gate.open();
        assertThat(leader.result().value()).isEqualTo("old");
    }

    @Test
    void a_cancelled_leader_hands_over_to_one_of_those_who_wait() throws Exception {
        Job<Answer<String>> leader = leader();
        List<Job<Answer<String>>> waiters = List.of(waiter(), waiter(), waiter());
        leader.interrupt();
        assertThat(leader.failure()).isInstanceOf(InterruptedException.class);
        for (Job<Answer<String>> waiter : waiters) {
            assertThat(waiter.result().value()).isEqualTo("new2");
        }
        assertThat(loads).hasValue(2);
        assertThat(cache.stats().loadsAbandoned()).isEqualTo(1);
        assertThat(cache.stats().loadFailures()).isZero();
    }

    @Test
    void a_leader_that_was_interrupted_and_throws_something_else_hands_over_too() throws Exception {
        Job<Answer<String>> leader = fetch(CacheControl.use(), (key, load) -> {
            try {
                return gate.pass("never");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the channel was closed", e);
            }
        });
        gate.awaitReached();
        Job<Answer<String>> waiter = waiter();
        leader.interrupt();
        assertThat(leader.failure()).hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(waiter.result().value()).isEqualTo("new1");
    }

    @Test
    void a_leader_that_fails_because_its_own_time_is_up_hands_over() throws Exception {
        Job<Answer<String>> leader = fetch(CacheControl.use().within(Duration.ofMillis(1)), (key, load) -> {
            gate.pass("");
            Until.holds(() -> load.remaining().isZero());
            throw new IOException("timed out");
        });
        gate.awaitReached();
        Job<Answer<String>> waiter = waiter();
        gate.open();
        assertThat(leader.failure()).hasRootCauseMessage("timed out");
        assertThat(waiter.result().value()).isEqualTo("new1");
    }

    @Test
    void those_who_waited_share_a_failure_and_those_who_come_later_do_not() throws Exception {
        Job<Answer<String>> leader = fetch(CacheControl.use(), (key, load) -> {
            gate.pass("");
            throw new IOException("down");
        });
        gate.awaitReached();
        Job<Answer<String>> waiter = waiter();
        gate.open();
        assertThat(leader.failure()).hasCauseInstanceOf(IOException.class);
        assertThat(waiter.failure()).hasCauseInstanceOf(IOException.class).isNotSameAs(leader.failure());
        assertThat(fetch(CacheControl.use(), (key, load) -> "later").result().value())
                .isEqualTo("later");
    }

    @Test
    void an_error_of_the_leader_is_a_failure_for_those_who_wait() throws Exception {
        Job<Answer<String>> leader = fetch(CacheControl.use(), (key, load) -> {
            gate.pass("");
            throw new StackOverflowError("deep");
        });
        gate.awaitReached();
        Job<Answer<String>> waiter = waiter();
        gate.open();
        assertThat(leader.failure()).isInstanceOf(StackOverflowError.class);
        assertThat(waiter.failure()).isInstanceOf(CacheException.class).hasCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void what_is_invalidated_while_it_is_loaded_goes_to_those_who_asked_before_and_is_not_kept() throws Exception {
        List<Runnable> invalidations = List.of(
                () -> cache.invalidate("a"),
                () -> cache.invalidateTag("tag"),
                () -> cache.invalidateIf(key -> key.equals("a")),
                cache::invalidateAll,
                () -> cache.advanceGeneration("tag", 1));
        for (Runnable invalidation : invalidations) {
            Gate held = new Gate();
            Job<Answer<String>> leader = fetch(CacheControl.use(), (key, load) -> held.pass("old"));
            held.awaitReached();
            Job<Answer<String>> before = waiter();
            invalidation.run();
            Job<Answer<String>> after = waiter();
            held.open();
            assertThat(leader.result().value()).isEqualTo("old");
            assertThat(leader.result().reason()).isEqualTo(Reason.OUTDATED);
            assertThat(before.result().value()).isEqualTo("old");
            assertThat(after.result().value()).startsWith("new");
            assertThat(cache.getIfPresent("a")).contains(after.result().value());
            cache.invalidateAll();
        }
    }

    @Test
    void what_is_not_meant_by_an_invalidation_is_kept() throws Exception {
        Job<Answer<String>> leader = leader();
        cache.invalidate("b");
        cache.invalidateTag("another");
        cache.invalidateIf(key -> key.equals("b"));
        Job<Answer<String>> after = waiter();
        gate.open();
        assertThat(leader.result().reason()).isEqualTo(Reason.NONE);
        assertThat(after.result().value()).isEqualTo("old");
        assertThat(cache.getIfPresent("a")).contains("old");
    }

    @Test
    void a_value_that_is_put_while_another_is_loaded_stays() throws Exception {
        Job<Answer<String>> leader = leader();
        cache.put("a", "put");
        gate.open();
        assertThat(leader.result().value()).isEqualTo("old");
        assertThat(leader.result().reason()).isEqualTo(Reason.OUTDATED);
        assertThat(cache.getIfPresent("a")).contains("put");
    }

    @Test
    void those_who_want_a_new_value_share_one_load_that_began_after_they_asked() throws Exception {
        Job<Answer<String>> leader = leader();
        CacheControl refresh = CacheControl.of(Mode.REFRESH);
        List<Job<Answer<String>>> refreshers = List.of(waiter(refresh), waiter(refresh), waiter(refresh));
        gate.open();
        assertThat(leader.result().value()).isEqualTo("old");
        for (Job<Answer<String>> refresher : refreshers) {
            assertThat(refresher.result().value()).isEqualTo("new2");
            assertThat(refresher.result().outcome()).isEqualTo(Outcome.REFRESHED);
        }
        assertThat(loads).hasValue(2);
    }

    /** A key that knows how often each thread has looked for it in a map. */
    private static final class SeenKey {

        private final Map<Thread, Integer> looks = new ConcurrentHashMap<>();

        @Override
        public int hashCode() {
            looks.merge(Thread.currentThread(), 1, Integer::sum);
            return 1;
        }

        @Override
        public boolean equals(Object other) {
            return other == this;
        }
    }

    @Test
    void those_who_want_a_new_value_share_a_load_that_fails_too() throws Exception {
        SeenKey key = new SeenKey();
        CacheControl refresh = CacheControl.of(Mode.REFRESH);
        List<Gate> gates = List.of(new Gate(), new Gate());
        try (QueryCache<SeenKey, String> seen =
                QueryCache.<SeenKey, String>builder().build()) {
            seen.put(key, "old");
            Callable<Answer<String>> work = () -> seen.fetch(key, refresh, (sameKey, load) -> {
                gates.get(loads.getAndIncrement()).pass("");
                throw new IOException("down");
            });
            Job<Answer<String>> leader = workers.start(work);
            gates.get(0).awaitReached();
            List<Job<Answer<String>>> refreshers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Job<Answer<String>> refresher = workers.start(work);
                refresher.awaitWaiting();
                refreshers.add(refresher);
            }
            key.looks.clear();
            gates.get(0).open();
            assertThat(leader.result().outcome()).isEqualTo(Outcome.STALE);
            gates.get(1).awaitReached();
            for (Job<Answer<String>> refresher : refreshers) {
                // Out of the first load, and at the second one, which these who asked after the first one began share.
                Until.holds(() -> key.looks.getOrDefault(refresher.thread(), 0) >= 2);
                refresher.awaitWaiting();
            }
            gates.get(1).open();
            for (Job<Answer<String>> refresher : refreshers) {
                assertThat(refresher.result().value()).isEqualTo("old");
                assertThat(refresher.result().reason()).isEqualTo(Reason.LOAD_FAILED);
            }
        }
        assertThat(loads).hasValue(2);
    }

    @Test
    void a_loader_that_asks_for_what_it_is_loading_gets_an_error() {
        CacheException failure = catchThrowableOfType(
                CacheException.class, () -> cache.get("a", (key, load) -> cache.get("a", (again, inner) -> "never")));
        assertThat(failure).hasCauseInstanceOf(CacheException.class);
        assertThat(((CacheException) failure.getCause()).problem()).isEqualTo(Problem.RECURSIVE_LOAD);
    }

    @Test
    void a_loader_may_ask_for_other_keys() throws Exception {
        assertThat(cache.get("a", (key, load) -> cache.get("b", (other, inner) -> "b") + "a"))
                .isEqualTo("ba");
    }

    @Test
    void loaders_that_wait_for_each_other_get_an_error_instead_of_a_deadlock() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        Job<String> one = workers.start(() -> cache.get("a", (key, load) -> {
            both.await();
            return cache.get("b", (other, inner) -> "b");
        }));
        Job<String> two = workers.start(() -> cache.get("b", (key, load) -> {
            both.await();
            return cache.get("a", (other, inner) -> "a");
        }));
        List<String> ends = new ArrayList<>();
        for (Job<String> job : List.of(one, two)) {
            try {
                ends.add(job.result());
            } catch (AssertionError e) {
                assertThat(e.getCause()).isInstanceOf(CacheException.class);
                assertThat(e.getCause()).hasStackTraceContaining("would wait for itself");
                ends.add("error");
            }
        }
        assertThat(ends).contains("error");
    }

    @Test
    void closing_lets_a_load_end_and_keeps_nothing() throws Exception {
        Job<Answer<String>> leader = leader();
        Job<Answer<String>> waiter = waiter();
        cache.close();
        gate.open();
        assertThat(leader.result().value()).isEqualTo("old");
        assertThat(leader.result().reason()).isEqualTo(Reason.OUTDATED);
        assertThat(waiter.result().value()).isEqualTo("old");
        assertThat(cache.stats().entries()).isZero();
    }

    @Test
    void closing_interrupts_a_refresh_in_the_background_and_leaves_no_thread() throws Exception {
        QueryCache<String, String> own = QueryCache.<String, String>builder()
                .clocks(time, time)
                .refreshAfter(Duration.ofSeconds(1))
                .build();
        own.put("a", "x");
        time.advance(Duration.ofSeconds(2));
        CountDownLatch interrupted = new CountDownLatch(1);
        own.get("a", (key, load) -> {
            try {
                assertThat(load.isBackground()).isTrue();
                return gate.pass("never");
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
        gate.awaitReached();
        own.close();
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        Until.holds(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("tentpole-cache-refresh")));
    }

    @Test
    void warming_stops_when_it_is_interrupted() throws Exception {
        Job<Object> warming = workers.start(() ->
                cache.loadAll(List.of("a", "b", "c", "d"), 2, (key, load) -> gate.pass(key + loads.incrementAndGet())));
        gate.awaitReached();
        warming.interrupt();
        assertThat(warming.failure()).isInstanceOf(InterruptedException.class);
        Until.holds(() -> cache.stats().loads() + cache.stats().loadsAbandoned() == loads.get());
        assertThat(cache.stats().loads()).isZero();
    }

    @Test
    void a_thousand_who_ask_for_an_expired_key_make_one_load() throws Exception {
        cache.put("a", "expired");
        time.advance(Duration.ofSeconds(61));
        int callers = 1_000;
        CountDownLatch asked = new CountDownLatch(callers);
        ExecutorService executor = virtualThreads();
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                answers.add(executor.submit(() -> {
                    asked.countDown();
                    return cache.get("a", (key, load) -> {
                        asked.await();
                        return "value" + loads.incrementAndGet();
                    });
                }));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("value1");
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(loads).hasValue(1);
        CacheStats stats = cache.stats();
        assertThat(stats.loads()).isEqualTo(1);
        assertThat(stats.requests()).isEqualTo(callers);
    }

    /** Virtual threads where this Java has them, else as many of the other kind. */
    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException e) {
            return Executors.newCachedThreadPool();
        }
    }
}
