package dev.tentpole.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a module's stress tests, all classes named {@code …Stress} of a package, for a short time each, in JVMs of their own;
 * {@code org.openjdk.jcstress.Main} runs them for as long as one likes.
 */
public final class StressRun {

    private static final Duration LONGEST = Duration.ofMinutes(4);

    /** How many were planned, have passed, have failed, and ended in a hard error. */
    private static final Pattern RESULTS =
            Pattern.compile("Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, \\d+ soft errs, (\\d+) hard errs");

    private StressRun() {}

    /**
     * Fails unless each of them passes.
     *
     * @param test of their package
     * @param time that a JVM uses one of them
     * @param instances of each test that are made at once: many, so that its actors meet often; few, if making them takes
     *     longer than using them
     * @param options more of jcstress's
     */
    public static void of(Class<?> test, Duration time, int instances, String... options)
            throws IOException, InterruptedException {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "stress tests need two processors");
        Path folder = Files.createDirectories(Path.of("target", "jcstress").toAbsolutePath());
        Path log = folder.resolve("log.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-t",
                Pattern.quote(test.getPackageName() + ".") + ".*Stress",
                "-m",
                "sanity",
                // One JVM for each test, not one for each way to compile its actors.
                "-sc",
                "false",
                "-af",
                "NONE",
                "-jvmArgs",
                "-Xmx256m",
                "-time",
                Long.toString(time.toMillis()),
                "-strideSize",
                Integer.toString(instances),
                "-strideCount",
                "10",
                "-r",
                folder + File.separator));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS))
                    .as("it ends in time; see %s", log)
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertAllPassed(Files.readString(log), log);
        assertThat(process.exitValue()).isZero();
    }

    private static void assertAllPassed(String output, Path log) {
        Matcher results = RESULTS.matcher(output);
        int planned = 0;
        int passed = 0;
        while (results.find()) {
            planned = Integer.parseInt(results.group(1));
            passed = Integer.parseInt(results.group(2));
            assertThat(results.group(3)).as("failed; see %s", log).isEqualTo("0");
            assertThat(results.group(4)).as("errors; see %s", log).isEqualTo("0");
        }
        assertThat(passed).as("passed; see %s", log).isPositive().isEqualTo(planned);
    }
}
