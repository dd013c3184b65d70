package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.ConnectionListener.StateChange;
import dev.tentpole.streaming.faults.Fault;
import dev.tentpole.streaming.faults.FaultServer;
import dev.tentpole.streaming.faults.LineProtocol;
import dev.tentpole.streaming.faults.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can come over a wire besides the README's table of faults: the first connection gets it, all others are served well. */
@Timeout(120)
final class ConnectionWireTest {

    private final Told told = new Told();
    private final List<String> heard = new CopyOnWriteArrayList<>();
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
                .spread(Duration.ofMillis(20))
                .connectTimeout(Duration.ofSeconds(1))
                .heartbeat(Duration.ofMillis(500));
    }

    private void connect(FaultServer.Script first) throws IOException {
        connect(first, brisk());
    }

    private void connect(FaultServer.Script first, ConnectionSettings.Builder settings) throws IOException {
        server = FaultServer.start(peer -> {
            if (peer.number() == 1) {
                first.serve(peer);
            } else {
                Fault.serveWell(peer);
            }
        });
        connection = StreamConnection.builder(server.uri(), new LineProtocol(false, false))
                .settings(settings.build())
                .listener(told::add)
                .open();
        connection
                .topics()
                .subscribe(
                        SubscriptionSettings.<StreamMessage<String>>of("c").build(),
                        (message, sequence) -> heard.add(message.payload()));
        connection.subscribe("c");
    }

    private StateChange recovers() {
        Until.holds(() -> heard.contains("well") && told.endsWith(ConnectionState.READY));
        assertThat(connection.state()).isEqualTo(ConnectionState.READY);
        assertThat(told.waits()).hasSize(1);
        return told.waits().get(0);
    }

    private StateChange fails() {
        Until.holds(() -> told.endsWith(ConnectionState.FAILED));
        return told.last();
    }

    private static void acknowledge(Peer peer) throws IOException {
        peer.accept();
        peer.text("ack " + peer.awaitSubscription());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1012, 1013, 1014, 3000, 3008, 3499, 4000, 4403, 4999, 5000, 65_535})
    void after_these_codes_it_connects_again(int code) throws IOException {
        connect(peer -> {
            acknowledge(peer);
            peer.close(code).readToEnd();
        });
        StateChange why = recovers();
        assertThat(why.reason()).isEqualTo(ConnectionReason.PEER_CLOSED);
        assertThat(why.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1002, 1003, 1007, 1008, 1009, 1011, 3500, 3999, 4004, 4005, 4400, 4401, 4406, 4409, 4429, 4500})
    void after_these_codes_it_fails(int code) throws IOException {
        connect(peer -> {
            acknowledge(peer);
            peer.close(code).readToEnd();
        });
        assertThat(fails().code()).isEqualTo(code);
    }

    /** RFC 6455, section 7.4: these must not be on the wire, or only clients send them. */
    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1006, 1010, 1015, 1016, 2000, 2999})
    void codes_that_no_server_may_send_are_protocol_errors(int code) throws IOException {
        connect(peer -> {
            acknowledge(peer);
            peer.close(code).readToEnd();
        });
        assertThat(recovers().reason()).isEqualTo(ConnectionReason.PROTOCOL_ERROR);
    }

    @Test
    void a_close_frame_without_a_code_is_1005() throws IOException {
        connect(peer -> {
            acknowledge(peer);
            peer.close(1005).readToEnd();
        });
        assertThat(recovers().code()).isEqualTo(1005);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "close frame of one byte",
                "close frame whose words are not UTF-8",
                "fragmented ping",
                "ping of 126 bytes",
                "unknown opcode",
                "text within a text",
                "half a character at the end",
                "surrogate in UTF-8",
                "character broken by a fragment"
            })
    void frames_that_break_the_rules_are_protocol_errors(String what) throws IOException {
        connect(peer -> {
            acknowledge(peer);
            switch (what) {
                case "close frame of one byte" -> peer.frame(Peer.FIN | Peer.CLOSE, new byte[] {3});
                case "close frame whose words are not UTF-8" ->
                    peer.frame(Peer.FIN | Peer.CLOSE, new byte[] {3, (byte) 0xe8, (byte) 0xff});
                case "fragmented ping" -> peer.frame(Peer.PING, new byte[] {1});
                case "ping of 126 bytes" -> peer.frame(Peer.FIN | Peer.PING, new byte[126]);
                case "unknown opcode" -> peer.frame(Peer.FIN | 3, new byte[] {1});
                case "text within a text" ->
                    peer.frame(Peer.TEXT, new byte[] {'x'}).frame(Peer.FIN | Peer.TEXT, new byte[] {'x'});
                case "half a character at the end" ->
                    peer.frame(Peer.FIN | Peer.TEXT, new byte[] {(byte) 0xe2, (byte) 0x82});
                case "surrogate in UTF-8" ->
                    peer.frame(Peer.FIN | Peer.TEXT, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});
                default ->
                    peer.frame(Peer.TEXT, new byte[] {(byte) 0xe2})
                            .frame(Peer.FIN | Peer.CONTINUATION, new byte[] {'x'});
            }
            peer.readToEnd();
        });
        assertThat(recovers().reason()).isEqualTo(ConnectionReason.PROTOCOL_ERROR);
    }

    @Test
    void a_character_over_two_fragments_is_one_character() throws IOException {
        connect(peer -> {
            acknowledge(peer);
            peer.frame(Peer.TEXT, "plain c 5".getBytes(StandardCharsets.UTF_8));
            peer.frame(Peer.CONTINUATION, new byte[] {(byte) 0xe2, (byte) 0x82});
            peer.frame(Peer.CONTINUATION, new byte[0]);
            peer.frame(Peer.FIN | Peer.CONTINUATION, new byte[] {(byte) 0xac});
            peer.serveLines();
        });
        Until.holds(() -> heard.contains("5€"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void a_reset_at_any_stage_connects_again(int stage) throws IOException {
        connect(peer -> {
            switch (stage) {
                case 0 -> {}
                case 1 -> peer.readRequest();
                case 2 -> peer.readRequest().raw("HTTP/1.1 101 Swit".getBytes(StandardCharsets.US_ASCII));
                case 3 -> peer.accept();
                case 4 -> {
                    peer.accept();
                    peer.awaitSubscription();
                }
                case 5 -> {
                    acknowledge(peer);
                    peer.raw(new byte[] {(byte) 0x81});
                }
                default -> {
                    acknowledge(peer);
                    peer.raw(new byte[] {(byte) 0x81, 100, 'x', 'y'});
                }
            }
            peer.pause(50);
            peer.reset();
        });
        Until.holds(() -> heard.contains("well") && told.endsWith(ConnectionState.READY));
        // Before there is an answer the JDK's client tries again by itself.
        assertThat(told.waits())
                .hasSize(stage < 2 ? 0 : 1)
                .allSatisfy(change -> assertThat(change.reason())
                        .isIn(
                                ConnectionReason.CONNECT_FAILED,
                                ConnectionReason.CONNECTION_LOST,
                                ConnectionReason.PEER_CLOSED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redirect",
                "not found",
                "ok",
                "no upgrade header",
                "not HTTP",
                "endless header",
                "giant header",
                "drip",
                "subprotocol that nobody asked for"
            })
    void strange_answers_to_the_handshake(String what) throws IOException {
        connect(peer -> {
            switch (what) {
                case "redirect" -> peer.refuse("302 Found", "Location: http://127.0.0.1:1/");
                case "not found" -> peer.refuse("404 Not Found");
                case "ok" -> peer.refuse("200 OK");
                case "no upgrade header" ->
                    peer.readRequest().answer("101 Switching Protocols", "Sec-WebSocket-Accept: " + peer.accepted());
                case "not HTTP" ->
                    peer.readRequest().raw("SSH-2.0-OpenSSH\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                case "endless header" -> {
                    peer.readRequest().raw("HTTP/1.1 101 Switching Protocols\r\n".getBytes(StandardCharsets.US_ASCII));
                    byte[] lines = "X-More: of the same\r\n".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
                    while (peer.pause(0)) {
                        peer.raw(lines);
                    }
                }
                case "giant header" -> {
                    peer.readRequest()
                            .raw("HTTP/1.1 101 Switching Protocols\r\nX: ".getBytes(StandardCharsets.US_ASCII));
                    byte[] more = new byte[1 << 16];
                    java.util.Arrays.fill(more, (byte) 'x');
                    while (peer.pause(0)) {
                        peer.raw(more);
                    }
                }
                case "drip" -> {
                    peer.readRequest();
                    for (byte one : ("HTTP/1.1 101 Switching Protocols\r\n" + "X: x\r\n".repeat(1_000))
                            .getBytes(StandardCharsets.US_ASCII)) {
                        if (!peer.pause(50)) {
                            return;
                        }
                        peer.raw(new byte[] {one});
                    }
                }
                default ->
                    peer.readRequest()
                            .answer(
                                    "101 Switching Protocols",
                                    "Upgrade: websocket",
                                    "Connection: Upgrade",
                                    "Sec-WebSocket-Protocol: other",
                                    "Sec-WebSocket-Accept: " + peer.accepted());
            }
            peer.readToEnd();
        });
        switch (what) {
            case "redirect" -> assertThat(fails().code()).isEqualTo(302);
            case "not found" -> assertThat(fails().code()).isEqualTo(404);
            case "ok" -> assertThat(recovers().code()).isEqualTo(200);
            case "drip" -> assertThat(recovers().reason()).isEqualTo(ConnectionReason.CONNECT_TIMEOUT);
            default ->
                assertThat(recovers().reason())
                        .isIn(
                                ConnectionReason.CONNECT_FAILED,
                                ConnectionReason.PROTOCOL_ERROR,
                                ConnectionReason.CONNECT_TIMEOUT);
        }
    }

    @Test
    void a_message_as_large_as_may_be_passes_and_one_byte_more_closes() throws IOException {
        String largest = "plain c " + "x".repeat(100_000 - 8);
        AtomicReference<Peer> first = new AtomicReference<>();
        connect(
                peer -> {
                    first.set(peer);
                    acknowledge(peer);
                    peer.text(largest);
                    peer.text(largest + "x");
                    peer.readToEnd();
                },
                brisk().maxMessageBytes(100_000));
        assertThat(recovers().reason()).isEqualTo(ConnectionReason.MESSAGE_TOO_LARGE);
        assertThat(heard.get(0)).hasSize(100_000 - 8);
        Until.holds(() -> first.get().isGone());
        assertThat(first.get().closeCode()).as("the JDK lets nobody send 1009").isEqualTo(1008);
    }

    @Test
    void empty_fragments_without_end_do_no_harm() throws IOException {
        connect(
                peer -> {
                    acknowledge(peer);
                    peer.readMeanwhile();
                    peer.frame(Peer.TEXT, new byte[0]);
                    byte[] empty = new byte[2_000];
                    while (peer.pause(0) && !peer.isGone()) {
                        peer.raw(empty);
                    }
                },
                brisk().messageTimeout(Duration.ofSeconds(2)));
        assertThat(recovers().reason())
                .isIn(
                        ConnectionReason.TOO_MANY_FRAGMENTS,
                        ConnectionReason.MESSAGE_TOO_SLOW,
                        ConnectionReason.PEER_DEAD);
    }

    @Test
    void a_protocol_that_interrupts_its_thread_does_not_make_it_spin() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        server = FaultServer.start(Fault::serveWell);
        connection = StreamConnection.builder(server.uri(), new LineProtocol(false, false) {
                    @Override
                    public void decode(WireMessage message, Events<String> events) {
                        thread.set(Thread.currentThread());
                        Thread.currentThread().interrupt();
                        super.decode(message, events);
                    }
                })
                .open();
        connection.subscribe("c");
        assertThat(connection.awaitReady(Duration.ofSeconds(10))).isTrue();
        Until.holds(() -> !thread.get().isInterrupted());
    }
}
