package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class JsonWriterTest {

    @Test
    void objects_and_arrays_nest_with_commas_where_they_belong() {
        String json = new JsonWriter()
                .beginObject()
                .name("a")
                .value(1)
                .name("b")
                .beginArray()
                .value("x")
                .beginObject()
                .endObject()
                .value(true)
                .endArray()
                .name("c")
                .beginArray()
                .endArray()
                .name("d")
                .value(new BigDecimal("1E+6"))
                .name("e")
                .value(Duration.ofMillis(1_002))
                .name("f")
                .value(Duration.ofNanos(999_999))
                .endObject()
                .toString();
        assertThat(json).isEqualTo("{\"a\":1,\"b\":[\"x\",{},true],\"c\":[],\"d\":1000000,\"e\":1.002,\"f\":0.000}");
    }

    @Test
    void what_must_be_escaped_is() {
        assertThat(written("\"\\\n\r\t\u0000\u001f\u007f\u2028\u2029</script>"))
                .isEqualTo("\"\\\"\\\\\\n\\r\\t\\u0000\\u001f\\u007f\\u2028\\u2029\\u003c/script>\"");
        assertThat(written("é😀")).isEqualTo("\"é😀\"");
        assertThat(written("\uD83D|\uDE00")).isEqualTo("\"\\ud83d|\\ude00\"");
    }

    @Property
    void every_text_comes_back_as_it_was_through_utf_8(@ForAll String text) {
        String json = written(text);
        assertThat(new String(json.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(json);
        assertThat(json.chars()).noneMatch(c -> c < ' ');
        assertThat(read(json)).isEqualTo(text);
    }

    private static String written(String text) {
        return new JsonWriter().value(text).toString();
    }

    /** A string as RFC 8259 reads it, as far as the writer's escapes go. */
    private static String read(String json) {
        StringBuilder text = new StringBuilder();
        int end = json.length() - 1;
        assertThat(json.charAt(0)).isEqualTo('"');
        assertThat(json.charAt(end)).isEqualTo('"');
        int at = 1;
        while (at < end) {
            char c = json.charAt(at);
            assertThat(c).isNotEqualTo('"');
            char escape = c == '\\' ? json.charAt(at + 1) : 0;
            switch (escape) {
                case 0 -> text.append(c);
                case '"', '\\' -> text.append(escape);
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> text.append((char) Integer.parseInt(json.substring(at + 2, at + 6), 16));
                default -> throw new AssertionError("unknown escape in " + json);
            }
            at += escape == 0 ? 1 : escape == 'u' ? 6 : 2;
        }
        return text.toString();
    }
}
