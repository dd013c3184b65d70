package dev.tentpole.benchmarks.cache;

import dev.tentpole.cache.RangeAnswer;
import dev.tentpole.cache.RangeCache;
import dev.tentpole.cache.RangeRequest;
import dev.tentpole.cache.SeriesGrid;
import dev.tentpole.cache.TimeGrid;
import java.time.Duration;
import java.time.Instant;
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
 * Range results that are cached: a full hit, and a refresh that needs one new point.
 *
 * <p>A window of a minute's step: a day of 1,000 series is 1,440 points of each. The refresh moves the window by one step
 * with each call; what it costs must not grow with the window. {@code no-cache} makes the whole answer anew, from a server
 * that costs nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(jvmArgsAppend = "-Xmx3g", value = 1)
public class RangeCacheBenchmark {

    private static final long STEP = 60_000;

    /** Who does the work. */
    @Param({"tentpole", "no-cache"})
    public String implementation = "";

    /** The window. */
    @Param({"1h", "1d", "30d"})
    public String window = "";

    private int points;
    private int series;
    private long start;
    private RangeCache<String, SeriesGrid<String>> cache = open(1);

    /** JMH creates it. */
    public RangeCacheBenchmark() {}

    /**
     * Fills the cache.
     *
     * @throws InterruptedException if the run is ended
     */
    @Setup(Level.Trial)
    public void fill() throws InterruptedException {
        points = switch (window) {
            case "1h" -> 60;
            case "1d" -> 1_440;
            default -> 43_200;
        };
        // Thirty days of a thousand series would not fit into memory.
        series = points > 10_000 ? 100 : 1_000;
        cache.close();
        cache = open(2_000_000_000L);
        hit();
    }

    /** Ends what threads there are. */
    @TearDown(Level.Trial)
    public void close() {
        cache.close();
    }

    private static RangeCache<String, SeriesGrid<String>> open(long weight) {
        return RangeCache.<String, SeriesGrid<String>>builder(SeriesGrid.values())
                .timeToLive(age -> Duration.ofDays(1))
                .maximumPoints(100_000)
                .maximumWeight(weight)
                .build();
    }

    private Object answer() throws InterruptedException {
        TimeGrid grid = TimeGrid.ofMillis(start, start + (points - 1) * STEP, STEP);
        if (!implementation.equals("tentpole")) {
            return load(grid);
        }
        RangeAnswer<SeriesGrid<String>> answer =
                cache.get(RangeRequest.of("query", grid, Instant.MAX), (key, missing, load) -> load(missing));
        return answer.value();
    }

    private SeriesGrid<String> load(TimeGrid grid) {
        SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid);
        for (int s = 0; s < series; s++) {
            int place = builder.series("series-" + s);
            for (int i = 0; i < grid.count(); i++) {
                builder.set(place, i, (double) i);
            }
        }
        return builder.build();
    }

    /**
     * Asks for the same window again.
     *
     * @return the value
     * @throws InterruptedException if the run is ended
     */
    @Benchmark
    public Object hit() throws InterruptedException {
        return answer();
    }

    /**
     * Asks for the window a step later.
     *
     * @return the value
     * @throws InterruptedException if the run is ended
     */
    @Benchmark
    public Object refresh() throws InterruptedException {
        start += STEP;
        return answer();
    }
}
