package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A parameter of a query, with or without its value. Immutable. Its text form shows no value.
 *
 * @param name the name without {@code @}; empty for a positional parameter
 * @param type the type; of the elements for an array
 * @param array whether it is an array
 * @param values the values as BigQuery's REST interface writes them: one, or as many as the array has; empty if it is null
 *     or not known
 * @param known whether the value is known
 */
public record SqlParameter(String name, TableField.Type type, boolean array, List<String> values, boolean known) {

    /**
     * Checks the values.
     *
     * @param name see {@link #name}
     * @param type see {@link #type}
     * @param array see {@link #array}
     * @param values see {@link #values}
     * @param known see {@link #known}
     */
    public SqlParameter {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        values = List.copyOf(values);
        if (!array && values.size() > 1) {
            Args.check(false, "values of @" + name, values.size(), "at most 1 unless it is an array");
        }
    }

    /**
     * {@return a parameter with one value}
     *
     * @param name the name without {@code @}; empty for a positional parameter
     * @param type the type
     * @param value the value as BigQuery's REST interface writes it: {@code 2024-01-31}, {@code 12}, {@code true}
     */
    public static SqlParameter of(String name, TableField.Type type, String value) {
        return new SqlParameter(name, type, false, List.of(value), true);
    }

    /**
     * {@return a parameter that is an array}
     *
     * @param name the name without {@code @}; empty for a positional parameter
     * @param type the type of the elements
     * @param values the elements as BigQuery's REST interface writes them
     */
    public static SqlParameter array(String name, TableField.Type type, List<String> values) {
        return new SqlParameter(name, type, true, values, true);
    }

    /**
     * {@return a parameter whose value comes later}
     *
     * @param name the name without {@code @}; empty for a positional parameter
     * @param type the type
     */
    public static SqlParameter unknown(String name, TableField.Type type) {
        return new SqlParameter(name, type, false, List.of(), false);
    }

    /** {@return the value, if it is known, one, and not null} */
    public Optional<String> value() {
        return array || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    @Override
    public String toString() {
        return "@" + name + " " + (array ? "ARRAY<" + type + ">" : type.name());
    }
}
