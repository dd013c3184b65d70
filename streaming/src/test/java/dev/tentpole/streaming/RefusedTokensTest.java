package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.TokenSource.Token;
import dev.tentpole.streaming.faults.LineProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A token that the server refuses is replaced once; what it says then counts. */
final class RefusedTokensTest {

    private final NumberedTokens tokens = NumberedTokens.lasting(Duration.ofMinutes(10));
    private final NumberedTokens lasting = NumberedTokens.lasting(null);

    @Test
    void a_refused_handshake_forces_one_fresh_token_then_it_fails() {
        Rig rig = tokens.rig(false, false);
        rig.server.last().refuse(401);
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        rig.passRetry();
        assertThat(tokens.asked).containsExactly(false, true);
        assertThat(rig.server.last().request.headers()).containsEntry("Authorization", "Bearer t2");
        rig.server.last().refuse(401);
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.FAILED);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.UNAUTHORIZED);
    }

    @Test
    void after_a_stable_connection_a_refused_token_may_be_replaced_again() {
        Rig rig = tokens.rig(false, false);
        for (int i = 0; i < 3; i++) {
            rig.server.last().refuse(401);
            rig.loop.run();
            rig.passRetry();
            FakeTransport.Peer peer = rig.openNow();
            rig.loop.pass(Duration.ofSeconds(10));
            peer.close(4401);
            rig.loop.run();
            rig.passRetry();
            FakeTransport.Peer next = rig.openNow();
            rig.loop.pass(Duration.ofSeconds(10));
            next.drop();
            rig.loop.run();
            rig.passRetry();
        }
        assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTING);
    }

    @Test
    void a_server_that_refuses_every_token_right_after_the_handshake_ends_it() {
        Rig rig = tokens.rig(false, false);
        rig.openNow().close(4401);
        rig.loop.run();
        rig.passRetry();
        rig.openNow().close(4401);
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.FAILED);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.UNAUTHORIZED);
        assertThat(tokens.asked).containsExactly(false, true);
    }

    @Test
    void a_token_may_be_refused_again_long_after_the_one_before_was_replaced() {
        Rig rig = tokens.rig(true, true);
        FakeTransport.Peer peer = rig.openNow();
        rig.say("welcome");
        rig.say("badtoken");
        rig.loop.pass(Duration.ofSeconds(11));
        rig.say("badtoken");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(peer.sent).containsExactly("hello t1", "token t2", "token t3");
    }

    @Test
    void so_may_one_that_was_replaced_by_a_second_connection() {
        Rig rig = lasting.rig(false, false);
        rig.connection.subscribe("c");
        FakeTransport.Peer first = rig.openNow();
        rig.say("ack c");
        rig.loop.pass(Duration.ofSeconds(20));
        first.say("badtoken");
        rig.loop.pass(Duration.ofSeconds(5));
        FakeTransport.Peer second = rig.openNow();
        rig.say("ack c");
        assertThat(first.closeCode).isEqualTo(1000);
        rig.loop.pass(Duration.ofSeconds(10));
        second.say("badtoken");
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(rig.server.last().request.headers()).containsEntry("Authorization", "Bearer t3");
    }

    @Test
    void but_not_until_the_second_connection_has_been_ready_for_as_long() {
        Rig rig = lasting.rig(false, false);
        FakeTransport.Peer first = rig.openNow();
        rig.loop.pass(Duration.ofSeconds(20));
        first.say("badtoken");
        rig.loop.pass(Duration.ofSeconds(9));
        FakeTransport.Peer second = rig.openNow();
        rig.loop.pass(Duration.ofSeconds(9));
        second.say("badtoken");
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.FAILED);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.UNAUTHORIZED);
    }

    @Test
    void a_channel_that_is_asked_for_just_then_changes_nothing_about_that() {
        Rig rig = lasting.rig(false, true);
        FakeTransport.Peer peer = rig.openNow();
        rig.loop.pass(Duration.ofSeconds(20));
        rig.say("badtoken");
        rig.loop.pass(Duration.ofMillis(9_500));
        rig.connection.subscribe("c");
        rig.loop.pass(Duration.ofSeconds(1));
        assertThat(rig.state()).isEqualTo(ConnectionState.OPEN);
        rig.say("ack c");
        rig.loop.pass(Duration.ofSeconds(10));
        rig.say("badtoken");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(peer.sent).containsExactly("token t2", "sub c", "token t3");
    }

    @Test
    void a_token_that_the_protocol_refuses_on_an_open_connection_is_replaced_once() {
        Rig rig = tokens.rig(true, true);
        FakeTransport.Peer peer = rig.openNow();
        rig.say("welcome");
        rig.loop.pass(Duration.ofSeconds(555));
        rig.say("badtoken");
        assertThat(peer.sent).containsExactly("hello t1", "token t2", "token t3");
        rig.say("badtoken");
        assertThat(rig.state()).isEqualTo(ConnectionState.FAILED);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.UNAUTHORIZED);
    }

    @Test
    void the_same_token_again_after_a_refusal_is_a_refusal_and_not_a_loop() {
        List<Boolean> calls = new ArrayList<>();
        Rig rig = new Rig(
                new LineProtocol(false, false),
                () -> 0.5,
                builder -> builder.tokens(fresh -> {
                    calls.add(fresh);
                    return Token.of("same");
                }));
        rig.server.last().refuse(401);
        rig.loop.run();
        rig.passRetry();
        rig.server.last().refuse(401);
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.FAILED);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.UNAUTHORIZED);
        assertThat(calls).containsExactly(false, true);
    }

    @Test
    void what_is_said_again_of_a_token_that_is_being_replaced_is_no_second_refusal() {
        Rig rig = lasting.rig(true, true);
        FakeTransport.Peer peer = rig.openNow();
        rig.say("welcome");
        rig.loop.holdsBlockingCalls = true;
        rig.say("badtoken");
        rig.say("badtoken");
        rig.loop.runHeld();
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(peer.sent).containsExactly("hello t1", "token t2");
        assertThat(lasting.asked).containsExactly(false, true);
    }

    @Test
    void nor_is_it_while_the_second_connection_is_made() {
        Rig rig = lasting.rig(false, false);
        FakeTransport.Peer first = rig.openNow();
        first.say("badtoken");
        rig.loop.run();
        first.say("badtoken");
        rig.loop.run();
        rig.openNow();
        assertThat(first.closeCode).isEqualTo(1000);
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(rig.server.last().request.headers()).containsEntry("Authorization", "Bearer t2");
    }

    @Test
    void what_is_said_of_a_token_that_was_running_out_does_not_cost_its_successor() {
        Rig rig = tokens.rig(true, false);
        FakeTransport.Peer first = rig.openNow();
        rig.say("welcome");
        rig.loop.pass(Duration.ofSeconds(555));
        first.say("badtoken");
        rig.loop.run();
        FakeTransport.Peer second = rig.openNow();
        rig.say("welcome");
        assertThat(second.sent).containsExactly("hello t2");
        assertThat(first.closeCode).isEqualTo(1000);
        assertThat(tokens.asked).containsExactly(false, true);
        rig.say("badtoken");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(tokens.asked).containsExactly(false, true, true);
    }
}
