package dev.tentpole.base;

import java.time.Duration;

/**
 * A point in monotonic time by which something must be over.
 *
 * <p>Immutable and safe for use by several threads, as far as its clock is. A deadline is at most 292 years away; longer
 * durations are cut to that.
 */
public final class Deadline {

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final NanoClock clock;
    private final long at;

    private Deadline(NanoClock clock, long at) {
        this.clock = clock;
        this.at = at;
    }

    /**
     * {@return the deadline that is the given time from now}
     *
     * @param timeout how long from now; zero and negative durations have passed already
     * @param clock the clock that the deadline reads
     */
    public static Deadline after(Duration timeout, NanoClock clock) {
        long nanos = timeout.isNegative() ? 0 : timeout.compareTo(LONGEST) >= 0 ? Long.MAX_VALUE : timeout.toNanos();
        return new Deadline(clock, clock.nanoTime() + nanos);
    }

    /**
     * {@return the time that is left; zero once the deadline has passed, never negative}
     */
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /**
     * {@return the nanoseconds that are left; zero once the deadline has passed, never negative}
     */
    public long remainingNanos() {
        return Math.max(0, at - clock.nanoTime());
    }

    /**
     * {@return whether no time is left}
     */
    public boolean isExpired() {
        return at - clock.nanoTime() <= 0;
    }

    @Override
    public String toString() {
        return "Deadline[in " + remaining() + "]";
    }
}
