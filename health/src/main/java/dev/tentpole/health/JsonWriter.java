package dev.tentpole.health;

import java.math.BigDecimal;
import java.time.Duration;

/** Writes JSON as RFC 8259 has it, without white space. The caller keeps objects and arrays in order. */
final class JsonWriter {

    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder(256);
    private boolean first = true;

    JsonWriter beginObject() {
        return open('{');
    }

    JsonWriter endObject() {
        return close('}');
    }

    JsonWriter beginArray() {
        return open('[');
    }

    JsonWriter endArray() {
        return close(']');
    }

    JsonWriter name(String name) {
        separate();
        quote(name);
        out.append(':');
        first = true;
        return this;
    }

    JsonWriter value(String value) {
        separate();
        quote(value);
        return this;
    }

    JsonWriter value(long value) {
        separate();
        out.append(value);
        return this;
    }

    JsonWriter value(boolean value) {
        separate();
        out.append(value);
        return this;
    }

    JsonWriter value(BigDecimal value) {
        separate();
        out.append(value.toPlainString());
        return this;
    }

    /** Seconds, to the millisecond. */
    JsonWriter value(Duration value) {
        BigDecimal seconds = BigDecimal.valueOf(value.getSeconds());
        return value(seconds.add(BigDecimal.valueOf(value.getNano() / NANOS_PER_MILLI, 3)));
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private JsonWriter open(char bracket) {
        separate();
        out.append(bracket);
        first = true;
        return this;
    }

    private JsonWriter close(char bracket) {
        out.append(bracket);
        first = false;
        return this;
    }

    private void separate() {
        if (!first) {
            out.append(',');
        }
        first = false;
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> append(c, isLone(text, i));
            }
        }
        out.append('"');
    }

    /**
     * Half a surrogate pair can't be encoded, so it is written as an escape; so are the two line ends that JSON allows and
     * JavaScript does not, and what a careless page would take for markup.
     */
    private void append(char c, boolean loneSurrogate) {
        if (c < ' ' || c == '\u007f' || c == '\u2028' || c == '\u2029' || c == '<' || loneSurrogate) {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                out.append(HEX.charAt((c >> shift) & 0xf));
            }
        } else {
            out.append(c);
        }
    }

    private static boolean isLone(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
