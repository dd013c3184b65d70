package dev.tentpole.cache;

import java.time.Duration;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How a {@link RangeCache} keeps values, as its builder left it. */
record RangeSettings(
        int chunkPoints,
        long maximumWeight,
        Function<Duration, Duration> timeToLive,
        @Nullable Function<Duration, Duration> refreshAfter,
        double jitter,
        Duration tailTimeToLive,
        Duration staleIfError,
        Duration retryAfter,
        NegativeTimes negative,
        int gapPoints,
        Duration gap,
        long maximumPoints,
        long maximumPointsPerLoad,
        int parallelism,
        Duration timeout,
        RandomGenerator random) {

    /** How long points are served without a word, and how long while they are loaded anew. */
    record Lifetime(long softNanos, long hardNanos) {

        static final Lifetime NONE = new Lifetime(0, 0);
    }

    /** How many points may lie between two missing ones and be loaded with them. */
    long gapPoints(long stepMillis) {
        return Math.max(gapPoints, gap.toMillis() / stepMillis);
    }

    /** How long settled points live of which the newest is so old; the loader may want something of its own. */
    Lifetime settled(Duration age, @Nullable Duration own) {
        Duration positive = age.isNegative() ? Duration.ZERO : age;
        long hard = nanos(own != null ? own : timeToLive.apply(positive));
        long soft = refreshAfter == null ? 0 : nanos(refreshAfter.apply(positive));
        double factor = jitter == 0 ? 1 : 1 - jitter * random.nextDouble();
        return new Lifetime((long) ((soft == 0 ? hard : Math.min(soft, hard)) * factor), (long) (hard * factor));
    }

    /** How long volatile points live. */
    Lifetime tail(@Nullable Duration own) {
        long longest = tailTimeToLive.toNanos();
        long nanos = own == null ? longest : Math.min(longest, own.toNanos());
        return new Lifetime(nanos, nanos);
    }

    /** How long no load is tried of points of which one failed in that way, while there is something stale to serve. */
    long retryNanos(Throwable failure) {
        boolean isStaleServed = refreshAfter != null || !staleIfError.isZero();
        return Math.max(negative.of(failure).toNanos(), isStaleServed ? retryAfter.toNanos() : 0);
    }

    private static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return (duration.compareTo(Load.LONGEST_TIME_TO_LIVE) > 0 ? Load.LONGEST_TIME_TO_LIVE : duration).toNanos();
    }
}
