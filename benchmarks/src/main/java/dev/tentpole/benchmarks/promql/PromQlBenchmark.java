package dev.tentpole.benchmarks.promql;

import dev.tentpole.promql.AnalysisContext;
import dev.tentpole.promql.Analyzer;
import dev.tentpole.promql.Expr;
import dev.tentpole.promql.Matcher;
import dev.tentpole.promql.Optimizer;
import dev.tentpole.promql.PromQl;
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
import org.openjdk.jmh.annotations.Warmup;

/** What is done with one expression; the score is the mean over all expressions, each of which comes as often. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PromQlBenchmark {

    /** Which expressions: {@code own}; or {@code corpus}, {@code corpus-plain} or {@code corpus-systems}, if it is there. */
    @Param("own")
    public String expressions = "";

    private String[] queries = {};
    private Expr[] trees = {};
    private int next;

    /** JMH creates it. */
    public PromQlBenchmark() {}

    /** Reads the expressions. */
    @Setup(Level.Trial)
    public void prepare() {
        List<String> texts = Expressions.named(expressions);
        queries = texts.toArray(String[]::new);
        trees = texts.stream().map(PromQl::parse).toArray(Expr[]::new);
    }

    private int next() {
        next = next + 1 < queries.length ? next + 1 : 0;
        return next;
    }

    /**
     * Parses a query and checks its types; regular expressions are looked at, but not compiled.
     *
     * @return the tree
     */
    @Benchmark
    public Object parse() {
        return PromQl.tryParse(queries[next()]);
    }

    /**
     * Parses a query and compiles its regular expressions, as Prometheus does.
     *
     * @return the tree
     */
    @Benchmark
    public Object parseAndCompile() {
        Expr tree = PromQl.parse(queries[next()]);
        tree.forEach(part -> {
            if (part instanceof Expr.VectorSelector selector) {
                for (Matcher matcher : selector.matchers()) {
                    if (matcher.op().isRegex()) {
                        matcher.matches("");
                    }
                }
            }
        });
        return tree;
    }

    /**
     * Prints a tree on one line.
     *
     * @return the text
     */
    @Benchmark
    public String print() {
        return trees[next()].toString();
    }

    /**
     * Prints a tree on several lines.
     *
     * @return the text
     */
    @Benchmark
    public String format() {
        return PromQl.format(trees[next()]);
    }

    /**
     * Makes all exact changes to a tree.
     *
     * @return the other tree, and the steps
     */
    @Benchmark
    public Object optimize() {
        return Optimizer.optimize(trees[next()]);
    }

    /**
     * Looks for all that is doubtful in a tree, with nothing known beside it.
     *
     * @return the findings
     */
    @Benchmark
    public Object analyze() {
        return Analyzer.analyze(trees[next()], AnalysisContext.empty());
    }
}
