package dev.tentpole.benchmarks.bigquery;

import dev.tentpole.bigquery.MacroContext;
import dev.tentpole.bigquery.MacroEngine;
import dev.tentpole.bigquery.MacroQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Expanding a dashboard's query with three macros and two variables: sent beside it, written as text, or as Grafana does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MacroBenchmark {

    private static final String QUERY = """
            SELECT $__timeGroup(ts, $__interval) AS time, region, COUNT(*) AS requests, AVG(latency_ms) AS latency
            FROM `shop.web.requests` -- one row a request
            WHERE $__timeFilter(ts) AND region IN ($region) AND status >= 500 AND path LIKE '/cart/%' AND host = $host
            GROUP BY 1, 2
            ORDER BY 1
            """;

    /** How values are given. */
    @Param({"tentpole", "tentpole-text", "tentpole-grafana"})
    public String implementation = "";

    private MacroEngine engine = MacroEngine.standard();
    private String query = QUERY;
    private final MacroContext context = MacroContext.builder(
                    Instant.parse("2024-01-01T00:00:00Z"), Instant.parse("2024-01-02T00:00:00Z"))
            .interval(Duration.ofMinutes(5))
            .variable("region", "eu", "us", "asia")
            .variable("host", "web1")
            .build();

    /** JMH creates it. */
    public MacroBenchmark() {}

    /** Makes the engine. */
    @Setup
    public void open() {
        MacroEngine.Builder builder = MacroEngine.builder();
        engine = switch (implementation) {
            case "tentpole" -> builder.build();
            case "tentpole-text" -> builder.text().build();
            default -> builder.grafana().build();
        };
        // Grafana leaves the quotes to whoever writes the query.
        query = implementation.equals("tentpole-grafana") ? QUERY.replace("$host", "'$host'") : QUERY;
    }

    /**
     * Expands once.
     *
     * @return the query
     */
    @Benchmark
    public MacroQuery expand() {
        return engine.expand(query, context);
    }
}
