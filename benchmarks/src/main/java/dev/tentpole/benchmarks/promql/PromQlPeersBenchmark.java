package dev.tentpole.benchmarks.promql;

import java.util.Arrays;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Parsing the expressions that a peer accepts, by the peer and by Tentpole. Peers make a parse tree; Tentpole makes a tree
 * without the text's details and checks its types.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PromQlPeersBenchmark {

    /** Who does the work. */
    @Param({"tentpole", "peer"})
    public String implementation = "";

    /** Who the peer is; {@code grammars-v4} needs {@code -Dtentpole.grammar}. */
    @Param("skywalking")
    public String peer = "";

    /** Which expressions are tried, as in {@link PromQlBenchmark}. */
    @Param("own")
    public String expressions = "";

    private QueryReader reader = new QueryReader.Tentpole();
    private String[] queries = {};
    private int next;

    /** JMH creates it. */
    public PromQlPeersBenchmark() {}

    /** Picks the expressions. */
    @Setup(Level.Trial)
    public void prepare() {
        QueryReader judge = QueryReader.of(peer);
        reader = implementation.equals("peer") ? judge : new QueryReader.Tentpole();
        String[] all = Expressions.named(expressions).toArray(String[]::new);
        queries = Arrays.stream(all).filter(judge::accepts).toArray(String[]::new);
        System.out.println(peer + " accepts " + queries.length + " of " + all.length + " expressions");
    }

    /**
     * Parses an expression.
     *
     * @return the tree
     */
    @Benchmark
    public Object parse() {
        next = next + 1 < queries.length ? next + 1 : 0;
        return reader.read(queries[next]);
    }
}
