package dev.tentpole.benchmarks.cache;

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
 * A range of 100 series that moves on by a few points with each call, and of which only these are missing: what that costs
 * goes with the new points and not with the window.
 *
 * <p>{@code new-points-alone} makes what the server answers for the new points, and no more; {@code no-cache} what it
 * answers for the whole window.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(jvmArgsAppend = "-Xmx3g", value = 1)
public class RangeRefreshBenchmark {

    private static final int SERIES = 100;

    /** Who does the work. */
    @Param({"tentpole", "new-points-alone", "no-cache"})
    public String implementation = "";

    /** How many points are new. */
    @Param({"1", "20"})
    public int newPoints;

    /** The window. */
    @Param({"1h", "1d", "30d"})
    public String window = "";

    private RangeWindow range = new RangeWindow("1h", 1);

    /** JMH creates it. */
    public RangeRefreshBenchmark() {}

    /**
     * Fills the cache.
     *
     * @throws InterruptedException if the run is ended
     */
    @Setup(Level.Trial)
    public void fill() throws InterruptedException {
        range.close();
        range = new RangeWindow(window, SERIES);
        range.cached();
    }

    /** Ends what threads there are. */
    @TearDown(Level.Trial)
    public void close() {
        range.close();
    }

    /**
     * Asks for the window some steps later.
     *
     * @return the value
     * @throws InterruptedException if the run is ended
     */
    @Benchmark
    public Object refresh() throws InterruptedException {
        range.move(newPoints);
        return switch (implementation) {
            case "tentpole" -> range.cached();
            case "new-points-alone" -> range.last(newPoints);
            default -> range.whole();
        };
    }
}
