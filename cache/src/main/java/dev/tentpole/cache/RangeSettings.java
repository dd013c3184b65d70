package dev.tentpole.cache;

import java.time.Duration;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** How a {@link RangeCache} keeps values, as its builder left it. */
record RangeSettings(
        int chunkPoints,
        long maximumWeight,
        Function<Duration, Duration> timeToLive,
        double jitter,
        Duration tailTimeToLive,
        Duration staleIfError,
        int gapPoints,
        Duration gap,
        long maximumPoints,
        long maximumPointsPerLoad,
        int parallelism,
        Duration timeout,
        RandomGenerator random) {

    /** How many points may lie between two missing ones and be loaded with them. */
    long gapPoints(long stepMillis) {
        return Math.max(gapPoints, gap.toMillis() / stepMillis);
    }

    /** How long points are fresh of which the newest is so old. */
    long freshNanos(Duration age) {
        Duration chosen = timeToLive.apply(age.isNegative() ? Duration.ZERO : age);
        if (chosen.isNegative() || chosen.isZero()) {
            return 0;
        }
        Duration cut = chosen.compareTo(Load.LONGEST_TIME_TO_LIVE) > 0 ? Load.LONGEST_TIME_TO_LIVE : chosen;
        return jitter == 0 ? cut.toNanos() : (long) (cut.toNanos() * (1 - jitter * random.nextDouble()));
    }
}
