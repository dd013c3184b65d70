package dev.tentpole.benchmarks.streaming;

/** Where a simulation ran. */
final class Machine {

    private Machine() {}

    static String line() {
        return "On " + Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.name") + "; "
                + System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version") + ".";
    }
}
