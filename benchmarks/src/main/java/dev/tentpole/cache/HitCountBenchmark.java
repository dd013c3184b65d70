package dev.tentpole.cache;

import dev.tentpole.base.CoarseClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to count a hit: a cache beside the same one that does all else for a hit and does not count it.
 *
 * <p>A few keys, all of them near, so that nothing hides the price. It is in this package to reach what a hit is made of:
 * users have no switch for it.
 */
@NullMarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class HitCountBenchmark {

    private static final int KEYS = 64;

    /** Who does the work. */
    @Param({"tentpole", "not-counted"})
    public String implementation = "";

    private final String[] keys = new String[KEYS];
    private final CoarseClock clock = CoarseClock.open();
    private final QueryCache<String, Object> cache = QueryCache.<String, Object>builder()
            .timeToLive((key, value) -> Duration.ofHours(1))
            .build();
    private final EntryStore<String, Object> store = cache.store();
    private boolean counted;

    /** JMH creates it. */
    public HitCountBenchmark() {}

    /** Where a thread is in the sequence of keys. */
    @State(Scope.Thread)
    public static class Place {

        private static final AtomicInteger THREADS = new AtomicInteger();
        private int next = THREADS.getAndIncrement() * (KEYS / 2);

        /** JMH creates it. */
        public Place() {}
    }

    /**
     * Fills the cache.
     *
     * @throws InterruptedException if the run is ended
     */
    @Setup(Level.Trial)
    public void open() throws InterruptedException {
        counted = implementation.equals("tentpole");
        for (int i = 0; i < KEYS; i++) {
            keys[i] = "key-" + i;
        }
        for (int i = 0; i < 2 * KEYS; i++) {
            counted(i);
        }
    }

    /** Ends what threads there are. */
    @TearDown(Level.Trial)
    public void close() {
        cache.close();
        clock.close();
    }

    private Object counted(int i) throws InterruptedException {
        return cache.get(keys[i % KEYS], (key, load) -> key);
    }

    /** As {@link QueryCache#get} does it, with the number of the call in place of the count. */
    private Object uncounted(int i) throws InterruptedException {
        String key = keys[i % KEYS];
        long now = clock.nanoTime();
        boolean crowded = store.isCrowded(now);
        Entry<String, Object> entry = crowded ? store.find(key) : store.findQuietly(key);
        if (entry != null && entry.isFresh(now)) {
            Object value = entry.value;
            if (value != null) {
                if (!crowded && entry.isWorthTelling(i)) {
                    store.find(key);
                }
                return value;
            }
        }
        return counted(i);
    }

    private Object hit(Place place) throws InterruptedException {
        int i = place.next++ & Integer.MAX_VALUE;
        return counted ? counted(i) : uncounted(i);
    }

    /**
     * One thread.
     *
     * @param place where it is
     * @return the value
     * @throws InterruptedException if the run is ended
     */
    @Benchmark
    @Threads(1)
    public Object oneThread(Place place) throws InterruptedException {
        return hit(place);
    }

    /**
     * Two threads.
     *
     * @param place where one is
     * @return the value
     * @throws InterruptedException if the run is ended
     */
    @Benchmark
    @Threads(2)
    public Object twoThreads(Place place) throws InterruptedException {
        return hit(place);
    }
}
