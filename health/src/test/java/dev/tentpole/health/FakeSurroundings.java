package dev.tentpole.health;

import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Time that stands still unless it is told to pass, and threads that are the test's own. The clock begins two seconds
 * before its numbers overflow.
 */
final class FakeSurroundings implements Surroundings {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();

    private final Deque<Runnable> heldChecks = new ArrayDeque<>();
    private final Deque<Runnable> heldDeliveries = new ArrayDeque<>();
    private final AtomicLong elapsed = new AtomicLong();
    private LongSupplier tick = () -> Long.MAX_VALUE;
    private double random = 0.5;
    private boolean holdChecks;
    private boolean holdDeliveries;
    private Runnable onWallTime = () -> {};
    private int hangNext;
    private int refuseNext;
    private boolean schedulerStarves;
    private boolean woken;

    HealthRegistry build(HealthRegistry.Builder builder) {
        return builder.build(() -> this);
    }

    /** Runs the first checks that are due, without time passing. */
    void tick() {
        tick.getAsLong();
    }

    /** Lets time pass, stopping wherever the scheduler wants to be called. */
    void pass(Duration time) {
        long end = elapsed.get() + time.toNanos();
        while (!schedulerStarves) {
            woken = false;
            long wait = tick.getAsLong();
            if (woken) {
                continue;
            }
            if (elapsed.get() + wait > end) {
                break;
            }
            elapsed.addAndGet(wait);
        }
        elapsed.set(Math.max(end, elapsed.get()));
    }

    /** Lets time pass within a check. */
    void spend(Duration time) {
        elapsed.addAndGet(time.toNanos());
    }

    /** From now on the scheduler is never called. */
    void starveScheduler() {
        schedulerStarves = true;
    }

    void random(double value) {
        random = value;
    }

    void holdChecks() {
        holdChecks = true;
    }

    void releaseChecks() {
        holdChecks = false;
        while (!heldChecks.isEmpty()) {
            heldChecks.poll().run();
        }
    }

    /** The next runs get a thread that hangs until {@link #releaseChecks}. */
    void hangNext(int runs) {
        hangNext = runs;
    }

    /** There is no thread for the next runs. */
    void refuseNext(int runs) {
        refuseNext = runs;
    }

    /** What to do whenever someone asks for the time of day: the engine does so under its lock. */
    void onWallTime(Runnable action) {
        onWallTime = action;
    }

    int heldChecks() {
        return heldChecks.size();
    }

    void holdDeliveries() {
        holdDeliveries = true;
    }

    int heldDeliveries() {
        return heldDeliveries.size();
    }

    void releaseDeliveries() {
        holdDeliveries = false;
        while (!heldDeliveries.isEmpty()) {
            heldDeliveries.poll().run();
        }
    }

    Duration elapsed() {
        return Duration.ofNanos(elapsed.get());
    }

    @Override
    public NanoClock clock() {
        return () -> ORIGIN + elapsed.get();
    }

    @Override
    public NanoClock readClock() {
        return clock();
    }

    @Override
    public Instant wallTime() {
        onWallTime.run();
        return START.plusNanos(elapsed.get());
    }

    @Override
    public double random() {
        return random;
    }

    @Override
    public Executor checks() {
        return task -> {
            if (refuseNext > 0) {
                refuseNext--;
                throw new OutOfMemoryError("unable to create native thread");
            }
            if (holdChecks || hangNext > 0) {
                hangNext--;
                heldChecks.add(task);
            } else {
                task.run();
            }
        };
    }

    @Override
    public Executor listeners() {
        return task -> {
            if (holdDeliveries) {
                heldDeliveries.add(task);
            } else {
                task.run();
            }
        };
    }

    @Override
    public void schedule(LongSupplier whatToDo) {
        tick = whatToDo;
    }

    @Override
    public void wake() {
        woken = true;
    }

    @Override
    public void close(Duration longest, Runnable giveUp) {
        giveUp.run();
    }
}
