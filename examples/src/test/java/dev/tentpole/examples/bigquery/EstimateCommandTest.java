package dev.tentpole.examples.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
