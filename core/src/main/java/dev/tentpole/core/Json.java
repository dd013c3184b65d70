package dev.tentpole.core;

import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one JSON mapper of the package, and messages about bad JSON that quote nothing of it.
 */
final class Json {

    /** Fractions as decimals, so that a query's model comes through a tree with every digit. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    static <T> T bind(String json, Class<T> model, String refId) {
        try {
            return MAPPER.readValue(json, model);
        } catch (JacksonException e) {
            throw QueryException.badQuery("query " + refId + ": " + explain(e), e);
        }
    }

    static String requireObject(String json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (tree.isObject()) {
                return json;
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the query's model is not JSON: " + explain(e), e);
        }
        throw new IllegalArgumentException("the query's model is not a JSON object");
    }

    static String quote(String text) {
        return MAPPER.writeValueAsString(text);
    }

    /** Says where and what, never the text itself: Jackson's own message quotes the source. */
    static String explain(JacksonException e) {
        if (e instanceof DatabindException && !e.getPath().isEmpty()) {
            String path = e.getPath().stream()
                    .map(step -> step.getPropertyName() == null ? "/" + step.getIndex() : "/" + step.getPropertyName())
                    .collect(Collectors.joining());
            return "the field at " + path + " has the wrong type or value";
        }
        String where = e.getLocation() == null || e.getLocation().getLineNr() < 1
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return "malformed JSON" + where;
    }
}
