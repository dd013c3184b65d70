package dev.tentpole.bigquery;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The texts that Grafana's formats of variables make, by its page "Variable syntax". */
final class MacroFormats {

    private static final Pattern LUCENE = Pattern.compile("[!*+\\-=<>\\s&|()\\[\\]{}^~?:\\\\/\"]");
    private static final Pattern REGEX = Pattern.compile("[\\\\^$*+?.()|\\[\\]{}/]");
    private static final Pattern NUMBER = Pattern.compile("\\s*|\\s*[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?\\s*");
    private static final Pattern MILLIS = Pattern.compile("-?\\d{1,15}");

    private MacroFormats() {}

    /**
     * {@return the text, null if there is no such format or the values are not of its kind}
     *
     * @param name the variable's name, which some formats repeat
     * @param values the values
     * @param many whether the variable is one of several values, even if one is selected
     * @param format the format's name
     * @param argument what stands behind the format's colon, empty for nothing
     */
    static @Nullable String format(String name, List<String> values, boolean many, String format, String argument) {
        boolean several = values.size() != 1;
        return switch (format) {
            case "csv", "raw" -> join(values, ",", UnaryOperator.identity());
            case "pipe" -> join(values, "|", UnaryOperator.identity());
            case "text" -> join(values, " + ", UnaryOperator.identity());
            case "join" -> join(values, argument.isEmpty() ? "," : argument, UnaryOperator.identity());
            case "json" -> many ? Json.MAPPER.writeValueAsString(values) : values.get(0);
            case "glob" -> several ? "{" + join(values, ",", UnaryOperator.identity()) + "}" : values.get(0);
            case "regex" -> several ? "(" + join(values, "|", MacroFormats::regex) + ")" : regex(values.get(0));
            case "lucene" ->
                many ? "(" + join(values, " OR ", value -> "\"" + lucene(value) + "\"") + ")" : lucene(values.get(0));
            case "distributed" -> distributed(name, values);
            case "percentencode" ->
                percent(many ? "{" + join(values, ",", UnaryOperator.identity()) + "}" : values.get(0));
            case "uriencode" -> uri(many ? "{" + join(values, ",", UnaryOperator.identity()) + "}" : values.get(0));
            case "queryparam" -> join(values, "&", value -> "var-" + name + "=" + percent(value));
            case "customqueryparam" -> custom(name, values, argument);
            case "html" -> join(values, ", ", MacroFormats::html);
            case "singlequote" -> join(values, ",", value -> "'" + value.replace("'", "\\'") + "'");
            case "doublequote" -> join(values, ",", value -> "\"" + value.replace("\"", "\\\"") + "\"");
            case "sqlstring" ->
                join(values, ",", value -> "'" + value.replace("'", "''").replace("\"", "\\\"") + "'");
            case "date" -> several ? null : date(values.get(0), argument);
            default -> null;
        };
    }

    /** {@return the values of a list without a format, as Grafana's plugin quotes them} */
    static String quoted(List<String> values) {
        return join(values, ",", value -> "'" + value.replace("'", "''") + "'");
    }

    private static String join(List<String> values, String separator, UnaryOperator<String> each) {
        if (values.size() == 1) {
            return each.apply(values.get(0));
        }
        StringJoiner joined = new StringJoiner(separator);
        for (String value : values) {
            joined.add(each.apply(value));
        }
        return joined.toString();
    }

    private static String regex(String value) {
        return REGEX.matcher(value).replaceAll(match -> Matcher.quoteReplacement("\\" + match.group()));
    }

    private static String lucene(String value) {
        if (NUMBER.matcher(value).matches()) {
            return value;
        }
        return LUCENE.matcher(value).replaceAll(match -> Matcher.quoteReplacement("\\" + match.group()));
    }

    private static String distributed(String name, List<String> values) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? "" : "," + name + "=").append(values.get(i));
        }
        return text.toString();
    }

    private static String custom(String name, List<String> values, String argument) {
        String[] parts = argument.split(":", 2);
        String key = parts[0].isEmpty() ? name : parts[0];
        String prefix = parts.length > 1 ? parts[1] : "";
        return join(values, "&", value -> percent(key) + "=" + percent(prefix + value));
    }

    /** All but letters, digits and {@code - _ . ~}, as RFC 3986 has it. */
    private static String percent(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** What has a meaning in a URI is left, but for {@code !'()*}. */
    private static String uri(String value) {
        StringBuilder text = new StringBuilder();
        value.codePoints().forEach(c -> {
            String one = Character.toString(c);
            text.append(";,/?:@&=+$-_.~#".contains(one) ? one : percent(one));
        });
        return text.toString();
    }

    private static String html(String value) {
        return value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static @Nullable String date(String millis, String pattern) {
        if (!MILLIS.matcher(millis).matches()) {
            return null;
        }
        Instant time = Instant.ofEpochMilli(Long.parseLong(millis));
        return switch (pattern) {
            case "", "iso" -> MacroDates.format(time, "YYYY-MM-DD[T]HH:mm:ss.SSS[Z]");
            case "seconds" -> Long.toString(Math.round(time.toEpochMilli() / 1000.0));
            case "ms" -> millis;
            default -> MacroDates.format(time, pattern);
        };
    }
}
