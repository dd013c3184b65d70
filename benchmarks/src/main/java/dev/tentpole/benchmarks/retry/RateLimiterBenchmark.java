package dev.tentpole.benchmarks.retry;

import java.util.concurrent.TimeUnit;
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
 * Asking a rate limit that always grants, and one that never does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class RateLimiterBenchmark {

    /** Who does the work. */
    @Param({"tentpole", "tentpole-precise", "guava", "resilience4j", "bucket4j", "failsafe"})
    public String implementation = "";

    private Limiter generous = () -> true;
    private Limiter strict = generous;

    /** JMH creates it. */
    public RateLimiterBenchmark() {}

    /** Makes the limiters. */
    @Setup(Level.Trial)
    public void open() {
        generous = Limiter.generous(implementation);
        strict = Limiter.strict(implementation);
        if (!generous.tryAcquire()) {
            throw new IllegalStateException("refused");
        }
        for (int i = 0; i < 10; i++) {
            strict.tryAcquire();
        }
        if (strict.tryAcquire()) {
            throw new IllegalStateException("granted");
        }
    }

    /** Ends what threads there are. */
    @TearDown(Level.Trial)
    public void close() {
        generous.close();
        strict.close();
    }

    /**
     * A grant, one thread.
     *
     * @return whether it was granted
     */
    @Benchmark
    public boolean grant() {
        return generous.tryAcquire();
    }

    /**
     * A grant, two threads on one bucket.
     *
     * @return whether it was granted
     */
    @Benchmark
    @Threads(2)
    public boolean shared() {
        return generous.tryAcquire();
    }

    /**
     * A refusal, one thread.
     *
     * @return whether it was granted
     */
    @Benchmark
    public boolean refuse() {
        return strict.tryAcquire();
    }
}
