package dev.tentpole.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tentpole.base.OwnedThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small REST API on a port of its own, for the rest source to have something to ask: processes and disks.
 */
final class Inventory implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(2, OwnedThreads.daemon("examples", "inventory"));

    private Inventory(HttpServer server) {
        this.server = server;
    }

    static Inventory start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Inventory inventory = new Inventory(server);
        server.createContext("/", inventory::answer);
        server.setExecutor(inventory.threads);
        server.start();
        return inventory;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private record ProcessRow(
            long pid,
            long parent,
            @Nullable String command,
            @Nullable String user,
            @Nullable String started,
            @Nullable Long cpuMillis) {}

    private record DiskRow(String mount, String type, long used, long total, double usedPercent) {}

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Object answer = switch (exchange.getRequestURI().getPath()) {
                case "/" -> Map.of("paths", List.of("/processes", "/disks"));
                case "/processes" -> Map.of("time", Instant.now().toString(), "processes", processes());
                case "/disks" -> Map.of("time", Instant.now().toString(), "disks", disks());
                default -> Map.of();
            };
            boolean found = !Map.of().equals(answer);
            byte[] body = JSON.writeValueAsString(found ? answer : Map.of("error", "there are /processes and /disks"))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(found ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Names only: a command line may hold a password. */
    private static List<ProcessRow> processes() {
        return ProcessHandle.allProcesses()
                .map(process -> {
                    ProcessHandle.Info info = process.info();
                    return new ProcessRow(
                            process.pid(),
                            process.parent().map(ProcessHandle::pid).orElse(0L),
                            info.command().map(Inventory::fileName).orElse(null),
                            info.user().orElse(null),
                            info.startInstant().map(Instant::toString).orElse(null),
                            info.totalCpuDuration().map(Duration::toMillis).orElse(null));
                })
                .toList();
    }

    private static String fileName(String command) {
        Path name = Path.of(command).getFileName();
        return name == null ? command : name.toString();
    }

    private static List<DiskRow> disks() {
        return HostReadings.disks().stream()
                .map(disk -> new DiskRow(
                        disk.mount(), disk.type(), disk.used(), disk.total(), 100.0 * disk.used() / disk.total()))
                .toList();
    }
}
