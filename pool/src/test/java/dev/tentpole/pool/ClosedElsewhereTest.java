package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases that another thread closes than the one that took them, before it or at the same time. */
@Timeout(60)
final class ClosedElsewhereTest {

    private final ExecutorService elsewhere = Executors.newSingleThreadExecutor();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final AtomicReference<Thread> slow = new AtomicReference<>();
    private final List<Leak> leaks = new ArrayList<>();
    private final FakeSurroundings time = new FakeSurroundings();

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
            return super.needsReset(thing);
        }
    };

    @AfterEach
    void end() {
        elsewhere.shutdownNow();
    }

    private void elsewhere(Runnable action) throws Exception {
        elsewhere.submit(action).get();
    }

    /** Borrows, and goes no further in closing than the question for a reset until {@link #goOn}. */
    private Lease<Thing> borrowAndCloseSlowly(Pool<Thing> pool, AtomicReference<Future<?>> closing) throws Exception {
        AtomicReference<Lease<Thing>> lease = new AtomicReference<>();
        closing.set(elsewhere.submit(() -> {
            slow.set(Thread.currentThread());
            lease.set(pool.acquire());
            lease.get().close();
        }));
        asked.await();
        return lease.get();
    }

    private void goOn(AtomicReference<Future<?>> closing) throws Exception {
        mayAnswer.countDown();
        closing.get().get();
    }

    @Test
    void what_another_thread_gives_back_is_lent_again_and_counted_once() throws Exception {
        Pool<Thing> pool = time.open(settings(), maker);
        time.settle();
        for (int trip = 1; trip <= 3; trip++) {
            Lease<Thing> lease = pool.acquire();
            time.spend(Duration.ofSeconds(2));
            if (trip > 1) {
                elsewhere(lease::close);
            }
            lease.close();
            PoolStatistics now = pool.statistics();
            assertThat(now.idle()).isOne();
            assertThat(now.total()).isOne();
            assertThat(now.acquired()).isEqualTo(trip);
            assertThat(now.usageTime()).isEqualTo(Duration.ofSeconds(2L * trip));
            Slot<Thing> slot = pool.engine().slots().all()[0];
            assertThat(slot.tokenReference.refersTo(slot.token))
                    .as("the next lease is found if it is lost")
                    .isTrue();
        }
        assertThat(maker.opened.get()).isOne();
    }

    @Test
    void what_another_thread_gives_back_is_reset() {
        Pool<Thing> pool = time.open(settings(), maker);
        time.settle();
        Lease<Thing> lease = pool.acquire();
        Thing thing = lease.get();
        thing.isDirty = true;
        Future<?> closing = elsewhere.submit(lease::close);
        while (!closing.isDone()) {
            time.runCalls();
        }
        assertThat(thing.resets.get()).isOne();
        assertThat(pool.statistics().idle()).isOne();
    }

    @Test
    void what_another_thread_gives_back_is_closed_if_it_was_evicted() throws Exception {
        Pool<Thing> pool = time.open(settings(), maker);
        time.settle();
        Lease<Thing> lease = pool.acquire();
        Thing thing = lease.get();
        pool.evictAll();
        elsewhere(lease::close);
        time.runCalls();
        assertThat(thing.isClosed).isTrue();
        assertThat(pool.statistics().closed(CloseReason.EVICTED)).isOne();
        assertThat(maker.open.get()).isOne();
    }

    @Test
    void what_another_thread_finds_broken_is_closed() throws Exception {
        Pool<Thing> pool = time.open(settings(), maker);
        time.settle();
        Lease<Thing> lease = pool.acquire();
        Thing thing = lease.get();
        elsewhere(() -> lease.invalidate(new IllegalStateException()));
        time.runCalls();
        assertThat(thing.isClosed).isTrue();
        assertThat(pool.statistics().closed(CloseReason.INVALIDATED)).isOne();
        assertThat(maker.open.get()).isOne();
    }

    @Test
    void a_lease_that_the_allocator_closes_while_it_is_asked_for_a_reset_ends_once() {
        AtomicReference<Lease<Thing>> lease = new AtomicReference<>();
        AtomicReference<Lease<Thing>> next = new AtomicReference<>();
        AtomicReference<Pool<Thing>> pool = new AtomicReference<>();
        pool.set(time.open(settings(), new Thing.Maker() {
            @Override
            public boolean needsReset(Thing thing) {
                Lease<Thing> asked = lease.getAndSet(null);
                if (asked != null) {
                    asked.close();
                    next.set(pool.get().acquire());
                }
                return false;
            }
        }));
        time.settle();
        Lease<Thing> first = pool.get().acquire();
        lease.set(first);
        first.close();
        assertThat(next.get().isOpen()).isTrue();
        assertThat(pool.get().tryAcquire()).isEmpty();
    }

    @Test
    void a_lease_that_is_kept_after_another_thread_closed_it_does_not_keep_the_object() throws Exception {
        Pool<Object> pool = time.open(settings(), Object::new);
        time.settle();
        Lease<Object> lease = pool.acquire();
        WeakReference<Object> object = new WeakReference<>(lease.get());
        elsewhere(lease::close);
        pool.evictAll();
        time.settle();
        Until.holds(() -> {
            System.gc();
            return object.refersTo(null);
        });
        assertThat(lease.isOpen()).isFalse();
    }

    @Test
    void an_object_moves_once_however_often_others_close_its_leases() throws Exception {
        Pool<Thing> pool = time.open(settings(), maker);
        time.settle();
        Slot<Thing> first = pool.engine().slots().all()[0];
        Lease<Thing> lease = pool.acquire();
        elsewhere(lease::close);
        Slot<Thing> second = pool.engine().slots().all()[0];
        assertThat(second).isNotSameAs(first);
        for (int i = 0; i < 3; i++) {
            Lease<Thing> next = pool.acquire();
            elsewhere(next::close);
        }
        assertThat(pool.engine().slots().all()[0]).isSameAs(second);
        assertThat(second.isShared).isTrue();
        pool.evictAll();
        time.settle();
        pool.acquire().close();
        assertThat(second.isShared).as("another object was put in").isFalse();
    }

    @Test
    void a_close_of_the_borrower_that_comes_late_does_nothing_to_the_next_loan() throws Exception {
        Pool<Thing> pool = time.open(settings(), maker);
        time.settle();
        AtomicReference<Future<?>> closing = new AtomicReference<>();
        Lease<Thing> lease = borrowAndCloseSlowly(pool, closing);
        lease.close();
        Lease<Thing> next = pool.acquire();
        time.spend(Duration.ofSeconds(10));
        goOn(closing);
        assertThat(next.isOpen()).isTrue();
        assertThat(pool.tryAcquire()).isEmpty();
        time.spend(Duration.ofSeconds(5));
        next.close();
        assertThat(pool.statistics().usageTime()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void a_place_that_an_object_has_left_lends_nothing_when_its_borrower_gives_back_at_last() throws Exception {
        Pool<Thing> pool = time.open(settings(), maker);
        time.settle();
        Engine<Thing> engine = pool.engine();
        Slot<Thing> left = engine.slots().all()[0];
        Lease<Thing> lease = pool.acquire();
        elsewhere(lease::close);
        // As its borrower does who saw his loan open just before.
        left.release(left.leaseStamp);
        assertThat(engine.statistics().total()).isOne();
        assertThat(engine.slots().isInPlace(left)).isFalse();
        assertThat(left.tryBorrow()).as("by whoever remembers the place").isTrue();
        Slot<Thing> found = new Borrowing<>(engine).tryAcquire(left);
        assertThat(found).isSameAs(engine.slots().all()[0]);
        assertThat(new Borrowing<>(engine).tryAcquire(null)).isNull();
    }

    @Test
    void a_lease_that_is_lost_after_such_a_close_is_found() throws Exception {
        try (Pool<Thing> pool = Pool.open(settings().build(), maker)) {
            loseAfterTwoCloses(pool);
            Until.holds(() -> {
                System.gc();
                return pool.statistics().lost() == 1;
            });
        }
    }

    /** Keeps none of its leases. */
    private void loseAfterTwoCloses(Pool<Thing> pool) throws Exception {
        AtomicReference<Future<?>> closing = new AtomicReference<>();
        borrowAndCloseSlowly(pool, closing).close();
        assertThat(pool.acquire().get().isClosed).isFalse();
        goOn(closing);
        closing.set(null);
    }

    @Test
    void a_lease_that_is_held_after_such_a_close_is_not_taken_for_lost() throws Exception {
        try (Pool<Thing> pool = Pool.open(settings().build(), maker)) {
            AtomicReference<Future<?>> closing = new AtomicReference<>();
            Lease<Thing> lease = borrowAndCloseSlowly(pool, closing);
            lease.invalidate(new IllegalStateException());
            Until.holds(() -> pool.statistics().idle() == 1);
            goOn(closing);
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
    void many_closes_of_one_lease_leave_every_loan_to_its_lease() throws Exception {
        Engine<Thing> engine = new Engine<>(settings().build(), new Thing.Maker(), time);
        engine.start();
        time.runCalls();
        for (int i = 0; i < 20_000; i++) {
            Lease<Thing> lease = engine.tryAcquire().orElseThrow();
            Future<?> other = elsewhere.submit(lease::close);
            lease.close();
            Lease<Thing> next = engine.tryAcquire().orElse(null);
            other.get();
            if (next != null) {
                assertThat(next.isOpen()).isTrue();
                assertThat(engine.tryAcquire()).isEmpty();
                assertThat(engine.slots().all()[0].token).isNull();
                next.close();
            }
            assertThat(engine.statistics().idle()).isOne();
        }
        assertThat(leaks).isEmpty();
    }

    private PoolSettings.Builder settings() {
        return PoolSettings.named("elsewhere")
                .size(1, 1)
                .validateAfterIdle(Duration.ofDays(1))
                .leakThreshold(Duration.ofDays(1))
                .onLeak(leaks::add);
    }
}
