package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.pool.AcquireException.Reason;
import dev.tentpole.pool.PoolSettings.Start;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits that end without an object, and what the pool has in its own hands meanwhile. */
@Timeout(60)
final class LimitsTest {

    private final FakeSurroundings time = new FakeSurroundings();
    private final Thing.Maker maker = new Thing.Maker();

    private static PoolSettings.Builder settings(int min, int max) {
        return PoolSettings.named("limits").size(min, max).validateAfterIdle(Duration.ofDays(1));
    }

    private Pool<Thing> settled(PoolSettings.Builder settings) {
        Pool<Thing> pool = time.open(settings, maker);
        time.settle();
        return pool;
    }

    @Test
    void waits_that_end_without_an_object_count_as_waits() {
        try (Pool<Thing> pool = Pool.open(settings(1, 1).build(), maker)) {
            Lease<Thing> held = pool.acquire();
            PoolStatistics before = pool.statistics();
            assertThatThrownBy(() -> pool.acquire(Duration.ofMillis(20))).isInstanceOf(AcquireException.class);
            PoolStatistics after = pool.statistics();
            assertThat(after.waited() - before.waited()).isOne();
            assertThat(after.waitTime().minus(before.waitTime())).isGreaterThanOrEqualTo(Duration.ofMillis(20));
            held.close();
        }
    }

    @Test
    void validation_before_lending_counts_as_waiting() {
        Pool<Thing> pool = settled(settings(1, 1).validateAfterIdle(Duration.ZERO));
        maker.before = () -> time.spend(Duration.ofMillis(300));
        RunsCalls.during(time, () -> pool.acquire().close());
        assertThat(pool.statistics().waited()).isOne();
        assertThat(pool.statistics().waitTime()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void a_borrower_is_told_why_the_last_object_was_of_no_use_until_another_one_is() throws InterruptedException {
        Pool<Thing> pool = settled(settings(1, 1).validateAfterIdle(Duration.ofSeconds(1)));
        pool.tryAcquire().orElseThrow().close();
        time.pass(Duration.ofSeconds(2));
        maker.liesThatInvalid = true;
        time.holdCalls();
        Thread borrower = new Thread(pool::tryAcquire, "borrows");
        borrower.start();
        Until.holds(() -> time.heldCalls() == 1);
        time.runCall(0);
        borrower.join();
        assertThatThrownBy(() -> pool.acquire(Duration.ZERO))
                .isInstanceOf(AcquireException.class)
                .hasMessageContaining("the last one of no use was closed at 2026-01-01T00:00:02")
                .hasMessageContaining("not valid")
                .hasRootCauseMessage("it is not valid");
        maker.liesThatInvalid = false;
        time.runCalls();
        time.pass(Duration.ofSeconds(2));
        RunsCalls.during(time, () -> pool.acquire().close());
        assertThat(pool.statistics().lastUnfit()).isEmpty();
        assertThat(pool.statistics().lastUnfitTime()).isEmpty();
    }

    @Test
    void a_borrower_is_told_why_the_last_object_could_not_be_reset() {
        IllegalStateException broken = new IllegalStateException("no such schema");
        Thing.Maker fails = new Thing.Maker() {
            @Override
            public void reset(Thing thing) {
                throw broken;
            }
        };
        Pool<Thing> pool = time.open(settings(1, 1), fails);
        time.settle();
        Lease<Thing> lease = pool.acquire();
        lease.get().isDirty = true;
        RunsCalls.during(time, lease::close);
        assertThat(pool.statistics().lastUnfit()).contains(broken);
        assertThat(pool.statistics().lastOpenFailure()).isEmpty();
    }

    @Test
    void who_does_not_want_to_wait_gets_nothing_from_a_validator_that_hangs() {
        CountDownLatch never = new CountDownLatch(1);
        Thing.Maker hangs = new Thing.Maker() {
            @Override
            public boolean validate(Thing thing, Occasion occasion) throws Exception {
                never.await();
                return true;
            }
        };
        PoolSettings settings = PoolSettings.named("hangs")
                .size(1, 1)
                .validateAfterIdle(Duration.ZERO)
                .validateTimeout(Duration.ofMillis(50))
                .build();
        try (Pool<Thing> pool = Pool.open(settings, hangs)) {
            Until.holds(() -> pool.statistics().idle() == 1);
            assertThat(pool.tryAcquire()).isEmpty();
            never.countDown();
        }
    }

    @Test
    void who_does_not_want_to_wait_keeps_his_interruption() {
        CountDownLatch answer = new CountDownLatch(1);
        Thing.Maker thinks = new Thing.Maker() {
            @Override
            public boolean validate(Thing thing, Occasion occasion) throws Exception {
                answer.await();
                return true;
            }
        };
        PoolSettings settings = PoolSettings.named("interrupted")
                .size(1, 1)
                .validateAfterIdle(Duration.ZERO)
                .build();
        try (Pool<Thing> pool = Pool.open(settings, thinks)) {
            Until.holds(() -> pool.statistics().idle() == 1);
            Thread.currentThread().interrupt();
            assertThat(pool.tryAcquire()).isEmpty();
            assertThat(Thread.interrupted()).isTrue();
            answer.countDown();
        }
    }

    @Test
    void a_smaller_warm_up_does_not_end_a_greater_one() throws Exception {
        Pool<Thing> pool = settled(settings(0, 8).maxOpening(1));
        time.holdCalls();
        FutureTask<Boolean> greater = new FutureTask<>(() -> pool.warmUp(8, Duration.ofSeconds(30)));
        Thread thread = new Thread(greater, "warms up");
        thread.start();
        Until.holds(() -> pool.statistics().opening() == 1);
        assertThat(pool.warmUp(1, Duration.ZERO)).isFalse();
        Until.holds(() -> {
            time.runCalls();
            return greater.isDone();
        });
        assertThat(greater.get()).isTrue();
    }

    @Test
    void a_warm_up_that_has_ended_opens_nothing_more() throws InterruptedException {
        Pool<Thing> pool = settled(settings(0, 8));
        time.holdCalls();
        assertThat(pool.warmUp(8, Duration.ZERO)).isFalse();
        time.runCalls();
        int opened = maker.opened.get();
        time.pass(Duration.ofSeconds(10));
        time.runCalls();
        assertThat(maker.opened.get()).isEqualTo(opened).isLessThan(8);
    }

    @Test
    void a_start_that_is_interrupted_says_how_long_it_waited() {
        CountDownLatch never = new CountDownLatch(1);
        Thing.Maker hangs = new Thing.Maker() {
            @Override
            public Thing open() throws Exception {
                never.await();
                return super.open();
            }
        };
        PoolSettings settings = settings(1, 1)
                .start(Start.FAIL_FAST)
                .startTimeout(Duration.ofSeconds(30))
                .build();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Pool.open(settings, hangs).close())
                .isInstanceOfSatisfying(AcquireException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(Reason.START_FAILED);
                    assertThat(failure.waited()).isLessThan(Duration.ofSeconds(20));
                });
        assertThat(Thread.interrupted()).isTrue();
        never.countDown();
    }

