package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.ConnectionListener.StateChange;
import dev.tentpole.streaming.faults.Fault;
import dev.tentpole.streaming.faults.FaultServer;
import dev.tentpole.streaming.faults.LineProtocol;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each row of the README's table of faults, over real sockets. */
@Timeout(60)
final class ConnectionFaultsTest {

    private final Told told = new Told();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private FaultServer server;
    private StreamConnection<String> connection;

    @AfterEach
    void end() throws IOException {
        if (connection != null) {
            connection.close();
        }
        server.close();
        assertThat(server.failures()).isEmpty();
    }

    private void connect(Fault fault) throws IOException {
        connect(fault, settings -> settings);
    }

    private void connect(Fault fault, UnaryOperator<ConnectionSettings.Builder> more) throws IOException {
        server = fault.start();
        connection = StreamConnection.builder(server.uri(), new LineProtocol(false, false))
                .settings(more.apply(ConnectionSettings.builder()
                                .backoffBase(Duration.ofMillis(50))
                                .closeTimeout(Duration.ofSeconds(1))
                                .spread(Duration.ofMillis(50)))
                        .build())
                .listener(told::add)
                .open();
        connection
                .topics()
                .subscribe(SubscriptionSettings.<StreamMessage<String>>of("c").build(), this::hear);
        connection.subscribe("c");
    }

    private void hear(StreamMessage<String> message, long sequence) {
        heard.add(message.payload());
    }

    /** The connection came back for one of the reasons, was acknowledged, and brought a message. */
    private void assertRecoversFrom(ConnectionReason... reasons) {
        Until.holds(() -> heard.contains("well") && told.endsWith(ConnectionState.READY));
        assertThat(connection.state()).isEqualTo(ConnectionState.READY);
        assertThat(told.waits()).singleElement().extracting(StateChange::reason).isIn((Object[]) reasons);
        assertThat(connection.generation()).isEqualTo(2);
    }

    private StateChange assertGivesUp(ConnectionReason reason) {
        Until.holds(() -> connection.state() == ConnectionState.FAILED);
        Until.holds(() -> told.endsWith(ConnectionState.FAILED));
        assertThat(connection.over().toCompletableFuture()).isCompletedExceptionally();
        StateChange last = told.last();
        assertThat(last.reason()).isEqualTo(reason);
        return last;
    }

    /** The JDK sends the code, and then may close the socket before it is written: then the server sees none. */
    private void assertClientClosedWithNoOtherCodeThan(int code) {
        Until.holds(() -> server.peers().get(0).isGone());
        assertThat(server.peers().get(0).closeCode()).isIn(code, 0);
    }

    @Test
    void half_open_is_found_dead_after_two_pings_without_an_answer() throws IOException {
        connect(Fault.HALF_OPEN, settings -> settings.heartbeat(Duration.ofMillis(200)));
        assertRecoversFrom(ConnectionReason.PEER_DEAD);
    }

    @Test
    void reset_connects_again() throws IOException {
        connect(Fault.RESET);
        assertRecoversFrom(ConnectionReason.CONNECTION_LOST);
    }

    @Test
    void broken_frame_connects_again() throws IOException {
        connect(Fault.BROKEN_FRAME);
        assertRecoversFrom(ConnectionReason.CONNECTION_LOST);
    }

    @Test
    void end_of_stream_connects_again() throws IOException {
        connect(Fault.END_OF_STREAM, settings -> settings.heartbeat(Duration.ofSeconds(1)));
        // A system that has sent what the server had no time to read is told of a reset.
        assertRecoversFrom(ConnectionReason.PEER_CLOSED, ConnectionReason.PEER_DEAD, ConnectionReason.CONNECTION_LOST);
    }

    @Test
    void no_upgrade_is_given_up_after_the_connect_timeout() throws IOException {
        connect(Fault.NO_UPGRADE, settings -> settings.connectTimeout(Duration.ofMillis(300)));
        assertRecoversFrom(ConnectionReason.CONNECT_TIMEOUT);
    }

    @Test
    void status_401_without_a_token_source_gives_up() throws IOException {
        connect(Fault.STATUS_401);
        assertThat(assertGivesUp(ConnectionReason.UNAUTHORIZED).code()).isEqualTo(401);
    }

    @Test
    void status_403_gives_up() throws IOException {
        connect(Fault.STATUS_403);
        assertThat(assertGivesUp(ConnectionReason.HANDSHAKE_REFUSED).code()).isEqualTo(403);
    }

    @Test
    void status_429_waits_as_long_as_the_server_says() throws IOException {
        connect(Fault.STATUS_429);
        assertRecoversFrom(ConnectionReason.HANDSHAKE_REFUSED);
        assertWaitedAtLeastASecond();
    }

    @Test
    void status_503_waits_as_long_as_the_server_says() throws IOException {
        connect(Fault.STATUS_503);
        assertRecoversFrom(ConnectionReason.HANDSHAKE_REFUSED);
        assertWaitedAtLeastASecond();
    }

