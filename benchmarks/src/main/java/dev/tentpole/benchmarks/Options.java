package dev.tentpole.benchmarks;

import java.util.List;

/** The options of a simulation. */
public final class Options {

    private Options() {}

    /**
     * There may be none.
     *
     * @param options what followed the name of the simulation
     * @throws IllegalArgumentException if there are any
     */
    public static void none(List<String> options) {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("unknown options " + options);
        }
    }

    /**
     * {@return the number after {@code name}, which is the only option there may be}
     *
     * @param options what followed the name of the simulation
     * @param name the option's, such as {@code --seconds}
     * @param otherwise what it is without
     * @throws IllegalArgumentException if there is another option
     */
    public static int number(List<String> options, String name, int otherwise) {
        if (options.isEmpty()) {
            return otherwise;
        }
        if (options.size() != 2 || !options.get(0).equals(name)) {
            throw new IllegalArgumentException("options = " + options + ", must be " + name + " and a number");
        }
        return Integer.parseInt(options.get(1));
    }
}
