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
 * Retries and a circuit breaker around a call that succeeds; Tentpole's with a retry budget and counters besides, which the
 * others do not have.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class RetryStackBenchmark {

    /** Who does the work. */
    @Param({"tentpole", "tentpole-count-window", "resilience4j", "resilience4j-time-window", "failsafe"})
    public String implementation = "";

    private final Object result = "result";
    private Caller caller = () -> "";

    /** JMH creates it. */
    public RetryStackBenchmark() {}

    /** Makes the caller. */
    @Setup(Level.Trial)
    public void open() {
        caller = Caller.stack(implementation, () -> result);
    }

    /** Ends what threads there are. */
    @TearDown(Level.Trial)
    public void close() {
        caller.close();
    }

    /**
     * A call, one thread.
     *
     * @return its result
     * @throws Exception never
     */
    @Benchmark
    public Object success() throws Exception {
        return caller.call();
    }

    /**
     * A call, two threads on one breaker.
     *
     * @return its result
     * @throws Exception never
     */
    @Benchmark
    @Threads(2)
    public Object shared() throws Exception {
        return caller.call();
    }
}
