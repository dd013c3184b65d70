package dev.tentpole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Big Tent as a process: what it prints, and what is left when it has been stopped. */
@Timeout(120)
final class MainProcessTest {

    @TempDir
    private Path temp;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    @Test
    void the_address_is_the_last_line_and_a_stop_leaves_nothing_behind() throws Exception {
        Process process = start("--port", "0");
        List<String> lines = linesUntilReady(process);
        String last = lines.get(lines.size() - 1);
        URI address = URI.create(last.substring(last.indexOf("http://")));
        assertThat(address.getHost()).isEqualTo("127.0.0.1");
        HttpResponse<String> backends = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address.resolve("/api/backends")).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(backends.statusCode()).isEqualTo(200);
        stopAndExpectNothingLeft(process);
    }

    @Test
    void a_stop_while_it_starts_leaves_nothing_behind() throws Exception {
        Process process = start("--port", "0");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (leftovers().isEmpty()) {
            assertThat(System.nanoTime() - end).as("it has begun").isNegative();
            Thread.onSpinWait();
        }
        stopAndExpectNothingLeft(process);
    }

    private void stopAndExpectNothingLeft(Process process) throws Exception {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        for (ProcessHandle child : children) {
            child.onExit().get(30, TimeUnit.SECONDS);
        }
        assertThat(leftovers()).isEmpty();
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(temp)) {
            return files.filter(path -> path.getFileName().toString().startsWith("bigtent-"))
                    .toList();
        }
    }

    @Test
    void a_wrong_option_is_refused_at_once() throws Exception {
        Process process = start("--port", "99999");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("port = 99999 is not in 0..65535");
    }

    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temp,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    private static List<String> linesUntilReady(Process process) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
            if (line.contains("http://127.0.0.1")) {
                return lines;
            }
        }
        throw new AssertionError("it ended without an address: " + lines);
    }
}
