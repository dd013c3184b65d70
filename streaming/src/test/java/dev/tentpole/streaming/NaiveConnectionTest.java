package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.ConnectionListener.StateChange;
import dev.tentpole.streaming.faults.FaultServer;
import dev.tentpole.streaming.faults.LineProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bugs of a WebSocket client written in an afternoon: each of these tests fails on it. */
@Timeout(120)
final class NaiveConnectionTest {

    /** Its bug: waits of 1, 2, 3 seconds, for all clients alike. {@link ConnectionHerdTest} has the whole of it. */
    @Test
    void linear_backoff_without_jitter() {
        Set<Duration> waits = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 200; i++) {
            double random = i / 200.0;
            Rig rig = new Rig(new LineProtocol(false, false), () -> random, builder -> builder);
            rig.server.last().drop();
            rig.loop.run();
            waits.add(rig.lastChange().retryIn());
        }
        assertThat(waits).hasSize(200);
        Rig rig = new Rig(new LineProtocol(false, false), () -> 1, builder -> builder);
        List<Long> bounds = new ArrayList<>();
        for (int k = 0; k < 8; k++) {
            rig.server.last().drop();
            rig.loop.run();
            bounds.add(rig.lastChange().retryIn().toMillis());
            rig.passRetry();
        }
        assertThat(bounds).containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
    }

    /** Its bug: ids from the clock, so that two of the same instant are one. */
    @Test
    void ids_from_the_clock() {
        Rig rig = new Rig();
        Set<Integer> generations = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 1_000; i++) {
            rig.openNow().drop();
            rig.loop.run();
            rig.passRetry();
            assertThat(generations.add(rig.connection.generation())).isTrue();
        }
    }

    /** Its bug: after the last attempt it returns, and nobody learns of it. */
    @Test
    void silent_death_after_the_retry_limit() {
        Rig rig = Rig.withSettings(settings -> settings.maxAttempts(3));
        CompletableFuture<Void> channel = rig.connection.subscribe("c").toCompletableFuture();
        CompletableFuture<Void> over = rig.connection.over().toCompletableFuture();
        for (int i = 0; i < 2; i++) {
            rig.server.last().drop();
            rig.loop.run();
            rig.passRetry();
        }
        assertThat(over).isNotDone();
        rig.server.last().drop();
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.FAILED);
        assertThat(rig.connection.isTerminated()).isTrue();
        assertThat(rig.lastChange().to()).isEqualTo(ConnectionState.FAILED);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.ATTEMPTS_EXHAUSTED);
        assertThat(over).isCompletedExceptionally();
        assertThat(channel).isCompletedExceptionally();
        rig.loop.pass(Duration.ofHours(1));
        assertThat(rig.server.peers).hasSize(3);

        rig.connection.restart();
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTING);
        assertThat(rig.connection.over().toCompletableFuture()).isNotDone();
        assertThat(rig.openNow().sent).containsExactly("sub c");
        rig.say("ack c");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
    }

    /** Its bug: "connected" when the socket is open, and subscriptions are forgotten. */
    @Test
    void connected_without_subscribing_again() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (FaultServer server = FaultServer.start(peer -> {
            peer.accept();
            String channel = peer.awaitSubscription();
            peer.text("ack " + channel);
            peer.text("plain " + channel + " from-" + peer.number());
            if (peer.number() <= 50) {
                peer.reset();
            } else {
                peer.serveLines();
            }
        })) {
            try (StreamConnection<String> connection = StreamConnection.builder(
                            server.uri(), new LineProtocol(false, false))
                    .settings(ConnectionSettings.builder()
                            .backoffBase(Duration.ofMillis(1))
                            .backoffCap(Duration.ofMillis(4))
                            .build())
                    .open()) {
                connection
                        .topics()
                        .subscribe(
                                SubscriptionSettings.<StreamMessage<String>>of("c")
                                        .build(),
                                (message, sequence) -> heard.add(message.payload()));
                connection.subscribe("c");
                Until.holds(() -> heard.contains("from-51"));
                assertThat(connection.awaitReady(Duration.ofSeconds(20))).isTrue();
                assertThat(server.peers())
                        .hasSize(51)
                        .allSatisfy(peer -> assertThat(peer.texts()).contains("sub c"));
            }
        }
    }

    /** Its bug: what the server says between the open and the acknowledgement is lost, or taken for nothing. */
    @Test
    void messages_between_open_and_acknowledgement() {
        Rig rig = new Rig();
        Rig.Heard heard = rig.listen("c");
        rig.connection.subscribe("c");
        rig.loop.run();
        rig.openNow();
        rig.say("data c e 1 one");
        rig.say("ack c e 1");
        rig.say("data c e 2 two");
        rig.server.last().drop();
        rig.loop.run();
        rig.passRetry();
        rig.openNow();
        rig.say("data c e 3 three");
        rig.say("ack c e 3");
        rig.say("data c e 4 four");
        Until.holds(() -> heard.all.contains("four"));
        assertThat(heard.all)
                .filteredOn(line -> !line.startsWith("resumed"))
                .containsExactly("one", "two", "three", "four");
    }

    /** Its bug: closing while something else ends the connection tells of the end twice, or never. */
    @Test
    void a_missed_or_doubled_end() throws Exception {
        for (int i = 0; i < 40; i++) {
            List<StateChange> changes = new CopyOnWriteArrayList<>();
            int round = i;
            CyclicBarrier barrier = new CyclicBarrier(3);
            try (FaultServer server = FaultServer.start(peer -> {
                peer.accept();
                await(barrier);
                peer.close(round % 2 == 0 ? 4400 : 1000);
                peer.readToEnd();
            })) {
                StreamConnection<String> connection = StreamConnection.builder(
                                server.uri(), new LineProtocol(false, false))
                        .settings(ConnectionSettings.builder()
                                .closeTimeout(Duration.ofMillis(500))
                                .build())
                        .listener(changes::add)
                        .open();
                Thread other = new Thread(() -> {
                    await(barrier);
                    connection.close();
                });
                other.start();
                await(barrier);
                DrainReport report = connection.drain(Duration.ofMillis(500)).get(20, TimeUnit.SECONDS);
                assertThat(report.delivered()).isZero();
                other.join();
                connection.close();
                Until.holds(() -> changes.stream().anyMatch(change -> change.to() == ConnectionState.CLOSED));
                assertThat(changes.stream().filter(change -> change.to() == ConnectionState.CLOSED))
                        .hasSize(1);
                assertThat(changes.get(changes.size() - 1).to()).isEqualTo(ConnectionState.CLOSED);
                assertThat(connection.over().toCompletableFuture()).isDone();
            }
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
