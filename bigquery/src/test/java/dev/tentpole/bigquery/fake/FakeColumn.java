package dev.tentpole.bigquery.fake;

import java.util.List;

/**
 * A column of a {@link FakeResult}.
 *
 * @param name its name
 * @param type its type as REST names it: {@code STRING}, {@code INTEGER}, {@code FLOAT}, {@code RECORD}, …
 * @param mode {@code NULLABLE}, {@code REQUIRED} or {@code REPEATED}
 * @param fields the fields of a {@code RECORD}
 */
public record FakeColumn(String name, String type, String mode, List<FakeColumn> fields) {

    /**
     * Copies the fields.
     *
     * @param name its name
     * @param type its type as REST names it
     * @param mode {@code NULLABLE}, {@code REQUIRED} or {@code REPEATED}
     * @param fields the fields of a {@code RECORD}
     */
    public FakeColumn {
        fields = List.copyOf(fields);
    }

    /**
     * {@return a column that may be null}
     *
     * @param name its name
     * @param type its type as REST names it
     */
    public static FakeColumn of(String name, String type) {
        return new FakeColumn(name, type, "NULLABLE", List.of());
    }

    boolean isRepeated() {
        return mode.equals("REPEATED");
    }
}
