package dev.tentpole.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Makes the digests of keys: a SHA-256 with its buffers, kept for the next one who needs it.
 *
 * <p>A few are kept in a table that threads reach by their id, so that a key costs no new digest and no lock, and a
 * million virtual threads keep no more of them than a few threads do. Whoever finds his place empty makes a new one; of
 * those that are given back to the same place the last one stays.
 *
 * <p>A text goes through a char array, because {@code String.getChars} and the encoder of ISO 8859-1 are intrinsics: 300
 * characters cost some 30 ns where a loop over {@code charAt} costs as much as the digest.
 */
final class KeyDigest {

    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte PARTS = 1;
    private static final byte RANGE = 2;

    private static final int PLACES = 16;
    /** Neighbouring places in different cache lines. */
    private static final int STRIDE = 16;

    private static final AtomicReferenceArray<@Nullable KeyDigest> KEPT = new AtomicReferenceArray<>(PLACES * STRIDE);

    private static final int CHARS = 2_048;
    /** A type and a length. */
    private static final int LONGEST_HEADER = 1 + Integer.BYTES + 1;

    private final MessageDigest digest;
    private final char[] chars = new char[CHARS];
    private final CharBuffer charBuffer = CharBuffer.wrap(chars);
    private final byte[] bytes = new byte[2 * CHARS];
    private final ByteBuffer byteBuffer = ByteBuffer.wrap(bytes);
    private final CharsetEncoder narrow = StandardCharsets.ISO_8859_1.newEncoder();
    private int length;
    private boolean underWay;

    private KeyDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }

    static KeyDigest take() {
        KeyDigest kept = KEPT.getAndSet(place(), null);
        return kept == null ? new KeyDigest() : kept;
    }

    void giveBack() {
        if (underWay) {
            // A part was refused half way.
            digest.reset();
            underWay = false;
        }
        KEPT.setRelease(place(), this);
    }

    @SuppressWarnings("deprecation") // threadId() is younger than 17
    private static int place() {
        return ((int) Thread.currentThread().getId() & PLACES - 1) * STRIDE;
    }

    /** Writes what every key begins with; the scope's letters are narrow, and few. */
    void begin(String scope, int parts) {
        underWay = true;
        bytes[0] = PARTS;
        bytes[1] = (byte) scope.length();
        length = 2;
        for (int i = 0; i < scope.length(); i++) {
            bytes[length++] = (byte) scope.charAt(i);
        }
        length(parts);
    }

    private void length(int value) {
        int rest = value;
        while (rest >= KeyForm.MORE) {
            bytes[length++] = (byte) (rest | KeyForm.MORE);
            rest >>>= KeyForm.LENGTH_BITS;
        }
        bytes[length++] = (byte) rest;
    }

    /** Writes a text as {@link KeyForm} has it. */
    void text(String text) {
        int size = text.length();
        if (size > CHARS - LONGEST_HEADER) {
            form(KeyForm.of(text));
            return;
        }
        room(LONGEST_HEADER + size);
        int start = length;
        bytes[length++] = KeyForm.NARROW_TEXT;
        length(size);
        text.getChars(0, size, chars, 0);
        charBuffer.clear().limit(size);
        byteBuffer.clear().position(length);
        narrow.reset().encode(charBuffer, byteBuffer, true);
        if (charBuffer.hasRemaining()) {
            length = start;
            form(KeyForm.of(text));
            return;
        }
        length += size;
    }

    void form(byte[] form) {
        flush();
        digest.update(form);
    }

    /** Writes a key over a range; with 49 bytes it is one block of SHA-256. */
    void range(CacheKey key, long start, long end) {
        bytes[0] = RANGE;
        key.writeTo(bytes, 1);
        LONGS.set(bytes, 1 + CacheKey.DIGEST_BYTES, start);
        LONGS.set(bytes, 1 + CacheKey.DIGEST_BYTES + Long.BYTES, end);
        length = 1 + CacheKey.DIGEST_BYTES + 2 * Long.BYTES;
    }

    CacheKey key(String scope) {
        flush();
        try {
            digest.digest(bytes, 0, CacheKey.DIGEST_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has not the length that it must have", e);
        }
        underWay = false;
        return new CacheKey(
                scope,
                (long) LONGS.get(bytes, 0),
                (long) LONGS.get(bytes, Long.BYTES),
                (long) LONGS.get(bytes, 2 * Long.BYTES),
                (long) LONGS.get(bytes, 3 * Long.BYTES));
    }

    private void room(int size) {
        if (bytes.length - length < size) {
            flush();
        }
    }

    private void flush() {
        digest.update(bytes, 0, length);
        length = 0;
    }
}
