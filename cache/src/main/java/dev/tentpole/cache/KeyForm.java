package dev.tentpole.cache;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The canonical form of a part of a key: a type, a length where the type does not fix it, and the content.
 *
 * <p>A form is a prefix of no other form, so that a sequence of forms can be read in one way only. That is what makes
 * keys of different inputs different, as far as SHA-256 does.
 */
final class KeyForm {

    static final byte NULL = 0;
    static final byte FALSE = 1;
    static final byte TRUE = 2;
    static final byte LONG = 3;
    static final byte BIG_INTEGER = 4;
    static final byte DOUBLE = 5;
    static final byte BIG_DECIMAL = 6;
    /** A text of which every character fits into a byte. */
    static final byte NARROW_TEXT = 7;
    /** Any other text, two bytes a character: unlike UTF-8 it keeps apart texts with lone surrogates. */
    static final byte WIDE_TEXT = 8;

    static final byte INSTANT = 9;
    static final byte DURATION = 10;
    static final byte BYTES = 11;
    static final byte KEY = 12;
    static final byte LIST = 13;
    static final byte SET = 14;
    static final byte MAP = 15;
    static final byte ENUM = 16;

    /** How many bits of a length a byte has. */
    static final int LENGTH_BITS = 7;

    /** Says that more bytes of a length follow. */
    static final int MORE = 1 << LENGTH_BITS;

    private static final int DEEPEST = 100;

    /** A tree in which lists are shared may be larger than any memory. */
    private static final int MOST_WRITTEN = 1_000_000;

    private static final int BYTE_BITS = 8;
    private static final int LARGEST_NARROW = 0xFF;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicInteger written;

    private KeyForm(AtomicInteger written) {
        this.written = written;
    }

    static byte[] of(@Nullable Object part) {
        return of(part, 0, new AtomicInteger());
    }

    private static byte[] of(@Nullable Object part, int depth, AtomicInteger written) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("a part of a key is nested deeper than " + DEEPEST + " levels");
        }
        if (written.getAndIncrement() == MOST_WRITTEN) {
            throw new IllegalArgumentException("a part of a key holds more than 1,000,000 lists, maps and values;"
                    + " a list that is in several places counts in each");
        }
        KeyForm form = new KeyForm(written);
        form.write(part, depth);
        return form.out.toByteArray();
    }

    private void write(@Nullable Object part, int depth) {
        if (part == null) {
            out.write(NULL);
        } else if (part instanceof Boolean flag) {
            out.write(flag ? TRUE : FALSE);
        } else if (part instanceof Number number) {
            number(number);
        } else if (part instanceof CharSequence text) {
            text(text.toString());
        } else if (part instanceof Instant instant) {
            time(INSTANT, instant.getEpochSecond(), instant.getNano());
        } else if (part instanceof Duration duration) {
            time(DURATION, duration.getSeconds(), duration.getNano());
        } else if (part instanceof Enum<?> constant) {
            out.write(ENUM);
            text(constant.getDeclaringClass().getName());
            text(constant.name());
        } else if (part instanceof byte[] bytes) {
            bytes(BYTES, bytes);
        } else if (part instanceof CacheKey key) {
            out.write(KEY);
            out.writeBytes(key.digest());
        } else if (part instanceof Map<?, ?> map) {
            map(map, depth);
        } else if (part instanceof Collection<?> collection) {
            collection(collection, depth);
        } else {
            throw new IllegalArgumentException(
                    "a part of a key is a " + part.getClass().getName()
                            + ", must be a string, boolean, number, instant, duration, enum constant, byte array, key, or a list,"
                            + " set or map of these");
        }
    }

    private void number(Number number) {
        if (number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte) {
            out.write(LONG);
            int64(number.longValue());
        } else if (number instanceof Double || number instanceof Float) {
            out.write(DOUBLE);
            int64(Double.doubleToLongBits(number.doubleValue()));
        } else if (number instanceof BigInteger integer) {
            if (integer.bitLength() < Long.SIZE) {
                number(integer.longValue());
            } else {
                bytes(BIG_INTEGER, integer.toByteArray());
            }
        } else if (number instanceof BigDecimal decimal) {
            out.write(BIG_DECIMAL);
            int32(decimal.scale());
            number(decimal.unscaledValue());
        } else {
            throw new IllegalArgumentException("a part of a key is a number of type "
                    + number.getClass().getName() + ", must be of a primitive's type, BigInteger or BigDecimal");
        }
    }

    private void text(String text) {
        boolean narrow = text.chars().allMatch(c -> c <= LARGEST_NARROW);
        out.write(narrow ? NARROW_TEXT : WIDE_TEXT);
        length(text.length());
        if (narrow) {
            out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        } else {
            text.chars().forEach(c -> {
                out.write(c >>> BYTE_BITS);
                out.write(c);
            });
        }
    }

    private void map(Map<?, ?> map, int depth) {
        SortedMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
        map.forEach((key, value) -> {
            byte[] former = entries.put(of(key, depth + 1, written), of(value, depth + 1, written));
            if (former != null) {
                throw new IllegalArgumentException(
                        "two keys of a map in a part of a key are the same, such as 1 and 1L");
            }
        });
        out.write(MAP);
        length(entries.size());
        entries.forEach((key, value) -> {
            out.writeBytes(key);
            out.writeBytes(value);
        });
    }

    private void collection(Collection<?> collection, int depth) {
        List<byte[]> elements = new ArrayList<>(collection.size());
        collection.forEach(element -> elements.add(of(element, depth + 1, written)));
        boolean isSet = collection instanceof Set;
        if (isSet) {
            elements.sort(Arrays::compareUnsigned);
        }
        out.write(isSet ? SET : LIST);
        length(elements.size());
        elements.forEach(out::writeBytes);
    }

    private void bytes(byte type, byte[] bytes) {
        out.write(type);
        length(bytes.length);
        out.writeBytes(bytes);
    }

    private void time(byte type, long seconds, int nanos) {
        out.write(type);
        int64(seconds);
        int32(nanos);
    }

    /** Seven bits a byte, the lowest first, and a bit that says whether there are more: a short length takes one byte. */
    private void length(int length) {
        int rest = length;
        while (rest >= MORE) {
            out.write(rest | MORE);
            rest >>>= LENGTH_BITS;
        }
        out.write(rest);
    }

    private void int32(int value) {
        for (int shift = Integer.SIZE - BYTE_BITS; shift >= 0; shift -= BYTE_BITS) {
            out.write(value >>> shift);
        }
    }

    private void int64(long value) {
        int32((int) (value >>> Integer.SIZE));
        int32((int) value);
    }
}
