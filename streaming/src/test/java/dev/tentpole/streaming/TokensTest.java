package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.TokenSource.Token;
import dev.tentpole.streaming.faults.LineProtocol;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens: fetched once, in time, and what happens when the server refuses them. */
final class TokensTest {

    private final NumberedTokens tokens = NumberedTokens.lasting(Duration.ofMinutes(10));

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
        Rig rig = tokens.rig(true, true);
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
        assertThat(tokens.asked).containsExactly(false, true);
    }

    @Test
    void an_opening_that_is_never_acknowledged_is_given_up() {
        Rig rig = tokens.rig(true, true);
        rig.openNow();
        rig.loop.pass(Duration.ofSeconds(10));
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.ACK_TIMEOUT);
    }

    @Test
    void else_a_second_connection_is_ready_before_the_first_is_closed_and_nothing_is_lost_or_doubled() {
        Rig rig = tokens.rig(false, false);
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
        Rig rig = tokens.rig(false, false);
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
        Rig rig = tokens.rig(false, false);
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
        Rig rig = tokens.rig(false, false);
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
        Rig rig = tokens.rig(false, false);
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

    @ParameterizedTest
    @ValueSource(
            strings = {"9999-12-31T23:59:59Z", "+1000000000-12-31T23:59:59.999999999Z", "-1000000000-01-01T00:00:00Z"})
    void whenever_a_token_ends_the_connection_begins(String end) {
        Rig rig = new Rig(
                new LineProtocol(false, false),
                () -> 0.5,
                builder -> builder.tokens(fresh -> Token.of("for ever", Instant.parse(end))));
        rig.openNow();
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
    }

    @Test
    void a_source_that_throws_or_hangs_is_tried_again_and_never_twice_at_once() {
        tokens.failure = new IllegalStateException("no tokens today");
        Rig rig = tokens.rig(false, false);
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.TOKEN_FAILED);
        tokens.failure = null;
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

    @Test
    void a_token_that_is_replaced_during_the_handshake_is_not_forgotten() {
        tokens.life = Duration.ofSeconds(100);
        for (boolean inBand : new boolean[] {true, false}) {
            tokens.asked.clear();
            Rig rig = tokens.rig(
                    false,
                    inBand,
                    builder -> builder.settings(ConnectionSettings.builder()
                            .connectTimeout(Duration.ofMinutes(5))
                            .build()));
            FakeTransport.Peer first = rig.server.last();
            rig.loop.pass(Duration.ofSeconds(90));
            assertThat(tokens.asked).containsExactly(false, true);
            first.open();
            rig.loop.run();
            if (inBand) {
                assertThat(first.sent).containsExactly("token t2");
                assertThat(rig.server.peers).hasSize(1);
            } else {
                assertThat(rig.server.peers).hasSize(2);
                assertThat(rig.server.last().request.headers()).containsEntry("Authorization", "Bearer t2");
            }
        }
    }

    @Test
    void a_token_that_is_replaced_while_the_second_connection_is_made_is_not_forgotten() {
        tokens.life = Duration.ofSeconds(100);
        Rig rig = tokens.rig(
                false,
                false,
                builder -> builder.settings(ConnectionSettings.builder()
                        .connectTimeout(Duration.ofMinutes(5))
                        .build()));
        rig.openNow();
        rig.loop.pass(Duration.ofSeconds(86));
        FakeTransport.Peer second = rig.server.last();
        assertThat(second.request.headers()).containsEntry("Authorization", "Bearer t2");
        rig.loop.pass(Duration.ofSeconds(86));
        assertThat(tokens.asked).hasSize(3);
        second.open();
        rig.loop.run();
        assertThat(rig.server.peers).hasSize(3);
        assertThat(rig.server.last().request.headers()).containsEntry("Authorization", "Bearer t3");
        rig.openNow();
        assertThat(second.closeCode).isEqualTo(1000);
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
    }

    @Test
    void a_refresh_that_brings_the_same_token_makes_no_second_connection_and_is_asked_again_ever_more_rarely() {
        List<Boolean> calls = new ArrayList<>();
        Token same = Token.of("same", FakeLoop.START.plusSeconds(600));
        Rig rig = new Rig(
                new LineProtocol(false, false),
                () -> 0.5,
                builder -> builder.tokens(fresh -> {
                    calls.add(fresh);
                    return same;
                }));
        rig.openNow();
        rig.loop.pass(Duration.ofMinutes(15));
        assertThat(rig.server.peers).hasSize(1);
        assertThat(calls).hasSizeBetween(5, 40);
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
    }

    @Test
    void tokens_that_have_always_run_out_already_cause_no_storm() {
        tokens.life = Duration.ofDays(-1);
        Rig rig = tokens.rig(false, false);
        rig.server.onConnect = peer -> rig.loop.execute(peer::open);
        rig.openNow();
        rig.loop.pass(Duration.ofMinutes(5));
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(rig.server.peers.size()).as("connections in five minutes").isLessThan(40);
        assertThat(tokens.asked.size()).as("tokens asked for in five minutes").isLessThan(40);
        tokens.life = Duration.ofMinutes(10);
        rig.loop.pass(Duration.ofMinutes(2));
        int soFar = tokens.asked.size();
        rig.loop.pass(Duration.ofMinutes(5));
        assertThat(tokens.asked.size()).isLessThanOrEqualTo(soFar + 1);
    }

    @Test
    void a_refresh_that_hangs_is_given_up_and_the_connection_goes_on() {
        Rig rig = tokens.rig(true, true);
        FakeTransport.Peer peer = rig.openNow();
        rig.say("welcome");
        rig.loop.holdsBlockingCalls = true;
        rig.loop.pass(Duration.ofSeconds(556));
        assertThat(rig.loop.held).hasSize(1);
        rig.loop.pass(Duration.ofSeconds(10));
        assertThat(rig.loop.held)
                .as("one call at a time, the first was cancelled")
                .hasSize(2);
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        rig.loop.runHeld();
        assertThat(peer.sent).containsExactly("hello t1", "token t2");
        assertThat(tokens.asked).containsExactly(false, true);
    }

    @Test
    void a_connection_lost_while_a_refresh_is_under_way_comes_back_with_the_token_it_has_and_asks_once() {
        Rig rig = tokens.rig(false, false);
        rig.openNow();
        rig.loop.holdsBlockingCalls = true;
        rig.loop.pass(Duration.ofSeconds(555));
        rig.server.last().drop();
        rig.loop.run();
        rig.passRetry();
        assertThat(rig.loop.held).hasSize(1);
        assertThat(rig.server.peers).hasSize(2);
        rig.openNow();
        rig.loop.runHeld();
        assertThat(rig.server.peers).hasSize(3);
        assertThat(rig.server.last().request.headers()).containsEntry("Authorization", "Bearer t2");
    }

    @Test
    void with_both_connections_delivering_the_same_at_once_each_message_comes_once() {
        Rig rig = tokens.rig(false, false);
        Rig.Heard heard = rig.listen("c");
        rig.connection.subscribe("c");
        FakeTransport.Peer first = rig.openNow();
        rig.say("ack c e 0");
        rig.loop.pass(Duration.ofSeconds(555));
        FakeTransport.Peer second = rig.openNow();
        second.say("ack c e 3");
        for (int i = 1; i <= 100; i++) {
            first.say("data c e " + i + " m" + i);
            if (i > 3) {
                second.say("data c e " + i + " m" + i);
            }
        }
        rig.loop.run();
        for (int i = 101; i <= 110; i++) {
            first.say("data c e " + i + " old" + i);
            second.say("data c e " + i + " m" + i);
        }
        rig.loop.run();
        Until.holds(() -> heard.all.contains("m110"));
        assertThat(heard.all.stream().filter(line -> !line.startsWith("resumed")))
                .containsExactlyElementsOf(java.util.stream.IntStream.rangeClosed(1, 110)
                        .mapToObj(i -> "m" + i)
                        .toList());
    }
}
