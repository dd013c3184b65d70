package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.TokenSource.Token;
import dev.tentpole.streaming.faults.LineProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens: fetched once, in time, and what happens when the server refuses them. */
final class TokensTest {

    private final List<Boolean> asked = new ArrayList<>();
    private Duration life = Duration.ofMinutes(10);
    private FakeLoop clock;
    private RuntimeException failure;

    private Rig rig(boolean opens, boolean refreshes) {
        Rig rig = new Rig(new LineProtocol(opens, refreshes), () -> 0.5, builder -> builder.tokens(this::fetch));
        clock = rig.loop;
        return rig;
    }

    private Token fetch(boolean fresh) {
        asked.add(fresh);
        if (failure != null) {
            throw failure;
        }
        return Token.of("t" + asked.size(), (clock == null ? FakeLoop.START : clock.wall()).plus(life));
    }

    @Test
    void a_token_is_replaced_by_a_tenth_of_its_life_before_its_end_and_at_most_half_a_minute_and_as_much_jitter() {
        assertThat(Tokens.untilRefresh(Duration.ofSeconds(100), 0)).isEqualTo(Duration.ofSeconds(90));
        assertThat(Tokens.untilRefresh(Duration.ofSeconds(100), 0.5)).isEqualTo(Duration.ofSeconds(85));
        assertThat(Tokens.untilRefresh(Duration.ofHours(1), 0)).isEqualTo(Duration.ofSeconds(3_570));
        assertThat(Tokens.untilRefresh(Duration.ofHours(1), 1)).isEqualTo(Duration.ofMinutes(59));
        assertThat(Tokens.untilRefresh(Duration.ofSeconds(-5), 0.5)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_protocol_that_can_gets_the_new_token_on_the_open_connection() {
        Rig rig = rig(true, true);
        FakeTransport.Peer peer = rig.openNow();
        assertThat(peer.sent).containsExactly("hello t1");
        assertThat(rig.state()).isEqualTo(ConnectionState.OPEN);
        rig.say("welcome");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        rig.loop.pass(Duration.ofSeconds(554));
        assertThat(peer.sent).hasSize(1);
        rig.loop.pass(Duration.ofSeconds(1));
        assertThat(peer.sent).containsExactly("hello t1", "token t2");
        assertThat(rig.server.peers).hasSize(1);
        assertThat(asked).containsExactly(false, true);
    }

    @Test
    void an_opening_that_is_never_acknowledged_is_given_up() {
        Rig rig = rig(true, true);
        rig.openNow();
        rig.loop.pass(Duration.ofSeconds(10));
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.ACK_TIMEOUT);
    }

    @Test
    void else_a_second_connection_is_ready_before_the_first_is_closed_and_nothing_is_lost_or_doubled() {
        Rig rig = rig(false, false);
        Rig.Heard heard = rig.listen("c");
        rig.connection.subscribe("c");
        FakeTransport.Peer first = rig.openNow();
        rig.say("ack c e 0");
        rig.say("data c e 1 one");
        rig.loop.pass(Duration.ofSeconds(555));
        assertThat(rig.server.peers).hasSize(2);
        FakeTransport.Peer second = rig.server.last();
        assertThat(second.request.headers()).containsEntry("Authorization", "Bearer t2");
        second.open();
        rig.loop.run();
        assertThat(second.sent).containsExactly("sub c e 1");
        first.say("data c e 2 two");
        second.say("ack c e 2");
        second.say("data c e 3 three");
        assertThat(first.closeCode).isZero();
        rig.loop.run();
        first.say("data c e 3 three");
        first.say("data c e 4 four");
        second.say("data c e 4 four");
        rig.loop.run();
        assertThat(first.closeCode).isEqualTo(1000);
        assertThat(second.closeCode).isZero();
        assertThat(rig.states()).doesNotContain(ConnectionState.WAITING);
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(heard.atLeast(5).stream().filter(line -> !line.startsWith("resumed")))
                .containsExactly("one", "two", "three", "four");
    }

    @Test
    void the_old_connection_gets_a_second_to_bring_what_came_before() {
        Rig rig = rig(false, false);
        Rig.Heard heard = rig.listen("c");
        rig.connection.subscribe("c");
        FakeTransport.Peer first = rig.openNow();
        rig.say("ack c e 0");
        rig.loop.pass(Duration.ofSeconds(555));
        FakeTransport.Peer second = rig.openNow();
        second.say("ack c e 2");
        second.say("data c e 3 three");
        rig.loop.pass(Duration.ofMillis(999));
        assertThat(first.closeCode).isZero();
        first.say("data c e 1 one");
        first.say("data c e 2 two");
        rig.loop.run();
        assertThat(first.closeCode).isEqualTo(1000);
        Until.holds(() -> heard.all.contains("three"));
        assertThat(heard.all.stream().filter(line -> !line.startsWith("resumed")))
                .containsExactly("one", "two", "three");
    }

    @Test
    void what_the_old_connection_does_not_bring_in_time_is_a_gap() {
        Rig rig = rig(false, false);
        rig.connection.subscribe("c");
        FakeTransport.Peer first = rig.openNow();
        rig.say("ack c e 0");
        rig.loop.pass(Duration.ofSeconds(555));
        rig.openNow().say("ack c e 2");
        rig.loop.pass(Duration.ofSeconds(1));
        assertThat(first.closeCode).isEqualTo(1000);
        assertThat(rig.kinds()).containsExactly("ACKNOWLEDGED c", "GAP c");
        assertThat(rig.connection.position("c")).contains(new StreamPosition("e", 2));
    }

    @Test
    void a_second_connection_that_fails_leaves_the_first_one_alone_and_is_tried_again() {
        Rig rig = rig(false, false);
        FakeTransport.Peer first = rig.openNow();
        rig.loop.pass(Duration.ofSeconds(555));
        rig.server.last().refuse(401);
        rig.loop.pass(Duration.ofSeconds(1));
        assertThat(rig.server.peers).hasSize(3);
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        rig.openNow();
        assertThat(first.closeCode).isEqualTo(1000);
    }

    @Test
    void if_the_first_one_breaks_meanwhile_the_second_one_takes_over_at_once() {
        Rig rig = rig(false, false);
        rig.connection.subscribe("c");
        FakeTransport.Peer first = rig.openNow();
        rig.say("ack c e 0");
        rig.loop.pass(Duration.ofSeconds(555));
        FakeTransport.Peer second = rig.openNow();
        first.drop();
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.OPEN);
        second.say("ack c e 0");
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(rig.server.peers).hasSize(2);
    }

