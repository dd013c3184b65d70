package dev.tentpole.bigquery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only by waiting: sleeps are noted and take no time. */
final class TestTime {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final List<Duration> sleeps = new CopyOnWriteArrayList<>();

    Pauses pauses() {
        return new Pauses(nanos::get, this::instant, this::sleep, () -> 0.5);
    }

    Instant instant() {
        return START.plusNanos(nanos.get());
    }

    void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    Duration elapsed() {
        return Duration.ofNanos(nanos.get());
    }

    List<Duration> sleeps() {
        return sleeps;
    }

    private void sleep(Duration pause) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        sleeps.add(pause);
        advance(pause);
    }
}
