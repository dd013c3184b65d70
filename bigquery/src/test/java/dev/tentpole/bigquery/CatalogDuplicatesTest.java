package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CatalogDuplicatesTest {

    /** YAML is a superset of JSON, so that both are asked in a form of their own. */
    enum Format {
        JSON(
                "{\"version\": 1, \"tables\": [%s]}",
                "{\"name\": \"%s\", \"rows\": 1}, ", "{\"name\": \"%s\", \"rows\": 1}"),
        YAML("version: 1\ntables:\n%s", "- name: %s\n  rows: 1\n", "- name: %s\n  rows: 1\n");

        private final String catalog;
        private final String table;
        private final String last;

        Format(String catalog, String table, String last) {
            this.catalog = catalog;
            this.table = table;
            this.last = last;
        }

        String tables(String first, String second) {
            return catalog.formatted(table.formatted(first) + last.formatted(second));
        }

        Catalog parse(String text) {
            return this == JSON ? Catalog.parseJson(text) : Catalog.parseYaml(text);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_table_that_is_listed_twice_is_refused_by_name(Format format) {
        String text = format.tables("p.d.orders", "p.d.orders");
        assertThatExceptionOfType(BigQueryException.class)
                .isThrownBy(() -> format.parse(text))
                .withMessageContaining("p.d.orders")
                .withMessageContaining("tables[1].name")
                .withMessageContaining("listed twice");
        assertThat(format.parse(format.tables("p.d.orders", "p.d.customers")).tables())
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void a_key_that_an_object_has_twice_is_refused(Format format) {
        String once = format.tables("p.d.orders", "p.d.customers");
        String twice = format == Format.JSON
                ? once.replace("\"rows\": 1", "\"rows\": 1, \"rows\": 2")
                : once.replace("  rows: 1", "  rows: 1\n  rows: 2");
        assertThatExceptionOfType(BigQueryException.class)
                .isThrownBy(() -> format.parse(twice))
                .withMessageContaining("rows");
    }
}
