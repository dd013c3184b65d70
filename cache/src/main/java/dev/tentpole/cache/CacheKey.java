package dev.tentpole.cache;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a query in a cache: the SHA-256 of a canonical form of its parts.
 *
 * <p>Every part is written with its type and its length, so that no two different inputs share a form; maps and sets are
 * written in the order of their forms, so that the same input has the same key however it was ordered. Parts are strings,
 * booleans, numbers, instants, durations, enum constants, byte arrays, other keys, null, and lists, sets and maps of these: what a
 * JSON tree is made of. An integer is the same in any width ({@code 1} and {@code 1L}); an integer, a floating number and
 * a string are never the same; a {@code float} is the {@code double} that it widens to; {@code 0.0} and {@code -0.0}
 * differ, all NaN are one; a {@code BigDecimal} is the same as another if both value and scale are.
 *
 * <p>A key shows its scope and 16 digits of its digest in {@link #toString}, for logs, and nothing of its parts. Whoever
 * shares a cache among users puts into the key who asks. Immutable and safe for use by several threads.
 */
public final class CacheKey {

    /** The digest's number of bytes. */
    static final int DIGEST_BYTES = 32;

    private static final int LONGEST_SCOPE = 40;
    private static final int ASCII_END = 0x80;
    private static final int SHOWN_DIGITS = 16;

    private final String scope;
    private final long first;
    private final long second;
    private final long third;
    private final long fourth;

    CacheKey(String scope, long first, long second, long third, long fourth) {
        this.scope = scope;
        this.first = first;
        this.second = second;
        this.third = third;
        this.fourth = fourth;
    }

    /**
     * {@return the key of one text, such as a query; the same as that of a builder with this one part}
     *
     * <p>This is the quick way: it makes one object.
     *
     * @param scope what kind of key it is: 1 to 40 letters, digits or {@code . _ -}, part of the key and shown in logs
     * @param text the text
     * @throws IllegalArgumentException if the scope is not allowed
     */
    public static CacheKey of(String scope, String text) {
        checkScope(scope);
        Objects.requireNonNull(text, "text");
        KeyDigest digest = KeyDigest.take();
        try {
            digest.begin(scope, 1);
            digest.text(text);
            return digest.key(scope);
        } finally {
            digest.giveBack();
        }
    }

    /**
     * {@return a builder of a key}
     *
     * @param scope what kind of key it is: 1 to 40 letters, digits or {@code . _ -}, part of the key and shown in logs
     * @throws IllegalArgumentException if the scope is not allowed
     */
    public static Builder builder(String scope) {
        checkScope(scope);
        return new Builder(scope);
    }

    /**
     * {@return the key of this key's query over a time range}
     *
     * <p>What changes from one refresh of a dashboard to the next is the range alone: keep the key of the rest, and the
     * digest of a long query need not be made again. Ranges have keys of their own: this one is not that of a builder
     * with the same parts.
     *
     * @param startMillis where the range starts, in milliseconds since the epoch
     * @param endMillis where the range ends, in milliseconds since the epoch
     */
    public CacheKey range(long startMillis, long endMillis) {
        KeyDigest digest = KeyDigest.take();
        try {
            digest.range(this, startMillis, endMillis);
            return digest.key(scope);
        } finally {
            digest.giveBack();
        }
    }

    /**
     * {@return what kind of key it is}
     */
    public String scope() {
        return scope;
    }

    /**
     * {@return the digest, 32 bytes}
     */
    public byte[] digest() {
        byte[] bytes = new byte[DIGEST_BYTES];
        writeTo(bytes, 0);
        return bytes;
    }

    /**
     * {@return the scope and the whole digest in hexadecimal digits, for a cache that is shared}
     */
    public String text() {
        return scope + ":" + HexFormat.of().formatHex(digest());
    }

    void writeTo(byte[] bytes, int offset) {
        KeyDigest.LONGS.set(bytes, offset, first);
        KeyDigest.LONGS.set(bytes, offset + Long.BYTES, second);
        KeyDigest.LONGS.set(bytes, offset + 2 * Long.BYTES, third);
        KeyDigest.LONGS.set(bytes, offset + 3 * Long.BYTES, fourth);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CacheKey key
                && first == key.first
                && second == key.second
                && third == key.third
                && fourth == key.fourth;
    }

    @Override
    public int hashCode() {
        return (int) first;
    }

    @Override
    public String toString() {
        return scope + ":" + HexFormat.of().toHexDigits(first, SHOWN_DIGITS);
    }

    private static void checkScope(String scope) {
        int length = scope.length();
        boolean ok = length > 0 && length <= LONGEST_SCOPE;
        for (int i = 0; ok && i < length; i++) {
            char c = scope.charAt(i);
            ok = (c < ASCII_END && Character.isLetterOrDigit(c)) || c == '.' || c == '_' || c == '-';
        }
        if (!ok) {
            throw new IllegalArgumentException(
                    "scope = " + scope + ", must be 1 to " + LONGEST_SCOPE + " letters, digits or any of . _ -");
        }
    }

    /**
     * Gathers the parts of a key. Not safe for use by several threads.
     */
    public static final class Builder {

        private final String scope;
        private final List<@Nullable Object> parts = new ArrayList<>();

        private Builder(String scope) {
            this.scope = scope;
        }

        /**
         * Adds a part; the order of parts counts.
         *
         * @param part one of the types that {@link CacheKey} lists; it must not change before {@link #build}
         * @return this
         */
        public Builder part(@Nullable Object part) {
            parts.add(part);
            return this;
        }

        /**
         * {@return the key}
         *
         * @throws IllegalArgumentException if a part, or something in it, is of another type, or is nested deeper than
         *     100 levels; if a part holds more than 1,000,000 lists, maps and values, or a map of which two keys are the
         *     same here, such as {@code 1} and {@code 1L}
         */
        public CacheKey build() {
            KeyDigest digest = KeyDigest.take();
            try {
                digest.begin(scope, parts.size());
                for (Object part : parts) {
                    if (part instanceof String text) {
                        digest.text(text);
                    } else {
                        digest.form(KeyForm.of(part));
                    }
                }
                return digest.key(scope);
            } finally {
                digest.giveBack();
            }
        }
    }
}
