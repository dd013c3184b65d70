package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which topics a pattern covers, and what is neither topic nor pattern. */
final class TopicPatternTest {

    @ParameterizedTest
    @CsvSource({
        "a.b, a.b, true",
        "a.b, a.b.c, false",
        "a.b, a, false",
        "a.*.c, a.b.c, true",
        "a.*.c, a.bb.c, true",
        "a.*.c, a.b.d, false",
        "a.*.c, a.c, false",
        "a.*.c, a.b.b.c, false",
        "a.*, a.b, true",
        "a.*, a, false",
        "*, a, true",
        "*, a.b, false",
        "a.>, a.b, true",
        "a.>, a.b.c.d, true",
        "a.>, a, false",
        "a.>, ab.c, false",
        ">, a, true",
        ">, a.b, true",
        "*.>, a.b.c, true",
        "*.>, a, false",
        "*.b.>, a.b.c, true",
        "ab.c, a.c, false",
        "a.bc, a.b, false"
    })
    void covers(String pattern, String topic, boolean covered) {
        assertThat(TopicPattern.of(pattern).matches(topic)).isEqualTo(covered);
        assertThat(TopicPattern.of(pattern)).hasToString(pattern).isEqualTo(TopicPattern.of(pattern));
    }

    @Test
    void says_what_is_wrong_and_where() {
        refused("", "pattern is empty");
        refused("a..b", "pattern \"a..b\" has an empty token at position 2");
        refused(".a", "has an empty token at position 0");
        refused("a.", "has an empty token at position 2");
        refused("a b", "has white space or a control character at position 1");
        refused("a\nb", "pattern \"a?b\" has white space or a control character at position 1");
        refused("a*.b", "has a wildcard that is not a token of its own at position 1");
        refused("a.*b", "has a wildcard that is not a token of its own at position 2");
        refused("a.>.b", "has > that is not its last token at position 2");
        refused("x".repeat(256), "has 256 characters, must have at most 255");
        refused("x.".repeat(40) + "x", "has 41 tokens, must have at most 32");
        assertThatThrownBy(() -> TopicPattern.requireTopic("a.*"))
                .hasMessage("topic \"a.*\" has a wildcard, which only a pattern may have, at position 2");
        assertThat(TopicPattern.requireTopic("a.b-c_d/é")).isEqualTo("a.b-c_d/é");
    }

    private static void refused(String pattern, String message) {
        assertThatThrownBy(() -> TopicPattern.of(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
