package dev.tentpole.core.frame;

import dev.tentpole.base.Args;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Grafana's JSON form of a frame: {@code {"schema":{…},"data":{"values":[…],"entities":[…],"nanos":[…]}}}.
 *
 * <p>What is written reads back as an equal frame: 64-bit integers are exact, floating point numbers keep every bit, NaN
 * and infinities travel as entities, times keep their nanoseconds. One frame is one line. Stateless and safe for use by
 * several threads.
 */
public final class FrameJson {

    private FrameJson() {}

    /**
     * What is accepted when a frame is read. A frame needs up to about ten times its JSON's bytes of memory.
     *
     * @param maxBytes the most bytes of JSON, 1 to 2,000,000,000
     * @param maxFields the most fields, 1 to 1,000,000
     * @param maxRows the most rows, 1 to 1,000,000,000
     */
    public record Limits(int maxBytes, int maxFields, int maxRows) {

        /**
         * Refuses what is out of range.
         *
         * @param maxBytes the most bytes of JSON
         * @param maxFields the most fields
         * @param maxRows the most rows
         */
        public Limits {
            Args.inRange("maxBytes", maxBytes, 1, 2_000_000_000);
            Args.inRange("maxFields", maxFields, 1, 1_000_000);
            Args.inRange("maxRows", maxRows, 1, 1_000_000_000);
        }

        /** {@return 256 MiB, 10,000 fields, 20,000,000 rows} */
        public static Limits defaults() {
            return new Limits(256 * 1024 * 1024, 10_000, 20_000_000);
        }
    }

    /**
     * Writes a frame in UTF-8. Neither flushes nor closes the stream.
     *
     * @param frame the frame
     * @param out where to write
     * @throws IOException if the stream fails
     */
    public static void write(Frame frame, OutputStream out) throws IOException {
        JsonOut json = new JsonOut(out);
        try {
            FrameJsonWriter.frame(frame, json);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        json.finish();
    }

    /**
     * {@return a frame as JSON in UTF-8}
     *
     * @param frame the frame
     */
    public static byte[] toBytes(Frame frame) {
        JsonOut json = new JsonOut(FrameJsonWriter.estimate(frame));
        FrameJsonWriter.frame(frame, json);
        return json.toBytes();
    }

    /**
     * {@return a frame as JSON}
     *
     * @param frame the frame
     */
    public static String toString(Frame frame) {
        return new String(toBytes(frame), StandardCharsets.UTF_8);
    }

    /**
     * {@return the frame that a stream holds, within the default limits}
     *
     * @param in UTF-8; read to its end, not closed
     * @throws FrameFormatException if it is not a frame, or beyond a limit
     * @throws IOException if the stream fails
     */
    public static Frame read(InputStream in) throws IOException {
        return read(in, Limits.defaults());
    }

    /**
     * {@return the frame that a stream holds}
     *
     * @param in UTF-8; read to its end, not closed
     * @param limits what is accepted
     * @throws FrameFormatException if it is not a frame, or beyond a limit
     * @throws IOException if the stream fails
     */
    public static Frame read(InputStream in, Limits limits) throws IOException {
        byte[] bytes = in.readNBytes(limits.maxBytes());
        if (bytes.length == limits.maxBytes() && in.read() >= 0) {
            throw tooLong(limits);
        }
        return read(bytes, limits);
    }

    /**
     * {@return the frame that bytes hold, within the default limits}
     *
     * @param json UTF-8
     * @throws FrameFormatException if it is not a frame, or beyond a limit
     */
    public static Frame read(byte[] json) {
        return read(json, Limits.defaults());
    }

    /**
     * {@return the frame that bytes hold}
     *
     * @param json UTF-8
     * @param limits what is accepted
     * @throws FrameFormatException if it is not a frame, or beyond a limit
     */
    public static Frame read(byte[] json, Limits limits) {
        if (json.length > limits.maxBytes()) {
            throw tooLong(limits);
        }
        return new FrameJsonReader(json, limits).read();
    }

    private static FrameFormatException tooLong(Limits limits) {
        return new FrameFormatException(
                "", limits.maxBytes(), "longer than " + limits.maxBytes() + " bytes (Limits.maxBytes)");
    }

    static String toString(FieldConfig config) {
        JsonOut json = new JsonOut(64);
        FrameJsonWriter.config(config, json);
        return new String(json.toBytes(), StandardCharsets.UTF_8);
    }

    static String toString(FrameMeta meta) {
        JsonOut json = new JsonOut(64);
        FrameJsonWriter.meta(meta, json);
        return new String(json.toBytes(), StandardCharsets.UTF_8);
    }
}
