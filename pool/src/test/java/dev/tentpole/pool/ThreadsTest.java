package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.pool.AcquireException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pool with threads and clocks as they are. */
@Timeout(60)
final class ThreadsTest {

    private final Thing.Maker maker = new Thing.Maker();

    private Pool<Thing> open(int size) throws InterruptedException {
        return open(PoolSettings.named("threads").size(size, size));
    }

    private Pool<Thing> open(PoolSettings.Builder settings) throws InterruptedException {
        Pool<Thing> pool = Pool.open(settings.build(), maker);
        pool.warmUp(pool.settings().minSize(), Duration.ofSeconds(30));
        return pool;
    }

    @Test
    void a_borrower_that_waits_gets_the_object_that_comes_back() throws InterruptedException {
        try (Pool<Thing> pool = open(1)) {
            Lease<Thing> lease = pool.acquire();
            PoolStatistics before = pool.statistics();
            AtomicReference<Thing> got = new AtomicReference<>();
            Thread borrower = start(() -> {
                try (Lease<Thing> mine = pool.acquire()) {
                    got.set(mine.get());
                }
            });
            Until.holds(() -> pool.statistics().pending() == 1);
            Thing thing = lease.get();
            lease.close();
            borrower.join();
            assertThat(got.get()).isSameAs(thing);
            assertThat(pool.statistics().waited() - before.waited()).isOne();
            assertThat(pool.statistics().waitTime()).isGreaterThan(before.waitTime());
        }
    }

