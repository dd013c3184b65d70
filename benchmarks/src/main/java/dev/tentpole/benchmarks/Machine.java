package dev.tentpole.benchmarks;

/** Where a simulation ran. */
public final class Machine {

    private Machine() {}

    /**
     * {@return a sentence with its cores, its system and its JDK}
     */
    public static String line() {
        return "On " + Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.name") + "; "
                + System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version") + ".";
    }
}