    private static <R> R inAnotherThread(Callable<R> work) throws Exception {
        FutureTask<R> task = new FutureTask<>(work);
        new Thread(task, "borrows").start();
        return task.get();
    }

    @Test
    void closing_counts_only_leases_that_are_out() throws Exception {
        Pool<Thing> pool = settled(settings(2, 2));
        // Closing interrupts who has a lease.
        Lease<Thing> back = inAnotherThread(pool::acquire);
        Lease<Thing> out = inAnotherThread(pool::acquire);
        back.get().isDirty = true;
        time.holdCalls();
        new Thread(back::close, "gives back").start();
        Until.holds(() -> time.heldCalls() == 1);
        FutureTask<Integer> left = new FutureTask<>(() -> pool.close(Duration.ZERO));
        new Thread(left, "closes the pool").start();
        Until.holds(() -> {
            time.spend(Duration.ofMillis(100));
            return pool.statistics().closing() == 2;
        });
        Until.holds(() -> {
            time.runCalls();
            return left.isDone();
        });
        assertThat(left.get()).isOne();
        assertThat(out.isOpen()).isFalse();
    }

    @Test
    void closing_waits_for_leases_by_the_pools_own_clock() throws Exception {
        Pool<Thing> pool = settled(settings(1, 1));
        Lease<Thing> out = inAnotherThread(pool::acquire);
        FutureTask<Integer> left = new FutureTask<>(() -> pool.close(Duration.ofDays(1)));
        new Thread(left, "closes the pool").start();
        Until.holds(() -> {
            time.spend(Duration.ofHours(1));
            return pool.statistics().closing() == 1;
        });
        Until.holds(() -> {
            time.runCalls();
            return left.isDone();
        });
        assertThat(left.get()).isOne();
        assertThat(out.isOpen()).isFalse();
    }

