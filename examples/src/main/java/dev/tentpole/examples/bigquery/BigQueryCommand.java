package dev.tentpole.examples.bigquery;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Groups the commands for BigQuery; alone it says which there are. */
@Command(
        name = "bigquery",
        mixinStandardHelpOptions = true,
        description = "Prices queries of BigQuery without credentials.",
        subcommands = EstimateCommand.class)
public final class BigQueryCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    /** The command line creates it. */
    public BigQueryCommand() {}

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
}
