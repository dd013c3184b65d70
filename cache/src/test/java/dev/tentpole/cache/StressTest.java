package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the stress tests, all classes {@code …Stress}, in a JVM of their own, for a short time. */
final class StressTest {

    private static final long SECONDS = 180;

    @Test
    @Timeout(240)
    void no_forbidden_outcome_is_seen() throws IOException, InterruptedException {
        Path results = Path.of("target", "jcstress");
        Files.createDirectories(results);
        Path log = results.resolve("log.txt");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.openjdk.jcstress.Main",
                        "-t",
                        "dev.tentpole.cache",
                        "-m",
                        "sanity",
                        "-time",
                        "300",
                        "-r",
                        results.toString() + File.separator))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("it ends in time; see %s", log).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(log);
        assertThat(output).contains("RUN COMPLETE").doesNotContain("FAILED", "FORBIDDEN", "ERROR");
        assertThat(output).containsPattern("Tests: [1-9]|[1-9][0-9]* passed, 0 failed");
        assertThat(process.exitValue()).isZero();
    }
}
