package dev.tentpole.cache;

import dev.tentpole.base.Args;
import dev.tentpole.base.CoarseClock;
import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.SecondLevel.Codec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongBiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the settings of a {@link QueryCache}. Not safe for use by several threads.
 *
 * <p>Functions among the settings run on threads that load. If one throws, the value that was loaded is handed out and not
 * kept; the first time is logged.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class QueryCacheBuilder<K, V> {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** What a remembered failure weighs in a cache that counts bytes: an exception with its stack trace, roughly. */
    private static final long FAILURE_BYTES = 1_024;

    private long maximumEntries = 10_000;
    private long maximumWeight;
    private @Nullable ToLongBiFunction<? super K, ? super V> weigher;
    private Duration timeToLive = Duration.ofMinutes(1);
    private @Nullable BiFunction<? super K, ? super V, Duration> timeToLiveOf;
    private @Nullable Duration refreshAfter;
    private double jitter = 0.1;
    private Duration staleIfError = Duration.ZERO;
    private Duration retryAfter = Duration.ofSeconds(1);
    private final Map<Class<? extends Throwable>, Duration> negative = new HashMap<>();
    private Predicate<? super V> empty = value -> false;
    private @Nullable Duration emptyTimeToLive;
    private BiFunction<? super K, ? super V, ? extends Iterable<String>> tags = (key, value) -> List.of();
    private Duration timeout = Duration.ofSeconds(30);
    private int threads = 4;
    private @Nullable Executor executor;
    private @Nullable SecondLevel secondLevel;
    private @Nullable Function<? super K, String> keyText;
    private @Nullable Codec<V> codec;
    private int maximumWaiting = 1_000;
    private long maximumWaitingBytes = 64L * 1024 * 1024;
    private @Nullable NanoClock clock;
    private InstantSource wallClock = InstantSource.system();
    private @Nullable RandomGenerator random;

    QueryCacheBuilder() {}

    /**
     * Bounds the cache by the number of entries; the default, with 10,000.
     *
     * @param maximumEntries how many: 1 to 100,000,000
     * @return this
     */
    public QueryCacheBuilder<K, V> maximumEntries(long maximumEntries) {
        this.maximumEntries = maximumEntries;
        this.weigher = null;
        return this;
    }

    /**
     * Bounds the cache by the weight of its entries instead of by their number.
     *
     * @param maximumWeight how much, in bytes: 1 to 1,000,000,000,000
     * @param weigher what an entry weighs, in bytes, 0 or more; the cache takes its word for it, but for 0, which counts as
     *     1. One that weighs more than the maximum, or than 2 GiB, is not kept
     * @return this
     */
    public QueryCacheBuilder<K, V> maximumWeight(long maximumWeight, ToLongBiFunction<? super K, ? super V> weigher) {
        this.maximumWeight = maximumWeight;
        this.weigher = Objects.requireNonNull(weigher, "weigher");
        return this;
    }

    /**
     * Sets how long a value may be served; a loader can say otherwise for its value ({@link Load#timeToLive}).
     *
     * @param timeToLive 1 ms to 36,500 days; default 1 minute
     * @return this
     */
    public QueryCacheBuilder<K, V> timeToLive(Duration timeToLive) {
        this.timeToLive = Objects.requireNonNull(timeToLive, "timeToLive");
        this.timeToLiveOf = null;
        return this;
    }

    /**
     * Sets how long a value may be served, by key and value.
     *
     * @param timeToLive gives it; zero or less keeps nothing, more than 36,500 days is cut to that
     * @return this
     */
    public QueryCacheBuilder<K, V> timeToLive(BiFunction<? super K, ? super V, Duration> timeToLive) {
        this.timeToLiveOf = Objects.requireNonNull(timeToLive, "timeToLive");
        return this;
    }

    /**
     * Sets the soft time to live: from then on a value is still served, as stale, and the first one who asks makes it be
     * loaded in the background.
     *
     * @param refreshAfter 1 ms to 36,500 days; default none. Where the time to live is shorter it has no effect
     * @return this
     */
    public QueryCacheBuilder<K, V> refreshAfter(Duration refreshAfter) {
        this.refreshAfter = Objects.requireNonNull(refreshAfter, "refreshAfter");
        return this;
    }

    /**
     * Sets by how much times to live are shortened at random, so that what was loaded together does not end together.
     *
     * @param jitter the largest part that is taken off, 0 to 0.9; default 0.1. A time to live of 60 s then is 54 to 60 s,
     *     evenly spread
     * @return this
     */
    public QueryCacheBuilder<K, V> jitter(double jitter) {
        this.jitter = jitter;
        return this;
    }

    /**
     * Sets how long after its time to live a value is kept, to be served as stale if loading fails, or takes longer than
     * the caller would wait.
     *
     * @param staleIfError zero to 36,500 days; default zero
     * @return this
     */
    public QueryCacheBuilder<K, V> staleIfError(Duration staleIfError) {
        this.staleIfError = Objects.requireNonNull(staleIfError, "staleIfError");
        return this;
    }

    /**
     * Sets how long no further load is tried after one has failed, while there is a stale value to serve; and no further
     * refresh in the background after one whose value was not kept.
     *
     * @param retryAfter zero to 1 day; default 1 s
     * @return this
     */
    public QueryCacheBuilder<K, V> retryAfter(Duration retryAfter) {
        this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
        return this;
    }

    /**
     * Sets how long failures of a class are remembered: until then callers get the failure and no load is tried.
     *
     * <p>Of several classes the nearest one of the exception's superclasses counts. Cancelled loads are not remembered,
     * nor those that fail since their caller had less time than {@link #timeout} gives a load.
     *
     * @param type the class of what loaders throw
     * @param timeToLive zero to 1 hour; for a class of which nothing is said: zero
     * @return this
     */
    public QueryCacheBuilder<K, V> negativeTimeToLive(Class<? extends Throwable> type, Duration timeToLive) {
        negative.put(Objects.requireNonNull(type, "type"), Objects.requireNonNull(timeToLive, "timeToLive"));
        return this;
    }

    /**
     * Sets how long empty values are kept, at most; without this they are values like any other.
     *
     * @param isEmpty which values are empty
     * @param timeToLive zero, to keep none, to 36,500 days
     * @return this
     */
    public QueryCacheBuilder<K, V> emptyTimeToLive(Predicate<? super V> isEmpty, Duration timeToLive) {
        this.empty = Objects.requireNonNull(isEmpty, "isEmpty");
        this.emptyTimeToLive = Objects.requireNonNull(timeToLive, "timeToLive");
        return this;
    }

    /**
     * Sets tags of entries, besides those that a loader gives. A failure that is remembered has no value: it carries those
     * that its loader gave before it failed, and no others.
     *
     * @param tags gives them, by key and value
     * @return this
     */
    public QueryCacheBuilder<K, V> tags(BiFunction<? super K, ? super V, ? extends Iterable<String>> tags) {
        this.tags = Objects.requireNonNull(tags, "tags");
        return this;
    }

    /**
     * Sets how long a caller waits for another one's load, and what a loader is told that it has.
     *
     * <p>A load that fails once all this time has passed has failed like any other. One whose caller had less
     * ({@link CacheControl#within}, or what was left after he had waited), and which fails when that is over, is left to
     * those who wait. One that has not come back after this time, or after its caller's own if that is longer, has failed
     * with a {@link java.util.concurrent.TimeoutException} for those who wait for it; what it brings in the end is kept all
     * the same. In the background it is interrupted.
     *
     * @param timeout 1 ms to 1 day; default 30 s
     * @return this
     */
    public QueryCacheBuilder<K, V> timeout(Duration timeout) {
        this.timeout = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /**
     * Sets how many threads of its own the cache has at most, for refreshes in the background and for warming; 1,000 tasks
     * can wait for one.
     *
     * @param threads 1 to 1,000; default 4
     * @return this
     */
    public QueryCacheBuilder<K, V> threads(int threads) {
        this.threads = threads;
        return this;
    }

    /**
     * Sets where to run what is loaded in the background, instead of on threads of the cache's own. It is not closed.
     *
     * @param executor the executor; it may refuse tasks
     * @return this
     */
    public QueryCacheBuilder<K, V> executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets a second level, which the cache asks before it loads, and which it closes.
     *
     * @param secondLevel the second level
     * @param keyText what a key is called there; {@link CacheKey#text} for instance
     * @param codec makes bytes of values and values of bytes
     * @return this
     */
    public QueryCacheBuilder<K, V> secondLevel(
            SecondLevel secondLevel, Function<? super K, String> keyText, Codec<V> codec) {
        this.secondLevel = Objects.requireNonNull(secondLevel, "secondLevel");
        this.keyText = Objects.requireNonNull(keyText, "keyText");
        this.codec = Objects.requireNonNull(codec, "codec");
        return this;
    }

    /**
     * Sets how much may wait to be written to the second level; more than that is dropped. Removals wait besides, and are
     * not dropped.
     *
     * @param writes how many writes: 1 to 1,000,000; default 1,000
     * @param bytes how many bytes in all: 1 to 10,000,000,000; default 64 MiB
     * @return this
     */
    public QueryCacheBuilder<K, V> maximumWaitingWrites(int writes, long bytes) {
        this.maximumWaiting = writes;
        this.maximumWaitingBytes = bytes;
        return this;
    }

    /**
     * Sets the clocks, for tests and simulations.
     *
     * @param nanoTime monotonic time in nanoseconds, instead of the coarse clock; it may overflow
     * @param wallClock the time of day
     * @return this
     */
    public QueryCacheBuilder<K, V> clocks(LongSupplier nanoTime, InstantSource wallClock) {
        Objects.requireNonNull(nanoTime, "nanoTime");
        this.clock = nanoTime::getAsLong;
        this.wallClock = Objects.requireNonNull(wallClock, "wallClock");
        return this;
    }

    /** For tests. */
    QueryCacheBuilder<K, V> random(RandomGenerator random) {
        this.random = random;
        return this;
    }

    /**
     * {@return the cache}
     *
     * @throws IllegalArgumentException if a setting is out of its range
     */
    public QueryCache<K, V> build() {
        Duration longest = Load.LONGEST_TIME_TO_LIVE;
        boolean weighed = weigher != null;
        long maximum = weighed
                ? Args.inRange("maximumWeight", maximumWeight, 1, 1_000_000_000_000L)
                : Args.inRange("maximumEntries", maximumEntries, 1, 100_000_000);
        Duration fixed = Args.inRange("timeToLive", timeToLive, SHORTEST, longest);
        if (refreshAfter != null) {
            Args.inRange("refreshAfter", refreshAfter, SHORTEST, longest);
        }
        Args.check(jitter >= 0 && jitter <= 0.9, "jitter", jitter, "0 to 0.9");
        Args.inRange("staleIfError", staleIfError, Duration.ZERO, longest);
        Args.inRange("retryAfter", retryAfter, Duration.ZERO, Duration.ofDays(1));
        if (emptyTimeToLive != null) {
            Args.inRange("emptyTimeToLive", emptyTimeToLive, Duration.ZERO, longest);
        }
        Args.inRange("timeout", timeout, SHORTEST, Duration.ofDays(1));
        Args.inRange("threads", threads, 1, 1_000);
        Args.inRange("maximumWaitingWrites", maximumWaiting, 1, 1_000_000);
        Args.inRange("maximumWaitingWrites in bytes", maximumWaitingBytes, 1, 10_000_000_000L);

        QuerySettings<K, V> settings = new QuerySettings<>(
                timeToLiveOf != null ? timeToLiveOf : (key, value) -> fixed,
                refreshAfter,
                jitter,
                staleIfError,
                new NegativeTimes(negative),
                empty,
                emptyTimeToLive,
                weigher != null ? weigher : (key, value) -> 1,
                weighed ? (int) Math.min(FAILURE_BYTES, maximum) : 1,
                tags,
                maximum,
                retryAfter,
                timeout,
                random != null ? random : () -> ThreadLocalRandom.current().nextLong());
        CoarseClock ownedClock = clock == null ? CoarseClock.open() : null;
        NanoClock used = clock != null ? clock : Objects.requireNonNull(ownedClock);
        Counters counters = new Counters();
        EntryStore<K, V> store = new EntryStore<>(maximum, weighed, used, counters);
        RefreshThreads background =
                executor != null ? RefreshThreads.of(executor) : RefreshThreads.owned(threads, "refresh");
        SharedResults<K, V> shared = secondLevel == null
                ? null
                : new SharedResults<>(
                        secondLevel,
                        Objects.requireNonNull(keyText),
                        Objects.requireNonNull(codec),
                        settings,
                        wallClock,
                        used,
                        maximumWaiting,
                        maximumWaitingBytes);
        LoadDesk<K, V> desk = new LoadDesk<>(store, settings, counters, used, background, shared);
        return new QueryCache<>(store, desk, counters, used, settings, ownedClock);
    }
}
