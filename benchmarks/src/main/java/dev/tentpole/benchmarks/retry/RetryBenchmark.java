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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Retries alone, around a call that does nothing: it succeeds, or fails once, or always.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class RetryBenchmark {

    /** Who does the work. */
    @Param({"tentpole", "try-catch", "resilience4j", "failsafe"})
    public String implementation = "";

    private final Object result = "result";
    private final Flaky once = new Flaky(1);
    private final Flaky always = new Flaky(Integer.MAX_VALUE);
    private Caller good = () -> "";
    private Caller failsOnce = good;
    private Caller failsAlways = good;

    /** JMH creates it. */
    public RetryBenchmark() {}

    /** Makes the callers. */
    @Setup(Level.Trial)
    public void open() {
        good = Caller.retry(implementation, () -> result);
        failsOnce = Caller.retry(implementation, once);
        failsAlways = Caller.retry(implementation, always);
    }

    /** Ends what threads there are. */
    @TearDown(Level.Trial)
    public void close() {
        good.close();
        failsOnce.close();
        failsAlways.close();
    }

    /**
     * A call that succeeds.
     *
     * @return its result
     * @throws Exception never
     */
    @Benchmark
    public Object success() throws Exception {
        return good.call();
    }

    /**
     * A call that succeeds at the second attempt.
     *
     * @return its result
     * @throws Exception never
     */
    @Benchmark
    public Object failsOnce() throws Exception {
        once.reset();
        return failsOnce.call();
    }

    /**
     * A call that fails three times.
     *
     * @return what it threw
     */
    @Benchmark
    public Object failsAlways() {
        always.reset();
        try {
            return failsAlways.call();
        } catch (Exception e) {
            return e;
        }
    }
}
