package dev.tentpole.retry;

import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Time that passes only when someone waits or a test says so. The clock begins two seconds before its numbers overflow. */
final class FakeTime implements Surroundings {

    private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();

    private record Due(long at, Runnable task) {}

    private final AtomicLong elapsed = new AtomicLong();
    private final Deque<Runnable> duringParks = new ArrayDeque<>();
    private final List<Due> timers = new ArrayList<>();
    private final RandomGenerator random;
    private int openTimers;
    private long parked;

    FakeTime() {
        this(42);
    }

    FakeTime(long seed) {
        random = new Random(seed);
    }

    /** What happens during the next wait, before its time passes. */
    FakeTime duringNextWait(Runnable action) {
        duringParks.add(action);
        return this;
    }

    /** Lets time pass, and runs what becomes due. */
    void pass(Duration time) {
        passNanos(time.toNanos());
    }

    void passNanos(long nanos) {
        long end = elapsed.get() + nanos;
        while (true) {
            Due next = timers.stream()
                    .filter(due -> due.at <= end)
                    .min(Comparator.comparingLong(Due::at))
                    .orElse(null);
            if (next == null) {
                break;
            }
            timers.remove(next);
            elapsed.set(Math.max(elapsed.get(), next.at));
            next.task.run();
        }
        elapsed.set(end);
    }

    Duration elapsed() {
        return Duration.ofNanos(elapsed.get());
    }

    long elapsedNanos() {
        return elapsed.get();
    }

    /** How long threads have waited. */
    Duration waited() {
        return Duration.ofNanos(parked);
    }

    int scheduled() {
        return timers.size();
    }

    int openTimers() {
        return openTimers;
    }

    @Override
    public NanoClock clock() {
        return () -> ORIGIN + elapsed.get();
    }

    @Override
    public NanoClock openCoarseClock() {
        return clock();
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public void park(Object blocker, long nanos) {
        Runnable action = duringParks.poll();
        if (action != null) {
            action.run();
        }
        if (nanos == Long.MAX_VALUE) {
            throw new AssertionError("a wait that nothing would end");
        }
        // Whoever was interrupted, or woken by close(), does not sit the time out.
        if (action == null) {
            parked += nanos;
            elapsed.addAndGet(nanos);
        }
    }

    @Override
    public Timer openTimer() {
        openTimers++;
        return new Timer() {
            @Override
            public Runnable schedule(Runnable task, long nanos) {
                Due due = new Due(elapsed.get() + nanos, task);
                timers.add(due);
                return () -> timers.remove(due);
            }

            @Override
            public void close() {
                timers.clear();
                openTimers--;
            }
        };
    }

    /** The same time, but for its coarse clock. */
    record OtherCoarseClock(FakeTime time, NanoClock coarse) implements Surroundings {

        @Override
        public NanoClock clock() {
            return time.clock();
        }

        @Override
        public NanoClock openCoarseClock() {
            return coarse;
        }

        @Override
        public RandomGenerator random() {
            return time.random();
        }

        @Override
        public void park(Object blocker, long nanos) {
            time.park(blocker, nanos);
        }

        @Override
        public Timer openTimer() {
            return time.openTimer();
        }
    }
}
