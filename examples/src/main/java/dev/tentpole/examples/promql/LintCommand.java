package dev.tentpole.examples.promql;

import dev.tentpole.promql.AnalysisContext;
import dev.tentpole.promql.Analyzer;
import dev.tentpole.promql.Finding;
import dev.tentpole.promql.Finding.Severity;
import dev.tentpole.promql.ParseResult;
import dev.tentpole.promql.PromQl;
import dev.tentpole.promql.Rule;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what is doubtful in queries. */
@Command(name = "lint", mixinStandardHelpOptions = true, description = "Says what is doubtful in queries, and why.")
final class LintCommand extends QueryCommand {

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            defaultValue = "warning",
            description =
                    "the least severity that makes the exit status 1: error, warning, performance, info, or never;"
                            + " default: ${DEFAULT-VALUE}")
    private String failOn = "warning";

    @Option(names = "--off", paramLabel = "RULE", split = ",", description = "rules that do not count, by their ids")
    private List<String> off = new ArrayList<>();

    @Option(
            names = "--scrape-interval",
            paramLabel = "DURATION",
            description = "how often targets are scraped: PT15S, 15s")
    private @Nullable String scrapeInterval;

    private int findings;

    /** The rules of each file, in the order of their answers. */
    private final Map<String, List<SourceQuery>> ruleFiles = new LinkedHashMap<>();

    @Override
    int answer(SourceQuery query, ParseResult parsed) {
        int status = show(query, Analyzer.analyze(parsed, context(query)));
        if (query.kind() == AnalysisContext.Kind.ALERT || query.kind() == AnalysisContext.Kind.RECORDING) {
            ruleFiles.computeIfAbsent(query.file(), file -> new ArrayList<>()).add(query);
        }
        // A rule that is switched off makes a broken query no better.
        return parsed.isValid() ? status : FOUND;
    }

    private int show(SourceQuery query, List<Finding> found) {
        int status = OK;
        for (Finding finding : found) {
            findings++;
            if (json()) {
                print(fields(query, finding));
            } else {
                headline(query);
                out().println(colored(style(finding.severity()), finding.describe(query.text())));
            }
            status = fails(finding.severity()) ? FOUND : status;
        }
        return status;
    }

    /** Shows what several rules of a file evaluate. */
    private int showShared(List<SourceQuery> rules) {
        List<ParseResult> parsed = rules.stream()
                .map(rule -> PromQl.tryParse(rule.text(), options(rule)))
                .toList();
        List<List<Finding>> shared = Analyzer.repeatsAcross(parsed, context(rules.get(0)));
        int status = OK;
        for (int i = 0; i < rules.size(); i++) {
            status = Math.max(status, show(rules.get(i), shared.get(i)));
        }
        return status;
    }

    @Override
    int end(int answered) {
        int status = answered;
        for (List<SourceQuery> rules : ruleFiles.values()) {
            status = Math.max(status, showShared(rules));
        }
        // Of a file that could not be read nothing is known.
        if (!json() && (status != WRONG_USE || findings > 0)) {
            out().println(findings == 0 ? "nothing found" : findings + (findings == 1 ? " finding" : " findings"));
        }
        return status;
    }

    private boolean fails(Severity severity) {
        if (failOn.equals("never")) {
            return false;
        }
        try {
            return severity.compareTo(Severity.valueOf(failOn.toUpperCase(Locale.ROOT))) <= 0;
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(
                    command().commandLine(),
                    "--fail-on = " + failOn + ", must be error, warning, performance, info or never",
                    e);
        }
    }

    private AnalysisContext context(SourceQuery query) {
        // Asked before the first finding, so that a wrong option is not found out by chance.
        fails(Severity.ERROR);
        AnalysisContext.Builder context = AnalysisContext.builder().kind(query.kind());
        query.alertFor().ifPresent(context::alertFor);
        query.interval().filter(interval -> !interval.isZero()).ifPresent(context::evaluationInterval);
        if (scrapeInterval != null) {
            context.scrapeInterval(duration(scrapeInterval));
        }
        for (String id : off) {
            Optional<Rule> rule = Rule.of(id);
            if (rule.isEmpty()) {
                throw new CommandLine.ParameterException(
                        command().commandLine(), "--off = " + id + ", there is no such rule");
            }
            context.off(rule.get());
        }
        return context.build();
    }

    private Duration duration(String text) {
        try {
            String iso = text.toUpperCase(Locale.ROOT);
            Duration duration = Duration.parse(iso.startsWith("P") ? iso : "PT" + iso);
            AnalysisContext.builder().scrapeInterval(duration).build();
            return duration;
        } catch (DateTimeParseException | IllegalArgumentException e) {
            throw new CommandLine.ParameterException(
                    command().commandLine(),
                    "--scrape-interval = " + text + ", must be a duration from 1ms to 100 years such as 15s",
                    e);
        }
    }

    private static String style(Severity severity) {
        return switch (severity) {
            case ERROR -> "red";
            case WARNING -> "yellow";
            case PERFORMANCE -> "magenta";
            case INFO -> "cyan";
        };
    }

    private Map<String, Object> fields(SourceQuery query, Finding finding) {
        Map<String, Object> line = line(query);
        line.put("rule", finding.rule().id());
        line.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        line.put("message", finding.message());
        line.put("start", finding.range().start());
        line.put("end", finding.range().end());
        finding.fix().ifPresent(fix -> {
            line.put("replacement", fix.replacement());
            line.put("replaceStart", fix.range().start());
            line.put("replaceEnd", fix.range().end());
            line.put("fixedQuery", fix.fixedQuery());
        });
        finding.recordingRule().ifPresent(rule -> {
            line.put("record", rule.name());
            line.put("recordExpr", rule.expression().toString());
        });
        return line;
    }
}
