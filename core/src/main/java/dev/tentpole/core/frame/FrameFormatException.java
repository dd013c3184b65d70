package dev.tentpole.core.frame;

import org.jspecify.annotations.Nullable;

/** Thrown for JSON that is not a frame: malformed, or with contents that contradict its schema, or beyond a limit. */
public final class FrameFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String path;
    private final long offset;

    FrameFormatException(String path, long offset, String problem, @Nullable Throwable cause) {
        super((path.isEmpty() ? "frame" : path) + ", byte " + offset + ": " + problem, cause);
        this.path = path;
        this.offset = offset;
    }

    FrameFormatException(String path, long offset, String problem) {
        this(path, offset, problem, null);
    }

    /** {@return where in the JSON, as a JSON Pointer such as {@code /data/values/1/17}; empty for the whole} */
    public String path() {
        return path;
    }

    /** {@return where in the bytes, counted from 0} */
    public long offset() {
        return offset;
    }
}
