package dev.tentpole.examples.promql;

import dev.tentpole.promql.Optimization;
import dev.tentpole.promql.Optimizer;
import dev.tentpole.promql.OptimizerOptions;
import dev.tentpole.promql.ParseResult;
import dev.tentpole.promql.PromQl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Rewrites queries so that a server has less to do for the same answer. */
@Command(
        name = "optimize",
        mixinStandardHelpOptions = true,
        description =
                "Rewrites queries so that a server has less to do for the same answer, and says why it is the same.")
final class OptimizeCommand extends QueryCommand {

    @Option(
            names = "--exactness",
            paramLabel = "LEAST",
            defaultValue = "exact",
            description = "the least exact steps that are made: exact, except-annotations or approximate;"
                    + " default: ${DEFAULT-VALUE}")
    private String exactness = "exact";

    @Option(names = "--range-query", description = "the queries are run as range queries, whose series have no order")
    private boolean rangeQuery;

    @Option(names = "--off", paramLabel = "RULE", split = ",", description = "rules that are not applied, by their ids")
    private List<String> off = new ArrayList<>();

    @Override
    int answer(SourceQuery query, ParseResult parsed) {
        OptimizerOptions options = options();
        if (!parsed.isValid()) {
            return invalid(query, parsed);
        }
        Optimization optimization = Optimizer.optimize(parsed.orElseThrow(), options);
        if (json()) {
            Map<String, Object> line = line(query);
            line.put("changed", optimization.isChanged());
            line.put("optimized", optimization.expr().toString());
            line.put(
                    "steps",
                    optimization.steps().stream().map(OptimizeCommand::fields).toList());
            print(line);
            return OK;
        }
        headline(query);
        out().println(PromQl.format(optimization.expr()));
        for (Optimization.Step step : optimization.steps()) {
            String exact = step.exactness() == Optimization.Exactness.EXACT ? "" : " (" + name(step.exactness()) + ")";
            out().println(colored("cyan", "# " + step.rule().id() + exact + ": ") + step.before() + " -> "
                    + step.after());
            out().println(colored("faint", "#   " + step.reason()));
        }
        return OK;
    }

    private OptimizerOptions options() {
        Optimization.Exactness least = Arrays.stream(Optimization.Exactness.values())
                .filter(value -> name(value).equals(exactness))
                .findFirst()
                .orElseThrow(() -> new CommandLine.ParameterException(
                        command().commandLine(),
                        "--exactness = " + exactness + ", must be exact, except-annotations or approximate"));
        OptimizerOptions.Builder options =
                OptimizerOptions.builder().exactness(least).rangeQuery(rangeQuery);
        for (String id : off) {
            options.without(Arrays.stream(Optimization.Rule.values())
                    .filter(rule -> rule.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new CommandLine.ParameterException(
                            command().commandLine(), "--off = " + id + ", there is no such rule")));
        }
        return options.build();
    }

    private static String name(Optimization.Exactness exactness) {
        return exactness.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Map<String, Object> fields(Optimization.Step step) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("rule", step.rule().id());
        fields.put("exactness", name(step.exactness()));
        fields.put("start", step.where().start());
        fields.put("end", step.where().end());
        fields.put("before", step.before().toString());
        fields.put("after", step.after().toString());
        fields.put("reason", step.reason());
        return fields;
    }
}
