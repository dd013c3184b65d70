package dev.tentpole.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Both clocks of a cache, which move when a test says so. */
final class FakeTime implements LongSupplier, InstantSource {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private volatile Instant wall = START;

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return wall;
    }

    void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
        wall = wall.plus(duration);
    }

    void advanceMillis(long millis) {
        advance(Duration.ofMillis(millis));
    }

    /** Moves the wall clock alone, as an administrator does. */
    void setWall(Instant instant) {
        wall = instant;
    }
}
