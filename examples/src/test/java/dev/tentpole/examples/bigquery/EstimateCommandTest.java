package dev.tentpole.examples.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class EstimateCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path catalog;

    @BeforeEach
    void writeCatalog() throws IOException {
        catalog = folder.resolve("tables.yaml");
        Files.writeString(catalog, """
                version: 1
                tables:
                  - name: shop.web.views
                    rows: 134217728
                    fields:
                      - {name: id, type: INT64, mode: REQUIRED}
                      - {name: at, type: TIMESTAMP, mode: REQUIRED}
                """);
    }

    @Test
    void people_get_bytes_money_and_warnings() {
        int exit = run("--catalog", catalog.toString(), "--region", "EU", "SELECT *\nFROM shop.web.views");
        assertThat(exit).isZero();
        assertThat(out.toString())
                .contains("reads    2.00 GiB  PRECISE", "costs    0.012207 USD", "(EU at 6.25 per TiB")
                .contains("warning  1:8 SELECT_STAR")
                .contains("id  1.00 GiB");
    }

    @Test
    void programs_get_json() {
        int exit = run("--catalog", catalog.toString(), "--json", "SELECT id FROM shop.web.views");
        assertThat(exit).isZero();
        JsonNode json = JsonMapper.shared().readTree(out.toString());
        assertThat(json.path("bytes").path("expected").asLong()).isEqualTo(1L << 30);
        assertThat(json.path("money").path("expected").asString()).isEqualTo("0.006103515625");
    }

    @Test
    void the_exit_status_says_that_a_query_is_over_its_budget() {
        String sql = "SELECT id FROM shop.web.views";
        assertThat(run("--catalog", catalog.toString(), "--max-bytes", "1073741824", sql))
                .isZero();
        assertThat(run("--catalog", catalog.toString(), "--max-bytes", "1073741823", sql))
                .isEqualTo(1);
        assertThat(out.toString()).contains("OVER_BUDGET");
        assertThat(run("--catalog", catalog.toString(), "--max-cost", "0.0061", sql))
                .isEqualTo(1);
        assertThat(run("--catalog", catalog.toString(), "--max-cost", "0.0062", sql))
                .isZero();
    }

    @Test
    void a_query_may_be_in_a_file() throws IOException {
        Path file = Files.writeString(folder.resolve("q.sql"), "SELECT at FROM shop.web.views");
        assertThat(run("--catalog", catalog.toString(), "--file", file.toString()))
                .isZero();
        assertThat(out.toString()).contains("at  1.00 GiB");
    }

    @Test
    void what_cannot_be_read_is_wrong_use() {
        assertThat(run("--catalog", folder.resolve("none.yaml").toString(), "SELECT 1"))
                .isEqualTo(2);
        assertThat(run("--catalog", catalog.toString(), "--max-bytes", "-1", "SELECT 1"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("none.yaml", "--max-bytes = -1, must be at least 0");
    }

    @Test
    void a_byte_order_mark_is_no_part_of_a_query() throws IOException {
        Path file = Files.writeString(folder.resolve("q.sql"), "\ufeffSELECT id FROM shop.web.views\r\n");
        assertThat(run("--catalog", catalog.toString(), "--file", file.toString()))
                .isZero();
        assertThat(out.toString()).contains("id  1.00 GiB").doesNotContain("SYNTAX_UNKNOWN");
    }

    @Test
    void a_query_may_come_from_standard_input() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("\ufeffSELECT id FROM shop.web.views".getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(run("--catalog", catalog.toString())).isZero();
            assertThat(out.toString()).contains("id  1.00 GiB").doesNotContain("SYNTAX_UNKNOWN");
        } finally {
            System.setIn(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tables: 7",
                "version: 99",
                "version: 1\ntables:\n  - {name: x, rows: many}",
                "version: 1\ntables:\n  - {name: x, rows: 1, fields: [{name: a, type: NOPE}]}",
                "version: 1\nsurprise: 1",
                "version: 1\ntables: [",
                "version: 1\ntables: &a [*a]",
                "!!java.net.URL [http://localhost]",
                "{\"version\": 1"
            })
    void a_catalog_that_is_none_is_told_with_its_name_and_is_no_mistake_of_ours(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), text);
        assertThat(run("--catalog", file.toString(), "SELECT 1"))
                .as(err.toString())
                .isEqualTo(2);
        assertThat(err.toString()).contains("bad.yaml").doesNotContain("\tat ");
    }

    @Test
    void aliases_of_yaml_that_would_become_billions_are_refused_in_time() throws IOException {
        StringBuilder laughs = new StringBuilder("version: 1\na0: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
            laughs.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }
        Path file = Files.writeString(folder.resolve("laughs.yaml"), laughs);
        assertThat(run("--catalog", file.toString(), "SELECT 1")).isEqualTo(2);
    }

    @Test
    void a_file_that_is_no_text_is_told_with_its_name() throws IOException {
        Path file = Files.write(folder.resolve("q.bin"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThat(run("--catalog", catalog.toString(), "--file", file.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("q.bin: is not UTF-8 text");
        assertThat(run("--catalog", file.toString(), "SELECT 1")).isEqualTo(2);
        assertThat(run("--catalog", folder.toString(), "SELECT 1")).isEqualTo(2);
        assertThat(err.toString()).contains(folder + ": cannot be read");
    }

    @Test
    void a_query_that_is_empty_is_wrong_use() {
        assertThat(run("--catalog", catalog.toString(), " \n")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no query");
    }

    @Test
    void a_region_without_a_price_takes_the_highest_and_says_so() {
        assertThat(run("--catalog", catalog.toString(), "--region", "moon-1", "SELECT id FROM shop.web.views"))
                .isZero();
        assertThat(out.toString()).contains("PRICE_FALLBACK", "11.25 per TiB");
    }

    @Test
    void wrong_amounts_are_wrong_use() {
        assertThat(run("--catalog", catalog.toString(), "--max-cost", "-1", "SELECT 1"))
                .isEqualTo(2);
        assertThat(run("--catalog", catalog.toString(), "--max-cost", "cheap", "SELECT 1"))
                .isEqualTo(2);
        assertThat(run("--catalog", catalog.toString(), "--max-bytes", "9999999999999999999", "SELECT 1"))
                .isEqualTo(2);
        assertThat(run("SELECT 1")).isEqualTo(2);
    }

    private int run(String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "estimate";
        System.arraycopy(args, 0, all, 1, args.length);
        return new CommandLine(new BigQueryCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }
}
