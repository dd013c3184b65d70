package dev.tentpole.promql;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A real Prometheus 3 for a test: the binary that {@code -Dtentpole.prometheus} names, or the one on the PATH if it is new
 * enough. It listens on a free port of the loopback interface, keeps its data in a temporary folder, and takes samples by
 * remote write.
 */
final class PrometheusServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern VERSION = Pattern.compile("prometheus, version (\\d+)\\.");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final Process process;
    private final URI address;

    private PrometheusServer(Path folder, Process process, URI address) {
        this.folder = folder;
        this.process = process;
        this.address = address;
    }

    static Optional<Path> find() {
        String configured = System.getProperty("tentpole.prometheus", "");
        Stream<String> folders = Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .filter(path -> !path.isBlank())
                .map(path -> Path.of(path, "prometheus").toString());
        return (configured.isBlank() ? folders : Stream.of(configured))
                .map(Path::of)
                .filter(Files::isExecutable)
                .filter(PrometheusServer::isNewEnough)
                .findFirst();
    }

    private static boolean isNewEnough(Path binary) {
        try {
            Process process = new ProcessBuilder(binary.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher version = VERSION.matcher(text);
            return process.waitFor() == 0 && version.find() && Integer.parseInt(version.group(1)) >= 3;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static PrometheusServer start(Path binary) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("tentpole-prometheus-");
        Files.writeString(folder.resolve("prometheus.yml"), "");
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        binary.toString(),
                        "--config.file=" + folder.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--storage.tsdb.retention.time=100y",
                        "--web.listen-address=127.0.0.1:" + port,
                        "--web.enable-remote-write-receiver",
                        "--enable-feature=promql-experimental-functions,promql-duration-expr",
                        "--log.level=error")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        PrometheusServer server = new PrometheusServer(folder, process, URI.create("http://127.0.0.1:" + port));
        // Also when the test is ended from outside.
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        try {
            server.awaitReady();
            return server;
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        HttpRequest ready = HttpRequest.newBuilder(address.resolve("/-/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() - end < 0) {
            // Doubles as the pause between two tries.
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new IOException("prometheus ended at once: " + Files.readString(folder.resolve("log")));
            }
            try {
                if (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // It does not listen yet.
            }
        }
        throw new IOException("prometheus was not ready within 60 s");
    }

    /** A series: its labels with {@code __name__} among them, and its samples in the order of time. */
    record Series(Map<String, String> labels, List<Sample> samples) {}

    /** A value at a time. */
    record Sample(long millis, double value) {}

    /** Stores samples. */
    void write(List<Series> all) {
        for (int from = 0; from < all.size(); from += 100) {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            for (Series series : all.subList(from, Math.min(all.size(), from + 100))) {
                field(request, 1, series(series));
            }
            HttpResponse<String> response = send(HttpRequest.newBuilder(address.resolve("/api/v1/write"))
                    .header("Content-Type", "application/x-protobuf")
                    .header("Content-Encoding", "snappy")
                    .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(snappy(request.toByteArray())))
                    .build());
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException(response.statusCode() + " " + response.body());
            }
        }
    }

    private static byte[] series(Series series) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Map.Entry<String, String> label : new TreeMap<>(series.labels()).entrySet()) {
            ByteArrayOutputStream pair = new ByteArrayOutputStream();
            field(pair, 1, label.getKey().getBytes(StandardCharsets.UTF_8));
            field(pair, 2, label.getValue().getBytes(StandardCharsets.UTF_8));
            field(out, 1, pair.toByteArray());
        }
        for (Sample one : series.samples()) {
            ByteArrayOutputStream sample = new ByteArrayOutputStream();
            sample.write((1 << 3) | 1);
            long bits = Double.doubleToRawLongBits(one.value());
            for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                sample.write((int) (bits >>> shift));
            }
            sample.write(2 << 3);
            varint(sample, one.millis());
            field(out, 2, sample.toByteArray());
        }
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, int number, byte[] bytes) {
        out.write((number << 3) | 2);
        varint(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** Snappy's format without compression: the length, and literals of up to 64 KiB. */
    private static byte[] snappy(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, bytes.length);
        for (int from = 0; from < bytes.length; from += 1 << 16) {
            int length = Math.min(1 << 16, bytes.length - from);
            out.write(61 << 2);
            out.write(length - 1);
            out.write((length - 1) >> 8);
            out.write(bytes, from, length);
        }
        return out.toByteArray();
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * What a query returns.
     *
     * @param error the error, or empty
     * @param series the values of each series as the server prints them; by labels, unless the order counts
     * @param annotations warnings and infos without the positions in them
     */
    record Answer(String error, List<String> series, List<String> annotations) {}

    Answer instant(String query, double time, boolean ordered) {
        return ask("/api/v1/query", "query=" + encoded(query) + "&time=" + time, ordered);
    }

    Answer range(String query, long start, long end, int step) {
        return ask(
                "/api/v1/query_range",
                "query=" + encoded(query) + "&start=" + start + "&end=" + end + "&step=" + step,
                false);
    }

    private Answer ask(String path, String form, boolean ordered) {
        HttpResponse<String> response = send(HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build());
        JsonNode answer = JSON.readTree(response.body());
        List<String> series = new ArrayList<>();
        JsonNode result = answer.path("data").path("result");
        if (result.isArray() && result.path(0).isObject()) {
            for (JsonNode one : result) {
                Map<String, String> labels = new TreeMap<>();
                one.path("metric")
                        .properties()
                        .forEach(label ->
                                labels.put(label.getKey(), label.getValue().asString()));
                series.add(labels + " " + one.path("value") + one.path("values"));
            }
        } else if (result.isArray() && !result.isEmpty()) {
            series.add(result.toString());
        }
        if (!ordered) {
            series.sort(Comparator.naturalOrder());
        }
        List<String> annotations = new ArrayList<>();
        for (String kind : List.of("warnings", "infos")) {
            answer.path(kind).forEach(text -> annotations.add(text.asString().replaceAll(" \\(\\d+:\\d+\\)", "")));
        }
        annotations.sort(Comparator.naturalOrder());
        return new Answer(
                answer.path("error").asString(""),
                series,
                annotations.stream().distinct().toList());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
