package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.faults.LineProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** 200 clients that lose their server at the same instant, on one fake clock. */
final class ConnectionHerdTest {

    private static final int CLIENTS = 200;

    /** The 99.9 % point of Kolmogorov's distribution, for many samples. */
    private static final double KOLMOGOROV = 1.95;

    private final FakeLoop loop = new FakeLoop();
    private final List<FakeTransport> servers = new ArrayList<>();
    private final List<Duration> attempts = new ArrayList<>();
    private boolean up = true;

    private void connectAll(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < CLIENTS; i++) {
            FakeTransport server = new FakeTransport();
            SplittableRandom own = random.split();
            server.onConnect = peer -> {
                attempts.add(loop.elapsed());
                loop.execute(() -> {
                    if (up) {
                        peer.open();
                    } else {
                        peer.receiver.onError(ConnectionReason.CONNECT_FAILED, new IllegalStateException("down"));
                    }
                });
            };
            servers.add(server);
            StreamConnection<String> ignored = StreamConnection.builder(Rig.ADDRESS, new LineProtocol(false, false))
                    .transport(server)
                    .open(loop.surroundings(own::nextDouble));
        }
        loop.pass(Duration.ofSeconds(20));
        assertThat(attempts).hasSize(CLIENTS);
        attempts.clear();
    }

    @Test
    void the_first_attempts_after_a_loss_are_spread_evenly_over_the_base() {
        connectAll(1);
        Duration lost = loop.elapsed();
        servers.forEach(server -> server.last().drop());
        loop.pass(Duration.ofMillis(500));
        assertThat(attempts).hasSize(CLIENTS);
        assertUniform(attempts, lost, Duration.ofMillis(500));
    }

    @Test
    void after_a_restart_of_the_server_clients_come_back_evenly_over_the_spread() {
        connectAll(2);
        Duration lost = loop.elapsed();
        servers.forEach(server -> server.last().close(1012));
        loop.pass(Duration.ofSeconds(10));
        assertThat(attempts).hasSize(CLIENTS);
        assertUniform(attempts, lost, Duration.ofSeconds(10));
    }

    @Test
    void a_server_that_is_down_for_five_minutes_has_the_load_of_the_model() {
        connectAll(3);
        Duration lost = loop.elapsed();
        up = false;
        servers.forEach(server -> server.last().drop());
        loop.pass(Duration.ofMinutes(5));
        up = true;
        loop.pass(Duration.ofSeconds(30));
        assertThat(servers).allSatisfy(server -> assertThat(server.last().open).isTrue());

        int[] perSecond = new int[331];
        attempts.forEach(at -> perSecond[(int) at.minus(lost).toSeconds()]++);
        double model = 0;
        for (int k = 0; k < 6; k++) {
            model += 1;
        }
        double steady = (300 - 15.75) / 15;
        assertThat(attempts.size() / (double) CLIENTS)
                .as("attempts of a client: 6 while the bound grows to the cap, mean 15.75 s in all, then one each 15 s")
                .isBetween(0.9 * (model + steady), 1.15 * (model + steady));
        assertThat(Arrays.stream(perSecond, 60, 300).max().orElseThrow())
                .as("attempts in the busiest second of the steady part; 200 / 15 s = 13.3 on average")
                .isLessThan(40);
        assertThat(Arrays.stream(perSecond, 0, 1).sum())
                .as("attempts in the first second")
                .isLessThan(3 * CLIENTS);
    }

    @Test
    void clients_that_come_back_do_not_come_in_step() {
        connectAll(4);
        up = false;
        Duration lost = loop.elapsed();
        servers.forEach(server -> server.last().drop());
        loop.pass(Duration.ofMinutes(2));
        List<Duration> late = attempts.stream()
                .filter(at -> at.minus(lost).compareTo(Duration.ofSeconds(90)) >= 0)
                .toList();
        assertUniform(late, lost.plusSeconds(90), Duration.ofSeconds(30));
    }

    /** The test of Kolmogorov and Smirnov. */
    private static void assertUniform(List<Duration> instants, Duration from, Duration width) {
        double[] x = instants.stream()
                .mapToDouble(at -> at.minus(from).toNanos() / (double) width.toNanos())
                .sorted()
                .toArray();
        int n = x.length;
        double distance = IntStream.range(0, n)
                .mapToDouble(i -> Math.max(Math.abs((i + 1.0) / n - x[i]), Math.abs(x[i] - (double) i / n)))
                .max()
                .orElseThrow();
        assertThat(distance * Math.sqrt(n))
                .as("distance from a uniform distribution")
                .isLessThan(KOLMOGOROV);
    }
}
