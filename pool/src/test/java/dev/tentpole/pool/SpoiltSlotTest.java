package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A lease that several threads close, or close and invalidate, at once. */
@Timeout(60)
final class SpoiltSlotTest {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final AtomicReference<Thread> slow = new AtomicReference<>();
    private final List<Leak> leaks = new ArrayList<>();

    /** Asking it takes one thread as long as the test says. */
    private final Thing.Maker maker = new Thing.Maker() {
        @Override
        public boolean needsReset(Thing thing) {
            if (Thread.currentThread() == slow.get()) {
                asked.countDown();
                try {
                    mayAnswer.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return false;
        }
    };

    private Thread closesSlowly(Lease<Thing> lease) throws InterruptedException {
        Thread thread = new Thread(lease::close, "closes slowly");
        slow.set(thread);
        thread.start();
        asked.await();
        return thread;
    }

    private void goOn(Thread thread) throws InterruptedException {
        mayAnswer.countDown();
        thread.join();
    }

    @Test
    void a_close_that_comes_after_another_end_of_its_loan_does_nothing_to_the_next_one() throws InterruptedException {
        FakeSurroundings time = new FakeSurroundings();
        Pool<Thing> pool = time.open(settings(), maker);
        time.settle();
        Lease<Thing> lease = pool.acquire();
        Thread late = closesSlowly(lease);
        lease.close();
        Lease<Thing> next = pool.acquire();
        time.spend(Duration.ofSeconds(10));
        goOn(late);
        time.spend(Duration.ofSeconds(5));
        next.close();
        assertThat(pool.statistics().usageTime()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void a_lease_that_is_lost_after_such_a_close_is_found() throws InterruptedException {
        try (Pool<Thing> pool = Pool.open(settings().build(), maker)) {
            loseAfterTwoCloses(pool);
            Until.holds(() -> {
                System.gc();
                return pool.statistics().lost() == 1;
            });
        }
    }

    /** Keeps none of its leases. */
    private void loseAfterTwoCloses(Pool<Thing> pool) throws InterruptedException {
        Lease<Thing> lease = pool.acquire();
        Thread late = closesSlowly(lease);
        lease.close();
        assertThat(pool.acquire().get().isClosed).isFalse();
        goOn(late);
        slow.set(null);
    }

    @Test
    void a_lease_that_is_held_after_such_a_close_is_not_taken_for_lost() throws InterruptedException {
        try (Pool<Thing> pool = Pool.open(settings().build(), maker)) {
            Lease<Thing> lease = pool.acquire();
            Thread late = closesSlowly(lease);
            lease.invalidate(new IllegalStateException());
            Until.holds(() -> pool.statistics().idle() == 1);
            goOn(late);
            Lease<Thing> held = pool.acquire();
            for (int i = 0; i < 5; i++) {
                System.gc();
            }
            assertThat(held.get().isClosed).isFalse();
            assertThat(pool.statistics().lost()).isZero();
            held.close();
        }
    }

    @Test
    void a_slot_that_was_spoilt_is_mended_by_its_next_owner() {
        FakeSurroundings time = new FakeSurroundings();
        Engine<Thing> engine = new Engine<>(settings().build(), maker, time);
        engine.start();
        time.runCalls();
        Slot<Thing> slot = engine.slots().all()[0];
        Lease<Thing> lease = engine.tryAcquire().orElseThrow();
        // As the loser of a race leaves it.
        slot.token = new Token();
        slot.setFlag(Slot.SPOILT);
        lease.close();
        assertThat(slot.flags()).isZero();
        Lease<Thing> next = engine.tryAcquire().orElseThrow();
        assertThat(slot.token).isNull();
        assertThat(slot.isTokenLost()).isFalse();
        next.close();
        slot.setFlag(Slot.SPOILT);
        engine.tryAcquire().orElseThrow().close();
        assertThat(slot.flags()).isZero();
        assertThat(engine.statistics().idle()).isOne();
    }

    @Test
    void many_closes_of_one_lease_leave_every_loan_to_its_lease() throws Exception {
        FakeSurroundings time = new FakeSurroundings();
        Engine<Thing> engine = new Engine<>(settings().build(), new Thing.Maker(), time);
        engine.start();
        time.runCalls();
        Slot<Thing> slot = engine.slots().all()[0];
        var threads = Executors.newFixedThreadPool(1);
        try {
            for (int i = 0; i < 20_000; i++) {
                Lease<Thing> lease = engine.tryAcquire().orElseThrow();
                var other = threads.submit(lease::close);
                lease.close();
                Lease<Thing> next = engine.tryAcquire().orElse(null);
                other.get();
                if (next == null) {
                    continue;
                }
                boolean isMarked = (slot.flags() & Slot.SPOILT) != 0;
                assertThat(slot.token == null || isMarked).isTrue();
                next.close();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(leaks).isEmpty();
    }

    private PoolSettings.Builder settings() {
        return PoolSettings.named("spoilt")
                .size(1, 1)
                .validateAfterIdle(Duration.ofDays(1))
                .leakThreshold(Duration.ofDays(1))
                .onLeak(leaks::add);
    }
}
