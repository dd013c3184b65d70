package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.pool.AcquireException.Reason;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Allocators, callers and machines at their worst: no place is lost, and what is open gets closed. */
@Timeout(60)
final class AdverseTest {

    private final FakeSurroundings time = new FakeSurroundings();
    private final Thing.Maker maker = new Thing.Maker();

    private static PoolSettings.Builder settings(int min, int max) {
        return PoolSettings.named("adverse").size(min, max).validateAfterIdle(Duration.ofDays(1));
    }

    private Pool<Thing> settled(PoolSettings.Builder settings) {
        Pool<Thing> pool = time.open(settings, maker);
        time.settle();
        return pool;
    }

    /** An exception that nobody can print. */
    private static final class Unspeakable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("can't be printed");
        }
    }

    @Test
    void an_interrupted_close_leaves_nothing_open() throws InterruptedException {
        CountDownLatch mayClose = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        Thing.Maker slow = new Thing.Maker() {
            @Override
            public void close(Thing thing) throws Exception {
                try {
                    mayClose.await();
                } catch (InterruptedException e) {
                    interrupted.incrementAndGet();
                    throw e;
                }
                super.close(thing);
            }
        };
        Pool<Thing> pool = Pool.open(settings(3, 3).build(), slow);
        assertThat(pool.warmUp(3, Duration.ofSeconds(30))).isTrue();
        Thread.currentThread().interrupt();
        pool.close();
        assertThat(Thread.interrupted()).isTrue();
        mayClose.countDown();
        Until.holds(() -> slow.open.get() == 0);
        assertThat(interrupted.get()).isZero();
        Until.holds(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("tentpole-pool-housekeeper")));
    }

    @Test
    void closing_does_not_interrupt_a_thread_whose_lease_ended_long_ago() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        Thing.Maker hanging = new Thing.Maker() {
            @Override
            public boolean validate(Thing thing, Occasion occasion) throws Exception {
                inside.countDown();
                never.await();
                return true;
            }
        };
        Pool<Thing> pool = Pool.open(settings(1, 1).build(), hanging);
        assertThat(pool.warmUp(1, Duration.ofSeconds(30))).isTrue();
        pool.acquire().close();
        for (Slot<Thing> slot : slots(pool)) {
            slot.setFlag(Slot.SUSPECT);
        }
        Thread next =
                new Thread(() -> assertThatThrownBy(pool::tryAcquire).isInstanceOf(AcquireException.class), "next");
        next.start();
        inside.await();
        Thread closer = new Thread(() -> pool.close(Duration.ZERO));
        closer.start();
        closer.join();
        next.join();
        assertThat(Thread.interrupted()).isFalse();
    }

    private static Slot<Thing>[] slots(Pool<Thing> pool) {
        return pool.engine().slots().all();
    }

    @Test
    void an_exception_that_nobody_can_print_costs_no_place_when_opening_fails() {
        maker.failure = new Unspeakable();
        Pool<Thing> pool = settled(settings(0, 1));
        assertThat(pool.tryAcquire()).isEmpty();
        time.settle();
        assertThat(pool.statistics().openFailures()).isOne();
        assertThatThrownBy(() -> pool.acquire(Duration.ZERO))
                .isInstanceOf(AcquireException.class)
                .hasMessageContaining("Unspeakable");
        maker.failure = null;
        pool.evictAll();
        assertThat(pool.tryAcquire()).isEmpty();
        time.settle();
        assertThat(pool.tryAcquire()).isPresent();
    }

    @Test
    void an_exception_that_nobody_can_print_costs_no_place_when_validating_fails() {
        AtomicInteger failures = new AtomicInteger();
        Thing.Maker broken = new Thing.Maker() {
            @Override
            public boolean validate(Thing thing, Occasion occasion) throws Exception {
                if (failures.getAndIncrement() == 0) {
                    throw new Unspeakable();
                }
                return super.validate(thing, occasion);
            }
        };
        try (Pool<Thing> pool = Pool.open(
                settings(1, 1)
                        .validateAfterIdle(Duration.ZERO)
                        .acquireTimeout(Duration.ofSeconds(5))
                        .build(),
                broken)) {
            pool.acquire().close();
            pool.acquire().close();
            assertThat(pool.statistics().closed(CloseReason.INVALID)).isOne();
        }
    }

    @Test
    void an_error_of_needs_reset_costs_the_object_and_not_its_place() {
        Thing.Maker broken = new Thing.Maker() {
            @Override
            public boolean needsReset(Thing thing) {
                throw new NoClassDefFoundError("gone");
            }
        };
        try (Pool<Thing> pool = Pool.open(settings(0, 1).build(), broken)) {
            pool.acquire(Duration.ofSeconds(20)).close();
            pool.acquire(Duration.ofSeconds(20)).close();
            assertThat(pool.statistics().borrowed()).isZero();
            assertThat(pool.statistics().closed(CloseReason.RESET_FAILED)).isEqualTo(2);
        }
    }

    @Test
    void attempts_that_fail_together_double_the_pause_once() {
        maker.failure = new IllegalStateException("down");
        settled(settings(2, 2).maxOpening(2).backoff(Duration.ofMillis(10), Duration.ofSeconds(5)));
        assertThat(maker.attempts.get()).isEqualTo(2);
        time.pass(Duration.ofMillis(9));
        assertThat(maker.attempts.get()).isEqualTo(4);
        time.pass(Duration.ofMillis(10));
        assertThat(maker.attempts.get()).isEqualTo(4);
        time.pass(Duration.ofMillis(10));
        assertThat(maker.attempts.get()).isGreaterThan(4);
    }

    @Test
    void without_a_thread_for_it_an_object_is_closed_all_the_same() {
        Pool<Thing> pool = settled(settings(1, 1));
        Lease<Thing> lease = pool.acquire();
        Thing thing = lease.get();
        time.refusesCalls = true;
        lease.invalidate(new IllegalStateException("broken"));
        assertThat(thing.isClosed).isTrue();
        time.refusesCalls = false;
        time.pass(Duration.ofSeconds(10));
        assertThat(pool.statistics().idle()).isOne();
    }

    @Test
    void for_ever_is_a_duration_like_any_other() throws InterruptedException {
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        Pool<Thing> pool = Pool.open(settings(1, 1).build(), maker);
        assertThat(pool.warmUp(1, forEver)).isTrue();
        pool.acquire(forEver).close();
        Lease<Thing> lease = pool.acquire(forEver.negated());
        assertThatThrownBy(() -> pool.acquire(forEver.negated()))
                .isInstanceOfSatisfying(
                        AcquireException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
        assertThat(pool.warmUp(1, forEver.negated())).isTrue();
        lease.close();
        assertThat(pool.close(forEver)).isZero();
    }

    @Test
    void growing_serves_whoever_waits() throws InterruptedException {
        try (Pool<Thing> pool = Pool.open(settings(1, 1).build(), maker)) {
            Lease<Thing> lease = pool.acquire();
            AtomicReference<Thing> got = new AtomicReference<>();
            Thread borrower = new Thread(() -> {
                try (Lease<Thing> mine = pool.acquire()) {
                    got.set(mine.get());
                }
            });
            borrower.start();
            Until.holds(() -> pool.statistics().pending() == 1);
            pool.resize(1, 2);
            borrower.join();
            assertThat(got.get()).isNotNull().isNotSameAs(lease.get());
            pool.resize(0, 1);
            lease.close();
            Until.holds(() -> maker.open.get() <= 1);
        }
    }
}
