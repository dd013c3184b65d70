package dev.tentpole.cache;

import dev.tentpole.base.Args;
import dev.tentpole.base.CoarseClock;
import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the settings of a {@link RangeCache}. Not safe for use by several threads.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class RangeCacheBuilder<K, V> {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration YOUNG = Duration.ofHours(1);

    private final GridValues<V> values;
    private int chunkPoints = 256;
    private long maximumWeight = 256L * 1024 * 1024;
    private Function<Duration, Duration> timeToLive = age -> age.compareTo(YOUNG) < 0 ? Duration.ofMinutes(10) : DAY;
    private @Nullable Function<Duration, Duration> refreshAfter;
    private double jitter = 0.1;
    private Duration tailTimeToLive = Duration.ZERO;
    private Duration staleIfError = Duration.ZERO;
    private Duration retryAfter = Duration.ofSeconds(1);
    private final Map<Class<? extends Throwable>, Duration> negative = new HashMap<>();
    private int gapPoints = 16;
    private Duration gap = Duration.ofMinutes(5);
    private long maximumPoints = 1_000_000;
    private long maximumPointsPerLoad = 11_000;
    private int parallelism = 4;
    private Duration timeout = Duration.ofSeconds(30);
    private int threads = 8;
    private @Nullable Executor executor;
    private @Nullable NanoClock clock;
    private InstantSource wallClock = InstantSource.system();
    private @Nullable RandomGenerator random;

    RangeCacheBuilder(GridValues<V> values) {
        this.values = Objects.requireNonNull(values, "values");
    }

    /**
     * Sets how many neighbouring points of a line make a chunk. A load into a chunk takes a time that grows with the number
     * of loads whose points the chunk has, which is its number of points at most.
     *
     * @param chunkPoints 1 to 65,536; default 256
     * @return this
     */
    public RangeCacheBuilder<K, V> chunkPoints(int chunkPoints) {
        this.chunkPoints = chunkPoints;
        return this;
    }

    /**
     * Sets how much the chunks may weigh in all, as {@link GridValues#weigh} has it. A chunk that weighs more alone, or more
     * than 2 GiB, is not kept.
     *
     * @param maximumWeight in bytes: 1 to 1,000,000,000,000; default 256 MiB
     * @return this
     */
    public RangeCacheBuilder<K, V> maximumWeight(long maximumWeight) {
        this.maximumWeight = maximumWeight;
        return this;
    }

    /**
     * Sets how long settled points may be served, by how old they are when they are loaded: the younger, the likelier it is
     * that late data changes them.
     *
     * @param timeToLive gives it for the age of the newest point of a chunk's part, which is never negative; zero or less
     *     keeps nothing; default 10 minutes for those younger than an hour and one day for the others
     * @return this
     */
    public RangeCacheBuilder<K, V> timeToLive(Function<Duration, Duration> timeToLive) {
        this.timeToLive = Objects.requireNonNull(timeToLive, "timeToLive");
        return this;
    }

    /**
     * Sets the soft time to live of settled points, by how old they are when they are loaded: from then on they are still
     * served, as stale, and the first one who asks makes them be loaded in the background.
     *
     * @param refreshAfter gives it for the age of the newest point of a chunk's part, which is never negative; zero or less
     *     for none, and where the time to live is shorter it has no effect; default none
     * @return this
     */
    public RangeCacheBuilder<K, V> refreshAfter(Function<Duration, Duration> refreshAfter) {
        this.refreshAfter = Objects.requireNonNull(refreshAfter, "refreshAfter");
        return this;
    }

    /**
     * Sets by how much times to live are shortened at random, so that what was loaded together does not end together.
     *
     * @param jitter the largest part that is taken off, 0 to 0.9; default 0.1
     * @return this
     */
    public RangeCacheBuilder<K, V> jitter(double jitter) {
        this.jitter = jitter;
        return this;
    }

    /**
     * Sets how long volatile points may be served.
     *
     * @param tailTimeToLive zero to 1 day; default zero, so that each request loads them
     * @return this
     */
    public RangeCacheBuilder<K, V> tailTimeToLive(Duration tailTimeToLive) {
        this.tailTimeToLive = Objects.requireNonNull(tailTimeToLive, "tailTimeToLive");
        return this;
    }

    /**
     * Sets how long after their time to live points are kept, to be served as stale if loading fails, or takes longer than
     * the caller would wait.
     *
     * @param staleIfError zero to 36,500 days; default zero
     * @return this
     */
    public RangeCacheBuilder<K, V> staleIfError(Duration staleIfError) {
        this.staleIfError = Objects.requireNonNull(staleIfError, "staleIfError");
        return this;
    }

    /**
     * Sets how long no further load is tried of points of which one has failed, while there is something stale to serve.
     *
     * @param retryAfter zero to 1 day; default 1 s
     * @return this
     */
    public RangeCacheBuilder<K, V> retryAfter(Duration retryAfter) {
        this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
        return this;
    }

    /**
     * Sets how long failures of a class are remembered: until then callers who miss one of the points of a failed load get
     * the failure, or what is stale, and no load of these points is tried.
     *
     * <p>Of several classes the nearest one of the exception's superclasses counts. Cancelled loads are not remembered; of
     * a line of points the last 100 failed loads are, and the cache remembers those of the 10,000 lines that failed last.
     *
     * @param type the class of what loaders throw
     * @param timeToLive zero to 1 hour; for a class of which nothing is said: zero
     * @return this
     */
    public RangeCacheBuilder<K, V> negativeTimeToLive(Class<? extends Throwable> type, Duration timeToLive) {
        negative.put(Objects.requireNonNull(type, "type"), Objects.requireNonNull(timeToLive, "timeToLive"));
        return this;
    }

    /**
     * Sets which gaps between missing points are loaded with them, since one load costs less than two: those of at most so
     * many points, and those of at most such a time, where that saves a load: {@link #maximumPointsPerLoad} is kept to.
     *
     * @param points 0 to 1,000,000; default 16
     * @param time zero to 1 day; default 5 minutes
     * @return this
     */
    public RangeCacheBuilder<K, V> loadThroughGaps(int points, Duration time) {
        this.gapPoints = points;
        this.gap = Objects.requireNonNull(time, "time");
        return this;
    }

    /**
     * Sets how many points a request may have.
     *
     * @param maximumPoints 1 to 100,000,000; default 1,000,000
     * @return this
     */
    public RangeCacheBuilder<K, V> maximumPoints(long maximumPoints) {
        this.maximumPoints = maximumPoints;
        return this;
    }

    /**
     * Sets how many points one load may ask for; a longer run is loaded in parts.
     *
     * @param maximumPointsPerLoad 1 to 100,000,000; default 11,000, which is what Prometheus gives
     * @return this
     */
    public RangeCacheBuilder<K, V> maximumPointsPerLoad(long maximumPointsPerLoad) {
        this.maximumPointsPerLoad = maximumPointsPerLoad;
        return this;
    }

    /**
     * Sets how many loads one request runs at once, one of them on its own thread.
     *
     * @param parallelism 1 to 100; default 4
     * @return this
     */
    public RangeCacheBuilder<K, V> parallelism(int parallelism) {
        this.parallelism = parallelism;
        return this;
    }

    /**
     * Sets how long a request waits for another one's load, and what a loader is told that it has. A request that has made
     * a load begins no other one after that.
     *
     * <p>A load that fails once all this time has passed has failed like any other. One whose request had less
     * ({@link CacheControl#within}, or what was left after another load or a wait), and which fails when that is over, is
     * left to those who wait. One that has not come back after this time, or after its request's own if that is longer, has
     * failed with a {@link java.util.concurrent.TimeoutException} for those who wait for it, and other loads take its
     * place; what it brings in the end is kept all the same. In the background it is interrupted.
     *
     * @param timeout 1 ms to 1 day; default 30 s
     * @return this
     */
    public RangeCacheBuilder<K, V> timeout(Duration timeout) {
        this.timeout = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /**
     * Sets how many threads of its own the cache has at most, for all requests together; while they are busy a request runs
     * its loads on its own thread, and what is loaded in the background waits; 1,000 tasks can.
     *
     * @param threads 1 to 1,000; default 8
     * @return this
     */
    public RangeCacheBuilder<K, V> threads(int threads) {
        this.threads = threads;
        return this;
    }

    /**
     * Sets where to run further loads of a request, instead of on threads of the cache's own. It is not closed.
     *
     * @param executor the executor; it may refuse tasks
     * @return this
     */
    public RangeCacheBuilder<K, V> executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets the clocks, for tests and simulations.
     *
     * @param nanoTime monotonic time in nanoseconds, instead of the coarse clock; it may overflow
     * @param wallClock the time of day
     * @return this
     */
    public RangeCacheBuilder<K, V> clocks(LongSupplier nanoTime, InstantSource wallClock) {
        Objects.requireNonNull(nanoTime, "nanoTime");
        this.clock = nanoTime::getAsLong;
        this.wallClock = Objects.requireNonNull(wallClock, "wallClock");
        return this;
    }

    /** For tests. */
    RangeCacheBuilder<K, V> random(RandomGenerator random) {
        this.random = random;
        return this;
    }

    /**
     * {@return the cache}
     *
     * @throws IllegalArgumentException if a setting is out of its range
     */
    public RangeCache<K, V> build() {
        RangeSettings settings = new RangeSettings(
                Args.inRange("chunkPoints", chunkPoints, 1, 65_536),
                Args.inRange("maximumWeight", maximumWeight, 1, 1_000_000_000_000L),
                timeToLive,
                refreshAfter,
                jitter,
                Args.inRange("tailTimeToLive", tailTimeToLive, Duration.ZERO, DAY),
                Args.inRange("staleIfError", staleIfError, Duration.ZERO, Load.LONGEST_TIME_TO_LIVE),
                Args.inRange("retryAfter", retryAfter, Duration.ZERO, DAY),
                new NegativeTimes(negative),
                Args.inRange("loadThroughGaps points", gapPoints, 0, 1_000_000),
                Args.inRange("loadThroughGaps time", gap, Duration.ZERO, DAY),
                Args.inRange("maximumPoints", maximumPoints, 1, 100_000_000),
                Args.inRange("maximumPointsPerLoad", maximumPointsPerLoad, 1, 100_000_000),
                Args.inRange("parallelism", parallelism, 1, 100),
                Args.inRange("timeout", timeout, Duration.ofMillis(1), DAY),
                random != null ? random : () -> ThreadLocalRandom.current().nextLong());
        Args.check(jitter >= 0 && jitter <= 0.9, "jitter", jitter, "0 to 0.9");
        Args.inRange("threads", threads, 1, 1_000);
        CoarseClock ownedClock = clock == null ? CoarseClock.open() : null;
        NanoClock used = clock != null ? clock : Objects.requireNonNull(ownedClock);
        RangeCounters counters = new RangeCounters();
        ChunkStore<K, V> store = new ChunkStore<>(maximumWeight, used, counters);
        RefreshThreads background =
                executor != null ? RefreshThreads.of(executor) : RefreshThreads.owned(threads, "load");
        RangeDesk<K, V> desk = new RangeDesk<>(store, values, settings, counters, used, wallClock, background);
        return new RangeCache<>(store, desk, values, settings, counters, used, ownedClock);
    }
}
