package dev.tentpole.benchmarks.cache;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * A hit: 16,384 keys of 64 characters, asked for with a Zipf distribution of 0.99, in a cache that is full with them.
 *
 * <p>{@code tentpole} and {@code caffeine-same} have a time to live for each entry, weights in bytes and statistics; the
 * others less: {@code caffeine} a maximum size, {@code cache2k} and {@code guava} a time to live, {@code linked-hash-map} a
 * lock, and {@code concurrent-hash-map}, the limit, nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class CacheHitBenchmark {

    private static final int KEYS = 16_384;
    private static final int ROOM = KEYS + KEYS / 64;
    private static final int REQUESTS = 1 << 18;
    private static final double SKEW = 0.99;

    /** Who does the work. */
    @Param({"tentpole", "caffeine-same", "caffeine", "cache2k", "guava", "linked-hash-map", "concurrent-hash-map"})
    public String implementation = "";

    private String[] requests = {};
    private Contender cache = key -> key;

    /** JMH creates it. */
    public CacheHitBenchmark() {}

    /** Where a thread is in the sequence of requests. */
    @State(Scope.Thread)
    public static class Place {

        private static final AtomicInteger THREADS = new AtomicInteger();
        private int next = THREADS.getAndIncrement() * (REQUESTS / 3);

        /** JMH creates it. */
        public Place() {}
    }

    /** Fills the cache. */
    @Setup(Level.Trial)
    public void open() {
        String[] keys = new String[KEYS];
        for (int i = 0; i < KEYS; i++) {
            keys[i] = String.format("%064d", i * 2_654_435_761L);
        }
        cache = Contender.of(implementation, ROOM);
        for (String key : keys) {
            cache.get(key);
        }
        int[] numbers = new Zipf(KEYS, SKEW, 42).next(REQUESTS);
        requests = new String[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
            requests[i] = keys[numbers[i]];
        }
    }

    /**
     * Ends what threads there are.
     *
     * @throws Exception if that fails
     */
    @TearDown(Level.Trial)
    public void close() throws Exception {
        cache.close();
    }

    /**
     * One thread.
     *
     * @param place where it is
     * @return the value
     */
    @Benchmark
    @Threads(1)
    public Object oneThread(Place place) {
        return cache.get(requests[place.next++ & REQUESTS - 1]);
    }

    /**
     * Two threads.
     *
     * @param place where one is
     * @return the value
     */
    @Benchmark
    @Threads(2)
    public Object twoThreads(Place place) {
        return cache.get(requests[place.next++ & REQUESTS - 1]);
    }
}
