package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tentpole.streaming.ConnectionListener.StateChange;
import dev.tentpole.streaming.faults.LineProtocol;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** States, heartbeats, limits and generations, on a fake clock. */
final class ConnectionTest {

    @Test
    void it_is_ready_only_once_every_wanted_channel_is_acknowledged() {
        Rig rig = new Rig();
        rig.connection.subscribe("a");
        CompletableFuture<Void> b = rig.connection.subscribe("b").toCompletableFuture();
        rig.loop.run();
        FakeTransport.Peer peer = rig.openNow();
        assertThat(peer.sent).containsExactly("sub a", "sub b");
        assertThat(rig.state()).isEqualTo(ConnectionState.OPEN);
        rig.say("ack a");
        assertThat(rig.state()).isEqualTo(ConnectionState.OPEN);
        assertThat(b).isNotDone();
        rig.say("ack b");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(b).isCompleted();
        assertThat(rig.states())
                .containsExactly(ConnectionState.CONNECTING, ConnectionState.OPEN, ConnectionState.READY);
        rig.connection.subscribe("c");
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.OPEN);
        rig.say("ack c");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
    }

    @Test
    void a_refused_channel_ends_alone() {
        Rig rig = new Rig();
        CompletableFuture<Void> good = rig.connection.subscribe("good").toCompletableFuture();
        CompletableFuture<Void> bad = rig.connection.subscribe("bad").toCompletableFuture();
        Rig.Heard heard = rig.listen("bad");
        rig.loop.run();
        rig.openNow();
        rig.say("err bad forbidden");
        rig.say("ack good");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(good).isCompleted();
        assertThat(bad).isCompletedExceptionally();
        assertThat(rig.connection.channels()).containsExactly("good");
        assertThat(rig.kinds()).containsExactly("REFUSED bad", "ACKNOWLEDGED good");
        assertThat(heard.atLeast(1)).containsExactly("end REFUSED");
        rig.server.last().drop();
        rig.loop.run();
        rig.passRetry();
        assertThat(rig.openNow().sent).containsExactly("sub good");
    }

    @Test
    void a_refused_channel_is_a_gap_in_a_topic_that_another_channel_feeds_and_ends_no_subscriber() {
        Rig rig = new Rig();
        Rig.Heard heard = rig.listen("t");
        rig.connection.subscribe("good", "t", Optional.empty());
        rig.connection.subscribe("bad", "t", Optional.empty());
        rig.openNow();
        rig.say("ack good");
        rig.say("err bad forbidden");
        rig.say("plain good one");
        assertThat(heard.atLeast(2)).containsExactly("gap 1 -1 -1 UPSTREAM", "one");
        rig.say("end good gone forbidden");
        assertThat(heard.atLeast(3)).containsExactly("gap 1 -1 -1 UPSTREAM", "one", "end REFUSED");
    }

    @Test
    void wanted_channels_are_asked_for_again_on_each_connection_from_where_they_were() {
        Rig rig = new Rig();
        rig.connection.subscribe("c");
        rig.loop.run();
        rig.openNow();
        rig.say("ack c e 4");
        rig.say("data c e 5 five");
        for (int i = 0; i < 50; i++) {
            rig.server.last().drop();
            rig.loop.run();
            rig.passRetry();
            assertThat(rig.openNow().sent).containsExactly("sub c e 5");
            assertThat(rig.state()).isEqualTo(ConnectionState.OPEN);
            rig.say("ack c e 5");
            assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        }
        assertThat(rig.connection.generation()).isEqualTo(51);
    }

    @Test
    void a_silent_server_is_pinged_and_found_dead_after_two_misses() {
        Rig rig = new Rig().serves();
        FakeTransport.Peer peer = rig.server.last();
        peer.answersPings = false;
        peer.open();
        rig.loop.pass(Duration.ofMillis(14_999));
        assertThat(peer.pings).isZero();
        rig.loop.pass(Duration.ofMillis(1));
        assertThat(peer.pings).isEqualTo(1);
        rig.loop.pass(Duration.ofMillis(29_999));
        assertThat(peer.pings).isEqualTo(2);
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        rig.loop.pass(Duration.ofMillis(1));
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.PEER_DEAD);
        assertThat(peer.aborted).isTrue();
    }

    @Test
    void whatever_comes_counts_as_a_sign_of_life() {
        Rig rig = new Rig();
        FakeTransport.Peer peer = rig.server.last();
        peer.answersPings = false;
        rig.openNow();
        for (int i = 0; i < 21; i++) {
            rig.loop.pass(Duration.ofSeconds(14));
            switch (i % 3) {
                case 0 -> peer.receiver.onControl();
                case 1 -> peer.receiver.onText("data c e 1 ", false);
                default -> peer.receiver.onText("x", true);
            }
        }
        assertThat(peer.pings).isZero();
        rig.loop.pass(Duration.ofSeconds(29));
        peer.receiver.onControl();
        rig.loop.pass(Duration.ofSeconds(29));
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
    }

    @Test
    void callbacks_of_an_old_generation_are_ignored_and_counted() {
        Rig rig = new Rig().serves();
        Rig.Heard heard = rig.listen("c");
        rig.connection.subscribe("c");
        rig.server.last().open();
        rig.loop.run();
        FakeTransport.Peer old = rig.server.last();
        old.drop();
        rig.loop.run();
        rig.passRetry();
        old.say("plain c late");
        old.close(4400);
        old.receiver.onError(ConnectionReason.CONNECTION_LOST, new IllegalStateException());
        old.receiver.onControl();
        rig.say("plain c well");
        assertThat(heard.atLeast(2)).contains("well").doesNotContain("late");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(rig.connection.machine().counters.staleCallbacks.sum()).isEqualTo(4);
    }

    @Test
    void a_handshake_that_succeeds_after_its_timeout_is_ended() {
        Rig rig = new Rig();
        FakeTransport.Peer slow = rig.server.last();
        rig.loop.pass(Duration.ofSeconds(10));
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.CONNECT_TIMEOUT);
        slow.open();
        rig.loop.run();
        assertThat(slow.aborted).isTrue();
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
    }

    @Test
    void violations_close_with_the_code_that_says_so() {
        assertThat(afterParts("maxMessageBytes", 1_009)).isEqualTo(ConnectionReason.MESSAGE_TOO_LARGE);
        assertThat(afterParts("maxFragments", 1_008)).isEqualTo(ConnectionReason.TOO_MANY_FRAGMENTS);
        assertThat(afterParts("messageTimeout", 1_008)).isEqualTo(ConnectionReason.MESSAGE_TOO_SLOW);
        assertThat(afterParts("binary", 1_009)).isEqualTo(ConnectionReason.MESSAGE_TOO_LARGE);
        assertThat(afterParts("control", 1_008)).isEqualTo(ConnectionReason.CONTROL_FLOOD);
        assertThat(afterParts("nonsense", 1_002)).isEqualTo(ConnectionReason.PROTOCOL_ERROR);
    }

    private static ConnectionReason afterParts(String what, int code) {
        Rig rig = Rig.withSettings(settings -> settings.maxMessageBytes(10_000).maxFragments(5));
        FakeTransport.Peer peer = rig.openNow();
        switch (what) {
            case "maxMessageBytes" -> {
                for (int i = 0; i < 3; i++) {
                    peer.receiver.onText("x".repeat(5_000), false);
                }
            }
            case "maxFragments" -> {
                for (int i = 0; i < 6; i++) {
                    peer.receiver.onText("x", false);
                }
            }
            case "messageTimeout" -> {
                peer.receiver.onText("x", false);
                rig.loop.pass(Duration.ofSeconds(30));
            }
            case "binary" -> peer.receiver.onBinary(ByteBuffer.allocate(10_001), true);
            case "control" -> {
                for (int i = 0; i < 101; i++) {
                    peer.receiver.onControl();
                }
            }
            default -> peer.say("nonsense");
        }
        rig.loop.run();
        assertThat(peer.closeCode).as(what).isEqualTo(code);
        assertThat(peer.aborted).isFalse();
        StateChange ended = rig.lastChange();
        rig.loop.pass(Duration.ofSeconds(1));
        assertThat(peer.aborted).isTrue();
        return ended.reason();
    }

    @Test
    void a_message_in_many_large_parts_over_a_slow_network_is_no_violation() {
        Rig rig = Rig.withSettings(settings -> settings.maxFragments(5));
        FakeTransport.Peer peer = rig.openNow();
        for (int i = 0; i < 2_000; i++) {
            peer.receiver.onText("x".repeat(1_400), false);
        }
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
    }

    @Test
    void a_server_that_asks_for_answers_and_does_not_read_them_is_left() {
        Rig rig = new Rig();
        FakeTransport.Peer peer = rig.openNow();
        peer.holdsWrites = true;
        for (int i = 0; i < 2_100; i++) {
            rig.say("ask " + i);
        }
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.CONTROL_FLOOD);
    }

    @Test
    void sending_is_bounded_and_typed() {
        Rig rig = Rig.withSettings(settings -> settings.maxOutboundBytes(10).maxOutboundMessages(3));
        assertThat(rig.connection.send(WireMessage.text("x")).status()).isEqualTo(SendResult.Status.NOT_CONNECTED);
        FakeTransport.Peer peer = rig.openNow();
        peer.holdsWrites = true;
        SendResult first = rig.connection.send(WireMessage.text("12345"));
        assertThat(rig.connection.send(WireMessage.text("12345678901")).status())
                .isEqualTo(SendResult.Status.TOO_LARGE);
        assertThat(rig.connection.send(WireMessage.text("123456")).status()).isEqualTo(SendResult.Status.OVERFLOW);
        SendResult second = rig.connection.send(WireMessage.text("1"));
        SendResult third = rig.connection.send(WireMessage.text("1"));
        assertThat(rig.connection.send(WireMessage.text("1")).status()).isEqualTo(SendResult.Status.OVERFLOW);
        assertThat(rig.connection.outboundBytes()).isEqualTo(7);
        rig.loop.run();
        assertThat(first.written().toCompletableFuture()).isNotDone();
        peer.heldWrite.complete(null);
        rig.loop.run();
        assertThat(first.written().toCompletableFuture()).isCompleted();
        assertThat(rig.connection.outboundBytes()).isEqualTo(2);
        peer.drop();
        rig.loop.run();
        assertThat(second.written().toCompletableFuture()).isCompletedExceptionally();
        assertThat(third.written().toCompletableFuture()).isCompletedExceptionally();
        assertThat(rig.connection.outboundBytes()).isZero();
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
    }

    @Test
    void a_write_that_does_not_end_ends_the_connection() {
        Rig rig = new Rig();
        FakeTransport.Peer peer = rig.openNow();
        peer.holdsWrites = true;
        rig.connection.send(WireMessage.text("x"));
        rig.loop.pass(Duration.ofSeconds(10));
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.SEND_TIMEOUT);
        assertThat(peer.aborted).isTrue();
    }

    @Test
    void demand_is_never_withheld_for_what_consumers_do() {
        Rig rig = new Rig();
        rig.connection.subscribe("c");
        FakeTransport.Peer peer = rig.openNow();
        rig.say("ack c");
        rig.loop.holdsDelivery = true;
        for (int i = 0; i < 500; i++) {
            peer.say("plain c x");
        }
        rig.loop.run();
        assertThat(peer.demand).isEqualTo(502);
    }

    @Test
    void while_a_subscriber_blocks_demand_is_withheld_for_half_a_heartbeat_at_most_then_a_gap_is_told() {
        Rig rig = Rig.withSettings(settings -> settings.heartbeat(Duration.ofSeconds(4)));
        Rig.Heard heard = rig.listen(SubscriptionSettings.<StreamMessage<String>>of("c")
                .maxMessages(10_000)
                .build());
        rig.connection.subscribe("c");
        FakeTransport.Peer peer = rig.openNow();
        rig.say("ack c");
        rig.loop.holdsDelivery = true;
        int sent = 0;
        while (sent < peer.demand - 1 && sent < 10_000) {
            peer.say("plain c x");
            rig.loop.run();
            sent++;
        }
        assertThat(sent).as("what fits into the outlet and the backlog").isBetween(2_000, 2_100);
        rig.loop.pass(Duration.ofMillis(1_999));
        assertThat(peer.demand - 1).isEqualTo(sent);
        rig.loop.pass(Duration.ofMillis(1));
        assertThat(peer.demand - 1).isGreaterThan(sent);
        rig.loop.holdsDelivery = false;
        rig.loop.runHeldDeliveries();
        peer.say("plain c after");
        rig.loop.run();
        Until.holds(() -> heard.all.size() == 1_024 + 2);
        assertThat(heard.all)
                .filteredOn(line -> line.startsWith("gap"))
                .containsExactly("gap " + (sent - 1_024) + " " + -(sent - 1_024) + " -1 EXPIRED");
        assertThat(heard.all).hasSize(1_024 + 2);
    }

    @Test
    void subscribing_again_right_after_unsubscribing_keeps_the_new_subscription() {
        Rig rig = new Rig().serves();
        rig.connection.subscribe("c");
        rig.server.last().open();
        rig.loop.run();
        rig.connection.unsubscribe("c");
        CompletableFuture<Void> again = rig.connection.subscribe("c").toCompletableFuture();
        rig.loop.run();
        assertThat(rig.connection.channels()).containsExactly("c");
        assertThat(rig.server.last().sent).containsExactly("sub c", "unsub c", "sub c");
        assertThat(again).isCompleted();
    }

    @Test
    void a_last_word_that_is_never_written_does_not_outlive_the_connection() {
        Rig rig = Rig.withSettings(settings -> settings.maxMessageBytes(10));
        FakeTransport.Peer peer = rig.openNow();
        peer.holdsWrites = true;
        peer.say("x".repeat(11));
        rig.loop.run();
        assertThat(peer.closeCode).isEqualTo(1009);
        assertThat(peer.aborted).isFalse();
        CompletableFuture<DrainReport> ignored = rig.connection.drain(Duration.ZERO);
        rig.loop.run();
        assertThat(peer.aborted).isTrue();
    }

    @Test
    void a_protocol_that_throws_ends_the_connection_and_does_not_leave_it_hanging() {
        for (String what : List.of("opening", "subscribe", "heartbeat")) {
            Rig rig = new Rig(throwing(what), () -> 0.5, builder -> builder);
            rig.connection.subscribe("c");
            rig.loop.run();
            FakeTransport.Peer peer = rig.openNow();
            rig.loop.pass(Duration.ofSeconds(what.equals("heartbeat") ? 15 : 0));
            assertThat(rig.lastChange().reason()).as(what).isEqualTo(ConnectionReason.INTERNAL_ERROR);
            assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
            assertThat(peer.aborted).isTrue();
        }
    }

    private static StreamProtocol<String> throwing(String what) {
        return new LineProtocol(false, false) {
            private void maybeThrow(String method) {
                if (method.equals(what)) {
                    throw new IllegalStateException("a bug");
                }
            }

            @Override
            public Optional<WireMessage> opening(Optional<TokenSource.Token> token) {
                maybeThrow("opening");
                return Optional.empty();
            }

            @Override
            public Optional<WireMessage> heartbeat() {
                maybeThrow("heartbeat");
                return Optional.empty();
            }

            @Override
            public WireMessage subscribe(String channel, Optional<StreamPosition> after) {
                maybeThrow("subscribe");
                return super.subscribe(channel, after);
            }
        };
    }

    @Test
    void channels_are_limited_and_unsubscribing_makes_room() {
        Rig rig = Rig.withSettings(settings -> settings.maxChannels(1));
        CompletableFuture<Void> a = rig.connection.subscribe("a").toCompletableFuture();
        rig.connection.subscribe("a");
        assertThatExceptionOfType(StreamingException.class)
                .isThrownBy(() -> rig.connection.subscribe("b"))
                .withMessageContaining("maxChannels = 1");
        assertThatIllegalArgumentException().isThrownBy(() -> rig.connection.subscribe("a", "other", Optional.empty()));
        rig.loop.run();
        FakeTransport.Peer peer = rig.openNow();
        assertThat(rig.connection.unsubscribe("a")).isTrue();
        assertThat(rig.connection.unsubscribe("a")).isFalse();
        rig.loop.run();
        assertThat(peer.sent).containsExactly("sub a", "unsub a");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(a).isCompletedExceptionally();
        rig.connection.subscribe("b");
        rig.loop.run();
        assertThat(peer.sent).containsExactly("sub a", "unsub a", "sub b");
    }

    @Test
    void a_channel_that_the_server_ends_is_asked_for_again_if_it_says_so() {
        Rig rig = new Rig();
        rig.connection.subscribe("c");
        FakeTransport.Peer peer = rig.openNow();
        rig.say("ack c e 1");
        rig.say("end c again moved");
        assertThat(peer.sent).containsExactly("sub c", "sub c e 1");
        assertThat(rig.state()).isEqualTo(ConnectionState.OPEN);
        rig.say("ack c e 1");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        rig.say("end c gone for-good");
        assertThat(rig.connection.channels()).isEmpty();
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
    }
}
