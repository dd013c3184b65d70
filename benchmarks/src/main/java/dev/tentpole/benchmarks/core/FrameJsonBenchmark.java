package dev.tentpole.benchmarks.core;

import dev.tentpole.core.frame.Field;
import dev.tentpole.core.frame.Frame;
import dev.tentpole.core.frame.FrameJson;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A frame of a million points, each a time and a float, to JSON and back; beside it Jackson's tree model, filled from
 * arrays and read into arrays.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(
        value = 1,
        jvmArgs = {"-Xms3g", "-Xmx3g"})
public class FrameJsonBenchmark {

    private static final int POINTS = 1_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long START = 1_700_000_000_000_000_000L;
    private static final long STEP = 1_000_000_000L;

    /** Who does the work. */
    @Param({"tentpole", "jackson-tree"})
    public String implementation = "";

    /** How the floats look: two decimals, as most of what is measured, or all 15 to 17 digits. */
    @Param({"2", "all"})
    public String decimals = "";

    private final ObjectMapper mapper = JsonMapper.shared();
    private final long[] times = new long[POINTS];
    private final double[] floats = new double[POINTS];
    private Frame frame = Frame.of("points");
    private Codec codec = new Tentpole();
    private byte[] json = {};

    /** JMH creates it. */
    public FrameJsonBenchmark() {}

    private interface Codec {
        byte[] encode();

        Object decode(byte[] json);
    }

    /** Makes the points, and their JSON. */
    @Setup
    public void makePoints() {
        Random random = new Random(1);
        double walk = 50;
        for (int i = 0; i < POINTS; i++) {
            times[i] = START + i * STEP;
            walk += random.nextGaussian();
            floats[i] = decimals.equals("2") ? Math.rint(walk * 100) / 100 : walk;
        }
        frame = Frame.of("points", Field.ofTimes("time", times), Field.ofDoubles("value", floats));
        json = new Tentpole().encode();
        codec = implementation.equals("tentpole") ? new Tentpole() : new JacksonTree();
    }

    /**
     * A frame to JSON; for Jackson, two arrays to JSON.
     *
     * @return the JSON
     */
    @Benchmark
    public byte[] encode() {
        return codec.encode();
    }

    /**
     * JSON to a frame; for Jackson, JSON to two arrays.
     *
     * @return what holds them
     */
    @Benchmark
    public Object decode() {
        return codec.decode(json);
    }

    private final class Tentpole implements Codec {

        @Override
        public byte[] encode() {
            return FrameJson.toBytes(frame);
        }

        @Override
        public Object decode(byte[] bytes) {
            return FrameJson.read(bytes);
        }
    }

    private final class JacksonTree implements Codec {

        @Override
        public byte[] encode() {
            ObjectNode root = mapper.createObjectNode();
            ObjectNode schema = root.putObject("schema").put("name", "points");
            ArrayNode fields = schema.putArray("fields");
            fields.addObject()
                    .put("name", "time")
                    .put("type", "time")
                    .putObject("typeInfo")
                    .put("frame", "time.Time");
            fields.addObject()
                    .put("name", "value")
                    .put("type", "number")
                    .putObject("typeInfo")
                    .put("frame", "float64");
            ArrayNode values = root.putObject("data").putArray("values");
            ArrayNode millis = values.addArray();
            for (long time : times) {
                millis.add(time / NANOS_PER_MILLI);
            }
            ArrayNode numbers = values.addArray();
            for (double number : floats) {
                numbers.add(number);
            }
            return mapper.writeValueAsBytes(root);
        }

        @Override
        public Object decode(byte[] bytes) {
            JsonNode values = mapper.readTree(bytes).path("data").path("values");
            JsonNode millis = values.path(0);
            long[] readTimes = new long[millis.size()];
            for (int i = 0; i < readTimes.length; i++) {
                readTimes[i] = millis.path(i).longValue() * NANOS_PER_MILLI;
            }
            JsonNode numbers = values.path(1);
            double[] readFloats = new double[numbers.size()];
            for (int i = 0; i < readFloats.length; i++) {
                readFloats[i] = numbers.path(i).doubleValue();
            }
            return new Object[] {readTimes, readFloats};
        }
    }
}
