package dev.tentpole.pool;

import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Time that stands still unless it is told to pass, and calls that wait until they are run. The clock begins two seconds
 * before its numbers overflow.
 */
final class FakeSurroundings implements Surroundings {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();

    private final Deque<Runnable> calls = new ConcurrentLinkedDeque<>();
    private LongSupplier tick = () -> Long.MAX_VALUE;
    private final AtomicLong elapsed = new AtomicLong();
    private boolean inOrder = true;
    double random = 0.5;

    /** How often the housekeeper was to look sooner. */
    final AtomicInteger wakes = new AtomicInteger();

    /** As a machine does that has no thread left. */
    boolean refusesCalls;

    <T> Pool<T> open(PoolSettings.Builder settings, Allocator<T> allocator) {
        return Pool.open(settings.build(), allocator, () -> this);
    }

    /** From now on calls wait for {@link #runCalls}. */
    void holdCalls() {
        inOrder = false;
    }

    /** Runs calls, and those that come of them, until there are none. */
    void runCalls() {
        while (!calls.isEmpty()) {
            calls.poll().run();
        }
    }

    int heldCalls() {
        return calls.size();
    }

    void runCall(int number) {
        List<Runnable> all = new ArrayList<>(calls);
        Runnable call = all.get(number);
        calls.remove(call);
        call.run();
    }

    void pass(Duration time) {
        settle();
        long end = elapsed.get() + time.toNanos();
        while (true) {
            long wait = Math.max(tick.getAsLong(), 1);
            settle();
            if (elapsed.get() + wait > end) {
                break;
            }
            elapsed.addAndGet(wait);
        }
        elapsed.set(end);
    }

    /** What would happen at once. */
    void settle() {
        if (inOrder) {
            runCalls();
        }
    }

    /** Returns the nanoseconds until the housekeeper wants to look again. */
    long tick() {
        long wait = tick.getAsLong();
        settle();
        return wait;
    }

    Duration elapsed() {
        return Duration.ofNanos(elapsed.get());
    }

    void spend(Duration time) {
        elapsed.addAndGet(time.toNanos());
    }

    @Override
    public NanoClock clock() {
        return () -> ORIGIN + elapsed.get();
    }

    @Override
    public NanoClock coarseClock() {
        return clock();
    }

    @Override
    public Instant wallTime() {
        return START.plusNanos(elapsed.get());
    }

    @Override
    public double random() {
        return random;
    }

    @Override
    public Executor calls() {
        return call -> {
            if (refusesCalls) {
                throw new OutOfMemoryError("no thread for that");
            }
            calls.add(call);
        };
    }

    @Override
    public void schedule(LongSupplier whatToDo) {
        tick = whatToDo;
    }

    @Override
    public void wake() {
        wakes.incrementAndGet();
    }

    @Override
    public void close() {}
}
