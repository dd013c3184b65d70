package dev.tentpole.benchmarks.bigquery;

import dev.tentpole.bigquery.Catalog;
import dev.tentpole.bigquery.CostEstimate;
import dev.tentpole.bigquery.CostEstimator;
import dev.tentpole.bigquery.Pricing;
import dev.tentpole.bigquery.TableField;
import dev.tentpole.bigquery.TablePartitioning;
import dev.tentpole.bigquery.TableStats;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading and pricing a query as a dashboard sends it: two days of a table of a year, grouped by hour and metric. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class QueryCostBenchmark {

    private static final int DAYS = 365;

    private static final String SQL =
            "SELECT TIMESTAMP_TRUNC(ts, HOUR) AS time, host AS metric, AVG(value) AS value FROM `shop.web.metrics`"
                    + " WHERE ts >= TIMESTAMP '2024-01-10 00:00:00+00' AND ts < TIMESTAMP '2024-01-12 00:00:00+00'"
                    + " AND host IN ('a', 'b') GROUP BY 1, 2 ORDER BY 1 LIMIT 1000";

    /** Who does the work. */
    @Param("tentpole")
    public String implementation = "";

    private final CostEstimator estimator = CostEstimator.ofDefaults();
    private final Pricing pricing = Pricing.onDemand("US");
    private final Catalog catalog = catalog();

    /** JMH creates it. */
    public QueryCostBenchmark() {}

    private static Catalog catalog() {
        TableStats.Builder table = TableStats.builder("shop.web.metrics")
                .rows(DAYS * 1_000L)
                .bytes(DAYS * 50_000L)
                .partitioning(TablePartitioning.time(TablePartitioning.Unit.DAY, "ts"))
                .field("ts", TableField.Type.TIMESTAMP)
                .field("host", TableField.Type.STRING)
                .field("value", TableField.Type.FLOAT64);
        for (int day = 0; day < DAYS; day++) {
            String id = LocalDate.of(2024, 1, 1).plusDays(day).format(DateTimeFormatter.BASIC_ISO_DATE);
            table.partition(id, 1_000, 50_000);
        }
        return Catalog.of(table.build());
    }

    /**
     * Prices the query.
     *
     * @return the estimate
     */
    @Benchmark
    public CostEstimate estimate() {
        return estimator.estimate(SQL, catalog, pricing);
    }
}
