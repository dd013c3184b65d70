package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What is read for macros alone is what is read when all of a query is. */
final class MacroTokensTest {

    private static final String PIECES =
            "a|FROM|r|B|$|$m|$m(|${v}|${v:f:x}|}|(|)|[|]|,|.|.5|5|1e|0x|-|--|---|+|/|/*|*/|//|*|#|'|\"|'''|\"\"\"|`"
                    + "|\\|@|@@|@p|=|<|>|!|;|\n|\r| |  |\t|\u00a0|\u2003|é|\ud83d|\ud83d\ude00";

    @Test
    void what_is_far_from_dollar_signs_is_not_read() {
        String sql = "SELECT a, b FROM t WHERE $f(x, y) AND c = 1 AND d = $v ORDER BY a, b";

        assertThat(texts(MacroTokens.atDollars(sql), sql)).containsExactly("$f", "(", "x", ",", "y", ")", "$v", "");
        assertThat(texts(tokens(MacroTokens.lexerBefore(sql, sql.indexOf("$v"))), sql)
                        .subList(0, 3))
                .containsExactly("d", "=", "$v");
    }

    @Test
    void the_way_to_a_dollar_sign_is_searched_once_however_many_texts_there_are() {
        String sql = "SELECT 1 FROM t WHERE a IN (" + "#\n".repeat(500_000) + "'') AND $__timeFilter(c)";

        assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThat(MacroTokens.atDollars(sql)).hasSizeGreaterThan(500_000));
    }

    @Property(tries = 5_000)
    void dollar_signs_and_what_is_in_brackets_behind_them_are_read_as_ever(@ForAll("queries") List<String> pieces) {
        String sql = String.join("", pieces);
        SqlTokenList all = SqlLexer.all(sql);
        SqlTokenList some = MacroTokens.atDollars(sql);

        assertThat(some).containsAll(neededBy(all, sql));
        // Letters before a text may be left out.
        assertThat(all.stream().map(SqlToken::end))
                .containsAll(some.stream().map(SqlToken::end).toList());
        assertThat(some.isComplete()).isTrue();
    }

    @Property(tries = 5_000)
    void reading_begins_before_a_place_where_it_has_no_part_in_what_was(@ForAll("queries") List<String> pieces) {
        String sql = String.join("", pieces);
        SqlTokenList all = SqlLexer.all(sql);
        for (int place = 0; place < sql.length(); place++) {
            SqlTokenList some = tokens(MacroTokens.lexerBefore(sql, place));
            int left = Math.max(0, all.size() - some.size());

            assertThat(some).as("from %d of %s", place, sql).isEqualTo(all.subList(left, all.size()));
            if (left > 0) {
                assertThat(some.start(0)).isLessThanOrEqualTo(place);
                assertThat(all.kind(left - 1)).isNotEqualTo(Kind.COMMENT);
                assertThat(all.end(left - 1)).isLessThan(all.start(left));
                assertThat(all.text(left - 1) + all.text(left)).doesNotStartWith(".");
                assertThat(all.text(left)).doesNotStartWith(".");
            }
        }
    }

    @Provide
    Arbitrary<List<String>> queries() {
        return Arbitraries.of(List.of(PIECES.split("\\|"))).list().ofMaxSize(24);
    }

    private static SqlTokenList tokens(SqlLexer lexer) {
        SqlTokenList tokens = new SqlTokenList("", 8);
        lexer.readBehind(Integer.MAX_VALUE, tokens);
        return tokens;
    }

    /** The dollar signs, and all up to where the brackets behind one are closed. */
    private static List<SqlToken> neededBy(SqlTokenList all, String sql) {
        List<SqlToken> needed = new ArrayList<>();
        int open = 0;
        for (int i = 0; i < all.size(); i++) {
            SqlToken token = all.get(i);
            boolean behind = i > 0 && all.kind(i - 1) == Kind.DOLLAR && all.end(i - 1) == token.start();
            if (open > 0 || token.kind() == Kind.DOLLAR || (behind && token.isSymbol(sql, "("))) {
                needed.add(token);
                open += List.of("(", "[", "{").contains(token.text(sql)) && (open > 0 || behind) ? 1 : 0;
                open -= open > 0 && List.of(")", "]", "}").contains(token.text(sql)) ? 1 : 0;
            }
        }
        return needed;
    }

    private static List<String> texts(SqlTokenList tokens, String sql) {
        return tokens.stream().map(token -> token.text(sql)).toList();
    }
}
