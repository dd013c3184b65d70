package dev.tentpole.examples.promql;

import dev.tentpole.promql.LanguageLevel;
import dev.tentpole.promql.ParseOptions;
import dev.tentpole.promql.ParseResult;
import dev.tentpole.promql.Problem;
import dev.tentpole.promql.PromQl;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** What all subcommands have in common: where the queries come from, in which language, and how answers are written. */
abstract class QueryCommand implements Callable<Integer> {

    static final int OK = CommandLine.ExitCode.OK;
    static final int FOUND = 1;
    static final int WRONG_USE = CommandLine.ExitCode.USAGE;

    /** The output may be in any encoding, JSON is not. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "EXPR",
            description = "queries; without any and without --file they are read from standard input, one a line")
    private List<String> expressions = new ArrayList<>();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "rules of Prometheus (.yml, .yaml), a dashboard of Grafana (.json), or one query a line;"
                    + " - is standard input")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--json", description = "one JSON object a line instead of text")
    private boolean json;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto, always or never; auto: on a terminal, unless NO_COLOR is set")
    private Color color = Color.auto;

    @Option(
            names = "--level",
            defaultValue = "3.14",
            paramLabel = "RELEASE",
            description = "the Prometheus whose language is read: 3.14 or 3.5")
    private String level = "3.14";

    @Option(names = "--templates", description = "Grafana's variables may stand in queries; always so in dashboards")
    private boolean templates;

    /** When output is coloured. */
    enum Color {
        /** On a terminal. */
        auto,
        /** Also into a file. */
        always,
        /** Not at all. */
        never
    }

    /** Answers one query; returns the exit status that it asks for. */
    abstract int answer(SourceQuery query, ParseResult parsed);

    /** Called when all queries were answered, with the exit status that they ask for. */
    int end(int status) {
        return status;
    }

    @Override
    public Integer call() {
        CommandSpec command = command();
        if (!level.equals("3.14") && !level.equals("3.5")) {
            throw new CommandLine.ParameterException(
                    command.commandLine(), "--level = " + level + ", must be 3.14 or 3.5");
        }
        int status = OK;
        List<SourceQuery> queries = new ArrayList<>();
        for (String text : expressions) {
            queries.add(SourceQuery.plain("-", 0, text));
        }
        for (Path file : files) {
            try {
                List<SourceQuery> read =
                        file.toString().equals("-") ? QueryFiles.read(System.in) : QueryFiles.read(file);
                warnOfAssumed(file, read);
                queries.addAll(read);
            } catch (UnreadableFileException e) {
                error(e.getMessage());
                status = WRONG_USE;
            }
        }
        if (expressions.isEmpty() && files.isEmpty()) {
            queries.addAll(QueryFiles.read(System.in));
        }
        for (SourceQuery query : queries) {
            if (isClosed()) {
                return status;
            }
            status = Math.max(status, answer(query, PromQl.tryParse(query.text(), options(query))));
        }
        int result = end(status);
        out().flush();
        return result;
    }

    private void warnOfAssumed(Path file, List<SourceQuery> read) {
        long assumed = read.stream().filter(SourceQuery::assumed).count();
        if (assumed > 0) {
            error(file + ": nothing but a name is known of the sources of " + assumed + " of " + read.size()
                    + " queries, which are taken for PromQL");
        }
    }

    final ParseOptions options(SourceQuery query) {
        return ParseOptions.builder()
                .level(level.equals("3.5") ? LanguageLevel.PROMETHEUS_3_5 : LanguageLevel.PROMETHEUS_3_14)
                .templates(templates || query.templates())
                .build();
    }

    final CommandSpec command() {
        if (spec == null) {
            throw new IllegalStateException("not started by the command line");
        }
        return spec;
    }

    final boolean json() {
        return json;
    }

    /** {@return whether there is but one query, on the command line, which needs no headline} */
    final boolean isSingle() {
        return expressions.size() == 1 && files.isEmpty();
    }

    /** Writes where a query comes from, if there is more than one place. */
    final void headline(SourceQuery query) {
        if (!isSingle()) {
            out().println(colored("bold", query.origin()));
        }
    }

    final PrintWriter out() {
        return command().commandLine().getOut();
    }

    /** {@return whether nobody reads on, as behind {@code | head}; what is around standard output does not tell} */
    private boolean isClosed() {
        return out().checkError() || System.out.checkError();
    }

    final void error(@Nullable String message) {
        PrintWriter err = command().commandLine().getErr();
        err.println(message);
        err.flush();
    }

    /** Writes text in a colour, if there is any: {@code red}, {@code bold,yellow}. */
    final String colored(String style, String text) {
        CommandLine.Help.Ansi ansi = switch (color) {
            case auto -> CommandLine.Help.Ansi.AUTO;
            case always -> CommandLine.Help.Ansi.ON;
            case never -> CommandLine.Help.Ansi.OFF;
        };
        if (!ansi.enabled() || text.isEmpty()) {
            return text;
        }
        CommandLine.Help.Ansi.IStyle[] styles = CommandLine.Help.Ansi.Style.parse(style);
        return CommandLine.Help.Ansi.Style.on(styles) + text + CommandLine.Help.Ansi.Style.off(styles);
    }

    /** The fields that each JSON line starts with. */
    final Map<String, Object> line(SourceQuery query) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("file", query.file());
        if (query.line() > 0) {
            line.put("line", query.line());
        }
        if (!query.place().isEmpty()) {
            line.put("place", query.place());
        }
        line.put("query", query.text());
        return line;
    }

    final void print(Map<String, Object> line) {
        out().println(JSON.writeValueAsString(line));
    }

    /** Reports why a query cannot be read; returns the exit status. */
    final int invalid(SourceQuery query, ParseResult parsed) {
        if (json) {
            Map<String, Object> line = line(query);
            line.put("valid", false);
            line.put(
                    "problems",
                    parsed.problems().stream().map(QueryCommand::fields).toList());
            print(line);
        } else {
            headline(query);
            out().println(colored("red", parsed.describe()));
        }
        return FOUND;
    }

    private static Map<String, Object> fields(Problem problem) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("message", problem.message());
        problem.hint().ifPresent(hint -> fields.put("hint", hint));
        fields.put("line", problem.line());
        fields.put("column", problem.column());
        fields.put("start", problem.range().start());
        fields.put("end", problem.range().end());
        return fields;
    }
}
