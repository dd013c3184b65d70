package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter against a real server on the loopback. */
@Timeout(60)
final class RedisSecondLevelTest {

    @TempDir
    private Path directory;

    private Process server;

    @AfterEach
    void stop() throws InterruptedException {
        if (server != null) {
            server.destroy();
            server.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private int start(String program, String... options) throws IOException {
        Optional<Path> binary = Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(binary.isPresent(), program + " is not on the PATH: its test is skipped");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder =
                new ProcessBuilder(binary.get().toString(), "--port", "" + port, "--bind", "127.0.0.1");
        builder.command().addAll(List.of("--save", "", "--appendonly", "no", "--dir", directory.toString()));
        builder.command().addAll(List.of(options));
        server = builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Until.holds(() -> !server.isAlive() || answers(port));
        assertThat(server.isAlive()).as("the server runs; see its log").isTrue();
        return port;
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-server", "valkey-server"})
    void bytes_are_kept_for_their_time_and_removed(String program) throws Exception {
        int port = start(program);
        try (RedisSecondLevel level =
                RedisSecondLevel.builder("127.0.0.1", port).build()) {
            assertThat(level.get("a")).isEmpty();
            byte[] all = new byte[256];
            for (int i = 0; i < all.length; i++) {
                all[i] = (byte) i;
            }
            level.put("a", all, Duration.ofMinutes(1));
            assertThat(level.get("a"))
                    .hasValueSatisfying(value -> assertThat(value).isEqualTo(all));
            level.put("a", bytes("é"), Duration.ofMinutes(1));
            assertThat(level.get("a"))
                    .hasValueSatisfying(value -> assertThat(value).isEqualTo(bytes("é")));
            level.remove("a");
            level.remove("a");
            assertThat(level.get("a")).isEmpty();
            level.put("b", bytes("x"), Duration.ofNanos(1));
            Until.holds(() -> isGone(level, "b"));
        }
    }

    private static boolean isGone(RedisSecondLevel level, String key) {
        try {
            return level.get(key).isEmpty();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void no_connection_is_opened_before_one_is_needed() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                RedisSecondLevel level = RedisSecondLevel.builder("127.0.0.1", silent.getLocalPort())
                        .build()) {
            assertThat(level).isNotNull();
            silent.setSoTimeout(1);
            assertThatThrownBy(silent::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void who_waits_for_a_connection_can_be_interrupted() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                RedisSecondLevel level = RedisSecondLevel.builder("127.0.0.1", silent.getLocalPort())
                        .timeout(Duration.ofSeconds(30))
                        .connections(1)
                        .build();
                Workers workers = new Workers()) {
            workers.start(() -> level.get("a"));
            // The only connection is taken once it is there.
            try (Socket connection = silent.accept()) {
                List<Callable<Object>> calls = List.of(
                        () -> level.get("b"),
                        () -> {
                            level.put("b", bytes("x"), Duration.ofMinutes(1));
                            return "put";
                        },
                        () -> {
                            level.remove("b");
                            return "removed";
                        });
                for (Callable<Object> call : calls) {
                    Workers.Job<Object> caller = workers.start(call);
                    caller.awaitWaiting();
                    caller.interrupt();
                    assertThat(caller.failure()).isInstanceOf(InterruptedException.class);
                }
                assertThat(connection.isConnected()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-server", "valkey-server"})
    void a_password_and_a_database_are_used(String program) throws Exception {
        int port = start(program, "--requirepass", "open sesame");
        try (RedisSecondLevel right = RedisSecondLevel.builder("127.0.0.1", port)
                        .login(null, "open sesame")
                        .database(3)
                        .prefix("p:")
                        .build();
                RedisSecondLevel other = RedisSecondLevel.builder("127.0.0.1", port)
                        .login("default", "open sesame")
                        .build();
                RedisSecondLevel wrong = RedisSecondLevel.builder("127.0.0.1", port)
                        .login(null, "guess")
                        .build()) {
            right.put("a", bytes("x"), Duration.ofMinutes(1));
            assertThat(right.get("a")).isPresent();
            assertThat(other.get("a")).isEmpty();
            assertThatThrownBy(() -> wrong.get("a")).isInstanceOf(RuntimeException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-server", "valkey-server"})
    void instances_share_results_and_outlive_the_server(String program) throws Exception {
        int port = start(program);
        SecondLevel.Codec<String> codec = new SecondLevel.Codec<>() {
            @Override
            public byte[] encode(String value) {
                return bytes(value);
            }

            @Override
            public String decode(byte[] bytes) {
                return new String(bytes, StandardCharsets.UTF_8);
            }
        };
        CacheKey key = CacheKey.of("prom", "up");
        try (QueryCache<CacheKey, String> one = QueryCache.<CacheKey, String>builder()
                        .secondLevel(RedisSecondLevel.builder("127.0.0.1", port).build(), CacheKey::text, codec)
                        .build();
                QueryCache<CacheKey, String> two = QueryCache.<CacheKey, String>builder()
                        .secondLevel(RedisSecondLevel.builder("127.0.0.1", port).build(), CacheKey::text, codec)
                        .build()) {
            assertThat(one.get(key, (k, load) -> "loaded")).isEqualTo("loaded");
            assertThat(one.flushSecondLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(two.get(key, (k, load) -> "not loaded")).isEqualTo("loaded");
            server.destroy();
            assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(two.get(CacheKey.of("prom", "down"), (k, load) -> "without"))
                    .isEqualTo("without");
            assertThat(two.stats().secondLevel().failures()).isPositive();
        }
    }

    @Test
    void a_server_that_is_not_there_fails_in_time() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (RedisSecondLevel level =
                RedisSecondLevel.builder("127.0.0.1", port).build()) {
            assertThatThrownBy(() -> level.get("a")).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void settings_out_of_range_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> RedisSecondLevel.builder(" ", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> RedisSecondLevel.builder("h", 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        RedisSecondLevel.builder("h", 1).timeout(Duration.ZERO).build());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> RedisSecondLevel.builder("h", 1).connections(0).build());
    }
}
