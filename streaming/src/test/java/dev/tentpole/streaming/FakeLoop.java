package dev.tentpole.streaming;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/**
 * A loop whose time stands still unless it is told to pass, on the test's own thread. The clock begins two seconds before
 * its numbers overflow.
 */
final class FakeLoop implements EventLoop {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final TimerQueue timers = new TimerQueue();
    private final AtomicLong elapsed = new AtomicLong();
    private volatile Duration jumped = Duration.ZERO;
    final Deque<Runnable> held = new ArrayDeque<>();
    boolean holdsBlockingCalls;
    boolean holdsDelivery;
    final Deque<Runnable> heldDeliveries = new ArrayDeque<>();

    @Override
    public long nanoTime() {
        return ORIGIN + elapsed.get();
    }

    Duration elapsed() {
        return Duration.ofNanos(elapsed.get());
    }

    Instant wall() {
        return START.plusNanos(elapsed.get()).plus(jumped);
    }

    /** Sets the time of day, and not the clock that measures durations. */
    void jump(Duration by) {
        jumped = jumped.plus(by);
    }

    /** Forgets the tasks that wait, as the end of a loop may. */
    void dropTasks() {
        tasks.clear();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        return timers.add(nanoTime() + delayNanos, task);
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public void close() {}

    /** Runs what is due, without time passing. */
    void run() {
        boolean ran = true;
        while (ran) {
            ran = false;
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
                ran = true;
            }
            Runnable due = timers.pollDue(nanoTime());
            if (due != null) {
                due.run();
                ran = true;
            }
        }
    }

    /** Lets time pass, stopping wherever a timer is due. */
    void pass(Duration time) {
        run();
        long end = elapsed.get() + time.toNanos();
        long wait = timers.untilNext(nanoTime());
        while (wait != Long.MAX_VALUE && elapsed.get() + wait <= end) {
            elapsed.addAndGet(wait);
            run();
            wait = timers.untilNext(nanoTime());
        }
        elapsed.set(end);
        run();
    }

    /** Lets time pass up to the next timer; returns how much that was, nothing if there is no timer. */
    Duration passToNextTimer() {
        run();
        long wait = timers.untilNext(nanoTime());
        if (wait == Long.MAX_VALUE) {
            return Duration.ZERO;
        }
        elapsed.addAndGet(wait);
        run();
        return Duration.ofNanos(wait);
    }

    /** Runs the calls of token and replay sources that were held. */
    void runHeld() {
        while (!held.isEmpty()) {
            held.removeFirst().run();
        }
        run();
    }

    void runHeldDeliveries() {
        while (!heldDeliveries.isEmpty()) {
            heldDeliveries.removeFirst().run();
        }
        run();
    }

    Surroundings surroundings(DoubleSupplier random) {
        Executor direct = Runnable::run;
        Executor blocking = task -> {
            if (holdsBlockingCalls) {
                held.add(task);
            } else {
                task.run();
            }
        };
        Executor delivery = task -> {
            if (holdsDelivery) {
                heldDeliveries.add(task);
            } else {
                task.run();
            }
        };
        return new Surroundings(this, random, this::wall, direct, blocking, blocking, delivery);
    }
}
