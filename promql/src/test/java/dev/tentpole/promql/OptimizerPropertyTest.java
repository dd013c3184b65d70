package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tentpole.promql.Optimization.Exactness;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for whatever is optimized; that the answers are the same is for {@code OptimizerServerTest} to show. */
final class OptimizerPropertyTest {

    private static final OptimizerOptions ALL = OptimizerOptions.builder()
            .exactness(Exactness.APPROXIMATE)
            .rangeQuery(true)
            .build();

    @Property(tries = 3000)
    void what_was_optimized_is_valid_has_the_same_type_and_stays(@ForAll("queries") String query) {
        ParseResult parsed = PromQl.tryParse(query);
        Assume.that(parsed.isValid());
        check(parsed.orElseThrow());
    }

    private static void check(Expr expr) {
        for (OptimizerOptions options : List.of(OptimizerOptions.defaults(), ALL)) {
            Expr once = Optimizer.optimize(expr, options).expr();
            assertThat(once.type()).isEqualTo(expr.type());
            assertThat(PromQl.tryParse(once.toString()).expr())
                    .as(expr.toString())
                    .contains(once);
            assertThat(Optimizer.optimize(once, options).steps())
                    .as("optimizing %s twice", expr)
                    .isEmpty();
        }
    }

    @Test
    void all_of_this_holds_for_the_corpus() {
        Optional<Corpus> corpus = Corpus.find();
        assumeTrue(corpus.isPresent(), "needs the corpus, -Dtentpole.corpus=DIRECTORY");
        int changed = 0;
        for (var record : corpus.orElseThrow().expressions()) {
            String text = Corpus.text(record, "expr");
            ParseResult parsed = PromQl.tryParse(text);
            if (parsed.isValid() && !text.contains("step():") && !text.contains("range():")) {
                check(parsed.orElseThrow());
                changed += Optimizer.optimize(parsed.orElseThrow()).isChanged() ? 1 : 0;
            }
        }
        System.out.println("optimizer: changes " + changed + " expressions of the corpus");
        assertThat(changed).isPositive();
    }

    private static List<String> deepQueries() {
        int depth = 100_000;
        return List.of(
                "(".repeat(depth) + "x" + ")".repeat(depth),
                "-".repeat(depth) + "x",
                "+".repeat(depth) + "x",
                "abs(".repeat(depth) + "x{a=~\"b\"}" + ")".repeat(depth),
                "1" + " + 1".repeat(depth),
                "x{a=\"b\"}" + " + x".repeat(depth),
                "x" + " and on () vector(1)".repeat(depth),
                "sort(".repeat(depth / 10) + "x" + ")".repeat(depth / 10),
                "x{" + "a!=\"b\",".repeat(depth) + "}",
                "x{a=~\"" + "^".repeat(depth) + "(b|b)\"}",
                "sum by (" + "a,".repeat(depth) + ") (x{a=\"1\"}) + sum by (" + "b,".repeat(depth) + ") (y{b=\"1\"})");
    }

    @ParameterizedTest
    @MethodSource("deepQueries")
    @ExtendWith(CpuTime.Limit.class)
    void time_and_stack_do_not_depend_on_depth(String query) {
        assertThat(Optimizer.optimize(PromQl.parse(query)).expr()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sort(a) or ", "-sort(a) or ", "sum(rate(a{b=\"c\"}[5m])) / "})
    void time_is_about_linear_in_the_length(String part) {
        CpuTime.assertLinear(part, "b", 440_000, PromQl::parse, Optimizer::optimize);
    }

    @Provide
    Arbitrary<String> queries() {
        return Arbitraries.randomValue(random -> new QuerySource(random).vector(4));
    }
}
