package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegexSyntaxPropertyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "^^            | MATCHES_EMPTY",
                "abc           | NEEDS_TEXT",
                "^a|b^         | NEEDS_TEXT",
                "^a|^          | MATCHES_EMPTY",
                ".*            | MATCHES_EMPTY",
                ".+            | NEEDS_TEXT",
                "a*(b?c{0,2})* | MATCHES_EMPTY",
                "^(a|b*)c?$^   | MATCHES_EMPTY",
                "[^a-z]+       | NEEDS_TEXT",
                "a{2,1}        | FAULT",
                "a{1001}       | FAULT",
                "(a{100}){11}  | FAULT",
                "(             | UNKNOWN",
                "a**           | UNKNOWN",
                "\\pL          | UNKNOWN",
                "(?i)a         | UNKNOWN",
                "a{x}          | NEEDS_TEXT",
                "\\é            | FAULT",
                "[\\é]          | FAULT",
                "\\Q{1001}\\E   | UNKNOWN",
                "\\Qa\\E{1001}  | FAULT",
                "\\x{1001}      | UNKNOWN",
            })
    void the_usual_parts_are_understood(String pattern, RegexSyntax.Verdict verdict) {
        assertThat(RegexSyntax.look(pattern)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\x{41}",
                "\\x{1001}?A",
                "[\\x{41}]",
                "\\Q{1001}\\E|A",
                "(?P<n>A)(?P<n>)",
                "(?<n>A)(?<n>)",
                "\\p{Lu}{1}"
            })
    void what_the_compiler_reads_otherwise_is_put_into_its_words(String pattern) {
        assertThat(Regex.fault(pattern)).isNull();
        assertThat(Regex.compile(pattern).matches("A")).isTrue();
        assertThat(Regex.compile(pattern).matches("B{")).isFalse();
    }

    @Test
    void a_paren_too_many_is_named() {
        assertThat(Regex.fault("a)")).isEqualTo("error parsing regexp: unexpected )");
    }

    @Property(tries = 20_000)
    void what_is_said_without_the_compiler_is_what_it_says(@ForAll("patterns") String pattern) {
        RegexSyntax.Verdict verdict = RegexSyntax.look(pattern);
        if (verdict == RegexSyntax.Verdict.UNKNOWN || verdict == RegexSyntax.Verdict.FAULT) {
            return;
        }
        try {
            boolean matchesEmpty = Regex.compile(pattern).matches("");
            assertThat(verdict == RegexSyntax.Verdict.MATCHES_EMPTY).as(pattern).isEqualTo(matchesEmpty);
        } catch (IllegalStateException e) {
            throw new AssertionError(pattern + " is none: " + e.getMessage(), e);
        }
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.of(
                        "a",
                        "b",
                        "é",
                        ".",
                        "*",
                        "+",
                        "?",
                        "|",
                        "(",
                        ")",
                        "(?:",
                        "[",
                        "]",
                        "[^",
                        "-",
                        "a-z",
                        "0-9",
                        "\\",
                        "\\d",
                        "\\.",
                        "{",
                        "}",
                        "{2}",
                        "{0,3}",
                        "{2,}",
                        "^",
                        "$",
                        ",",
                        "1",
                        "[a-c]",
                        "(a)",
                        ".*",
                        "\\pL",
                        "[[:alpha:]]")
                .list()
                .ofMinSize(0)
                .ofMaxSize(9)
                .map(parts -> String.join("", parts));
    }
}
