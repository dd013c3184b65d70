package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A whole WebSocket message, text or binary.
 *
 * <p>Immutable, if the byte array given to {@link #binary} is left alone.
 */
public final class WireMessage {

    private final @Nullable String text;
    private final byte @Nullable [] bytes;
    private final int size;

    private WireMessage(@Nullable String text, byte @Nullable [] bytes, int size) {
        this.text = text;
        this.bytes = bytes;
        this.size = size;
    }

    /**
     * {@return a text message}
     *
     * @param text its text
     * @throws IllegalArgumentException if there is half a surrogate pair in it, which UTF-8 can't express
     */
    public static WireMessage text(String text) {
        int size = Utf8.length(text);
        Args.check(size >= 0, "text", "half a surrogate pair", "well-formed UTF-16");
        return new WireMessage(text, null, size);
    }

    /**
     * {@return a binary message}
     *
     * @param bytes its content, not copied
     */
    public static WireMessage binary(byte[] bytes) {
        return new WireMessage(null, Objects.requireNonNull(bytes, "bytes"), bytes.length);
    }

    static WireMessage text(String text, int size) {
        return new WireMessage(text, null, size);
    }

    /**
     * {@return whether it is a text message}
     */
    public boolean isText() {
        return text != null;
    }

    /**
     * {@return the text; of a binary message, its bytes read as UTF-8}
     */
    public String text() {
        return text != null ? text : new String(bytes(), StandardCharsets.UTF_8);
    }

    /**
     * {@return the bytes, not copied; of a text message, its UTF-8}
     */
    public byte[] bytes() {
        return bytes != null ? bytes : text().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * {@return its size in bytes, text as UTF-8}
     */
    public int size() {
        return size;
    }

    @Override
    public String toString() {
        return (isText() ? "text" : "binary") + " of " + size + " bytes";
    }
}