    @Test
    void waiting_is_first_come_first_served_for_those_that_have_waited_for_a_millisecond() throws InterruptedException {
        try (Pool<Thing> pool = open(1)) {
            Lease<Thing> lease = pool.acquire();
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            List<Thread> borrowers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                int number = i;
                borrowers.add(start(() -> {
                    try (Lease<Thing> mine = pool.acquire()) {
                        order.add(number);
                    }
                }));
                Until.holds(() -> pool.statistics().pending() == number + 1);
            }
            awaitNanos(2 * Waiters.STARVING_AFTER);
            lease.close();
            for (Thread borrower : borrowers) {
                borrower.join();
            }
            assertThat(order).isSorted();
        }
    }

    @Test
    void nobody_starves_however_fast_others_come_again() throws InterruptedException {
        int threads = 8;
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        AtomicLong longest = new AtomicLong();
        List<AtomicLong> trips = new ArrayList<>();
        try (Pool<Thing> pool = open(2)) {
            List<Thread> borrowers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                AtomicLong mine = new AtomicLong();
                trips.add(mine);
                borrowers.add(start(() -> {
                    long count = 0;
                    for (long before = System.nanoTime(); before - end < 0; count++) {
                        try (Lease<Thing> lease = pool.acquire()) {
                            if (!lease.get().isLent.compareAndSet(false, true)) {
                                throw new AssertionError("lent twice");
                            }
                            lease.get().isLent.set(false);
                        }
                        long now = System.nanoTime();
                        longest.accumulateAndGet(now - before, Math::max);
                        before = now;
                    }
                    mine.set(count);
                }));
            }
            for (Thread borrower : borrowers) {
                borrower.join();
            }
            assertThat(pool.statistics().acquired())
                    .isEqualTo(trips.stream().mapToLong(AtomicLong::get).sum());
            assertThat(pool.statistics().idle()).isEqualTo(2);
        }
        assertThat(trips).allSatisfy(count -> assertThat(count.get()).isPositive());
        // Stormpot's are in seconds; the bound of 50 ms is held to on a quiet machine, by the benchmarks.
        assertThat(Duration.ofNanos(longest.get())).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void an_interruption_ends_the_wait_and_leaves_nothing_behind() throws InterruptedException {
        try (Pool<Thing> pool = open(1)) {
            Lease<Thing> lease = pool.acquire();
            AtomicReference<AcquireException> thrown = new AtomicReference<>();
            AtomicReference<Boolean> flag = new AtomicReference<>();
            Thread borrower = start(() -> {
                try {
                    pool.acquire();
                } catch (AcquireException e) {
                    thrown.set(e);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            Until.holds(() -> pool.statistics().pending() == 1);
            borrower.interrupt();
            borrower.join();
            assertThat(thrown.get().reason()).isEqualTo(Reason.INTERRUPTED);
            assertThat(flag.get()).isTrue();
            assertThat(pool.statistics().pending()).isZero();
            lease.close();
            pool.acquire(Duration.ZERO).close();
        }
    }

    @Test
    void a_wait_ends_at_its_deadline() throws InterruptedException {
        try (Pool<Thing> pool = open(1)) {
            Lease<Thing> lease = pool.acquire();
            assertThatThrownBy(() -> pool.acquire(Duration.ofMillis(30)))
                    .isInstanceOfSatisfying(
                            AcquireException.class,
                            e -> assertThat(e.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(30)));
            assertThat(pool.statistics().pending()).isZero();
            lease.close();
        }
    }

    @Test
    void closing_refuses_those_that_wait_and_interrupts_those_that_do_not_give_back() throws InterruptedException {
        Pool<Thing> pool = open(1);
        CountDownLatch borrowed = new CountDownLatch(1);
        AtomicReference<Boolean> wasInterrupted = new AtomicReference<>();
        Thread holder = start(() -> {
            try (Lease<Thing> lease = pool.acquire()) {
                borrowed.countDown();
                while (!Thread.currentThread().isInterrupted()) {
                    LockSupport.parkNanos(1_000_000);
                }
                wasInterrupted.set(true);
                lease.get();
            }
        });
        borrowed.await();
        AtomicReference<AcquireException> refused = new AtomicReference<>();
        Thread borrower = start(() -> {
            try {
                pool.acquire();
            } catch (AcquireException e) {
                refused.set(e);
            }
        });
        Until.holds(() -> pool.statistics().pending() == 1);
        assertThat(pool.close(Duration.ofMillis(20))).isZero();
        borrower.join();
        holder.join();
        assertThat(refused.get().reason()).isEqualTo(Reason.CLOSED);
        assertThat(wasInterrupted.get()).isTrue();
        assertThat(maker.open.get()).isZero();
        assertThat(ownThreads()).isEmpty();
    }

    @Test
    void what_does_not_come_back_even_then_is_taken_away() throws InterruptedException {
        Pool<Thing> pool = open(1);
        Lease<Thing> lease = pool.acquire();
        Thing thing = lease.get();
        assertThat(pool.close(Duration.ZERO)).isOne();
        assertThat(thing.isClosed).isTrue();
        assertThatThrownBy(lease::get).isInstanceOf(LeaseClosedException.class);
        lease.close();
    }

    @Test
    void a_lost_lease_is_found_by_the_garbage_collector_and_its_place_is_free_again() throws InterruptedException {
        List<Leak> leaks = Collections.synchronizedList(new ArrayList<>());
        try (Pool<Thing> pool = open(PoolSettings.named("threads")
                .size(1, 1)
                .idleTimeout(Duration.ofMillis(100))
                .onLeak(leaks::add))) {
            lose(pool);
            Until.holds(() -> {
                System.gc();
                return pool.statistics().lost() == 1;
            });
            pool.acquire().close();
            assertThat(leaks).hasSize(1);
            assertThat(leaks.get(0).kind()).isEqualTo(Leak.Kind.LOST);
            assertThat(pool.statistics().closed(CloseReason.LOST)).isOne();
        }
    }

    private static void lose(Pool<Thing> pool) {
        assertThat(pool.acquire().get()).isNotNull();
    }

    @Test
    void a_held_lease_is_not_taken_for_a_lost_one() throws InterruptedException {
        try (Pool<Thing> pool = open(PoolSettings.named("threads").size(1, 1).idleTimeout(Duration.ofMillis(100)))) {
            Lease<Thing> lease = pool.acquire();
            for (int i = 0; i < 5; i++) {
                System.gc();
                awaitNanos(Duration.ofMillis(60).toNanos());
            }
            assertThat(lease.get().isClosed).isFalse();
            assertThat(pool.statistics().lost()).isZero();
            lease.close();
        }
    }

    @Test
    void a_validator_that_hangs_holds_no_borrower_beyond_its_timeout_and_no_close() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Pool<Thing> pool = open(PoolSettings.named("threads")
                .size(2, 2)
                .validateAfterIdle(Duration.ZERO)
                .validateTimeout(Duration.ofMillis(50)));
        maker.before = () -> awaitDeafly(never);
        assertThatThrownBy(() -> pool.acquire(Duration.ofMillis(300))).isInstanceOf(AcquireException.class);
        long start = System.nanoTime();
        pool.close(Duration.ZERO);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        never.countDown();
        Until.holds(() -> ownThreads().isEmpty());
    }

    @Test
    void closing_what_was_being_validated_has_its_own_time() throws InterruptedException {
        CountDownLatch validating = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean isCutShort = new AtomicBoolean();
        Thing.Maker hangs = new Thing.Maker() {
            @Override
            public boolean validate(Thing thing, Occasion occasion) throws InterruptedException {
                validating.countDown();
                never.await();
                return true;
            }

            @Override
            public void close(Thing thing) throws Exception {
                try {
                    isCutShort.set(never.await(100, TimeUnit.MILLISECONDS));
                } catch (InterruptedException e) {
                    isCutShort.set(true);
                }
                super.close(thing);
            }
        };
        Pool<Thing> pool = Pool.open(
                PoolSettings.named("closing")
                        .size(1, 1)
                        .keepAlive(Duration.ofMillis(100))
                        .closeTimeout(Duration.ofSeconds(2))
                        .validateTimeout(Duration.ofSeconds(50))
                        .build(),
                hangs);
        validating.await();
        pool.close(Duration.ZERO);
        assertThat(isCutShort).isFalse();
        assertThat(hangs.open).hasValue(0);
    }

    private static void awaitDeafly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
            Thread.interrupted();
        }
    }

    private static void awaitNanos(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static List<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("tentpole-pool-housekeeper"))
                .toList();
    }

    private static Thread start(Runnable action) {
        Thread thread = new Thread(action);
        thread.start();
        return thread;
    }
}
