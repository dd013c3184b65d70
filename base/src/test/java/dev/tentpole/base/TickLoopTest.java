package dev.tentpole.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class TickLoopTest {

    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private final AtomicReference<Throwable> fault = new AtomicReference<>();
    private final AtomicReference<TickLoop> running = new AtomicReference<>();

    private TickLoop start(LongSupplier tick) {
        TickLoop loop = new TickLoop(
                task -> {
                    Thread made = new Thread(task, "tick");
                    made.setDaemon(true);
                    thread.set(made);
                    return made;
                },
                tick,
                fault::set);
        running.set(loop);
        loop.start();
        return loop;
    }

    @AfterEach
    void stop() {
        running.get().stop();
    }

    private static void takePermit() {
        LockSupport.parkNanos(1);
    }

    @Test
    void it_ticks_again_after_the_time_that_the_tick_returned() throws InterruptedException {
        CountDownLatch three = new CountDownLatch(3);
        start(() -> {
            three.countDown();
            return 1_000_000;
        });
        three.await();
    }

    @Test
    void a_tick_that_stops_it_is_the_last_one_whatever_took_its_permit() throws InterruptedException {
        AtomicInteger ticks = new AtomicInteger();
        start(() -> {
            ticks.incrementAndGet();
            running.get().stop();
            takePermit();
            return Long.MAX_VALUE;
        });
        thread.get().join();
        assertThat(ticks.get()).isOne();
    }

    @Test
    void whoever_wakes_it_during_a_tick_is_heard_whatever_took_the_permit() throws InterruptedException {
        CountDownLatch two = new CountDownLatch(2);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch woken = new CountDownLatch(1);
        TickLoop loop = start(() -> {
            two.countDown();
            inside.countDown();
            awaitQuietly(woken);
            takePermit();
            return Long.MAX_VALUE;
        });
        inside.await();
        loop.wake();
        woken.countDown();
        two.await();
    }

    @Test
    void it_can_be_woken_and_stopped_while_it_sleeps() throws InterruptedException {
        CountDownLatch two = new CountDownLatch(2);
        TickLoop loop = start(() -> {
            two.countDown();
            return Long.MAX_VALUE;
        });
        while (two.getCount() > 1 || thread.get().getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        loop.wake();
        two.await();
        loop.stop();
        loop.join(TimeUnit.SECONDS.toNanos(20));
        assertThat(thread.get().isAlive()).isFalse();
    }

    @Test
    void a_tick_that_throws_is_told_of_and_called_again() throws InterruptedException {
        CountDownLatch two = new CountDownLatch(2);
        IllegalStateException thrown = new IllegalStateException("a fault");
        start(() -> {
            two.countDown();
            if (two.getCount() == 1) {
                throw thrown;
            }
            return Long.MAX_VALUE;
        });
        two.await();
        assertThat(fault.get()).isSameAs(thrown);
    }

    @Test
    void an_interruption_left_behind_does_not_keep_it_from_sleeping() {
        AtomicInteger ticks = new AtomicInteger();
        start(() -> {
            if (ticks.incrementAndGet() == 1) {
                Thread.currentThread().interrupt();
            }
            return Long.MAX_VALUE;
        });
        while (ticks.get() == 0 || thread.get().getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        // The interruption's own permit ends one sleep.
        assertThat(ticks.get()).isLessThanOrEqualTo(2);
        assertThat(thread.get().isInterrupted()).isFalse();
    }

    @Test
    void waiting_for_its_own_end_is_no_wait() throws InterruptedException {
        start(() -> {
            running.get().stop();
            try {
                running.get().join(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return Long.MAX_VALUE;
        });
        thread.get().join();
        assertThat(fault.get()).isNull();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