    @Test
    void a_refused_handshake_forces_one_fresh_token_then_it_fails() {
        Rig rig = rig(false, false);
        rig.server.last().refuse(401);
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        rig.passRetry();
        assertThat(asked).containsExactly(false, true);
        assertThat(rig.server.last().request.headers()).containsEntry("Authorization", "Bearer t2");
        rig.server.last().refuse(401);
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.FAILED);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.UNAUTHORIZED);
    }

    @Test
    void after_a_ready_connection_a_refused_token_may_be_replaced_again() {
        Rig rig = rig(false, false);
        for (int i = 0; i < 3; i++) {
            rig.server.last().refuse(401);
            rig.loop.run();
            rig.passRetry();
            rig.openNow().close(4401);
            rig.loop.run();
            rig.passRetry();
            rig.openNow().drop();
            rig.loop.run();
            rig.passRetry();
        }
        assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTING);
    }

    @Test
    void a_token_that_the_protocol_refuses_on_an_open_connection_is_replaced_once() {
        Rig rig = rig(true, true);
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
    void a_source_that_throws_or_hangs_is_tried_again_and_never_twice_at_once() {
        failure = new IllegalStateException("no tokens today");
        Rig rig = rig(false, false);
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.TOKEN_FAILED);
        failure = null;
        rig.loop.holdsBlockingCalls = true;
        rig.passRetry();
        assertThat(rig.server.peers).isEmpty();
        rig.loop.pass(Duration.ofSeconds(10));
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        rig.loop.held.clear();
        rig.passRetry();
        assertThat(rig.loop.held).hasSize(1);
        rig.loop.runHeld();
        assertThat(rig.server.peers).hasSize(1);
    }
}
