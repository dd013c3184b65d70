package dev.tentpole.bigquery;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts one behind the other, as UTF-8. Used by one thread. */
final class Utf8Text {

    static final byte[] NONE = new byte[0];

    private byte[] bytes = new byte[256];
    private int length;

    int length() {
        return length;
    }

    void append(char[] chars, int start, int count) {
        ensure(count);
        byte[] to = bytes;
        int at = length;
        for (int i = start; i < start + count; i++) {
            char c = chars[i];
            if (c >= 0x80) {
                appendEncoded(chars, start, count);
                return;
            }
            to[at++] = (byte) c;
        }
        length = at;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void appendEncoded(char[] chars, int start, int count) {
        byte[] encoded = new String(chars, start, count).getBytes(StandardCharsets.UTF_8);
        ensure(encoded.length);
        System.arraycopy(encoded, 0, bytes, length, encoded.length);
        length += encoded.length;
    }

    private void ensure(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, count)));
        }
    }
}
