package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignsTest {

    /** More than twice as many as are looked at together. */
    private static final int LENGTH = 19;

    private static byte[] withCharacter(char filler, int at, int c) {
        String text = String.valueOf(filler).repeat(LENGTH);
        return Signs.of(text.substring(0, at) + (char) c + text.substring(at + 1));
    }

    @Test
    void a_name_ends_at_the_first_character_that_is_none_of_its_own_wherever_that_stands() {
        for (int at = 0; at < LENGTH; at++) {
            for (int c = 0; c < 0x180; c++) {
                boolean own = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
                assertThat(Signs.endOfName(withCharacter('x', at, c), 0))
                        .as("character %d at %d", c, at)
                        .isEqualTo(own ? LENGTH : at);
            }
        }
    }

    @Test
    void a_plain_text_ends_at_its_quote_a_backslash_a_line_feed_and_what_is_not_ascii() {
        for (int at = 1; at < LENGTH; at++) {
            for (int c = 0; c < 0x180; c++) {
                boolean ends = c == '"' || c == '\\' || c == '\n' || c >= 0x80;
                assertThat(Signs.endOfPlainText(withCharacter(' ', at, c), 1, '"'))
                        .as("character %d at %d", c, at)
                        .isEqualTo(ends ? at : LENGTH);
            }
        }
    }

    @Test
    void a_question_mark_is_found_wherever_it_stands() {
        assertThat(Signs.mayContainQuestionMarks("x".repeat(LENGTH).getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        for (int at = 0; at < LENGTH; at++) {
            assertThat(Signs.mayContainQuestionMarks(withCharacter('x', at, '?')))
                    .as("at %d", at)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"up{a=\"?\ud800\"}", "up # half of a pair: \ud800\n{a=\"?\"} +", "\ud800?"})
    void half_of_a_surrogate_pair_is_no_question_mark_and_is_three_bytes_long(String query) {
        Problem first = PromQl.tryParse(query).problems().get(0);

        assertThat(first.range().endByte()).isEqualTo(query.length() + 2);
    }

    @Test
    void half_of_a_surrogate_pair_in_a_label_of_a_grouping_is_a_problem() {
        assertThat(PromQl.tryParse("sum by (\"a\ud800\") (up)").problems())
                .extracting(Problem::message)
                .containsExactly("invalid UTF-8 rune");
    }
}
