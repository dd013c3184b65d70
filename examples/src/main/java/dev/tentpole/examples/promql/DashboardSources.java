package dev.tentpole.examples.promql;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Of which kind the sources of a dashboard's queries are: what the query says, or what the dashboard says of the variable or
 * the input that it names. Older dashboards give a name only.
 */
final class DashboardSources {

    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)|\\$\\{(\\w+)(?::\\w+)?}|\\[\\[(\\w+)]]");

    /** The kinds of sources by the variable or the input that stands for one. */
    private final Map<String, String> kinds = new HashMap<>();

    DashboardSources(JsonNode dashboard) {
        for (JsonNode input : dashboard.path("__inputs")) {
            kinds.put(input.path("name").asString(""), input.path("pluginId").asString(""));
        }
        for (JsonNode variable : dashboard.path("templating").path("list")) {
            if (variable.path("type").asString("").equals("datasource")) {
                kinds.put(
                        variable.path("name").asString(""),
                        variable.path("query").asString(""));
            }
        }
    }

    /**
     * {@return whether the source is one of Prometheus, or nothing says of which kind it is} There are such sources by other
     * names, such as {@code grafana-amazonprometheus-datasource}.
     */
    boolean isPrometheus(JsonNode query) {
        String kind = kind(query);
        return kind.isEmpty() || kind.contains("prometheus") || kind.equals("datasource");
    }

    /** {@return whether a source is named, and that is all that is known of it} */
    boolean isOnlyNamed(JsonNode query) {
        String name = name(query);
        // Grafana's own sources, such as the one that mixes others.
        return !name.isEmpty() && !name.startsWith("-- ") && kind(query).isEmpty();
    }

    /** {@return whether the query says anything of its source} */
    static boolean isNamed(JsonNode query) {
        return query.path("datasource").path("type").isString() || !name(query).isEmpty();
    }

    private static String name(JsonNode query) {
        JsonNode source = query.path("datasource");
        return source.isString() ? source.asString() : source.path("uid").asString("");
    }

    /** {@return the kind of the query's source, empty if it is not known} */
    private String kind(JsonNode query) {
        String kind = query.path("datasource").path("type").asString("");
        if (!kind.isEmpty()) {
            return kind;
        }
        String name = name(query);
        Matcher variable = VARIABLE.matcher(name);
        for (int group = 1; variable.matches() && group <= variable.groupCount(); group++) {
            kind += kinds.getOrDefault(String.valueOf(variable.group(group)), "");
        }
        return kind.isEmpty() && name.toLowerCase(Locale.ROOT).contains("prometheus") ? "prometheus" : kind;
    }
}
