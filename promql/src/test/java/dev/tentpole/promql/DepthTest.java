package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Depth is bounded by the query's length and not by the stack, and time is linear in it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class DepthTest {

    private static final int DEEP = 100_000;

    private static String[] deepQueries() {
        return new String[] {
            "(".repeat(DEEP) + "foo" + ")".repeat(DEEP),
            "-".repeat(DEEP) + "foo",
            "-(".repeat(DEEP) + "1" + ")".repeat(DEEP),
            "foo" + " + foo".repeat(DEEP),
            "1" + " + on () 1".repeat(DEEP),
            "foo" + " ^ foo".repeat(DEEP),
            "foo" + " or on (a) foo".repeat(DEEP / 2),
            "abs(".repeat(DEEP) + "foo" + ")".repeat(DEEP),
            "sum(".repeat(DEEP) + "foo" + ")".repeat(DEEP),
            "foo[" + "-(".repeat(DEEP) + "step()" + ")".repeat(DEEP) + "]",
            "foo[1m" + " + 1m".repeat(DEEP) + "]",
            "foo[" + "max_of(1m, ".repeat(DEEP) + "5m" + ")".repeat(DEEP) + "]",
            "foo offset -(" + "-".repeat(DEEP) + "step())",
            "foo{" + "a=\"b\",".repeat(DEEP) + "}",
            "label_join(foo, \"a\", \"b\"" + ", \"c\"".repeat(DEEP) + ")",
            "{a=~\"x" + "y*".repeat(DEEP) + "\"}",
            "\"" + "é".repeat(DEEP) + "\"",
        };
    }

    @ParameterizedTest
    @MethodSource("deepQueries")
    void a_deep_or_long_tree_is_read_walked_compared_and_printed(String query) {
        Expr expr = PromQl.parse(query);
        Expr again = PromQl.parse(expr.toString());
        assertThat(again.equals(expr)).isTrue();
        assertThat(again.hashCode()).isEqualTo(expr.hashCode());
        assertThat(PromQl.format(expr)).isNotEmpty();
        assertThat(expr.type()).isNotNull();

        AtomicInteger count = new AtomicInteger();
        expr.forEach(part -> count.incrementAndGet());
        AtomicInteger left = new AtomicInteger();
        expr.walk(new Expr.Visitor() {
            @Override
            public boolean enter(Expr part) {
                return true;
            }

            @Override
            public void leave(Expr part) {
                left.incrementAndGet();
            }
        });
        assertThat(left).hasValue(count.get());
        Expr changed = expr.rewrite(
                part -> part instanceof Expr.NumberLiteral number ? new Expr.NumberLiteral(number.value() + 1) : part);
        assertThat(changed.children()).hasSameSizeAs(expr.children());
    }

    private static String[] brokenQueries() {
        return new String[] {
            "(".repeat(DEEP),
            "sum(".repeat(DEEP) + "foo bar" + ")".repeat(DEEP),
            "f(" + ",".repeat(DEEP) + ")",
            "(" + "f(a b), ".repeat(DEEP) + ")",
            "foo{" + "a b, ".repeat(DEEP) + "}",
            "$".repeat(DEEP),
            "foo[" + "(".repeat(DEEP),
            "foo" + "[1m:]".repeat(DEEP),
            "foo{a=~\"" + "(".repeat(DEEP) + "\"}",
            "foo{a=~\"" + "(x{1000}){1000}".repeat(10) + "\"}",
            "foo{a=~\"" + "(".repeat(900) + ")*".repeat(900) + "\"}",
            "\"" + "\\x".repeat(DEEP),
        };
    }

    @ParameterizedTest
    @MethodSource("brokenQueries")
    void a_deep_or_long_text_that_is_wrong_gets_an_answer(String query) {
        ParseResult result = PromQl.tryParse(query);
        assertThat(result.isValid()).isFalse();
        assertThat(result.describe()).isNotEmpty();
    }

    @Test
    void time_is_linear_in_the_length() {
        String part = "sum by (job) (rate(foo{a=\"b\"}[5m])) / ";
        String quarter = part.repeat(6_500) + "1";
        String megabyte = part.repeat(26_000) + "1";
        bestOfTen(quarter);
        // Linear is 4, quadratic would be 16; the rest is room for caches and a busy machine.
        assertThat((double) bestOfTen(megabyte) / bestOfTen(quarter)).isLessThan(10);
    }

    private static long bestOfTen(String query) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long start = System.nanoTime();
            assertThat(PromQl.parse(query).range().end()).isEqualTo(query.length());
            best = Math.min(best, System.nanoTime() - start);
        }
        return best;
    }
}
