package dev.tentpole.streaming;

import java.time.Duration;

/**
 * How long to wait before the next attempt: a random time between 0 and a bound that doubles with each failure ("full
 * jitter", as in AWS's article on exponential backoff). The first wait is random as well, so that clients that lost their
 * server together come back apart.
 */
final class Backoff {

    private final long base;
    private final long cap;

    Backoff(Duration base, Duration cap) {
        this.base = base.toNanos();
        this.cap = cap.toNanos();
    }

    /** The longest wait after so many earlier failures: min(cap, base * 2^failures). */
    long bound(int failures) {
        return failures >= 62 || base > cap >> failures ? cap : base << failures;
    }

    /** The wait after so many earlier failures, for a random number in 0..1. */
    long delay(int failures, double random) {
        return (long) (bound(failures) * random);
    }
}
