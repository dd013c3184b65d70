package dev.tentpole.benchmarks.streaming;

import java.util.List;

/** The options of a simulation. */
final class Options {

    private Options() {}

    static void none(List<String> options) {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("unknown options " + options);
        }
    }

    /** The number after {@code name}, which is the only option there may be. */
    static int number(List<String> options, String name, int otherwise) {
        if (options.isEmpty()) {
            return otherwise;
        }
        if (options.size() != 2 || !options.get(0).equals(name)) {
            throw new IllegalArgumentException("options = " + options + ", must be " + name + " and a number");
        }
        return Integer.parseInt(options.get(1));
    }
}
