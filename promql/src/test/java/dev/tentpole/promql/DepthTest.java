package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Depth is bounded by the query's length and not by the stack, and time is linear in it. */
@ExtendWith(CpuTime.Limit.class)
final class DepthTest {

    private static final int DEEP = 100_000;

    /** {@return thousands of matchers whose values differ, but have one hash} */
    private static String sameHashes() {
        StringBuilder matchers = new StringBuilder();
        for (int i = 0; i < 1 << 14; i++) {
            matchers.append("a=\"");
            for (int bit = 13; bit >= 0; bit--) {
                matchers.append((i >> bit & 1) == 0 ? "BB" : "Aa");
            }
            matchers.append("\",");
        }
        return matchers.toString();
    }

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
            "foo + on (" + "a,".repeat(DEEP) + ") group_left (" + "b,".repeat(DEEP) + ") foo",
            "foo{a=~\"" + "\\\\pL?".repeat(DEEP) + "\"}",
            "foo{a=~\"\\\\pL" + "{[a]".repeat(DEEP) + "\"}",
            "foo{" + sameHashes() + "}",
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
            "foo + on (" + "a,".repeat(DEEP) + ") group_left (" + "a,".repeat(DEEP) + ") foo",
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
    void an_expression_that_the_compiler_cannot_follow_is_no_error_of_the_stack() {
        Matcher matcher = Matcher.of("a", Matcher.Op.REGEX, "\\pL?".repeat(DEEP));
        assertThatThrownBy(() -> matcher.matches("")).isInstanceOf(IllegalStateException.class);
        assertThat(PromQl.tryParse("{a=~\"(){1000}(){1000}(){1000}\\\\pL\"}").isValid())
                .isTrue();
    }

    @Test
    void time_is_linear_in_the_length() {
        CpuTime.assertLinear("sum by (job) (rate(foo{a=\"b\"}[5m])) / ", "1", 1_040_000, text -> text, PromQl::parse);
    }
}
