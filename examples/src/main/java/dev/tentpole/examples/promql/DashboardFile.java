package dev.tentpole.examples.promql;

import dev.tentpole.promql.AnalysisContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The queries in a dashboard of Grafana: of its panels, of panels in rows and in the library, and of its variables. */
final class DashboardFile {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern QUERY_RESULT = Pattern.compile("\\s*query_result\\((.*)\\)\\s*", Pattern.DOTALL);
    private static final Pattern LABEL_VALUES =
            Pattern.compile("\\s*label_values\\((.*),\\s*[\\w$\\[\\]{}:]+\\s*\\)\\s*", Pattern.DOTALL);

    private final String file;
    private final List<SourceQuery> queries = new ArrayList<>();

    private DashboardFile(String file) {
        this.file = file;
    }

    static List<SourceQuery> read(String file, String text) {
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new UnreadableFileException(
                    file + ":" + e.getLocation().getLineNr() + ":"
                            + e.getLocation().getColumnNr() + ": is not JSON: "
                            + e.getOriginalMessage().replaceAll(" \\(start marker .*", ""),
                    e);
        }
        // An export by the API has the dashboard in an envelope.
        JsonNode dashboard = root.has("dashboard") ? root.path("dashboard") : root;
        if (!dashboard.path("panels").isArray() && !dashboard.path("rows").isArray()) {
            throw new UnreadableFileException(
                    file + ": is not a dashboard: there must be a list \"panels\" or \"rows\"");
        }
        DashboardFile reader = new DashboardFile(file);
        reader.variables(dashboard.path("templating").path("list"));
        reader.panels(dashboard.path("panels"));
        reader.panels(dashboard.path("rows"));
        // An export to other servers brings the panels of the library along.
        for (JsonNode element : dashboard.path("__elements")) {
            reader.panel(element.path("model"));
        }
        return reader.queries;
    }

    private void panels(JsonNode panels) {
        for (JsonNode panel : panels) {
            panel(panel);
        }
    }

    private void panel(JsonNode panel) {
        String title = panel.path("title").asString("");
        String place = title.isEmpty() ? "panel " + panel.path("id").asString("?") : "panel \"" + title + "\"";
        if (isPrometheus(panel)) {
            for (JsonNode target : panel.path("targets")) {
                if (isPrometheus(target) && target.path("expr").isString()) {
                    String name = target.path("refId").asString("");
                    add(
                            place + (name.isEmpty() ? "" : " target " + name),
                            target.path("expr").asString());
                }
            }
        }
        panels(panel.path("panels"));
        // The library's panel, where the server put it in.
        if (panel.path("libraryPanel").path("model").isObject()) {
            panel(panel.path("libraryPanel").path("model"));
        }
    }

    private void variables(JsonNode variables) {
        for (JsonNode variable : variables) {
            JsonNode query = variable.path("query");
            String text = query.isObject() ? query.path("query").asString("") : query.asString("");
            if (variable.path("type").asString("").equals("query") && isPrometheus(variable)) {
                for (Pattern pattern : List.of(QUERY_RESULT, LABEL_VALUES)) {
                    Matcher call = pattern.matcher(text);
                    if (call.matches()) {
                        add("variable " + variable.path("name").asString(""), call.group(1));
                    }
                }
            }
        }
    }

    /** Where nothing is said of the source, or a variable chooses it, a query in {@code expr} is PromQL. */
    private static boolean isPrometheus(JsonNode node) {
        String type = node.path("datasource").path("type").asString("");
        return type.isEmpty() || type.equals("prometheus") || type.equals("datasource");
    }

    private void add(String place, String text) {
        if (!text.isBlank()) {
            queries.add(new SourceQuery(
                    file, 0, place, text, AnalysisContext.Kind.DASHBOARD, true, Optional.empty(), Optional.empty()));
        }
    }
}
