package dev.tentpole.benchmarks.health;

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
 * Asking how everything is: checks that cost nothing, so that only the aggregation is measured, and one check that takes
 * two seconds.
 *
 * <p>Spring Boot and SmallRye run the checks while the asker waits; Tentpole runs them before, and is as fresh as its
 * interval. {@code checks} is how many there are, or "slow" for the slow one alone.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HealthReadBenchmark {

    /** Who does the work. */
    @Param({"tentpole", "tentpole-precise", "spring-boot", "smallrye"})
    public String implementation = "";

    /** How many checks there are. */
    @Param({"1", "10", "50", "slow"})
    public String checks = "";

    private HealthSource source = HealthSource.NONE;

    /** JMH creates it. */
    public HealthReadBenchmark() {}

    /**
     * Registers the checks.
     *
     * @throws InterruptedException if the run is ended
     */
    @Setup(Level.Trial)
    public void open() throws InterruptedException {
        boolean slow = checks.equals("slow");
        int count = slow ? 1 : Integer.parseInt(checks);
        source = switch (implementation) {
            case "tentpole" -> new TentpoleSource(count, slow, false);
            case "tentpole-precise" -> new TentpoleSource(count, slow, true);
            case "spring-boot" -> new SpringSource(count, slow);
            default -> new SmallRyeSource(count, slow);
        };
        if (source.checks() != count) {
            throw new IllegalStateException(implementation + " shows " + source.checks() + " of " + count + " checks");
        }
    }

    /** Ends what threads there are. */
    @TearDown(Level.Trial)
    public void close() {
        source.close();
    }

    /**
     * Asks once.
     *
     * @return the answer, which holds the status and all checks
     */
    @Benchmark
    public Object read() {
        return source.read();
    }

    /**
     * Asks once, as an orchestrator's probe does, and makes JSON of the answer.
     *
     * @return the JSON, which holds the status, and SmallRye's the checks as well, since it knows no other
     */
    @Benchmark
    public String body() {
        return source.body();
    }
}
