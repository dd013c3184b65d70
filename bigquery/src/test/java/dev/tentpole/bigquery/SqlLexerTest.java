package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlLexerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'a'",
                "\"a\"",
                "'it\\'s'",
                "r'a\\'",
                "r'\\''",
                "R\"a\"",
                "'''a'b''c\n'''",
                "\"\"\"a\"\n\"b\"\"\"",
                "r'''\\'''a'''",
                "'\\\\'",
                "''",
                "''''''",
                "'--'",
                "'/*'"
            })
    void a_text_is_one_token(String text) {
        boolean openRaw = text.equals("r'a\\'");
        assertThat(kinds(text)).containsExactly(openRaw ? Kind.UNTERMINATED : Kind.STRING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b'a'", "B\"a\"", "rb'a'", "bR'a'", "br'''a\n'''"})
    void bytes_are_one_token(String text) {
        assertThat(kinds(text)).containsExactly(Kind.BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'a", "'a\n", "'''a'", "`a", "`a\n", "/* a", "'a\\", "\"", "@`a"})
    void what_lacks_its_end_says_so(String text) {
        assertThat(kinds(text)).contains(Kind.UNTERMINATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-- a 'b", "# a", "/* a\n* / 'b */", "--", "#", "/**/"})
    void a_comment_is_one_token(String text) {
        assertThat(kinds(text)).containsExactly(Kind.COMMENT);
        assertThat(SqlLexer.code(text)).hasSize(1);
    }

    @Test
    void a_line_comment_ends_with_its_line() {
        assertThat(texts("a -- b\nc # d\re")).containsExactly("a", "-- b", "c", "# d", "e");
    }

    @ParameterizedTest
    @CsvSource({
        "@p, PARAMETER",
        "@`p q`, PARAMETER",
        "@@time_zone, SYSTEM",
        "?, POSITIONAL",
        "$__from, DOLLAR",
        "1, INTEGER",
        "0xFf, INTEGER",
        "1.5, FLOAT",
        ".5, FLOAT",
        "1., FLOAT",
        "1e9, FLOAT",
        "1E-9, FLOAT",
        "`a-b.c`, QUOTED",
        "_a1, WORD",
        "|>, SYMBOL",
        "=>, SYMBOL",
        "ß, UNKNOWN",
        "😀, UNKNOWN"
    })
    void a_token_has_a_kind(String text, Kind kind) {
        assertThat(kinds(text)).containsExactly(kind);
    }

    @Test
    void a_name_after_a_dot_may_begin_with_a_digit() {
        assertThat(texts("ds.20240101_x.5")).containsExactly("ds", ".", "20240101_x", ".", "5");
        assertThat(texts("f(x).5e")).containsExactly("f", "(", "x", ")", ".", "5e");
        assertThat(texts("1 + .5")).containsExactly("1", "+", ".5");
    }

    @Test
    void brackets_of_types_are_closed_one_by_one() {
        assertThat(texts("ARRAY<STRUCT<x INT64>>[]"))
                .containsExactly("ARRAY", "<", "STRUCT", "<", "x", "INT64", ">", ">", "[", "]");
    }

    @Test
    void tokens_and_the_space_between_them_are_the_whole_text() {
        String sql = "SELECT a,'x' /* y */ FROM `p.d.t` WHERE b>=@c\u00a0-- z";
        int end = 0;
        for (SqlToken token : SqlLexer.all(sql)) {
            assertThat(token.start()).isGreaterThanOrEqualTo(end);
            assertThat(sql.substring(end, token.start()).chars().allMatch(c -> SqlLexer.isSpace((char) c)))
                    .isTrue();
            end = token.end();
        }
        assertThat(end).isEqualTo(sql.length());
    }

    private static List<Kind> kinds(String sql) {
        return SqlLexer.all(sql).stream()
                .map(SqlToken::kind)
                .filter(kind -> kind != Kind.END)
                .toList();
    }

    private static List<String> texts(String sql) {
        return SqlLexer.all(sql).stream()
                .filter(token -> token.kind() != Kind.END)
                .map(token -> token.text(sql))
                .toList();
    }
}
