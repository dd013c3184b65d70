package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tentpole.streaming.ConnectionListener.StateChange;
import dev.tentpole.streaming.faults.FaultServer;
import dev.tentpole.streaming.faults.LineProtocol;
import dev.tentpole.streaming.faults.Peer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing a connection over a wire, from anywhere and at any time, and what is left of it then: nothing. */
@Timeout(120)
final class ConnectionClosingTest {

    private FaultServer server;
    private StreamConnection<String> connection;

    @AfterEach
    void end() throws IOException {
        if (connection != null) {
            connection.close();
            assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
        }
        server.close();
        assertThat(server.failures()).isEmpty();
    }

    private static ConnectionSettings.Builder brisk() {
        return ConnectionSettings.builder()
                .backoffBase(Duration.ofMillis(20))
                .closeTimeout(Duration.ofSeconds(1))
                .connectTimeout(Duration.ofSeconds(1))
                .heartbeat(Duration.ofMillis(500));
    }

    private void connect(ConnectionSettings.Builder settings, FaultServer.Script script) throws IOException {
        server = FaultServer.start(script);
        connection = StreamConnection.builder(server.uri(), new LineProtocol(false, false))
                .settings(settings.build())
                .open();
        connection.subscribe("c");
    }

    /** Each place where a user's code is called. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "decode",
                "state",
                "channel",
                "message",
                "gap",
                "end",
                "token",
                "replay",
                "handshake",
                "filter",
                "written"
            })
    void closing_within_any_callback_closes(String where) throws Exception {
        server = FaultServer.start(peer -> {
            peer.accept();
            String channel = peer.awaitSubscription();
            peer.text("ack " + channel + " e 1");
            peer.text("data " + channel + " e 2 two");
            peer.text("data " + channel + " e 5 five");
            peer.serveLines();
        });
        CountDownLatch connected = new CountDownLatch(1);
        AtomicReference<StreamConnection<String>> self = new AtomicReference<>();
        AtomicBoolean first = new AtomicBoolean();
        Consumer<String> hook = place -> {
            if (place.equals(where) && first.compareAndSet(false, true)) {
                try {
                    connected.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                self.get().close();
            }
        };
        StreamConnection<String> made = StreamConnection.builder(server.uri(), new LineProtocol(false, false) {
                    @Override
                    public void decode(WireMessage message, Events<String> events) {
                        hook.accept("decode");
                        super.decode(message, events);
                    }
                })
                .settings(brisk().build())
                .tokens(fresh -> {
                    hook.accept("token");
                    return TokenSource.Token.of("t");
                })
                .handshake(token -> {
                    hook.accept("handshake");
                    return new Transport.Request(server.uri(), Map.of(), List.of(), Duration.ofSeconds(5));
                })
                .replays((channel, after, upTo) -> {
                    hook.accept("replay");
                    return List.of();
                })
                .listener(new ConnectionListener() {
                    @Override
                    public void onState(StateChange change) {
                        hook.accept("state");
                    }

                    @Override
                    public void onChannel(ChannelEvent event) {
                        hook.accept("channel");
                    }
                })
                .open();
        self.set(made);
        made.topics()
                .subscribe(
                        SubscriptionSettings.<StreamMessage<String>>of("c")
                                .filter(message -> {
                                    hook.accept("filter");
                                    return true;
                                })
                                .build(),
                        new SubscriptionListener<>() {
                            @Override
                            public void onMessage(StreamMessage<String> message, long sequence) {
                                hook.accept("message");
                                if (where.equals("end")) {
                                    made.topics().subscriptions().get(0).close();
                                }
                                if (where.equals("written")) {
                                    made.send(WireMessage.text("x")).written().thenRun(() -> hook.accept("written"));
                                }
                            }

                            @Override
                            public void onGap(Gap gap) {
                                hook.accept("gap");
                            }

                            @Override
                            public void onEnd(EndReason reason) {
                                hook.accept("end");
                            }
                        });
        made.subscribe("c");
        connected.countDown();
        Until.holds(first::get);
        Until.holds(() -> made.state() == ConnectionState.CLOSED);
        assertThat(made.over().toCompletableFuture()).succeedsWithin(5, TimeUnit.SECONDS);
        made.close();
    }

    @Test
    void closing_with_an_interrupted_thread_does_not_wait_and_closes_nevertheless() throws Exception {
        connect(brisk(), peer -> {
            peer.accept();
            peer.text("ack " + peer.awaitSubscription());
            peer.stall();
        });
        assertThat(connection.awaitReady(Duration.ofSeconds(10))).isTrue();
        Thread.currentThread().interrupt();
        connection.close();
        assertThat(Thread.interrupted()).isTrue();
        Until.holds(() -> connection.state() == ConnectionState.CLOSED);
    }

    @Test
    void two_hundred_reconnects_leave_neither_threads_nor_sockets() throws Exception {
        Assumptions.assumeTrue(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean,
                "open files can't be counted here");
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ConnectionSettings.Builder hurried = brisk().backoffBase(Duration.ofMillis(1))
                .backoffCap(Duration.ofMillis(4))
                .spread(Duration.ofMillis(2));
        connect(hurried, peer -> {
            peer.accept();
            peer.text("ack " + peer.awaitSubscription());
            switch (peer.number() % 4) {
                case 0 -> peer.reset();
                case 1 -> peer.close(1012).readToEnd();
                case 2 -> peer.frame(Peer.FIN | 3, new byte[1]).readToEnd();
                default -> {
                    peer.text("nonsense");
                    peer.readToEnd();
                }
            }
        });
        Until.holds(() -> connection.generation() > 20);
        long files = system.getOpenFileDescriptorCount();
        int threads = ours();
        Until.within(Duration.ofSeconds(90), () -> connection.generation() > 220);
        assertThat(connection.generation()).isGreaterThan(220);
        connection.close();
        assertThat(ours()).isLessThanOrEqualTo(threads);
        Until.holds(() -> system.getOpenFileDescriptorCount() <= files);
        Until.holds(() -> ours() == 0);
    }

    private static int ours() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tentpole-streaming-connection")
                        || thread.getName().startsWith("tentpole-streaming-delivery")
                        || thread.getName().startsWith("tentpole-streaming-listener")
                        || thread.getName().startsWith("tentpole-streaming-token"))
                .count();
    }

    @Test
    void closing_during_the_handshake_leaves_the_socket_open_no_longer_than_the_connect_timeout() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicReference<Peer> first = new AtomicReference<>();
        connect(brisk().connectTimeout(Duration.ofSeconds(2)), peer -> {
            first.set(peer);
            peer.readRequest();
            asked.countDown();
            peer.readToEnd();
        });
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        connection.close();
        assertThat(Until.within(Duration.ofSeconds(5), () -> first.get().isGone()))
                .isTrue();
    }
}