    @Test
    void a_borrower_is_told_of_a_reset_that_takes_long_and_not_of_leases_that_nobody_holds() {
        Pool<Thing> pool = settled(settings(1, 1));
        Lease<Thing> back = pool.acquire();
        back.get().isDirty = true;
        time.holdCalls();
        Thread thread = new Thread(back::close, "gives back");
        thread.start();
        Until.holds(() -> time.heldCalls() == 1);
        assertThatThrownBy(() -> pool.acquire(Duration.ZERO))
                .hasMessageContaining("resetTimeout = PT5S")
                .hasMessageNotContaining("leakThreshold");
        time.runCalls();
    }

    @Test
    void evict_all_makes_room_for_an_attempt_when_those_under_way_hang() {
        Pool<Thing> pool = settled(settings(0, 4).maxOpening(2).maxAbandoned(2));
        time.holdCalls();
        assertThat(pool.tryAcquire()).isEmpty();
        pool.resize(2, 4);
        assertThat(pool.statistics().opening()).isEqualTo(2);
        pool.evictAll();
        assertThat(time.heldCalls()).isEqualTo(4);
        time.runCalls();
        assertThat(pool.statistics().idle()).isEqualTo(2);
        assertThat(pool.statistics().isCircuitOpen()).isFalse();
    }

    @Test
    void idle_objects_are_not_all_validated_at_once() {
        time.random = 0;
        Pool<Thing> pool = settled(settings(8, 8).keepAlive(Duration.ofSeconds(10)));
        time.holdCalls();
        time.pass(Duration.ofSeconds(11));
        assertThat(time.heldCalls()).isEqualTo(2);
        Lease<Thing> lease = pool.tryAcquire().orElseThrow();
        lease.close();
        int validated = 0;
        while (time.heldCalls() > 0) {
            validated += time.heldCalls();
            time.runCalls();
            time.pass(Duration.ofSeconds(1));
        }
        assertThat(validated).isGreaterThanOrEqualTo(6);
    }

    /** A look at each object that looked at all of them took half a second, and came twice a second. */
    @Test
    void housekeeping_of_the_largest_pool_costs_a_look_at_each_object() {
        settled(settings(10_000, 10_000).idleTimeout(Duration.ofSeconds(2)));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            time.spend(Duration.ofSeconds(3));
            long before = threads.getCurrentThreadCpuTime();
            time.tick();
            least = Math.min(least, threads.getCurrentThreadCpuTime() - before);
        }
        assertThat(Duration.ofNanos(least)).isLessThan(Duration.ofMillis(50));
        assertThat(maker.closed).isEmpty();
    }

    @Test
    void the_first_keep_alive_has_jitter_too() {
        time.random = 1;
        settled(settings(1, 1).keepAlive(Duration.ofSeconds(100)));
        time.pass(Duration.ofSeconds(95));
        assertThat(maker.validated.get()).isOne();
    }

    @Test
    void a_replacement_that_could_not_be_opened_is_tried_again() {
        Pool<Thing> pool =
                settled(settings(1, 2).maxLifetime(Duration.ofSeconds(100)).lifetimeJitter(0));
        Lease<Thing> lease = pool.tryAcquire().orElseThrow();
        maker.failure = new IllegalStateException("once");
        time.pass(Duration.ofSeconds(91));
        assertThat(pool.statistics().openFailures()).isPositive();
        maker.failure = null;
        time.pass(Duration.ofSeconds(5));
        assertThat(pool.statistics().total()).isEqualTo(2);
        lease.close();
    }

    @Test
    void an_idle_object_does_not_keep_the_thread_that_ended() throws InterruptedException {
        FakeSurroundings surroundings = new FakeSurroundings();
        Engine<Thing> engine = new Engine<>(settings(1, 1).build(), maker, surroundings);
        engine.start();
        surroundings.runCalls();
        Thread borrower = new Thread(() -> engine.tryAcquire().orElseThrow().close(), "ends");
        borrower.start();
        borrower.join();
        surroundings.pass(Duration.ofSeconds(2));
        assertThat(engine.slots().all()[0].borrower).isNull();
        assertThat(engine.statistics().idle()).isOne();
    }
}
