package dev.tentpole.core.frame;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** JSON that is kept as text: checked once, and freed from white space and from what UTF-8 cannot carry. */
final class RawJson {

    static final JsonFactory FACTORY = new JsonFactory();

    private RawJson() {}

    /**
     * The same value without white space between tokens. Lone surrogates become escapes.
     *
     * @throws IllegalArgumentException if the text is not exactly one JSON value
     */
    static String compact(String json) {
        check(json);
        return strip(json);
    }

    /**
     * Does nothing for exactly one JSON value.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    static void check(String json) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() == null) {
                throw new IllegalArgumentException("not JSON: no value");
            }
            parser.skipChildren();
            // The token after a number or a literal is what shows that nothing is glued to it.
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("not JSON: more than one value, at character "
                        + parser.currentTokenLocation().getCharOffset());
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + problem(e), e);
        }
    }

    /** The members of an object, each as JSON; of two with the same name the later one. */
    static Map<String, String> members(String compactObject) {
        Map<String, String> members = new LinkedHashMap<>();
        children(compactObject, members::put);
        return members;
    }

    /** The items of an array, each as JSON. */
    static List<String> items(String compactArray) {
        List<String> items = new ArrayList<>();
        children(compactArray, (key, item) -> items.add(item));
        return items;
    }

    private static void children(String json, BiConsumer<String, String> each) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != JsonToken.END_OBJECT) {
                String key = "";
                if (parser.currentToken() == JsonToken.PROPERTY_NAME) {
                    key = parser.currentName();
                    parser.nextToken();
                }
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                each.accept(
                        key, json.substring(from, (int) parser.currentLocation().getCharOffset()));
            }
        }
    }

    /** What the parser says, without where its source is, which it does not know. */
    static String problem(JacksonException e) {
        String message = String.valueOf(e.getOriginalMessage());
        int source = message.indexOf(" (for ");
        return source < 0 ? message : message.substring(0, source);
    }

    /** The same value, of which it is known that it is JSON, without white space between tokens. */
    static String strip(String json) {
        StringBuilder out = null;
        boolean inString = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean drop = !inString && c <= ' ';
            boolean lone = Character.isSurrogate(c) && !inPair(json, i);
            if ((drop || lone) && out == null) {
                out = new StringBuilder(json.length()).append(json, 0, i);
            }
            if (c == '"') {
                inString = !inString;
            }
            if (out != null && !drop) {
                if (lone) {
                    out.append("\\u").append(Integer.toHexString(c));
                } else {
                    out.append(c);
                }
            }
            if (inString && c == '\\') {
                i++;
                if (out != null) {
                    out.append(json.charAt(i));
                }
            }
        }
        return out == null ? json : out.toString();
    }

    /** The same text, with U+FFFD in the place of each half of a surrogate pair. */
    static String wellFormed(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && !inPair(text, i)) {
                out = out == null ? new StringBuilder(text) : out;
                out.setCharAt(i, '\uFFFD');
            }
        }
        return out == null ? text : out.toString();
    }

    private static boolean inPair(String s, int i) {
        return Character.isHighSurrogate(s.charAt(i))
                ? i + 1 < s.length() && Character.isLowSurrogate(s.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(s.charAt(i - 1));
    }
}
