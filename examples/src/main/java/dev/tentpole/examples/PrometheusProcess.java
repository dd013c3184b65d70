package dev.tentpole.examples;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A Prometheus of our own, a child process that scrapes Big Tent every second; its data is in a temporary folder.
 */
final class PrometheusProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(20);

    private final Path folder;
    private final Process process;
    private final URI address;

    private PrometheusProcess(Path folder, Process process, URI address) {
        this.folder = folder;
        this.process = process;
        this.address = address;
    }

    /** Looks for {@code prometheus} on the PATH. */
    static Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(path)
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it and waits until it is ready. */
    static PrometheusProcess start(Path binary, int scrapedPort) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bigtent-prometheus-");
        int port = freePort();
        URI address = URI.create("http://127.0.0.1:" + port + "/");
        Path config = folder.resolve("prometheus.yml");
        Files.writeString(config, """
                global:
                  scrape_interval: 1s
                  scrape_timeout: 1s
                scrape_configs:
                  - job_name: bigtent
                    static_configs:
                      - targets: ["127.0.0.1:%d"]
                """.formatted(scrapedPort));
        Process process = new ProcessBuilder(
                        binary.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--storage.tsdb.retention.time=1d",
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        PrometheusProcess prometheus = new PrometheusProcess(folder, process, address);
        try {
            prometheus.awaitReady();
            return prometheus;
        } catch (IOException | InterruptedException e) {
            prometheus.close();
            throw e;
        }
    }

    URI address() {
        return address;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Folders.delete(folder);
    }

    private void awaitReady() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest ready = HttpRequest.newBuilder(address.resolve("-/ready"))
                .timeout(Duration.ofSeconds(1))
                .build();
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() - end < 0) {
            // Doubles as the pause between two tries.
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new IOException("prometheus ended at once with exit code " + process.exitValue() + ": " + log());
            }
            if (isReady(client, ready)) {
                return;
            }
        }
        throw new IOException("prometheus was not ready within " + START.toSeconds() + " s: " + log());
    }

    private static boolean isReady(HttpClient client, HttpRequest ready) throws InterruptedException {
        try {
            return client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private String log() throws IOException {
        String log = Files.readString(folder.resolve("log"));
        return log.substring(Math.max(0, log.length() - 500)).strip();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
