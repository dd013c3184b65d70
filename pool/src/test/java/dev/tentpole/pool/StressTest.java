package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the {@code …Stress} classes for a short time; {@code org.openjdk.jcstress.Main} runs them for as long as one likes. */
final class StressTest {

    @Test
    @Timeout(300)
    void no_interleaving_breaks_a_promise() throws IOException, InterruptedException {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "stress tests need two processors");
        Path folder = Files.createDirectories(Path.of("target", "jcstress").toAbsolutePath());
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.openjdk.jcstress.Main",
                        "-t",
                        "dev.tentpole.pool",
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
                        "500",
                        "-r",
                        folder + File.separator))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(240, TimeUnit.SECONDS))
                    .as("it ends in time; see %s", log)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(log);
        assertThat(output)
                .contains("All remaining tests: 4 matching test results")
                .contains("Failed tests: No matches", "Error tests: No matches");
        assertThat(process.exitValue()).isZero();
    }
}
