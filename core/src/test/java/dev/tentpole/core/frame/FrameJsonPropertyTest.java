package dev.tentpole.core.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

final class FrameJsonPropertyTest {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    @Property(tries = 1500)
    void what_is_written_reads_back_equal(@ForAll long seed) throws IOException {
        Frame frame = RandomFrames.frame(new Random(seed));
        byte[] json = FrameJson.toBytes(frame);

        assertThat(FrameJson.read(json)).isEqualTo(frame);

        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        FrameJson.write(frame, stream);
        assertThat(stream.toByteArray()).isEqualTo(json);
        assertThat(FrameJson.read(new ByteArrayInputStream(json))).isEqualTo(frame);
    }

    @Property
    void what_is_written_is_one_line_of_json_that_another_parser_accepts(@ForAll long seed) {
        byte[] json = FrameJson.toBytes(RandomFrames.frame(new Random(seed)));

        assertThatCode(() -> MAPPER.readTree(json)).doesNotThrowAnyException();
        assertThat(new String(json, StandardCharsets.UTF_8))
                .doesNotContain("\n")
                .doesNotContain("\r");
    }

    @Property
    void a_slice_is_written_as_a_copy_of_its_rows_would_be(@ForAll long seed) {
        Random random = new Random(seed);
        Frame frame = RandomFrames.frame(random);
        int from = random.nextInt(frame.rows() + 1);
        int to = from + random.nextInt(frame.rows() - from + 1);

        Frame slice = frame.slice(from, to);

        assertThat(FrameJson.read(FrameJson.toBytes(slice))).isEqualTo(slice);
        assertThat(slice.rows()).isEqualTo(to - from);
    }

    @Property
    void keys_may_come_in_any_order_and_with_white_space(@ForAll long seed) {
        Random random = new Random(seed);
        Frame frame = RandomFrames.frame(random);
        JsonNode tree = MAPPER.readTree(FrameJson.toBytes(frame));

        StringBuilder shuffled = new StringBuilder();
        print(tree, random, shuffled, 0);

        Frame read = FrameJson.read(shuffled.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(MAPPER.readTree(FrameJson.toBytes(read))).isEqualTo(tree);
        assertThat(read.fields()).hasSameSizeAs(frame.fields());
    }

    /** Damage anywhere is either not noticed (it hit a value) or reported with a place; nothing else is ever thrown. */
    @Property(tries = 3000)
    void damaged_json_gives_a_frame_or_says_where_it_is_wrong(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] json = FrameJson.toBytes(RandomFrames.frame(random));
        byte[] damaged = damage(json, random);
        try {
            FrameJson.toBytes(FrameJson.read(damaged));
        } catch (FrameFormatException e) {
            assertThat(e.offset()).isBetween(0L, (long) damaged.length);
            assertThat(e.path()).matches("(?s)|/.*");
        }
    }

    private static byte[] damage(byte[] json, Random random) {
        byte[] damaged = json.clone();
        int at = random.nextInt(json.length);
        switch (random.nextInt(5)) {
            case 0 -> damaged = Arrays.copyOf(json, at);
            case 1 -> damaged[at] = (byte) random.nextInt();
            case 2 -> damaged[at] = (byte) "{}[]\",:\\0-e.nN ".charAt(random.nextInt(15));
            case 3 -> System.arraycopy(json, at, damaged, at / 2, json.length - at);
            default -> {
                for (int i = 0; i < 5; i++) {
                    damaged[random.nextInt(json.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return damaged;
    }

    private static void print(JsonNode node, Random random, StringBuilder out, int depth) {
        String space = " \n\t\r".substring(0, random.nextInt(5));
        out.append(space);
        if (node instanceof ObjectNode object && depth < 3) {
            String separator = "{";
            List<String> names = new ArrayList<>(object.propertyNames());
            Collections.shuffle(names, random);
            for (String name : names) {
                out.append(separator)
                        .append(MAPPER.writeValueAsString(name))
                        .append(space)
                        .append(':');
                print(object.get(name), random, out, depth + 1);
                separator = ",";
            }
            out.append(names.isEmpty() ? "{}" : "}");
        } else if (node instanceof ArrayNode array && depth < 4) {
            out.append('[');
            for (int i = 0; i < array.size(); i++) {
                out.append(i == 0 ? "" : ",");
                print(array.get(i), random, out, depth + 1);
            }
            out.append(']');
        } else {
            out.append(MAPPER.writeValueAsString(node));
        }
        out.append(space);
    }
}
