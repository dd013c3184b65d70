package dev.tentpole.core.frame;

import java.io.IOException;
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
