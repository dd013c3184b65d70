package dev.tentpole.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * The time that a query asks about, from its first to its last instant.
 *
 * <p>Both ends are within {@link #EARLIEST} and {@link #LATEST}: what fits into nanoseconds from 1970, the resolution of a
 * frame's time columns.
 *
 * @param from the first instant
 * @param to the last instant, not before {@code from}
 */
public record TimeRange(Instant from, Instant to) {

    /** The earliest instant that a frame can hold, in September 1677. */
    public static final Instant EARLIEST = Instant.ofEpochSecond(0, Long.MIN_VALUE);

    /** The latest instant that a frame can hold, in April 2262. */
    public static final Instant LATEST = Instant.ofEpochSecond(0, Long.MAX_VALUE);

    /**
     * Checks the ends.
     *
     * @param from the first instant
     * @param to the last instant, not before {@code from}
     * @throws IllegalArgumentException if {@code to} is before {@code from}, or an end is outside of
     *     {@link #EARLIEST}..{@link #LATEST}
     */
    public TimeRange {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        check("from", from);
        check("to", to);
        if (to.isBefore(from)) {
            throw new IllegalArgumentException(
                    "the time range ends at " + to + ", before its start at " + from + ": swap from and to");
        }
    }

    /**
     * {@return the range between two points in time as Grafana writes them}
     *
     * <p>A point is epoch milliseconds ({@code 1764000000000}), an ISO-8601 instant ({@code 2026-11-23T10:00:00Z}), or
     * relative to now: {@code now}, then any number of {@code +} or {@code -} with a number and a unit, then optionally
     * {@code /} and a unit to round to: down for {@code from}, up for {@code to}. Units are {@code ms}, {@code s},
     * {@code m} (minutes), {@code h}, {@code d}, {@code w}, {@code M} (months), {@code Q} (quarters) and {@code y}; days
     * and longer follow the calendar of UTC, and weeks begin on Monday.
     *
     * @param from the first point
     * @param to the last point
     * @param clock tells what now is; read once
     * @throws IllegalArgumentException if a point can't be read, or the range is not one
     */
    public static TimeRange parse(String from, String to, InstantSource clock) {
        Instant now = clock.instant();
        return new TimeRange(
                TimePoint.parse("from", from, now, ZoneOffset.UTC, false),
                TimePoint.parse("to", to, now, ZoneOffset.UTC, true));
    }

    /**
     * {@return the time between the ends; zero for a single instant}
     */
    public Duration duration() {
        return Duration.between(from, to);
    }

    private static void check(String name, Instant instant) {
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw new IllegalArgumentException("the time range's " + name + ", " + instant
                    + ", can't be held in a frame: it must be from " + EARLIEST + " to " + LATEST);
        }
    }
}
