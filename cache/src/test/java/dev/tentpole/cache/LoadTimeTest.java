package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Answer.Outcome;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.Workers.Job;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads that take longer than the cache gives them, than their caller has, or than those who wait for them have. */
@Timeout(60)
final class LoadTimeTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    private final FakeTime time = new FakeTime();
    private final Workers workers = new Workers();
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(1);
    private QueryCache<String, String> cache = plain().build();

    private QueryCacheBuilder<String, String> plain() {
        return QueryCache.<String, String>builder()
                .clocks(time, time)
                .jitter(0)
                .timeToLive(Duration.ofSeconds(60))
                .staleIfError(Duration.ofHours(1))
                .negativeTimeToLive(TimeoutException.class, Duration.ofSeconds(10));
    }

    private void use(QueryCacheBuilder<String, String> builder) {
        cache.close();
        cache = builder.build();
    }

    @AfterEach
    void close() {
        open.countDown();
        workers.close();
        cache.close();
    }

    private void keepOld() {
        cache.put("a", "old");
        time.advance(Duration.ofSeconds(61));
    }

    /** Fails as a client does that was told how long there is. */
    private String timeOut(String key, Load load) throws TimeoutException {
        Until.holds(() -> load.remaining().isZero());
        return timeOutEarly(key, load);
    }

    /** Does the same a little before that, since it counts in whole milliseconds. */
    private String timeOutEarly(String key, Load load) throws TimeoutException {
        loads.incrementAndGet();
        Until.holds(() -> load.remaining().toMillis() == 0);
        throw new TimeoutException("the server did not answer in time");
    }

    private String pass(String key, Load load) throws InterruptedException {
        loads.incrementAndGet();
        open.await();
        return "late";
    }

    private Answer<String> fetch(Loader<String, String> loader) throws InterruptedException {
        return cache.fetch("a", CacheControl.use(), loader);
    }

    private Job<Answer<String>> start(CacheControl control, Loader<String, String> loader) {
        return workers.start(() -> cache.fetch("a", control, loader));
    }

    private static void expectStale(Answer<String> answer, Reason reason) {
        assertThat(answer.value()).isEqualTo("old");
        assertThat(answer.outcome()).isEqualTo(Outcome.STALE);
        assertThat(answer.reason()).isEqualTo(reason);
    }

    private static void expect(Problem problem, Job<Answer<String>> job) throws Exception {
        assertThat(job.failure())
                .isInstanceOfSatisfying(
                        CacheException.class, e -> assertThat(e.problem()).isEqualTo(problem));
    }

    @Test
    void a_load_that_times_out_after_all_the_time_that_the_cache_gives_it_has_failed_and_the_stale_value_is_served()
            throws Exception {
        use(plain().timeout(SHORT));
        keepOld();
        expectStale(fetch(this::timeOut), Reason.LOAD_FAILED);
        expectStale(fetch(this::timeOut), Reason.LOAD_FAILED);
        assertThat(loads).as("not tried again for a while").hasValue(1);
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
        assertThat(cache.stats().loadsAbandoned()).isZero();
    }

    @Test
    void timeouts_are_remembered_like_other_failures() throws Exception {
        use(plain().timeout(SHORT));
        expect(Problem.LOAD_FAILED, start(CacheControl.use(), this::timeOut));
        expect(Problem.FAILED_RECENTLY, start(CacheControl.use(), this::timeOut));
        assertThat(loads).hasValue(1);
    }

    @Test
    void a_timeout_of_the_server_is_a_failure_for_a_caller_who_has_time_left() throws Exception {
        expect(Problem.LOAD_FAILED, start(CacheControl.use().within(Duration.ofSeconds(20)), (key, load) -> {
            throw new TimeoutException("a lock was not to be had");
        }));
        expect(Problem.FAILED_RECENTLY, start(CacheControl.use(), this::timeOut));
    }

    @Test
    void a_caller_with_less_time_than_the_cache_gives_spoils_nothing_for_others() throws Exception {
        expect(Problem.LOAD_FAILED, start(CacheControl.use().within(SHORT), this::timeOutEarly));
        assertThat(cache.stats().loadsAbandoned()).isEqualTo(1);
        assertThat(fetch((key, load) -> "new").value()).isEqualTo("new");
    }

    @Test
    void a_caller_with_less_time_than_the_cache_gives_gets_the_stale_value_and_the_next_one_loads() throws Exception {
        keepOld();
        expectStale(start(CacheControl.use().within(SHORT), this::timeOutEarly).result(), Reason.LOAD_FAILED);
        assertThat(fetch((key, load) -> "new").value()).isEqualTo("new");
    }

    @Test
    void what_is_left_to_one_who_waited_is_not_the_time_of_a_load() throws Exception {
        use(plain().timeout(Duration.ofSeconds(2)));
        Job<Answer<String>> leader = start(CacheControl.use(), this::pass);
        Until.holds(() -> loads.get() == 1);
        Job<Answer<String>> waiter = start(CacheControl.use(), this::timeOut);
        waiter.awaitWaiting();
        leader.interrupt();
        expect(Problem.LOAD_FAILED, waiter);
        assertThat(fetch((key, load) -> "new").value()).isEqualTo("new");
    }

    @Test
    void a_load_that_is_overdue_has_failed_for_those_who_wait_and_what_it_brings_in_the_end_is_kept() throws Exception {
        use(plain().timeout(SHORT));
        Job<Answer<String>> leader = start(CacheControl.use(), this::pass);
        Until.holds(() -> loads.get() == 1);
        Job<Answer<String>> waiter = start(CacheControl.use().within(Duration.ofSeconds(20)), this::pass);
        assertThat(waiter.failure()).hasCauseInstanceOf(TimeoutException.class);
        expect(Problem.FAILED_RECENTLY, start(CacheControl.use(), this::pass));
        open.countDown();
        assertThat(leader.result().value()).isEqualTo("late");
        assertThat(fetch(this::pass).outcome()).isEqualTo(Outcome.HIT);
        assertThat(loads).hasValue(1);
    }

    @Test
    void what_an_overdue_load_brings_is_not_kept_if_it_was_invalidated_meanwhile() throws Exception {
        use(plain().timeout(SHORT).negativeTimeToLive(TimeoutException.class, Duration.ZERO));
        List<Runnable> invalidations = List.of(
                () -> cache.invalidate("a"),
                () -> cache.invalidateTag("tag"),
                () -> cache.invalidateIf("a"::equals),
                cache::invalidateAll);
        for (Runnable invalidation : invalidations) {
            CountDownLatch loading = new CountDownLatch(1);
            CountDownLatch invalidated = new CountDownLatch(1);
            Job<Answer<String>> leader = start(CacheControl.use(), (key, load) -> {
                load.tag("tag");
                loading.countDown();
                invalidated.await();
                return "invalid";
            });
            assertThat(loading.await(20, TimeUnit.SECONDS)).isTrue();
            expect(Problem.LOAD_FAILED, start(CacheControl.use().within(Duration.ofSeconds(20)), (key, load) -> {
                throw new IllegalStateException("it came too late to wait");
            }));
            invalidation.run();
            invalidated.countDown();
            assertThat(leader.result().reason()).isEqualTo(Reason.OUTDATED);
            assertThat(cache.getIfPresent("a")).isEmpty();
        }
        assertThat(loads).hasValue(0);
    }

    @Test
    void a_refresh_in_the_background_that_hangs_is_given_up_and_the_stale_value_served_until_another_one_succeeds()
            throws Exception {
        use(plain().timeout(SHORT)
                .refreshAfter(Duration.ofSeconds(20))
                .negativeTimeToLive(TimeoutException.class, Duration.ZERO));
        cache.put("a", "old");
        time.advance(Duration.ofSeconds(30));
        CountDownLatch interrupted = new CountDownLatch(1);
        expectStale(
                fetch((key, load) -> {
                    try {
                        return pass(key, load);
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                }),
                Reason.REFRESHING);
        Until.holds(() -> loads.get() == 1);
        time.advance(Duration.ofSeconds(31));
        Job<Answer<String>> waiter = start(CacheControl.use().within(Duration.ofSeconds(20)), this::pass);
        expectStale(waiter.result(), Reason.LOAD_FAILED);
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        expectStale(fetch(this::pass), Reason.LOAD_FAILED);
        time.advance(Duration.ofSeconds(1));
        assertThat(fetch((key, load) -> "new").value()).isEqualTo("new");
        assertThat(loads).hasValue(1);
    }

    @Test
    void refreshes_that_hang_do_not_hold_the_threads_of_others() throws Exception {
        use(plain().timeout(SHORT).refreshAfter(Duration.ofSeconds(20)).threads(1));
        cache.put("a", "old");
        cache.put("b", "old");
        time.advance(Duration.ofSeconds(30));
        expectStale(fetch(this::pass), Reason.REFRESHING);
        Until.holds(() -> loads.get() == 1);
        Until.holds(() -> {
            try {
                Answer<String> answer = cache.fetch("b", CacheControl.use(), (key, load) -> "new");
                if (answer.reason() == Reason.LOAD_FAILED) {
                    // It got no processor in its time.
                    time.advance(Duration.ofSeconds(10));
                }
                return answer.value().equals("new");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void one_who_waits_takes_the_stale_value_when_its_time_is_up() throws Exception {
        keepOld();
        Job<Answer<String>> leader = start(CacheControl.use(), this::pass);
        Until.holds(() -> loads.get() == 1);
        for (CacheControl.Mode mode : new CacheControl.Mode[] {CacheControl.Mode.USE, CacheControl.Mode.REFRESH}) {
            CacheControl control = CacheControl.of(mode).within(SHORT);
            expectStale(start(control, this::pass).result(), Reason.REFRESHING);
        }
        open.countDown();
        assertThat(leader.result().value()).isEqualTo("late");
        assertThat(loads).hasValue(1);
        assertThat(cache.stats().shared()).isZero();
    }

    @Test
    void who_asks_for_what_is_overdue_loads_it() throws Exception {
        use(plain().timeout(SHORT).negativeTimeToLive(TimeoutException.class, Duration.ZERO));
        Job<Answer<String>> leader = start(CacheControl.use(), this::pass);
        Until.holds(() -> loads.get() == 1);
        Deadline later = Deadline.after(SHORT.multipliedBy(2), NanoClock.system());
        Until.holds(later::isExpired);
        assertThat(fetch((key, load) -> "new").value()).isEqualTo("new");
        open.countDown();
        assertThat(leader.result().value()).isEqualTo("late");
        assertThat(fetch(this::pass).value()).isEqualTo("new");
    }

    /** A key whose methods hold up a thread until a time. */
    private static final class SlowKey {

        private volatile Deadline until = Deadline.after(Duration.ZERO, NanoClock.system());
        private volatile Thread heldUp = Thread.currentThread();

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            if (Thread.currentThread() == heldUp) {
                Until.holds(until::isExpired);
            }
            return 1;
        }
    }

    @Test
    void one_whose_time_is_over_when_a_load_is_left_to_him_begins_none() throws Exception {
        SlowKey key = new SlowKey();
        Duration own = Duration.ofMillis(300);
        try (QueryCache<SlowKey, String> slow =
                QueryCache.<SlowKey, String>builder().build()) {
            Job<String> leader = workers.start(() -> slow.get(key, (same, load) -> pass("a", load)));
            Until.holds(() -> loads.get() == 1);
            Job<Answer<String>> waiter = workers.start(
                    () -> slow.fetch(key, CacheControl.use().within(own), (same, load) -> pass("a", load)));
            waiter.awaitWaiting();
            key.until = Deadline.after(own.multipliedBy(2), NanoClock.system());
            key.heldUp = waiter.thread();
            leader.interrupt();
            expect(Problem.TIMEOUT, waiter);
            assertThat(loads).hasValue(1);
        }
    }
}
