package dev.tentpole.retry;

import dev.tentpole.base.Args;
import dev.tentpole.base.CoarseClock;
import dev.tentpole.base.NanoClock;
import dev.tentpole.base.StripedCounter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many calls pass in so much time, and refuses the others or lets them wait.
 *
 * <p>It is a token bucket (as GCRA, in one number): after a pause it grants {@code burst} permits at once, then one every
 * {@code period / permits}. In any time {@code t} it grants at most {@code burst + permits * t / period}.
 *
 * <p>Times are read from a clock that ticks every 10 ms, because that costs a tenth. So what a tick's time allows may be
 * granted at once: in any time {@code t}, at most the larger of {@code burst} and a tick's permits, plus the rate times
 * {@code t} and one tick; and a bucket that holds no more than a tick's permits loses some whenever the clock is late. With
 * {@link Builder#precise} it is exact. Waits are exact with either.
 *
 * <p>Of a fast limit, 8,000 permits a second and more, a thread that asks very often may take some permits in advance, which
 * nobody else can have and which are lost if it does not use them before the next tick: at most 64, a millisecond's permits,
 * a 64th of what it was granted in that tick, and a 16th of what there were. Never with {@link Builder#precise}.
 *
 * <p>Those who wait are served in their order; who does not wait may overtake them. Safe for use by several threads.
 */
public final class RateLimiter implements AutoCloseable {

    private final String name;
    private final Gcra gcra;
    private final SharedBucket bucket;
    private final int burst;
    private final NanoClock clock;
    private final NanoClock preciseClock;
    private final long origin;
    private final AtomicLong waitingPermits = new AtomicLong();
    private final StripedCounter refused = new StripedCounter();
    private final WaitLine line;
    private final Waits waits;

    private RateLimiter(Builder builder, Surroundings surroundings) {
        name = builder.name;
        burst = builder.burst();
        clock = builder.precise ? surroundings.clock() : surroundings.openCoarseClock();
        gcra = builder.gcra();
        bucket = new SharedBucket(gcra, !builder.precise);
        preciseClock = surroundings.clock();
        // The coarse clock may be behind, and no time is before the start.
        origin = clock.nanoTime();
        line = new WaitLine(builder.maxWaiting);
        waits = new Waits(surroundings);
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
     * {@return whether one permit was taken, without waiting}
     */
    public boolean tryAcquire() {
        return take(1) == 0;
    }

    /**
     * {@return whether the permits were taken, all or none, without waiting}
     *
     * @param permits 1 to the burst
     * @throws IllegalArgumentException if there can never be so many at once
     */
    public boolean tryAcquire(int permits) {
        return take(Args.inRange("permits", permits, 1, burst)) == 0;
    }

    /**
     * {@return whether the permits were taken, all or none; waits for them, but not if it is known to take too long}
     *
     * @param permits 1 to the burst
     * @param maxWait the longest wait
     * @throws IllegalArgumentException if there can never be so many at once
     * @throws CallInterruptedException if this thread was interrupted; its interrupt status is set, and no permit taken
     */
    public boolean tryAcquire(int permits, Duration maxWait) {
        Args.inRange("permits", permits, 1, burst);
        try {
            return acquire(permits, Engine.nanos(maxWait), waits).granted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(name, "interrupted while waiting for rate limit " + name, e);
        }
    }

    /**
     * {@return how many permits could be taken at this moment, without those that a thread took in advance}
     */
    public long available() {
        return Math.min(burst, bucket.available(now()));
    }

    /**
     * {@return how long until so many permits could be taken if nobody else takes any; zero if at once}
     *
     * <p>It is reckoned by the clock that {@link #tryAcquire()} reads, and so never zero while that would refuse.
     *
     * @param permits 1 to the burst
     */
    public Duration timeUntil(int permits) {
        Args.inRange("permits", permits, 1, burst);
        return Duration.ofNanos(bucket.timeUntil(now(), permits));
    }

    /**
     * {@return how often permits were refused, since the start}
     */
    public long refused() {
        return refused.sum();
    }

    /**
     * {@return how many threads wait for permits}
     */
    public int waiting() {
        return line.length();
    }

    /** Ends all waits, which get no permit, and gives the clock back. Closing twice is harmless. */
    @Override
    public void close() {
        waits.close();
        line.close();
        Engine.closeClock(clock);
    }

    private long take(int permits) {
        long wait = bucket.acquire(clock.nanoTime() - origin, permits);
        if (wait != 0) {
            refused.increment();
        }
        return wait;
    }

    CallRejectedException rejected(String subject, long maxWaitNanos) {
        Duration retryAfter = timeUntil(1);
        return new CallRejectedException(
                subject,
                CallRejectedException.Reason.RATE_LIMITED,
                subject + ": rate limit " + name + " has no permit for " + retryAfter + ", longer than its maxWait = "
                        + Duration.ofNanos(maxWaitNanos)
                        + ", the deadline, or its line of maxWaiting threads allows",
                retryAfter,
                null);
    }

    /** The time by the clock of those who do not wait. */
    long now() {
        return clock.nanoTime() - origin;
    }

    /**
     * Gives back a permit for what was not done after all, unless it may have been refilled since.
     *
     * @param takenAt what the {@link Taker} was told
     */
    void putBack(long takenAt) {
        // A bucket without it can't have been full before one interval has passed, so that nothing was lost by its
        // being full: with the permit back, it is what it would be had nobody taken it. Later that is not known.
        bucket.putBack(() -> now() - takenAt < gcra.interval());
    }

    /** Is told for which time its permits were taken; the time afterwards may be a later one. */
    interface Taker {

        void tookAt(long time);
    }

    private WaitLine.End acquire(int permits, long maxWait, Waits place) throws InterruptedException {
        return acquire(permits, maxWait, place, time -> {});
    }

    /** Takes permits, waits for them where the given place ends waits. */
    WaitLine.End acquire(int permits, long maxWait, Waits place, Taker taker) throws InterruptedException {
        if (line.length() == 0 && take(now(), permits, taker) == 0) {
            return WaitLine.End.AT_ONCE;
        }
        long ahead = waitingPermits.getAndAdd(permits);
        try {
            LongSupplier take = () -> take(preciseClock.nanoTime() - origin, permits, taker);
            long known = bucket.timeUntil(preciseClock.nanoTime() - origin, permits) + ahead * gcra.interval();
            WaitLine.End end = known <= maxWait ? line.await(take, maxWait, place) : WaitLine.End.TIMEOUT;
            if (!end.granted()) {
                refused.increment();
            }
            return end;
        } finally {
            waitingPermits.addAndGet(-permits);
        }
    }

    private long take(long now, int permits, Taker taker) {
        long wait = bucket.acquire(now, permits);
        if (wait == 0) {
            taker.tookAt(now);
        }
        return wait;
    }

    /** Collects the settings of a {@link RateLimiter}. Not safe for use by several threads. */
    public static final class Builder {

        private static final Duration LONGEST = Duration.ofDays(1);
        private static final int MOST = 1_000_000_000;
        private static final int MAX_WAITING = 1_000_000;

        private final String name;
        private int permits;
        private Duration period = Duration.ofSeconds(1);
        private @Nullable Integer burst;
        private boolean precise;
        private int maxWaiting = 1_000;
        private int maxKeys = 10_000;

        private Builder(String name) {
            this.name = Args.notBlank("name", name);
        }

        /**
         * Sets the rate; it has no default.
         *
         * @param number 1 to 1,000,000,000, and at most one a nanosecond; the time between two permits is rounded up to whole
         *     nanoseconds, and a rate that would lose more than 1 % by that is refused
         * @param time the time in which so many are granted, 1 ns to 1 day
         * @return this
         */
        public Builder permits(int number, Duration time) {
            permits = number;
            period = java.util.Objects.requireNonNull(time, "period");
            return this;
        }

        /**
         * Sets how many permits are granted at once after a pause; as many as in one period by default, so that the first
         * period may see twice the rate. 1 spaces all calls out.
         *
         * @param number 1 to 1,000,000,000, and worth at most 1 day of the rate
         * @return this
         */
        public Builder burst(int number) {
            burst = number;
            return this;
        }

        /**
         * Lets it read the exact clock for each call, some 25 ns; off by default.
         *
         * @param exact whether to
         * @return this
         */
        public Builder precise(boolean exact) {
            precise = exact;
            return this;
        }

        /**
         * Sets how many threads may wait for permits; 1,000 by default. More are refused.
         *
         * @param threads 0 to 1,000,000
         * @return this
         */
        public Builder maxWaiting(int threads) {
            maxWaiting = threads;
            return this;
        }

        /**
         * Sets how many keys a {@link KeyedRateLimiter} keeps at most; 10,000 by default.
         *
         * @param keys 1 to 10,000,000
         * @return this
         */
        public Builder maxKeys(int keys) {
            maxKeys = keys;
            return this;
        }

        /**
         * {@return the limiter, with a full bucket}
         *
         * @throws IllegalArgumentException if a setting is out of its range, with its name, value and range
         */
        public RateLimiter build() {
            return build(Surroundings.SYSTEM);
        }

        RateLimiter build(Surroundings surroundings) {
            check();
            return new RateLimiter(this, surroundings);
        }

        /**
         * {@return a limiter that has a bucket of this size for each key}
         *
         * @param <K> the keys
         * @throws IllegalArgumentException if a setting is out of its range, with its name, value and range
         */
        public <K> KeyedRateLimiter<K> buildKeyed() {
            return buildKeyed(Surroundings.SYSTEM);
        }

        <K> KeyedRateLimiter<K> buildKeyed(Surroundings surroundings) {
            check();
            NanoClock clock = precise ? surroundings.clock() : surroundings.openCoarseClock();
            return new KeyedRateLimiter<>(name, gcra(), burst(), maxKeys, clock);
        }

        private void check() {
            Args.inRange("permits", permits, 1, MOST);
            Args.inRange("period", period, Duration.ofNanos(permits), LONGEST);
            long asked = period.toNanos();
            Args.check(
                    100 * (gcra().interval() * permits - asked) <= asked,
                    "permits",
                    permits,
                    "such that " + period + " / permits is within 1 % of whole nanoseconds");
            Args.inRange("burst", burst(), 1, MOST);
            Args.check(
                    period.dividedBy(permits).compareTo(LONGEST.dividedBy(burst())) <= 0,
                    "burst",
                    burst(),
                    "worth at most " + LONGEST + " of the rate");
            Args.inRange("maxWaiting", maxWaiting, 0, MAX_WAITING);
            Args.inRange("maxKeys", maxKeys, 1, 10_000_000);
        }

        private int burst() {
            return burst == null ? permits : burst;
        }

        private Gcra gcra() {
            return new Gcra(permits, period, burst(), precise ? 0 : CoarseClock.TICK.toNanos());
        }
    }
}
