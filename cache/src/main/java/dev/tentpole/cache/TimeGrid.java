package dev.tentpole.cache;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The points in time at which a range query is evaluated: {@code start, start + step, …}, as far as they are not after the
 * end.
 *
 * <p>It is kept as a place on a line of points that has no beginning: point {@code k} of the line is at
 * {@code phase + k · step}. Two grids are on the same line if step and phase agree; then a point of one is a point of the
 * other if the index is the same, and nothing depends on rounding. Offsets of a grid count its points from 0.
 *
 * @param phaseMillis the time of the line's point 0, 0 to the step, exclusive
 * @param stepMillis the distance of two points: 1 to 3,155,760,000,000 (100 years)
 * @param first the index of the grid's first point
 * @param count how many points it has, 1 or more
 */
public record TimeGrid(long phaseMillis, long stepMillis, long first, long count) {

    private static final long LONGEST_STEP = 3_155_760_000_000L;
    /** Some 30,000 years from now: beyond that sums could overflow. */
    private static final long FARTHEST = 1_000_000_000_000_000L;

    private static final Instant BEGINNING = Instant.ofEpochMilli(-FARTHEST - 1);
    private static final Instant END = Instant.ofEpochMilli(FARTHEST + 1);

    /**
     * Makes a grid of its parts; {@link #of} is the usual way.
     *
     * @param phaseMillis the time of the line's point 0, 0 to the step, exclusive
     * @param stepMillis the distance of two points: 1 to 3,155,760,000,000 (100 years)
     * @param first the index of the grid's first point
     * @param count how many points it has, 1 or more
     * @throws IllegalArgumentException if a part is out of its range, or a point is farther than 10^15 ms from the epoch
     */
    public TimeGrid {
        Args.inRange("step in milliseconds", stepMillis, 1, LONGEST_STEP);
        Args.inRange("phase in milliseconds", phaseMillis, 0, stepMillis - 1);
        long last = Math.floorDiv(FARTHEST - phaseMillis, stepMillis);
        Args.inRange("first", first, -Math.floorDiv(FARTHEST + phaseMillis, stepMillis), last);
        Args.inRange("count", count, 1, last - first + 1);
    }

    /**
     * {@return the grid of a range query}
     *
     * @param start the first point, in whole milliseconds
     * @param end the last point is not after that, in whole milliseconds
     * @param step the distance of two points, in whole milliseconds: 1 ms to 36,525 days
     * @throws IllegalArgumentException if the end is before the start, or something is out of its range
     */
    public static TimeGrid of(Instant start, Instant end, Duration step) {
        near("start", start);
        near("end", end);
        whole("start", start, start.truncatedTo(ChronoUnit.MILLIS));
        whole("end", end, end.truncatedTo(ChronoUnit.MILLIS));
        whole("step", step, step.truncatedTo(ChronoUnit.MILLIS));
        Args.inRange("step", step, Duration.ofMillis(1), Duration.ofMillis(LONGEST_STEP));
        return ofMillis(start.toEpochMilli(), end.toEpochMilli(), step.toMillis());
    }

    /**
     * {@return the grid of a range query}
     *
     * @param startMillis the first point, in milliseconds since the epoch
     * @param endMillis the last point is not after that
     * @param stepMillis the distance of two points: 1 ms to 36,525 days
     * @throws IllegalArgumentException if the end is before the start, or something is out of its range
     */
    public static TimeGrid ofMillis(long startMillis, long endMillis, long stepMillis) {
        Args.inRange("step in milliseconds", stepMillis, 1, LONGEST_STEP);
        Args.inRange("start in milliseconds", startMillis, -FARTHEST, FARTHEST);
        Args.inRange("end in milliseconds", endMillis, startMillis, FARTHEST);
        return new TimeGrid(
                Math.floorMod(startMillis, stepMillis),
                stepMillis,
                Math.floorDiv(startMillis, stepMillis),
                (endMillis - startMillis) / stepMillis + 1);
    }

    /**
     * {@return the index of the last point}
     */
    public long last() {
        return first + count - 1;
    }

    /**
     * {@return the time of a point, in milliseconds since the epoch}
     *
     * @param offset which point: 0 to count - 1
     */
    public long timeMillis(long offset) {
        return phaseMillis + (first + offset) * stepMillis;
    }

    /**
     * {@return the time of the first point}
     */
    public Instant start() {
        return Instant.ofEpochMilli(timeMillis(0));
    }

    /**
     * {@return the time of the last point}
     */
    public Instant end() {
        return Instant.ofEpochMilli(timeMillis(count - 1));
    }

    /**
     * {@return the distance of two points}
     */
    public Duration step() {
        return Duration.ofMillis(stepMillis);
    }

    /**
     * {@return a part of this grid}
     *
     * @param from the offset of its first point
     * @param to the offset after its last point
     * @throws IllegalArgumentException if the part is empty or not within this grid
     */
    public TimeGrid part(long from, long to) {
        Args.check(
                from >= 0 && from < to && to <= count,
                "part",
                from + ".." + to,
                "within 0.." + count + " and not empty");
        return new TimeGrid(phaseMillis, stepMillis, first + from, to - from);
    }

    /**
     * {@return whether the points of both lie on one line, so that they can be compared by index}
     *
     * @param other another grid
     */
    public boolean isOnLineOf(TimeGrid other) {
        return stepMillis == other.stepMillis && phaseMillis == other.phaseMillis;
    }

    /**
     * {@return the offset of the point at a time, or -1 if there is none}
     *
     * @param millis the time, in milliseconds since the epoch
     */
    public long offsetOf(long millis) {
        long distance = millis - timeMillis(0);
        return distance >= 0 && distance % stepMillis == 0 && distance / stepMillis < count
                ? distance / stepMillis
                : -1;
    }

    /** {@return the points from..to-1 of this grid's line, by index} */
    TimeGrid between(long from, long to) {
        return new TimeGrid(phaseMillis, stepMillis, from, to - from);
    }

    /** How many points are not after a time. */
    long countUntil(long millis) {
        long distance = millis - timeMillis(0);
        return distance < 0 ? 0 : Math.min(count, distance / stepMillis + 1);
    }

    /** Before anything is made of it that overflows. */
    private static void near(String name, Instant time) {
        Args.check(time.isAfter(BEGINNING) && time.isBefore(END), name, time, FARTHEST + " ms from the epoch or less");
    }

    private static void whole(String name, Object value, Object truncated) {
        Args.check(value.equals(truncated), name, value, "whole milliseconds");
    }
}
