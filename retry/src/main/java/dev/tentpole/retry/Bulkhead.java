package dev.tentpole.retry;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many calls are under way at a time, and how many wait for that.
 *
 * <p>A permit is kept until its call has truly ended: one that was given up after a timeout and goes on in its thread keeps
 * its permit, else the bound would be a fiction. Those who wait are served in their order. Safe for use by several threads.
 */
public final class Bulkhead implements AutoCloseable {

    private final String name;
    private final int permits;
    private final long maxWaitNanos;
    private final int maxWaiting;
    private final AtomicInteger available;
    private final AtomicLong refused = new AtomicLong();
    private final WaitLine line;
    private final Waits waits;

    private Bulkhead(Builder builder, Surroundings surroundings) {
        name = builder.name;
        permits = builder.permits;
        maxWaitNanos = builder.maxWait.toNanos();
        maxWaiting = builder.maxWaiting;
        available = new AtomicInteger(permits);
        line = new WaitLine(maxWaiting);
        waits = new Waits(surroundings);
    }

    /** A place for one call. Closing it gives the place back; closing twice is harmless. */
    public static final class Permit implements AutoCloseable {

        private final Bulkhead from;
        private final AtomicInteger holders = new AtomicInteger(1);
        private final java.util.concurrent.atomic.AtomicBoolean closed =
                new java.util.concurrent.atomic.AtomicBoolean();

        private Permit(Bulkhead from) {
            this.from = from;
        }

        /** One more must let go before the place is free. */
        void share() {
            holders.incrementAndGet();
        }

        /** One of those lets go. */
        void letGo() {
            if (holders.decrementAndGet() == 0) {
                from.release();
            }
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                letGo();
            }
        }
    }

    /**
     * {@return a builder}
     *
     * @param name what it protects, for messages and metrics
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * {@return the name}
     */
    public String name() {
        return name;
    }

    /**
     * {@return how many calls may be under way}
     */
    public int permits() {
        return permits;
    }

    /**
     * {@return how many more calls could begin at this moment}
     */
    public int available() {
        return Math.max(0, available.get());
    }

    /**
     * {@return how many threads wait}
     */
    public int waiting() {
        return line.length();
    }

    /**
     * {@return how many calls were refused, since the start}
     */
    public long refused() {
        return refused.get();
    }

    /**
     * {@return a place, to be closed when the call has ended; waits for one if it may}
     *
     * @throws CallRejectedException if there is none within {@code maxWait}, too many wait already, or it was closed
     * @throws CallInterruptedException if this thread was interrupted; its interrupt status is set, and no place taken
     */
    public Permit acquire() {
        try {
            WaitLine.End end = enter(maxWaitNanos, waits);
            if (!end.granted()) {
                throw end == WaitLine.End.CLOSED
                        ? new CallRejectedException(
                                name, CallRejectedException.Reason.CLOSED, "bulkhead " + name + " was closed")
                        : rejected(name);
            }
            return new Permit(this);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(name, "interrupted while waiting for bulkhead " + name, e);
        }
    }

    /**
     * {@return the result of the call}
     *
     * @param call makes the call, on this thread
     * @param <T> the result
     * @param <X> what the call may throw
     * @throws X what the call threw
     * @throws CallRejectedException if there is no place within {@code maxWait}, or too many wait already
     * @throws CallInterruptedException if this thread was interrupted while it waited; its interrupt status is set
     */
    public <T extends @Nullable Object, X extends Exception> T call(CheckedSupplier<? extends T, X> call) throws X {
        Objects.requireNonNull(call, "call");
        Permit permit = acquire();
        try {
            return call.get();
        } finally {
            permit.close();
        }
    }

    /**
     * Makes a call without a result.
     *
     * @param call makes the call, on this thread
     * @param <X> what the call may throw
     * @throws X what the call threw
     * @throws CallRejectedException if there is no place within {@code maxWait}, or too many wait already
     * @throws CallInterruptedException if this thread was interrupted while it waited; its interrupt status is set
     */
    public <X extends Exception> void run(CheckedRunnable<X> call) throws X {
        Objects.requireNonNull(call, "call");
        this.<Boolean, X>call(() -> {
            call.run();
            return true;
        });
    }

    /** Ends all waits, which get no place. Closing twice is harmless. */
    @Override
    public void close() {
        waits.close();
        line.close();
    }

    long maxWaitNanos() {
        return maxWaitNanos;
    }

    /** A place at once, or null. */
    @Nullable
    Permit tryAcquire() {
        if (line.length() == 0 && take()) {
            return new Permit(this);
        }
        refused.incrementAndGet();
        return null;
    }

    /** Takes a place, for which {@link #place} then stands; where the given waits end, this one does. */
    WaitLine.End enter(long maxWait, Waits place) throws InterruptedException {
        if (line.length() == 0 && take()) {
            return WaitLine.End.AT_ONCE;
        }
        LongSupplier take = () -> take() ? 0 : Long.MAX_VALUE;
        WaitLine.End end = maxWait > 0 ? line.await(take, maxWait, place) : WaitLine.End.TIMEOUT;
        if (!end.granted()) {
            refused.incrementAndGet();
        }
        return end;
    }

    /** The place that was taken. */
    Permit place() {
        return new Permit(this);
    }

    CallRejectedException rejected(String subject) {
        return new CallRejectedException(
                subject,
                CallRejectedException.Reason.BULKHEAD_FULL,
                subject + ": all " + permits + " permits of bulkhead " + name + " are taken and " + waiting() + " of "
                        + maxWaiting + " (maxWaiting) threads wait; none became free within maxWait = "
                        + Duration.ofNanos(maxWaitNanos) + " and the deadline");
    }

    private boolean take() {
        int free = available.get();
        while (free > 0 && !available.compareAndSet(free, free - 1)) {
            free = available.get();
        }
        return free > 0;
    }

    private void release() {
        available.incrementAndGet();
        line.wakeFirst();
    }

    /** Collects the settings of a {@link Bulkhead}. Not safe for use by several threads. */
    public static final class Builder {

        private static final int MOST = 1_000_000;
        private static final Duration LONGEST = Duration.ofDays(1);

        private final String name;
        private int permits = 16;
        private int maxWaiting = 32;
        private Duration maxWait = Duration.ZERO;

        private Builder(String name) {
            this.name = Args.notBlank("name", name);
        }

        /**
         * Sets how many calls may be under way; 16 by default.
         *
         * @param calls 1 to 1,000,000
         * @return this
         */
        public Builder permits(int calls) {
            permits = calls;
            return this;
        }

        /**
         * Sets how long a call waits for a place; not at all by default. A deadline of the call is kept as well.
         *
         * @param time 0 to 1 day
         * @return this
         */
        public Builder maxWait(Duration time) {
            maxWait = Objects.requireNonNull(time, "maxWait");
            return this;
        }

        /**
         * Sets how many threads may wait; 32 by default. More are refused.
         *
         * @param threads 0 to 1,000,000
         * @return this
         */
        public Builder maxWaiting(int threads) {
            maxWaiting = threads;
            return this;
        }

        /**
         * {@return the bulkhead, with all places free}
         *
         * @throws IllegalArgumentException if a setting is out of its range, with its name, value and range
         */
        public Bulkhead build() {
            return build(Surroundings.SYSTEM);
        }

        Bulkhead build(Surroundings surroundings) {
            Args.inRange("permits", permits, 1, MOST);
            Args.inRange("maxWait", maxWait, Duration.ZERO, LONGEST);
            Args.inRange("maxWaiting", maxWaiting, 0, MOST);
            return new Bulkhead(this, surroundings);
        }
    }
}
