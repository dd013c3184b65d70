package dev.tentpole.examples.promql;

import dev.tentpole.promql.Expr;
import dev.tentpole.promql.ParseResult;
import dev.tentpole.promql.PromQl;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Groups the commands for queries; alone it says which there are. */
@Command(
        name = "promql",
        mixinStandardHelpOptions = true,
        description = "Reads, formats, judges and rewrites queries of Prometheus without a server.",
        footer = {
            "",
            "Exit status: 0 if nothing was found, 1 if a query cannot be read or there are findings,",
            "2 for wrong options and files that cannot be read."
        },
        subcommands = {PromQlCommand.Parse.class, PromQlCommand.Format.class, LintCommand.class, OptimizeCommand.class})
public final class PromQlCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    /** The command line creates it. */
    public PromQlCommand() {}

    /**
     * Says which commands there are.
     *
     * @return the exit status for wrong use
     */
    @Override
    public Integer call() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getErr());
        }
        return CommandLine.ExitCode.USAGE;
    }

    /** Says whether queries can be read, and of which type their results are. */
    @Command(name = "parse", mixinStandardHelpOptions = true, description = "Says what is wrong with queries.")
    static final class Parse extends QueryCommand {

        @Override
        int answer(SourceQuery query, ParseResult parsed) {
            if (!parsed.isValid()) {
                return invalid(query, parsed);
            }
            Expr expr = parsed.orElseThrow();
            if (json()) {
                Map<String, Object> line = line(query);
                line.put("valid", true);
                line.put("type", expr.type().documentedName());
                line.put("canonical", expr.toString());
                print(line);
            } else {
                String origin = isSingle() ? "" : colored("bold", query.origin()) + " ";
                out().println(origin + colored("green", expr.type().documentedName()) + ": " + expr);
            }
            return OK;
        }
    }

    /** Writes queries on as many lines as they need. */
    @Command(
            name = "format",
            mixinStandardHelpOptions = true,
            description = "Writes queries on as many lines as they need. Comments are lost.")
    static final class Format extends QueryCommand {

        @Option(
                names = "--width",
                defaultValue = "" + PromQl.DEFAULT_WIDTH,
                description = "bytes that a part may have before it is split; default: ${DEFAULT-VALUE}")
        private int width;

        @Override
        int answer(SourceQuery query, ParseResult parsed) {
            if (width < 1) {
                throw new CommandLine.ParameterException(
                        command().commandLine(), "--width = " + width + ", must be at least 1");
            }
            if (!parsed.isValid()) {
                return invalid(query, parsed);
            }
            String text = PromQl.format(parsed.orElseThrow(), width);
            if (json()) {
                Map<String, Object> line = line(query);
                line.put("formatted", text);
                print(line);
            } else {
                if (!isSingle() && !query.place().isEmpty()) {
                    out().println(colored("bold", "# " + query.origin()));
                }
                out().println(text);
            }
            return OK;
        }
    }
}
