package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documented bound of a wait, for borrowers that never get a processor, against one that comes again at once. */
@Timeout(60)
final class FairnessTest {

    private final FakeSurroundings time = new FakeSurroundings();

    private Waiter<Thing> waitOn(Engine<Thing> engine) {
        // Waking a thread that was never started does nothing.
        Waiter<Thing> waiter = new Waiter<>(engine.clock().nanoTime(), new Thread(() -> {}, "never runs"));
        engine.lock().lock();
        try {
            engine.waiters().add(waiter);
        } finally {
            engine.lock().unlock();
        }
        return waiter;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void whom_k_others_precede_has_an_object_when_k_plus_2_came_back_after_his_first_millisecond(int k) {
        Engine<Thing> engine = new Engine<>(
                PoolSettings.named("fair")
                        .size(1, 1)
                        .validateAfterIdle(Duration.ofDays(1))
                        .build(),
                new Thing.Maker(),
                time);
        engine.start();
        time.runCalls();
        Deque<Lease<Thing>> hog = new ArrayDeque<>();
        engine.tryAcquire().ifPresent(hog::add);
        List<Waiter<Thing>> waiters = new ArrayList<>();
        for (int i = 0; i <= k; i++) {
            waiters.add(waitOn(engine));
        }
        for (int i = 0; i < 100; i++) {
            comeBackAndAgain(engine, hog, waiters);
        }
        assertThat(waiters).as("a running thread may come first").allMatch(waiter -> waiter.given == null);
        time.spend(Duration.ofNanos(Waiters.STARVING_AFTER));
        int returns = 0;
        while (waiters.get(k).given == null) {
            comeBackAndAgain(engine, hog, waiters);
            returns++;
            assertThat(returns).isLessThanOrEqualTo(k + 2);
        }
    }

    @Test
    void the_next_one_is_woken_for_an_object_that_was_free_when_the_first_one_was_given_another() {
        Engine<Thing> engine = new Engine<>(
                PoolSettings.named("fair")
                        .size(2, 2)
                        .validateAfterIdle(Duration.ofDays(1))
                        .build(),
                new Thing.Maker(),
                time);
        engine.start();
        time.runCalls();
        List<Lease<Thing>> leases = new ArrayList<>();
        engine.tryAcquire().ifPresent(leases::add);
        engine.tryAcquire().ifPresent(leases::add);
        Waiter<Thing> first = waitOn(engine);
        Waiter<Thing> second = waitOn(engine);
        leases.get(0).close();
        assertThat(first.woken).isTrue();
        time.spend(Duration.ofNanos(Waiters.STARVING_AFTER));
        engine.waiters().wake();
        leases.get(1).close();
        assertThat(first.given).isNotNull();
        assertThat(engine.slots().isAnyFree()).isTrue();
        assertThat(second.woken).as("somebody looks for what is free").isTrue();
    }

    @Test
    void an_object_that_came_back_unseen_when_somebody_began_to_wait_is_found_ten_milliseconds_later() {
        Pool<Thing> pool = time.open(
                PoolSettings.named("fair").size(1, 1).validateAfterIdle(Duration.ofDays(1)), new Thing.Maker());
        time.runCalls();
        time.pass(Duration.ofSeconds(1));
        Lease<Thing> lease = pool.acquire();
        assertThat(lease.isOpen()).isTrue();
        int wakes = time.wakes.get();
        Waiter<Thing> waiter = waitOn(pool.engine());
        assertThat(time.wakes.get()).as("the housekeeper is to look sooner").isEqualTo(wakes + 1);
        long untilNextLook = time.tick();
        assertThat(untilNextLook).isBetween(1L, Duration.ofMillis(10).toNanos());
        Slot<Thing> slot = pool.engine().slots().all()[0];
        slot.token = new Token();
        slot.release(slot.leaseStamp);
        assertThat(waiter.woken).isFalse();
        time.spend(Duration.ofNanos(untilNextLook));
        time.tick();
        assertThat(waiter.woken).isTrue();
    }

    @Test
    void those_who_wait_only_for_moments_cost_one_tick_in_ten_milliseconds() {
        Pool<Thing> pool = time.open(
                PoolSettings.named("fair").size(1, 1).validateAfterIdle(Duration.ofDays(1)), new Thing.Maker());
        time.runCalls();
        time.pass(Duration.ofSeconds(1));
        int wakes = time.wakes.get();
        for (int i = 0; i < 1_000; i++) {
            pool.engine().waiters().remove(waitOn(pool.engine()));
            if (time.wakes.get() > wakes + i) {
                time.tick();
            }
        }
        assertThat(time.wakes.get()).isEqualTo(wakes + 1);
    }

    @Test
    void whoever_was_given_an_object_that_is_not_valid_keeps_his_place() {
        Thing.Maker maker = new Thing.Maker();
        Pool<Thing> pool = time.open(PoolSettings.named("fair").size(1, 1).validateAfterIdle(Duration.ZERO), maker);
        time.runCalls();
        AtomicReference<Lease<Thing>> only = new AtomicReference<>();
        RunsCalls.during(time, () -> only.set(pool.acquire()));
        WaitingBorrower first = borrower(pool, 1);
        time.spend(Duration.ofNanos(Waiters.STARVING_AFTER));
        WaitingBorrower second = borrower(pool, 2);
        time.holdCalls();
        only.get().get().isValid = false;
        only.get().close();
        Until.holds(() -> time.heldCalls() == 1);
        time.runCall(0);
        Until.holds(() -> pool.statistics().pending() == 2);
        while (!first.hasEnded() && !second.hasEnded()) {
            time.runCalls();
            LockSupport.parkNanos(1_000_000);
        }
        boolean isFirstServed = first.hasEnded();
        boolean isSecondServed = second.hasEnded();
        first.interrupt();
        second.interrupt();
        assertThat(isFirstServed).isTrue();
        assertThat(isSecondServed).isFalse();
    }

    private static WaitingBorrower borrower(Pool<Thing> pool, int number) {
        WaitingBorrower borrower = new WaitingBorrower(pool, Duration.ofDays(1), Duration.ofDays(1));
        Until.holds(() -> pool.statistics().pending() == number);
        return borrower;
    }

    /** Whoever has the object gives it back, and the hog takes it if he can. */
    private static void comeBackAndAgain(Engine<Thing> engine, Deque<Lease<Thing>> hog, List<Waiter<Thing>> waiters) {
        Optional<Waiter<Thing>> served =
                waiters.stream().filter(waiter -> waiter.given != null).reduce((first, last) -> last);
        if (hog.isEmpty()) {
            engine.giveBackOrRetire(served.orElseThrow().given);
        } else {
            hog.poll().close();
        }
        engine.tryAcquire().ifPresent(hog::add);
    }
}
