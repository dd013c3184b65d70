package dev.tentpole.core.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Frames that other implementations wrote are read, and written back as the same JSON. */
final class CorpusTest {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();

    private final Path folder = Path.of(System.getProperty("tentpole.root", "."))
            .resolve(System.getProperty("tentpole.corpus", "corpus"))
            .resolve("grafana");

    @BeforeEach
    void needsTheCorpus() {
        boolean present = Files.isDirectory(folder);
        if (!present) {
            System.out.println("skipped: no folder " + folder + " (-Dtentpole.corpus=FOLDER names another)");
        }
        assumeTrue(present, () -> "no folder " + folder);
    }

    @Test
    void the_golden_frame_of_all_types_is_read_and_written_back() throws IOException {
        byte[] golden = Files.readAllBytes(folder.resolve("all_types.golden.json"));
        Frame frame = FrameJson.read(golden);

        assertThat(frame.fields()).hasSize(35);
        assertThat(frame.rows()).isEqualTo(5);
        assertThat(frame.field("uint64_values").orElseThrow().getLong(4)).isEqualTo(-1);
        assertThat(frame.field("timestamps").orElseThrow().getLong(4)).isEqualTo(Long.MAX_VALUE);
        assertThat(frame.field("float64_nans").orElseThrow().getDouble(0)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(frame.field("nullable_enum").orElseThrow().isNull(2)).isTrue();
        assertThat(frame.field("enum").orElseThrow().getString(1)).isEqualTo("TWO");
        assertSameJson(FrameJson.toBytes(frame), golden);
        assertThat(FrameJson.read(FrameJson.toBytes(frame))).isEqualTo(frame);
    }

    @Test
    void the_examples_of_the_dataplane_contract_are_read_and_written_back_and_break_no_rule() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder.resolve("dataplane"))) {
            files = all.sorted().toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            JsonNode frames = MAPPER.readTree(Files.readAllBytes(file));
            List<Frame> read = frames.valueStream()
                    .map(node -> FrameJson.read(MAPPER.writeValueAsBytes(node)))
                    .toList();
            for (int i = 0; i < read.size(); i++) {
                assertSameJson(FrameJson.toBytes(read.get(i)), MAPPER.writeValueAsBytes(frames.get(i)));
            }
            // In this one example the type of a dimension says float64, and only its name says string.
            if (!file.endsWith("timeseries-long_empty-two-item-names.json")) {
                assertThat(Dataplane.validate(read)).as(file.toString()).isEmpty();
            }
        }
    }

    /** Equal as trees; numbers by value, and with what a reader may leave out or add written the same way. */
    static void assertSameJson(byte[] actual, byte[] expected) {
        assertThat(normal(MAPPER.readTree(actual)))
                .as(new String(actual, StandardCharsets.UTF_8))
                .isEqualTo(normal(MAPPER.readTree(expected)));
    }

    private static JsonNode normal(JsonNode node) {
        if (node.isNumber()) {
            // A number of a float column stands for the nearest double, whatever its text.
            return node.isIntegralNumber()
                    ? MAPPER.getNodeFactory().numberNode(node.decimalValue().stripTrailingZeros())
                    : MAPPER.getNodeFactory().numberNode(new BigDecimal(node.doubleValue()).stripTrailingZeros());
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = MAPPER.createArrayNode();
            array.forEach(item -> copy.add(normal(item)));
            return copy;
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = MAPPER.createObjectNode();
            object.properties().forEach(member -> copy.set(member.getKey(), normal(member.getValue())));
            // No labels and an empty set of labels are the same.
            if (copy.path("labels").isEmpty()) {
                copy.remove("labels");
            }
            // The simple type follows from the type.
            if (copy.path("typeInfo").isObject()) {
                copy.remove("type");
            }
            // Columns without rows may be left out altogether.
            if (copy.path("values").isArray()
                    && copy.path("values").valueStream().allMatch(JsonNode::isEmpty)) {
                copy.remove("values");
            }
            return copy;
        }
        return node;
    }
}
