package dev.tentpole.examples.promql;

import dev.tentpole.promql.AnalysisContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The queries in a dashboard of Grafana: of its panels, of panels in rows and in the library, and of its variables. */
final class DashboardFile {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern QUERY_RESULT = Pattern.compile("\\s*query_result\\((.*)\\)\\s*", Pattern.DOTALL);
    private static final Pattern LABEL_VALUES =
            Pattern.compile("\\s*label_values\\((.*),\\s*[\\w$\\[\\]{}:]+\\s*\\)\\s*", Pattern.DOTALL);

    private final String file;
    private final DashboardSources sources;
    private final List<SourceQuery> queries = new ArrayList<>();

    private DashboardFile(String file, DashboardSources sources) {
        this.file = file;
        this.sources = sources;
    }

    static List<SourceQuery> read(String file, String text) {
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JacksonException e) {
            // Where a limit is exceeded, Jackson does not say.
            TokenStreamLocation at = e.getLocation();
            throw new UnreadableFileException(
                    file + (at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr()) + ": is not JSON: "
                            + e.getOriginalMessage().replaceAll(" \\(start marker .*", ""),
                    e);
        }
        // An export by the API has the dashboard in an envelope, and so has a resource.
        JsonNode envelope = root.has("dashboard") ? root.path("dashboard") : root;
        JsonNode dashboard = envelope.has("spec") ? envelope.path("spec") : envelope;
        DashboardFile reader = new DashboardFile(file, new DashboardSources(dashboard));
        if (dashboard.path("elements").isObject()) {
            reader.elements(dashboard);
            return reader.queries;
        }
        if (!dashboard.path("panels").isArray() && !dashboard.path("rows").isArray()) {
            throw new UnreadableFileException(
                    file + ": is not a dashboard: there must be a list \"panels\" or \"rows\", or \"elements\"");
        }
        reader.variables(dashboard.path("templating").path("list"));
        reader.panels(dashboard.path("panels"));
        reader.panels(dashboard.path("rows"));
        for (JsonNode annotation : dashboard.path("annotations").path("list")) {
            if (reader.sources.isPrometheus(annotation)) {
                reader.add(
                        "annotation " + annotation.path("name").asString(""),
                        annotation.path("expr").asString(""),
                        reader.sources.isOnlyNamed(annotation));
            }
        }
        // An export to other servers brings the panels of the library along.
        for (JsonNode element : dashboard.path("__elements")) {
            reader.panel(element.path("model"));
        }
        return reader.queries;
    }

    /** Reads what Grafana 12 and later call schema v2: each thing has its kind, and all else in a spec. */
    private void elements(JsonNode dashboard) {
        for (JsonNode variable : dashboard.path("variables")) {
            JsonNode spec = variable.path("spec");
            if (isPrometheusQuery(spec.path("query"))) {
                variable(spec.path("name").asString(""), text(spec.path("query").path("spec")), false);
            }
        }
        for (JsonNode element : dashboard.path("elements")) {
            JsonNode panel = element.path("spec");
            for (JsonNode query : panel.path("data").path("spec").path("queries")) {
                if (isPrometheusQuery(query.path("spec").path("query"))) {
                    add(
                            place(panel, query.path("spec")),
                            query.path("spec")
                                    .path("query")
                                    .path("spec")
                                    .path("expr")
                                    .asString(""),
                            false);
                }
            }
        }
        for (JsonNode annotation : dashboard.path("annotations")) {
            JsonNode spec = annotation.path("spec");
            if (isPrometheusQuery(spec.path("query"))) {
                add(
                        "annotation " + spec.path("name").asString(""),
                        spec.path("query").path("spec").path("expr").asString(""),
                        false);
            }
        }
    }

    /** The kind of source is the query's kind in v2alpha1, and its group from v2beta1 on. */
    private static boolean isPrometheusQuery(JsonNode query) {
        return query.path("group").asString(query.path("kind").asString("")).contains("prometheus");
    }

    private static String place(JsonNode panel, JsonNode target) {
        String title = panel.path("title").asString("");
        String name = target.path("refId").asString("");
        return (title.isEmpty() ? "panel " + panel.path("id").asString("?") : "panel \"" + title + "\"")
                + (name.isEmpty() ? "" : " target " + name);
    }

    private void panels(JsonNode panels) {
        for (JsonNode panel : panels) {
            panel(panel);
        }
    }

    private void panel(JsonNode panel) {
        if (sources.isPrometheus(panel)) {
            for (JsonNode target : panel.path("targets")) {
                if (sources.isPrometheus(target)) {
                    JsonNode named = DashboardSources.isNamed(target) ? target : panel;
                    add(place(panel, target), target.path("expr").asString(""), sources.isOnlyNamed(named));
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
            if (variable.path("type").asString("").equals("query") && sources.isPrometheus(variable)) {
                variable(variable.path("name").asString(""), text(variable), sources.isOnlyNamed(variable));
            }
        }
    }

    private static String text(JsonNode variable) {
        JsonNode query = variable.path("query");
        return query.isObject() ? query.path("query").asString("") : query.asString("");
    }

    private void variable(String name, String text, boolean assumed) {
        for (Pattern pattern : List.of(QUERY_RESULT, LABEL_VALUES)) {
            Matcher call = pattern.matcher(text);
            if (call.matches()) {
                add("variable " + name, call.group(1), assumed);
            }
        }
    }

    private void add(String place, String text, boolean assumed) {
        if (!text.isBlank()) {
            queries.add(new SourceQuery(
                    file,
                    0,
                    place,
                    text,
                    AnalysisContext.Kind.DASHBOARD,
                    true,
                    assumed,
                    Optional.empty(),
                    Optional.empty()));
        }
    }
}
