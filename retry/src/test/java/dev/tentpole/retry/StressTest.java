package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the stress tests, all classes {@code …Stress}, in a JVM of their own, for a short time. */
final class StressTest {

    private static final long SECONDS = 180;

    /** How many were planned, have passed, have failed, and ended in a hard error. */
    private static final Pattern RESULTS =
            Pattern.compile("Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, \\d+ soft errs, (\\d+) hard errs");

    @Test
    @Timeout(240)
    void no_forbidden_outcome_is_seen() throws IOException, InterruptedException {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "stress tests need two processors");
        Path folder = Path.of("target", "jcstress").toAbsolutePath();
        Files.createDirectories(folder);
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.openjdk.jcstress.Main",
                        "-t",
                        "dev.tentpole.retry",
                        "-m",
                        "sanity",
                        "-time",
                        "300",
                        // One JVM a test: how each part is compiled and pinned makes no difference to compare-and-set.
                        "-sc",
                        "false",
                        "-af",
                        "NONE",
                        "-jvmArgs",
                        "-Xmx256m",
                        "-r",
                        folder.toString() + File.separator))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as("it ends in time; see %s", log)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(log);
        Matcher results = RESULTS.matcher(output);
        int planned = 0;
        int passed = 0;
        while (results.find()) {
            planned = Integer.parseInt(results.group(1));
            assertThat(results.group(3)).as("failed; see %s", log).isEqualTo("0");
            assertThat(results.group(4)).as("errors; see %s", log).isEqualTo("0");
            passed = Integer.parseInt(results.group(2));
        }
        assertThat(passed).isPositive().isEqualTo(planned);
        assertThat(process.exitValue()).isZero();
    }
}
