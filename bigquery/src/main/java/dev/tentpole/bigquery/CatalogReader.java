package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads an object of a catalog; each error says where in the tree it is. */
final class CatalogReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final JsonNode node;
    private final String path;

    CatalogReader(JsonNode node, String path) {
        this.node = node;
        this.path = path;
        if (!node.isObject()) {
            throw new BigQueryException("The catalog cannot be read: " + (path.isEmpty() ? "it" : path) + " is "
                    + node.getNodeType() + ", must be an object");
        }
    }

    void allow(String... names) {
        Set<String> allowed = Set.of(names);
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!allowed.contains(entry.getKey())) {
                // What is no name may be a part of a query that was not quoted.
                boolean name = NAME.matcher(entry.getKey()).matches();
                throw new BigQueryException("The catalog cannot be read: " + at(name ? entry.getKey() : "a name")
                        + " is not known, must be one of " + String.join(", ", names));
            }
        }
    }

    String required(String name) {
        return text(name)
                .orElseThrow(() -> new BigQueryException("The catalog cannot be read: " + at(name) + " is missing"));
    }

    Optional<String> text(String name) {
        JsonNode value = node.path(name);
        if (absent(value)) {
            return Optional.empty();
        }
        if (!value.isValueNode()) {
            throw wrong(name, "a text");
        }
        return Optional.of(value.asString());
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : array(name)) {
            if (!value.isValueNode()) {
                throw wrong(name, "a list of texts");
            }
            texts.add(value.asString());
        }
        return texts;
    }

    long number(String name, long otherwise) {
        JsonNode value = node.path(name);
        if (absent(value)) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, "a whole number");
        }
        return value.asLong();
    }

    Map<String, Long> numbers(String name) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        object(name).ifPresent(object -> {
            for (Map.Entry<String, JsonNode> entry : object.node.properties()) {
                numbers.put(entry.getKey(), object.number(entry.getKey(), 0));
            }
        });
        return numbers;
    }

    OptionalDouble decimal(String name) {
        JsonNode value = node.path(name);
        if (absent(value)) {
            return OptionalDouble.empty();
        }
        if (!value.isNumber()) {
            throw wrong(name, "a number");
        }
        return OptionalDouble.of(value.asDouble());
    }

    boolean flag(String name) {
        JsonNode value = node.path(name);
        if (absent(value)) {
            return false;
        }
        if (!value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value.asBoolean();
    }

    <T extends Enum<T>> T constant(String name, T otherwise) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        T[] all = otherwise.getDeclaringClass().getEnumConstants();
        for (T each : all) {
            if (each.name().equalsIgnoreCase(value.get())) {
                return each;
            }
        }
        String names = Arrays.toString(all);
        throw wrong(name, "one of " + names.substring(1, names.length() - 1));
    }

    Optional<CatalogReader> object(String name) {
        JsonNode value = node.path(name);
        return absent(value) ? Optional.empty() : Optional.of(new CatalogReader(value, at(name)));
    }

    List<CatalogReader> list(String name) {
        List<CatalogReader> list = new ArrayList<>();
        for (JsonNode value : array(name)) {
            list.add(new CatalogReader(value, at(name) + "[" + list.size() + "]"));
        }
        return list;
    }

    /** {@return what the factory makes; its complaint gets the place} */
    <T> T checked(Supplier<T> factory) {
        try {
            return factory.get();
        } catch (IllegalArgumentException e) {
            throw new BigQueryException("The catalog cannot be read: " + path + ": " + e.getMessage(), e);
        }
    }

    BigQueryException wrong(String name, String allowed) {
        // Queries may have values in them that are nobody else's business.
        String value = name.equals("viewSql") ? "" : " = " + node.path(name) + ",";
        return new BigQueryException("The catalog cannot be read: " + at(name) + value + " must be " + allowed);
    }

    private JsonNode array(String name) {
        JsonNode value = node.path(name);
        if (!absent(value) && !value.isArray()) {
            throw wrong(name, "a list");
        }
        return value;
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }
}
