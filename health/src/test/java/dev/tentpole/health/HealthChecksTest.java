package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.health.HealthChecks.CacheFigures;
import dev.tentpole.health.HealthChecks.PoolFigures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class HealthChecksTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeSurroundings time = new FakeSurroundings();

    @Test
    void a_connection_is_validated_and_given_back() throws Exception {
        List<String> calls = new ArrayList<>();
        assertThat(HealthChecks.dataSource(dataSource(true, calls), Duration.ofMillis(1_001))
                        .check()
                        .status())
                .isEqualTo(Status.HEALTHY);
        assertThat(calls).containsExactly("isValid 2", "close");
        calls.clear();
        CheckResult invalid =
                HealthChecks.dataSource(dataSource(false, calls), SECOND).check();
        assertThat(invalid.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(invalid.reason()).isEqualTo(ReasonCategory.CONNECTION);
        assertThat(calls).containsExactly("isValid 1", "close");
    }

    @Test
    void a_connection_that_can_not_be_had_keeps_its_category_and_hides_its_text() {
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(
                        CheckSettings.remote("db").build(),
                        HealthChecks.connection(
                                () -> {
                                    throw new SQLException("access denied for root:hunter2", "28000");
                                },
                                SECOND)));
        time.tick();
        CheckReport shown = health.report().check("db").orElseThrow();
        assertThat(shown.reason()).isEqualTo(ReasonCategory.AUTHENTICATION);
        assertThat(shown.lastResult().orElseThrow().message()).isEqualTo("threw SQLException");
    }

    @Test
    void latency_makes_a_good_result_worse_and_no_bad_one_better() throws Exception {
        assertThat(timed(CheckResult.healthy(), 100)).isEqualTo(CheckResult.healthy());
        CheckResult slow = timed(CheckResult.healthy(), 101);
        assertThat(slow.status()).isEqualTo(Status.DEGRADED);
        assertThat(slow.reason()).isEqualTo(ReasonCategory.LATENCY);
        assertThat(slow.message()).isEqualTo("took 101 ms");
        assertThat(timed(CheckResult.healthy(), 501).status()).isEqualTo(Status.UNHEALTHY);
        assertThat(timed(ScriptedCheck.DOWN, 501)).isSameAs(ScriptedCheck.DOWN);
        assertThat(timed(ScriptedCheck.DEGRADED, 200)).isSameAs(ScriptedCheck.DEGRADED);
        assertThat(timed(ScriptedCheck.DEGRADED, 501).status()).isEqualTo(Status.UNHEALTHY);
        assertThatThrownBy(() -> HealthChecks.withLatency(CheckResult::healthy, SECOND, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_page_is_judged_by_its_status() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answers = new Thread(() -> answerWithThePathAsStatus(server), "answers");
            answers.start();
            HttpClient client = HttpClient.newHttpClient();
            String base = "http://127.0.0.1:" + server.getLocalPort() + "/";
            for (Object[] expected : new Object[][] {
                {200, Status.HEALTHY, ReasonCategory.NONE},
                {204, Status.HEALTHY, ReasonCategory.NONE},
                {302, Status.UNHEALTHY, ReasonCategory.INVALID_RESPONSE},
                {401, Status.UNHEALTHY, ReasonCategory.AUTHENTICATION},
                {503, Status.UNHEALTHY, ReasonCategory.OVERLOAD},
                {504, Status.UNHEALTHY, ReasonCategory.TIMEOUT},
                {500, Status.UNHEALTHY, ReasonCategory.INVALID_RESPONSE}
            }) {
                CheckResult result = HealthChecks.http(client, URI.create(base + expected[0]), SECOND.multipliedBy(20))
                        .check();
                assertThat(result.status()).isEqualTo(expected[1]);
                assertThat(result.reason()).isEqualTo(expected[2]);
            }
        }
    }

    @Test
    void a_port_is_open_or_not() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            assertThat(HealthChecks.tcp("127.0.0.1", port, SECOND.multipliedBy(20))
                            .check()
                            .status())
                    .isEqualTo(Status.HEALTHY);
        }
        HealthCheck closed = HealthChecks.tcp("127.0.0.1", port, SECOND.multipliedBy(20));
        assertThatThrownBy(closed::check)
                .isInstanceOfSatisfying(
                        IOException.class, e -> assertThat(ReasonCategory.of(e)).isEqualTo(ReasonCategory.CONNECTION));
        assertThatThrownBy(() -> HealthChecks.tcp("127.0.0.1", 65_536, SECOND)).hasMessageContaining("port");
    }

    @Test
    void a_disk_is_judged_by_what_is_left(@TempDir Path path) throws Exception {
        assertThat(HealthChecks.diskSpace(path, 1, 0).check().status()).isEqualTo(Status.HEALTHY);
        assertThat(HealthChecks.diskSpace(path, Long.MAX_VALUE, 0).check().status())
                .isEqualTo(Status.DEGRADED);
        CheckResult full =
                HealthChecks.diskSpace(path, Long.MAX_VALUE, Long.MAX_VALUE).check();
        assertThat(full.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(full.reason()).isEqualTo(ReasonCategory.CAPACITY);
        assertThat(full.details()).containsKey("usableBytes");
        assertThatThrownBy(() -> HealthChecks.diskSpace(path, 1, 2)).hasMessageContaining("degradedBelow");
    }

    @Test
    void a_heap_is_judged_by_what_a_collection_left() throws Exception {
        assertThat(JvmChecks.judgeHeap(80, 100, 0.8, 0.9).status()).isEqualTo(Status.HEALTHY);
        assertThat(JvmChecks.judgeHeap(81, 100, 0.8, 0.9).status()).isEqualTo(Status.DEGRADED);
        CheckResult full = JvmChecks.judgeHeap(91, 100, 0.8, 0.9);
        assertThat(full.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(full.message()).startsWith("91% of the heap");
        assertThat(JvmChecks.judgeHeap(91, -1, 0.8, 0.9).status()).isEqualTo(Status.HEALTHY);
        System.gc();
        CheckResult here = HealthChecks.heapAfterGc(0.99, 1).check();
        assertThat(here.status()).isEqualTo(Status.HEALTHY);
        assertThat(Long.parseLong(here.details().get("usedAfterGcBytes"))).isPositive();
        assertThatThrownBy(() -> HealthChecks.heapAfterGc(Double.NaN, 1)).hasMessageContaining("degradedAbove");
        assertThatThrownBy(() -> HealthChecks.heapAfterGc(0.9, 0.8)).hasMessageContaining("unhealthyAbove");
    }

    @Test
    void threads_that_wait_for_each_other_are_found() throws Exception {
        assertThat(HealthChecks.deadlockedThreads().check().status()).isEqualTo(Status.HEALTHY);
        ReentrantLock one = new ReentrantLock();
        ReentrantLock other = new ReentrantLock();
        CountDownLatch both = new CountDownLatch(2);
        List<Thread> threads = List.of(
                new Thread(() -> lockBoth(one, other, both), "deadlocked-one"),
                new Thread(() -> lockBoth(other, one, both), "deadlocked-other"));
        threads.forEach(Thread::start);
        CheckResult result = HealthChecks.deadlockedThreads().check();
        while (result.status() == Status.HEALTHY) {
            Thread.onSpinWait();
            result = HealthChecks.deadlockedThreads().check();
        }
        assertThat(result.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(result.message()).isEqualTo("2 threads are deadlocked");
        assertThat(result.details().get("threads")).contains("deadlocked-one").contains("deadlocked-other");
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void a_pool_is_judged_by_waiting_and_exhaustion() throws Exception {
        assertThat(pool(10, 10, 0, 0).status()).as("full, but nobody waits").isEqualTo(Status.HEALTHY);
        assertThat(pool(10, 10, 1, 0).status()).isEqualTo(Status.DEGRADED);
        assertThat(pool(5, 10, 0, 101).status()).isEqualTo(Status.DEGRADED);
        CheckResult slow = pool(10, 10, 3, 1_001);
        assertThat(slow.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(slow.reason()).isEqualTo(ReasonCategory.OVERLOAD);
        assertThat(slow.details()).containsEntry("waiting", "3").containsEntry("inUse", "10");
        assertThatThrownBy(() -> new PoolFigures(1, 0, 0, Duration.ZERO)).hasMessageContaining("max");
    }

    @Test
    void a_cache_is_judged_by_what_it_did_lately_once_that_is_enough() throws Exception {
        AtomicReference<CacheFigures> figures = new AtomicReference<>(new CacheFigures(0, 99));
        HealthCheck check = HealthChecks.cache(figures::get, 0.5, 100);
        assertThat(check.check().status()).as("too few look-ups").isEqualTo(Status.HEALTHY);
        figures.set(new CacheFigures(0, 100));
        assertThat(check.check().status()).isEqualTo(Status.DEGRADED);
        figures.set(new CacheFigures(99, 100));
        assertThat(check.check().status()).as("not enough news").isEqualTo(Status.DEGRADED);
        figures.set(new CacheFigures(100, 100));
        assertThat(check.check().status()).isEqualTo(Status.HEALTHY);
        figures.set(new CacheFigures(149, 151));
        assertThat(check.check().message()).isEqualTo("hit rate 49%");
        figures.set(new CacheFigures(10, 0));
        assertThat(check.check().status()).as("begins anew when the cache did").isEqualTo(Status.DEGRADED);
        figures.set(new CacheFigures(110, 0));
        assertThat(check.check().status()).isEqualTo(Status.HEALTHY);
        assertThatThrownBy(() -> HealthChecks.cache(figures::get, 1.1, 1)).hasMessageContaining("hitRateBelow");
        assertThatThrownBy(() -> HealthChecks.cache(figures::get, 1, 0)).hasMessageContaining("minLookups");
    }

    @Test
    void a_certificate_is_judged_by_the_first_that_expires() throws Exception {
        assertThat(certificates(31, 40).status()).isEqualTo(Status.HEALTHY);
        CheckResult soon = certificates(40, 30);
        assertThat(soon.status()).isEqualTo(Status.DEGRADED);
        assertThat(soon.reason()).isEqualTo(ReasonCategory.EXPIRY);
        assertThat(soon.message()).isEqualTo("a certificate expires in 30 days");
        assertThat(certificates(7).status()).isEqualTo(Status.UNHEALTHY);
        assertThat(certificates(-1).message()).isEqualTo("a certificate has expired");
        assertThat(certificates().reason()).isEqualTo(ReasonCategory.INVALID_RESPONSE);
    }

    private CheckResult timed(CheckResult result, long millis) throws Exception {
        return HealthChecks.withLatency(
                        () -> {
                            time.spend(Duration.ofMillis(millis));
                            return result;
                        },
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        time.clock())
                .check();
    }

    private static CheckResult pool(int inUse, int max, int waiting, long millis) throws Exception {
        PoolFigures figures = new PoolFigures(inUse, max, waiting, Duration.ofMillis(millis));
        return HealthChecks.pool(() -> figures, Duration.ofMillis(100), SECOND).check();
    }

    private static CheckResult certificates(int... days) throws Exception {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        List<X509Certificate> certificates = new ArrayList<>();
        for (int left : days) {
            certificates.add(new FakeCertificate(Date.from(now.plus(Duration.ofDays(left)))));
        }
        return HealthChecks.certificates(() -> certificates, Duration.ofDays(30), Duration.ofDays(7), () -> now)
                .check();
    }

    private static DataSource dataSource(boolean valid, List<String> calls) {
        Connection connection = (Connection) Proxy.newProxyInstance(
                HealthChecksTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    calls.add(method.getName() + (args == null ? "" : " " + args[0]));
                    return method.getName().equals("isValid") ? valid : null;
                });
        return (DataSource) Proxy.newProxyInstance(
                HealthChecksTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, args) -> connection);
    }

    private static void answerWithThePathAsStatus(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                BufferedReader request =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                String status = request.readLine().substring("GET /".length(), "GET /".length() + 3);
                String header = request.readLine();
                while (!header.isEmpty()) {
                    header = request.readLine();
                }
                String answer = "HTTP/1.1 " + status + " Said\r\nConnection: close\r\n"
                        + (status.equals("204") ? "" : "Content-Length: 0\r\n") + "\r\n";
                client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                assertThat(server.isClosed()).isTrue();
            }
        }
    }

    private static void lockBoth(ReentrantLock first, ReentrantLock second, CountDownLatch both) {
        first.lock();
        try {
            both.countDown();
            both.await();
            second.lockInterruptibly();
            second.unlock();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            first.unlock();
        }
    }
}
