package dev.tentpole.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tentpole.core.Query;
import dev.tentpole.core.QueryException;
import dev.tentpole.core.TimeRange;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlMacrosTest {

    private static final Query QUERY = Query.builder("A")
            .timeRange(new TimeRange(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-01T01:00:00.5Z")))
            .interval(Duration.ofSeconds(15))
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "$__from              | 1767225600000",
                "$__to                | 1767229200500",
                "${__from}            | 1767225600000",
                "$__interval          | 15s",
                "$__interval_ms       | 15000",
                "$__timeFilter(t)     | t BETWEEN '2026-01-01 00:00:00.000000' AND '2026-01-01 01:00:00.500000'",
                "$__timeFilter( `a,b` ) | `a,b` BETWEEN '2026-01-01 00:00:00.000000' AND '2026-01-01 01:00:00.500000'",
                "$__timeGroup(t, 5m)  | FROM_UNIXTIME(FLOOR(UNIX_TIMESTAMP(t) / 300) * 300)",
                "$__timeGroup(t,'5m') | FROM_UNIXTIME(FLOOR(UNIX_TIMESTAMP(t) / 300) * 300)",
                "$__timeGroup(t, 250ms) | FROM_UNIXTIME(FLOOR(UNIX_TIMESTAMP(t) / 0.25) * 0.25)",
                "$__timeGroup(t, $__interval) | FROM_UNIXTIME(FLOOR(UNIX_TIMESTAMP(t) / 15) * 15)",
                "$__timeGroup(coalesce(a, b), 1h) | FROM_UNIXTIME(FLOOR(UNIX_TIMESTAMP(coalesce(a, b)) / 3600) * 3600)",
            })
    void a_macro_expands(String macro, String expected) {
        assertThat(SqlMacros.expand("SELECT " + macro + " FROM x", QUERY)).isEqualTo("SELECT " + expected + " FROM x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT '$__from'",
                "SELECT 'it''s $__from'",
                "SELECT 'a\\'$__from'",
                "SELECT \"$__from\"",
                "SELECT `$__from`",
                "SELECT 1 -- $__from",
                "SELECT 1 # $__from",
                "SELECT /* $__from */ 1",
                "SELECT '$__from",
                "SELECT /* $__from",
                "SELECT $from, $1, $",
                "SELECT 'x\\\\' /* $__nothing */",
            })
    void strings_names_and_comments_stay_as_they_are(String sql) {
        assertThat(SqlMacros.expand(sql, QUERY)).isEqualTo(sql);
    }

    @Test
    void what_follows_a_comment_or_a_string_is_expanded_again() {
        assertThat(SqlMacros.expand("SELECT 'a' -- b\n, $__from /* c */ + $__to, 1--$__from", QUERY))
                .isEqualTo("SELECT 'a' -- b\n, 1767225600000 /* c */ + 1767229200500, 1--1767225600000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "$__nothing            | line 2, column 3: there is no macro $__nothing; there are $__timeFilter",
                "$__timeFilter         | $__timeFilter needs 1 argument in parentheses",
                "$__timeFilter()       | $__timeFilter needs 1 argument, and none may be empty",
                "$__timeFilter(a, b)   | $__timeFilter needs 1 argument",
                "$__timeFilter(a       | $__timeFilter lacks its closing parenthesis",
                "$__timeGroup(a)       | $__timeGroup needs 2 arguments",
                "$__timeGroup(a, 5x)   | needs an interval such as 30s",
                "$__timeGroup(a, 0s)   | needs an interval such as 30s",
                "$__timeGroup(a, '5m)  | lacks its closing parenthesis",
                "${__from              | lacks its closing brace",
            })
    void a_wrong_macro_is_refused_with_its_position(String macro, String message) {
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> SqlMacros.expand("SELECT\n  " + macro, QUERY))
                .satisfies(e -> assertThat(e.status()).isEqualTo(400))
                .withMessageStartingWith("line 2, column 3: ")
                .withMessageContaining(message);
    }
}
