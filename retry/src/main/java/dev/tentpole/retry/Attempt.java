package dev.tentpole.retry;

import java.time.Duration;
import java.util.Optional;

/**
 * One failed attempt of a call, as listeners are told of it.
 *
 * @param number which attempt, from 1
 * @param failure what kind of failure it was
 * @param thrown what was thrown; empty if a result stood for the failure
 * @param duration how long it took; of the first attempt up to {@code CoarseClock}'s tick of 10 ms too long
 * @param nextWait how long the call will wait before the next attempt; empty if there is none
 */
public record Attempt(
        int number, Failure failure, Optional<Throwable> thrown, Duration duration, Optional<Duration> nextWait) {

    /** {@return all of it, but of what was thrown its type alone, since a message may hold secrets} */
    @Override
    public String toString() {
        return "Attempt[number=" + number + ", failure=" + failure + ", thrown="
                + thrown.map(it -> it.getClass().getName()).orElse("nothing") + ", duration=" + duration + ", nextWait="
                + nextWait.map(Duration::toString).orElse("none") + "]";
    }
}
