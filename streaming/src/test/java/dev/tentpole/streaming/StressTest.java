package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the stress tests of this module in a JVM of their own, for a short while. */
final class StressTest {

    private static final int TESTS = 20;
    private static final Path RESULTS = Path.of("target", "jcstress").toAbsolutePath();

    @Test
    @Timeout(300)
    void no_stress_test_sees_what_is_forbidden() throws IOException, InterruptedException {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "stress tests need two processors");
        Files.createDirectories(RESULTS);
        Path log = RESULTS.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.openjdk.jcstress.Main",
                        "-t",
                        "dev.tentpole.streaming.*Stress",
                        "-m",
                        "sanity",
                        // One JVM for each test, not one for each way to compile its actors.
                        "-sc",
                        "false",
                        "-af",
                        "NONE",
                        // Many instances of each test at once, else each is tried a few times only.
                        "-strideSize",
                        "64",
                        "-strideCount",
                        "16",
                        "-time",
                        "300",
                        "-jvmArgs",
                        "-Xmx256m",
                        "-r",
                        RESULTS.toString())
                .directory(RESULTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(280, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        String output = Files.readString(log, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output)
                .contains("Failed tests: No matches", "Error tests: No matches")
                .contains("All remaining tests: " + TESTS + " matching test results");
    }
}
