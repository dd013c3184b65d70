package dev.tentpole.benchmarks.cache;

import dev.tentpole.cache.SeriesGrid;
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
 * A range that is cached, asked for again: a window of a minute's step over 1,000 series, 100 over 30 days, which would not
 * fit into memory else.
 *
 * <p>{@code no-cache} makes the whole answer anew, from a server that costs nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(jvmArgsAppend = "-Xmx3g", value = 1)
public class RangeCacheBenchmark {

    private static final int SERIES = 1_000;
    private static final int FEW_SERIES = 100;

    /** Who does the work. */
    @Param({"tentpole", "no-cache"})
    public String implementation = "";

    /** The window. */
    @Param({"1h", "1d", "30d"})
    public String window = "";

    private RangeWindow range = new RangeWindow("1h", 1);

    /** JMH creates it. */
    public RangeCacheBenchmark() {}

    /**
     * Fills the cache.
     *
     * @throws InterruptedException if the run is ended
     */
    @Setup(Level.Trial)
    public void fill() throws InterruptedException {
        range.close();
        range = new RangeWindow(window, window.equals("30d") ? FEW_SERIES : SERIES);
        range.cached();
    }

    /** Ends what threads there are. */
    @TearDown(Level.Trial)
    public void close() {
        range.close();
    }

    /**
     * Asks for the same window again, and looks which series there are and at a value.
     *
     * @return something of what it saw
     * @throws InterruptedException if the run is ended
     */
    @Benchmark
    public double hit() throws InterruptedException {
        SeriesGrid<String> value = implementation.equals("tentpole") ? range.cached() : range.whole();
        return value.series().size() + value.doubleAt(7, 0);
    }
}
