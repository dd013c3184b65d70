package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file of a catalog says when it is wrong, and that any name comes back from it. */
final class CatalogFileTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "{\"tables\": [{\"name\": \"p.d.t\", \"kind\": \"FOO\"}]} | tables[0].kind = \"FOO\", must be one of TABLE, VIEW, ",
                "{\"tables\": [{\"name\": \"p.d.t\", \"fields\": [{\"name\": \"a\", \"type\": \"INT64\", \"mode\": \"NO\"}]}]} | tables[0].fields[0].mode = \"NO\", must be one of NULLABLE, ",
                "{\"tables\": [{\"name\": \"p.d.t\", \"partitioning\": {\"unit\": \"WEEK\"}}]} | tables[0].partitioning.unit = \"WEEK\", must be one of ",
                "{\"tables\": [ | , in line 1, column ",
                "{\"tables\": []} garbage | , in line 1, column "
            })
    void an_error_says_where_it_stands_and_what_is_allowed(String json, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("catalog.json"), json);
        assertThat(catchThrowableOfType(BigQueryException.class, () -> Catalog.read(file)))
                .hasMessageContaining(message)
                .hasMessageNotContaining("Source")
                .hasMessageNotContaining("dev.tentpole");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tables:\n- name: p.d.v\n  viewSql: SELECT a FROM x WHERE token = \"hunter2\": 5 AND b\n",
                "tables:\n- name: p.d.v\n  viewSql: \"SELECT 'hunter2\n",
                "tables:\n- name: p.d.v\n  viewSql: [SELECT hunter2]\n",
                "tables: hunter2: x\n",
                "tables:\n- name: p.d.v\n  viewSql: SELECT 1\n    WHERE x = 'hunter2': 3\n"
            })
    void an_error_shows_no_query(String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("catalog.yaml"), yaml);
        assertThat(catchThrowableOfType(BigQueryException.class, () -> Catalog.read(file)))
                .hasMessageNotContaining("hunter2")
                .message()
                .containsPattern(
                        "in line \\d+, column \\d+$|viewSql must be a text|a name is not known, must be one of ")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "tables: [ | expected the node content, but found '<stream end>', in line 1, column ",
                "tables: \"a | found unexpected end of stream, in line 1, column ",
                "tables: a: b | mapping values are not allowed here, in line 1, column "
            })
    void an_error_of_yaml_says_what_is_wrong(String yaml, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("catalog.yaml"), yaml);
        assertThat(catchThrowableOfType(BigQueryException.class, () -> Catalog.read(file)))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yaml", "json"})
    void half_of_a_character_is_refused_and_not_changed(String format) throws IOException {
        Path file = directory.resolve("catalog." + format);
        Files.writeString(
                file,
                "{\"tables\": [{\"name\": \"p.d.v\", \"kind\": \"VIEW\", \"viewSql\": \"SELECT 'secret\\ud800'\"}]}");
        assertThat(catchThrowableOfType(BigQueryException.class, () -> Catalog.read(file)))
                .hasMessageContaining("cannot be read: tables[0].viewSql has half of a pair of surrogates")
                .hasMessageNotContaining("secret");
        Catalog view = Catalog.of(TableStats.builder("p.d.v")
                .kind(TableStats.Kind.VIEW)
                .viewSql("SELECT '\udc00'")
                .build());
        Catalog column = Catalog.of(TableStats.builder("p.d.t")
                .field("\ud83d", TableField.Type.STRING)
                .build());
        for (Catalog catalog : new Catalog[] {view, column}) {
            assertThat(catchThrowableOfType(BigQueryException.class, () -> catalog.write(file)))
                    .hasMessageContaining("cannot be written: tables[0].");
        }
        assertThat(file).content().contains("secret");
        Catalog whole = Catalog.of(TableStats.builder("p.d.v")
                .kind(TableStats.Kind.VIEW)
                .viewSql("SELECT '\ud83d\ude00'")
                .build());
        whole.write(file);
        assertThat(Catalog.read(file).table("p.d.v").orElseThrow().viewSql()).contains("SELECT '\ud83d\ude00'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0085x", "x\u2028y", "a: b", "# x", "é", "-", "null"})
    void a_name_of_any_characters_comes_back(String name) throws IOException {
        TableStats table = TableStats.builder("p.d.t")
                .rows(1)
                .field(name, TableField.Type.STRING)
                .leafBytes(Map.of(name, 5L))
                .build();
        for (String file : new String[] {"catalog.yaml", "catalog.json"}) {
            Path path = directory.resolve(file);
            Catalog.of(table).write(path);
            TableStats read = Catalog.read(path).table("p.d.t").orElseThrow();
            assertThat(read.fields()).as(file).isEqualTo(table.fields());
            assertThat(read.leafBytes()).as(file).isEqualTo(table.leafBytes());
        }
    }
}
