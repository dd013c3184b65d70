package dev.tentpole.benchmarks;

import java.io.PrintStream;
import java.util.List;

/**
 * A comparison with peers that is counted and not timed, such as the load on a server in virtual time.
 *
 * <p>{@code benchmarks.jar simulate NAME} runs it; the table that it prints is the same in every run.
 */
public interface Simulation {

    /**
     * {@return what names it on the command line, such as {@code retry-storm}}
     */
    String name();

    /**
     * Runs it and prints its table in Markdown.
     *
     * @param out where to print
     * @param options what followed the name on the command line; a simulation says which it knows
     * @throws IllegalArgumentException if an option is not known
     */
    void run(PrintStream out, List<String> options);
}
