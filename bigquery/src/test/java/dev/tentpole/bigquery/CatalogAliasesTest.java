package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What YAML has to write a value once and mean it twice is refused, and is never taken for a text. */
final class CatalogAliasesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 | {name: p.d.v, kind: VIEW, viewSql: *q}",
                "3 | {name: p.d.v, kind: VIEW, viewSql: &q SELECT 1}",
                "3 | {name: p.d.v, kind: VIEW, viewSql: &q 'SELECT 1'}",
                "3 | {name: p.d.t, fields: &f [{name: a, type: INT64}]}",
                "3 | &t {name: p.d.t}",
                "3 | {name: p.d.t, description: '🙂', clustering: [*c]}",
                "3 | {name: p.d.t, *c : 1}",
                "3 | {<<: *t, name: p.d.t}"
            })
    void an_anchor_and_an_alias_are_refused_with_their_line(int line, String table) {
        BigQueryException refusal = catchThrowableOfType(
                BigQueryException.class, () -> Catalog.parseYaml("version: 1\ntables:\n  - " + table + "\n"));
        assertThat(refusal).hasMessageContaining(", in line " + line);
        if (!table.contains("*c :")) {
            assertThat(refusal).hasMessageContaining("anchors (&name) and aliases (*name) are not taken");
        }
    }

    @Test
    void signs_within_texts_are_none() {
        String sql = "SELECT a & b, 5 *c FROM t -- 🙂 &x *y";
        Catalog catalog = Catalog.parseYaml("version: 1\ntables:\n  - name: p.d.v\n    kind: VIEW\n    viewSql: '" + sql
                + "'\n  - name: p.d.w\n    kind: VIEW\n    viewSql: |\n      &" + sql + "\n");
        assertThat(catalog.tables())
                .extracting(table -> table.viewSql().orElse("").strip())
                .containsExactlyInAnyOrder(sql, "&" + sql);
    }
}
