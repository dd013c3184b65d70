package dev.tentpole.benchmarks.bigquery;

import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeResult;
import java.time.Instant;
import java.util.List;
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
 * Reading a million rows in pages of 10,000 through the fake server, in the same JVM. The server keeps its pages, so that it costs
 * both clients no more than sending them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
public class PagingBenchmark {

    private static final int PAGE_ROWS = 10_000;

    private static final List<FakeColumn> COLUMNS = List.of(
            FakeColumn.of("id", "INTEGER"),
            FakeColumn.of("name", "STRING"),
            FakeColumn.of("value", "FLOAT"),
            FakeColumn.of("at", "TIMESTAMP"));

    /** Who reads. */
    @Param({"tentpole", "google-cloud-bigquery"})
    public String implementation = "";

    /** How many rows. */
    @Param("1000000")
    public int rows;

    private RowSource source = RowSource.NONE;

    /** JMH creates it. */
    public PagingBenchmark() {}

    /** Starts server and client. */
    @Setup(Level.Trial)
    public void open() {
        FakeResult result = FakeResult.generated(
                        COLUMNS, rows, row -> List.of(row, "name of row " + row, row / 8.0, Instant.ofEpochSecond(row)))
                .pageRows(PAGE_ROWS)
                .keepPages();
        FakeBigQuery server = FakeBigQuery.answering(result);
        source = implementation.equals("tentpole")
                ? new TentpoleRows(server, PAGE_ROWS)
                : new GoogleRows(server, PAGE_ROWS);
    }

    /**
     * Stops both.
     *
     * @throws Exception if that fails
     */
    @TearDown(Level.Trial)
    public void close() throws Exception {
        source.close();
    }

    /**
     * Reads all rows.
     *
     * @return a sum of two columns, the same for both
     * @throws InterruptedException if the run is ended
     */
    @Benchmark
    public double read() throws InterruptedException {
        double sum = source.sum();
        double expected = rows * (rows - 1.0) / 2 * (1 + 1 / 8.0);
        if (sum != expected) {
            throw new IllegalStateException(implementation + " read " + sum + ", not " + expected);
        }
        return sum;
    }
}