    private void assertWaitedAtLeastASecond() {
        assertThat(told.waits())
                .allSatisfy(change ->
                        assertThat(change.retryIn()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_050)));
    }

    @Test
    void a_redirect_is_not_followed_and_gives_up() throws IOException {
        connect(Fault.REDIRECT);
        assertThat(assertGivesUp(ConnectionReason.HANDSHAKE_REFUSED).code()).isEqualTo(302);
    }

    @Test
    void endless_headers_are_given_up() throws IOException {
        connect(Fault.ENDLESS_HEADERS, settings -> settings.connectTimeout(Duration.ofSeconds(2)));
        assertRecoversFrom(ConnectionReason.CONNECT_FAILED, ConnectionReason.CONNECT_TIMEOUT);
    }

    @Test
    void a_dripped_handshake_is_given_up_after_the_connect_timeout() throws IOException {
        connect(Fault.DRIPPED_HANDSHAKE, settings -> settings.connectTimeout(Duration.ofMillis(300)));
        assertRecoversFrom(ConnectionReason.CONNECT_TIMEOUT);
    }

    @Test
    void wrong_accept_connects_again() throws IOException {
        connect(Fault.WRONG_ACCEPT);
        assertRecoversFrom(ConnectionReason.PROTOCOL_ERROR);
    }

    @Test
    void drip_is_closed_with_1008_when_the_message_takes_too_long() throws IOException {
        connect(Fault.DRIP, settings -> settings.messageTimeout(Duration.ofMillis(400)));
        assertRecoversFrom(ConnectionReason.MESSAGE_TOO_SLOW);
    }

    @Test
    void ping_flood_is_closed_with_1008() throws IOException {
        connect(Fault.PING_FLOOD);
        assertRecoversFrom(ConnectionReason.CONTROL_FLOOD);
    }

    @Test
    void tiny_fragments_are_closed_with_1008() throws IOException {
        connect(Fault.TINY_FRAGMENTS);
        assertRecoversFrom(ConnectionReason.TOO_MANY_FRAGMENTS);
    }

    @Test
    void empty_fragments_are_closed_with_1008() throws IOException {
        connect(Fault.EMPTY_FRAGMENTS, settings -> settings.messageTimeout(Duration.ofSeconds(2)));
        assertRecoversFrom(ConnectionReason.TOO_MANY_FRAGMENTS, ConnectionReason.MESSAGE_TOO_SLOW);
    }

    @Test
    void giant_header_without_a_body_is_found_dead() throws IOException {
        connect(Fault.GIANT_HEADER, settings -> settings.heartbeat(Duration.ofMillis(200)));
        assertRecoversFrom(ConnectionReason.PEER_DEAD);
    }

    @Test
    void giant_body_is_closed_at_the_limit() throws IOException {
        connect(Fault.GIANT_BODY, settings -> settings.maxMessageBytes(1 << 20));
        assertRecoversFrom(ConnectionReason.MESSAGE_TOO_LARGE);
    }

    @Test
    void bad_utf8_is_closed_with_1007() throws IOException {
        connect(Fault.BAD_UTF8);
        assertRecoversFrom(ConnectionReason.PROTOCOL_ERROR);
        assertClientClosedWithNoOtherCodeThan(1007);
    }

    @Test
    void masked_frame_is_closed_with_1002() throws IOException {
        connect(Fault.MASKED);
        assertRecoversFrom(ConnectionReason.PROTOCOL_ERROR);
        assertClientClosedWithNoOtherCodeThan(1002);
    }

    @Test
    void reserved_bits_are_closed_with_1002() throws IOException {
        connect(Fault.RESERVED_BITS);
        assertRecoversFrom(ConnectionReason.PROTOCOL_ERROR);
        assertClientClosedWithNoOtherCodeThan(1002);
    }

    @Test
    void stray_continuation_is_closed_with_1002() throws IOException {
        connect(Fault.STRAY_CONTINUATION);
        assertRecoversFrom(ConnectionReason.PROTOCOL_ERROR);
        assertClientClosedWithNoOtherCodeThan(1002);
    }

    @Test
    void compression_that_nobody_offered_is_refused() throws IOException {
        connect(Fault.COMPRESSION_BOMB);
        assertRecoversFrom(ConnectionReason.PROTOCOL_ERROR);
        assertThat(server.peers().get(0).header("Sec-WebSocket-Extensions")).isEmpty();
    }

    @Test
    void lost_acknowledgements_are_asked_for_three_times_then_the_connection_is_made_anew() throws IOException {
        connect(Fault.ACK_LOST, settings -> settings.ackTimeout(Duration.ofMillis(100)));
        assertRecoversFrom(ConnectionReason.ACK_TIMEOUT);
        assertThat(server.peers().get(0).texts()).containsExactly("sub c", "sub c", "sub c");
        assertThat(told.all())
                .extracting(StateChange::to)
                .containsExactly(
                        ConnectionState.CONNECTING,
                        ConnectionState.OPEN,
                        ConnectionState.WAITING,
                        ConnectionState.CONNECTING,
                        ConnectionState.OPEN,
                        ConnectionState.READY);
    }

    @Test
    void a_server_that_does_not_read_is_left_after_the_send_timeout() throws Exception {
        connect(
                Fault.NOT_READING,
                settings -> settings.sendTimeout(Duration.ofMillis(300)).maxOutboundBytes(16 << 20));
        assertThat(connection.awaitReady(Duration.ofSeconds(10))).isTrue();
        SendResult result = connection.send(WireMessage.binary(new byte[8 << 20]));
        assertThat(result.status()).isEqualTo(SendResult.Status.ACCEPTED);
        assertRecoversFrom(ConnectionReason.SEND_TIMEOUT);
        assertThat(result.written().toCompletableFuture()).isCompletedExceptionally();
        assertThat(connection.outboundBytes()).isZero();
    }

    @Test
    void a_consumer_that_blocks_stops_neither_pongs_nor_heartbeats() throws Exception {
        server = Fault.BLOCKED_CONSUMER.start();
        CountDownLatch release = new CountDownLatch(1);
        connection = StreamConnection.builder(server.uri(), new LineProtocol(false, false))
                .settings(ConnectionSettings.builder()
                        .heartbeat(Duration.ofMillis(200))
                        .build())
                .listener(told::add)
                .open();
        connection
                .topics()
                .subscribe(SubscriptionSettings.<StreamMessage<String>>of("c").build(), (message, sequence) -> {
                    heard.add(message.payload());
                    Until.holds(() -> release.getCount() == 0);
                });
        connection.subscribe("c");
        Until.holds(() -> heard.contains("slow"));
        Until.holds(() -> !told.waits().isEmpty());
        release.countDown();
        assertThat(told.waits())
                .first()
                .extracting(StateChange::reason, StateChange::code)
                .containsExactly(ConnectionReason.PEER_CLOSED, 1000);
        Until.holds(() -> server.peers().get(0).pongs() >= 20);
    }

    @Test
    void close_without_a_code_comes_back() throws IOException {
        connect(Fault.CLOSE_1005);
        assertRecoversFrom(ConnectionReason.PEER_CLOSED);
    }

    @Test
    void close_1006_on_the_wire_is_a_protocol_error() throws IOException {
        connect(Fault.CLOSE_1006);
        assertRecoversFrom(ConnectionReason.PROTOCOL_ERROR);
    }

    @Test
    void close_1008_gives_up() throws IOException {
        connect(Fault.CLOSE_1008);
        assertThat(assertGivesUp(ConnectionReason.PEER_CLOSED).code()).isEqualTo(1008);
    }

    @Test
    void close_1012_comes_back_at_a_random_time() throws IOException {
        connect(Fault.CLOSE_1012);
        assertRecoversFrom(ConnectionReason.PEER_CLOSED);
    }

    /** Faults of a history, which a bare WebSocket does not have. */
    @Test
    void new_epoch_duplicates_and_missing_offsets_are_told_in_their_places() throws IOException {
        server = FaultServer.start(peer -> {
            peer.accept();
            String channel = peer.awaitSubscription();
            if (peer.number() == 1) {
                peer.text("ack " + channel + " e 5");
                for (int offset : new int[] {6, 6, 5, 7, 10, 11}) {
                    peer.text("data " + channel + " e " + offset + " e" + offset);
                }
                peer.pause(100);
                peer.reset();
            } else {
                peer.text("ack " + channel + " f 1");
                peer.text("data " + channel + " f 2 f2");
                peer.serveLines();
            }
        });
        connection = StreamConnection.builder(server.uri(), new LineProtocol(false, false))
                .settings(ConnectionSettings.builder()
                        .backoffBase(Duration.ofMillis(50))
                        .build())
                .open();
        connection
                .topics()
                .subscribe(SubscriptionSettings.<StreamMessage<String>>of("c").build(), new SubscriptionListener<>() {
                    @Override
                    public void onMessage(StreamMessage<String> message, long sequence) {
                        heard.add(message.payload());
                    }

                    @Override
                    public void onGap(Gap gap) {
                        heard.add("gap " + gap.first() + " to " + gap.last());
                    }

                    @Override
                    public void onReset(long generation, String why) {
                        heard.add("reset");
                    }
                });
        connection.subscribe("c");
        Until.holds(() -> heard.contains("f2"));
        assertThat(heard).containsExactly("e6", "e7", "gap 8 to 9", "e10", "e11", "reset", "f2");
    }

    @Test
    void close_4400_gives_up() throws IOException {
        connect(Fault.CLOSE_4400);
        assertThat(assertGivesUp(ConnectionReason.PEER_CLOSED).code()).isEqualTo(4400);
    }
}
