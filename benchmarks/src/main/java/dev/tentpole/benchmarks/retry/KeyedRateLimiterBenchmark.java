package dev.tentpole.benchmarks.retry;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.tentpole.retry.KeyedRateLimiter;
import dev.tentpole.retry.RateLimiter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.infra.ThreadParams;

/**
 * A rate limit for each of 1,000 keys, two threads: Tentpole's keyed limiter, and the peers' limiters in a bounded Caffeine
 * cache, as their users do it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class KeyedRateLimiterBenchmark {

    private static final int KEYS = 1_000;
    private static final int MAX_KEYS = 10_000;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Who does the work. */
    @Param({"tentpole", "guava", "resilience4j", "bucket4j"})
    public String implementation = "";

    private interface Keyed {

        boolean tryAcquire(String key);
    }

    /** Where a thread is among the keys. */
    @State(Scope.Thread)
    public static class Turn {

        private int next;

        /** JMH creates it. */
        public Turn() {}

        /**
         * Lets each thread begin at keys of its own, as users do; on the same ones, all would be at one key at a time.
         *
         * @param params which thread it is
         */
        @Setup(Level.Trial)
        public void begin(ThreadParams params) {
            next = KEYS * params.getThreadIndex() / params.getThreadCount();
        }

        private int next() {
            next = next + 1 == KEYS ? 0 : next + 1;
            return next;
        }
    }

    private String[] keys = new String[0];
    private Keyed limiter = key -> true;
    private KeyedRateLimiter<String> own =
            RateLimiter.builder("k").permits(1, SECOND).buildKeyed();

    /** JMH creates it. */
    public KeyedRateLimiterBenchmark() {}

    /** Makes the keys and the limiter. */
    @Setup(Level.Trial)
    public void open() {
        keys = IntStream.range(0, KEYS).mapToObj(i -> "api-key-" + i).toArray(String[]::new);
        own.close();
        own = RateLimiter.builder("k")
                .permits(Limiter.PLENTY, SECOND)
                .maxKeys(MAX_KEYS)
                .buildKeyed();
        limiter = switch (implementation) {
            case "tentpole" -> own::tryAcquire;
            case "guava" -> {
                LoadingCache<String, com.google.common.util.concurrent.RateLimiter> cache =
                        Caffeine.newBuilder().maximumSize(MAX_KEYS).build(key -> Limiter.guava(Limiter.PLENTY, SECOND));
                yield key -> cache.get(key).tryAcquire();
            }
            case "resilience4j" -> {
                LoadingCache<String, io.github.resilience4j.ratelimiter.RateLimiter> cache = Caffeine.newBuilder()
                        .maximumSize(MAX_KEYS)
                        .build(key -> Limiter.resilience4j(Limiter.PLENTY, SECOND));
                yield key -> cache.get(key).acquirePermission();
            }
            default -> {
                LoadingCache<String, io.github.bucket4j.Bucket> cache = Caffeine.newBuilder()
                        .maximumSize(MAX_KEYS)
                        .build(key -> Limiter.bucket4j(Limiter.PLENTY, SECOND));
                yield key -> cache.get(key).tryConsume(1);
            }
        };
    }

    /** Ends what threads there are. */
    @TearDown(Level.Trial)
    public void close() {
        own.close();
    }

    /**
     * Asks for the next key.
     *
     * @param turn whose turn it is
     * @return whether it was granted
     */
    @Benchmark
    @Threads(2)
    public boolean grant(Turn turn) {
        return limiter.tryAcquire(keys[turn.next()]);
    }
}
