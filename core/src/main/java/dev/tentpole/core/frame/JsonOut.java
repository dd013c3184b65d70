package dev.tentpole.core.frame;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON tokens as UTF-8 into a buffer, which grows or empties itself into a stream. Commas between the members of
 * an object are its own concern, those between array elements the caller's.
 */
final class JsonOut {

    private static final int STREAM_BUFFER = 32 * 1024;
    private static final int MAX_BUFFER = Integer.MAX_VALUE - 8;

    /** Room that any number needs, with a comma. */
    static final int NUMBER = 48;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final @Nullable OutputStream out;
    private byte[] buffer;
    private int at;
    private boolean first;

    JsonOut(int capacity) {
        this.out = null;
        this.buffer = new byte[capacity];
    }

    JsonOut(OutputStream out) {
        this.out = out;
        this.buffer = new byte[STREAM_BUFFER];
    }

    /** What was written; only without a stream. */
    byte[] toBytes() {
        return at == buffer.length ? buffer : Arrays.copyOf(buffer, at);
    }

    /** Hands the rest to the stream. */
    void finish() throws IOException {
        if (out != null) {
            out.write(buffer, 0, at);
            at = 0;
        }
    }

    void raw(char ascii) {
        if (at == buffer.length) {
            room(1);
        }
        buffer[at++] = (byte) ascii;
    }

    /** Text that is JSON already. */
    void raw(String json) {
        for (int i = 0; i < json.length(); ) {
            room(NUMBER);
            i = encode(json, i, Math.min(json.length(), i + NUMBER / 4), false);
        }
    }

    void openObject() {
        raw('{');
        first = true;
    }

    void closeObject() {
        raw('}');
        first = false;
    }

    /** A member's name and colon, with a comma unless it is the first of its object. */
    void key(String name) {
        if (!first) {
            raw(',');
        }
        first = false;
        string(name);
        raw(':');
    }

    void string(String text) {
        raw('"');
        for (int i = 0; i < text.length(); ) {
            // Six bytes are the most that one char becomes: an escape.
            int to = (int) Math.min(text.length(), i + 1024L);
            room((to - i) * 6 + 6);
            i = encode(text, i, to, true);
        }
        raw('"');
    }

    void literal(boolean value) {
        raw(value ? "true" : "false");
    }

    void number(long value) {
        room(NUMBER);
        at = Digits.putLong(buffer, at, value);
    }

    void unsigned(long value) {
        room(NUMBER);
        at = Digits.putUnsigned(buffer, at, value);
    }

    /** A finite number. */
    void number(double value) {
        room(NUMBER);
        at = DoubleText.put(buffer, at, value);
    }

    /** A finite number. */
    void number(float value) {
        room(NUMBER);
        at = DoubleText.put(buffer, at, value);
    }

    private int encode(String text, int from, int to, boolean escape) {
        byte[] b = buffer;
        int p = at;
        int i = from;
        while (i < to) {
            char c = text.charAt(i++);
            if (c < 0x80) {
                if (escape && (c < ' ' || c == '"' || c == '\\')) {
                    p = putEscape(b, p, c);
                } else {
                    b[p++] = (byte) c;
                }
            } else if (c < 0x800) {
                b[p++] = (byte) (0xC0 | (c >> 6));
                b[p++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                b[p++] = (byte) (0xE0 | (c >> 12));
                b[p++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                b[p++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isHighSurrogate(c) && i < text.length() && Character.isLowSurrogate(text.charAt(i))) {
                int point = Character.toCodePoint(c, text.charAt(i++));
                b[p++] = (byte) (0xF0 | (point >> 18));
                b[p++] = (byte) (0x80 | ((point >> 12) & 0x3F));
                b[p++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                b[p++] = (byte) (0x80 | (point & 0x3F));
            } else {
                // Half of a pair: UTF-8 has no form for it, JSON has.
                p = putHex(b, p, c);
            }
        }
        at = p;
        return i;
    }

    private static int putEscape(byte[] b, int p, char c) {
        char letter = switch (c) {
            case '"', '\\' -> c;
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            default -> 0;
        };
        if (letter == 0) {
            return putHex(b, p, c);
        }
        b[p] = '\\';
        b[p + 1] = (byte) letter;
        return p + 2;
    }

    private static int putHex(byte[] b, int p, char c) {
        b[p] = '\\';
        b[p + 1] = 'u';
        b[p + 2] = HEX[c >> 12];
        b[p + 3] = HEX[c >> 8 & 0xF];
        b[p + 4] = HEX[c >> 4 & 0xF];
        b[p + 5] = HEX[c & 0xF];
        return p + 6;
    }

    int at() {
        return at;
    }

    void at(int newAt) {
        at = newAt;
    }

    /** The buffer, with room for so many bytes behind {@link #at()}. */
    byte[] room(int bytes) {
        if (buffer.length - at >= bytes) {
            return buffer;
        }
        if (out != null) {
            try {
                out.write(buffer, 0, at);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            at = 0;
            return buffer;
        }
        long wanted = Math.max(at + (long) bytes, buffer.length + (buffer.length >> 1));
        if (at + (long) bytes > MAX_BUFFER) {
            throw new IllegalStateException(
                    "the frame's JSON is larger than " + MAX_BUFFER + " bytes: write it to a stream");
        }
        buffer = Arrays.copyOf(buffer, (int) Math.min(MAX_BUFFER, wanted));
        return buffer;
    }
}
