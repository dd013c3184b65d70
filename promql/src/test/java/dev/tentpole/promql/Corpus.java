package dev.tentpole.promql;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Expressions with the answers of real Prometheus servers, kept outside of the project: the directory {@code promql} below
 * the one that {@code -Dtentpole.corpus} names, which may be relative to the project's root.
 */
final class Corpus {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    private Corpus(Path directory) {
        this.directory = directory;
    }

    static Optional<Corpus> find() {
        String configured = System.getProperty("tentpole.corpus", "");
        if (configured.isBlank()) {
            return Optional.empty();
        }
        Path root = Path.of(System.getProperty("tentpole.root", "."));
        Path directory = root.resolve(configured).resolve("promql");
        return Files.isDirectory(directory) ? Optional.of(new Corpus(directory)) : Optional.empty();
    }

    /** {@return the records of all files that hold expressions} */
    List<JsonNode> expressions() {
        try (Stream<Path> files = Files.list(directory)) {
            List<JsonNode> all = new ArrayList<>();
            files.filter(file -> file.toString().endsWith(".jsonl"))
                    .filter(file -> !List.of("print-pairs.jsonl", "lex.jsonl", "selectors.jsonl")
                            .contains(file.getFileName().toString()))
                    .sorted()
                    .forEach(file -> all.addAll(read(file)));
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<JsonNode> file(String name) {
        return read(directory.resolve(name));
    }

    private static List<JsonNode> read(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !line.isBlank()).map(JSON::readTree).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return a text; bytes that are not UTF-8 are the characters U+DC80 to U+DCFF} */
    static String text(JsonNode record, String field) {
        return record.has(field + "_b64")
                ? decode(Base64.getDecoder().decode(record.get(field + "_b64").asString()))
                : record.get(field).asString();
    }

    static String decode(byte[] bytes) {
        StringBuilder raw = new StringBuilder("\"");
        for (byte b : bytes) {
            raw.append(String.format("\\x%02x", b));
        }
        return Literals.unescape(raw.append('"').toString(), 1, raw.length() - 1);
    }

    static byte[] encode(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text.codePoints().forEach(c -> {
            if (Literals.isRawByte(c)) {
                out.write(c - Literals.RAW_BYTE);
            } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return out.toByteArray();
    }
}
