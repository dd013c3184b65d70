package dev.tentpole.examples.promql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds the queries in files: one a line, rule files of Prometheus, dashboards of Grafana. */
final class QueryFiles {

    private QueryFiles() {}

    static List<SourceQuery> read(Path file) {
        String text;
        try {
            text = withoutMark(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new UnreadableFileException(file + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new UnreadableFileException(file + ": is not UTF-8 text", e);
        } catch (IOException e) {
            throw new UnreadableFileException(file + ": cannot be read: " + e.getMessage(), e);
        }
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".yml") || name.endsWith(".yaml")) {
            return RuleFile.read(file.toString(), text);
        }
        return name.endsWith(".json")
                ? DashboardFile.read(file.toString(), text)
                : lines(file.toString(), new BufferedReader(new StringReader(text)));
    }

    /** Editors of Windows mark UTF-8 with a character that cannot be seen. */
    private static String withoutMark(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    static List<SourceQuery> read(InputStream in) {
        return lines("-", new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    }

    /** One query a line; empty lines and lines with nothing but a comment are passed over. */
    private static List<SourceQuery> lines(String file, BufferedReader reader) {
        List<SourceQuery> queries = new ArrayList<>();
        try {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                line = number == 1 ? withoutMark(line) : line;
                if (!line.isBlank() && !line.strip().startsWith("#")) {
                    queries.add(SourceQuery.plain(file, number, line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return queries;
    }
}
