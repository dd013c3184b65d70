package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Answers of the server belong to the attempt that they answer, and to no later one of the same channel. */
final class ConnectionAttemptsTest {

    private final Rig rig = new Rig();
    private final Rig.Heard heard = rig.listen("c");

    private CompletableFuture<Void> subscribe() {
        CompletableFuture<Void> acknowledged = rig.connection.subscribe("c").toCompletableFuture();
        rig.loop.run();
        return acknowledged;
    }

    /** Subscribes, gives it up before the server has answered, and subscribes again. */
    private CompletableFuture<Void> subscribeAgain() {
        FakeTransport.Peer peer = rig.openNow();
        CompletableFuture<Void> first = subscribe();
        rig.connection.unsubscribe("c");
        CompletableFuture<Void> second = subscribe();
        assertThat(first).isCompletedExceptionally();
        assertThat(peer.sent).containsExactly("sub c", "unsub c", "sub c");
        return second;
    }

    @Test
    void a_late_acknowledgement_of_an_earlier_attempt_does_not_acknowledge_its_successor() {
        CompletableFuture<Void> second = subscribeAgain();
        rig.say("ack c e 5");
        assertThat(rig.state()).isEqualTo(ConnectionState.OPEN);
        assertThat(second).isNotDone();
        rig.say("data c e 6 old");
        rig.say("ack c e 9");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(second).isCompleted();
        assertThat(rig.connection.position("c")).contains(new StreamPosition("e", 9));
        rig.say("data c e 10 ten");
        assertThat(heard.atLeast(1)).containsExactly("ten");
    }

    @Test
    void a_late_refusal_of_an_earlier_attempt_does_not_end_its_successor() {
        CompletableFuture<Void> second = subscribeAgain();
        rig.say("err c busy");
        assertThat(second).isNotDone();
        assertThat(rig.connection.channels()).containsExactly("c");
        rig.say("ack c e 9");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(second).isCompleted();
    }

    @Test
    void what_an_ended_subscription_still_brings_is_not_its_successors() {
        rig.openNow();
        CompletableFuture<Void> ignored = subscribe();
        rig.say("ack c");
        rig.connection.unsubscribe("c");
        CompletableFuture<Void> second = subscribe();
        rig.say("plain c old");
        rig.say("end c gone as-you-wished");
        assertThat(second).isNotDone();
        rig.say("ack c");
        rig.say("plain c new");
        assertThat(second).isCompleted();
        assertThat(heard.atLeast(1)).containsExactly("new");
    }

    /** Its requests and their answers have numbers. */
    private static final class NumberedProtocol implements StreamProtocol<String> {

        @Override
        public WireMessage subscribe(String channel, Optional<StreamPosition> after) {
            throw new AssertionError("asked for without a number");
        }

        @Override
        public WireMessage subscribe(String channel, Optional<StreamPosition> after, long attempt) {
            return WireMessage.text(attempt + " sub " + channel);
        }

        @Override
        public Optional<WireMessage> unsubscribe(String channel) {
            return Optional.empty();
        }

        @Override
        public void decode(WireMessage message, Events<String> events) {
            String[] words = message.text().split(" ", -1);
            if (words[1].equals("ack")) {
                events.subscribed(words[2], Long.parseLong(words[0]), null, false);
            } else {
                events.refused(words[2], Long.parseLong(words[0]), "no");
            }
        }
    }

    @Test
    void numbers_of_attempts_tell_also_if_answers_come_in_another_order_or_not_at_all() {
        Rig numbered = new Rig(new NumberedProtocol(), () -> 0.5, builder -> builder);
        FakeTransport.Peer peer = numbered.openNow();
        for (int i = 0; i < 3; i++) {
            numbered.connection.unsubscribe("c");
            numbered.connection.subscribe("c");
            numbered.loop.run();
        }
        assertThat(peer.sent).containsExactly("1 sub c", "2 sub c", "3 sub c");
        numbered.say("2 err c");
        numbered.say("1 ack c");
        assertThat(numbered.state()).isEqualTo(ConnectionState.OPEN);
        numbered.say("3 ack c");
        assertThat(numbered.state()).isEqualTo(ConnectionState.READY);
        numbered.connection.unsubscribe("c");
        CompletableFuture<Void> last = numbered.connection.subscribe("c").toCompletableFuture();
        numbered.loop.run();
        numbered.say("4 err c");
        assertThat(last).isCompletedExceptionally();
        assertThat(numbered.state()).isEqualTo(ConnectionState.READY);
    }

    @Test
    void if_the_earlier_answer_was_lost_the_channel_is_asked_for_again_and_not_stuck() {
        CompletableFuture<Void> second = subscribeAgain();
        rig.say("ack c e 9");
        assertThat(second).isNotDone();
        rig.loop.pass(Duration.ofSeconds(10));
        assertThat(rig.server.last().sent).containsExactly("sub c", "unsub c", "sub c", "sub c");
        rig.say("ack c e 12");
        assertThat(second).isCompleted();
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
    }

    @Test
    void an_answer_of_before_a_reconnect_says_nothing_about_the_new_connection() {
        CompletableFuture<Void> second = subscribeAgain();
        FakeTransport.Peer old = rig.server.last();
        old.drop();
        rig.loop.run();
        rig.passRetry();
        rig.openNow();
        old.say("ack c e 5");
        rig.loop.run();
        assertThat(second).isNotDone();
        rig.say("ack c e 9");
        assertThat(second).isCompleted();
    }

    @Test
    void acknowledgements_that_nobody_waits_for_change_nothing() {
        rig.openNow();
        rig.say("ack zzz e 5");
        rig.say("err zzz no");
        rig.say("end zzz again moved");
        CompletableFuture<Void> ignored = subscribe();
        rig.say("ack c e 1");
        rig.say("ack c e 7");
        rig.say("data c e 2 two");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(heard.atLeast(1)).containsExactly("two");
        assertThat(rig.kinds()).containsExactly("ACKNOWLEDGED c");
    }

    @Test
    void a_server_that_ends_each_subscription_and_wants_it_again_is_asked_ever_more_rarely() {
        FakeTransport.Peer peer = rig.openNow();
        rig.server.onSent = (to, text) -> rig.loop.execute(() -> to.say("end c again moved"));
        rig.connection.subscribe("c");
        rig.loop.pass(Duration.ofMinutes(1));
        assertThat(peer.sent).hasSizeBetween(5, 20);
        rig.server.onSent = (to, text) -> {};
        rig.loop.pass(Duration.ofSeconds(20));
        rig.say("ack c");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        rig.loop.pass(Duration.ofSeconds(10));
        int before = peer.sent.size();
        rig.say("end c again moved");
        assertThat(peer.sent).as("asked for again at once").hasSize(before + 1);
    }

    @Test
    void while_nothing_can_be_written_a_storm_of_wishes_ends_in_one_request() {
        FakeTransport.Peer peer = rig.openNow();
        peer.holdsWrites = true;
        rig.connection.send(WireMessage.text("x"));
        rig.loop.run();
        CompletableFuture<Void> last = subscribe();
        for (int i = 0; i < 10_000; i++) {
            rig.connection.unsubscribe("c");
            last = subscribe();
        }
        assertThat(rig.connection.machine().current().session.writer().waitingToSay())
                .isLessThan(3);
        peer.holdsWrites = false;
        peer.heldWrite.complete(null);
        rig.loop.run();
        assertThat(peer.sent).containsExactly("x", "sub c");
        rig.say("ack c");
        assertThat(last).isCompleted();
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
    }

    @Test
    void wishes_while_there_is_no_connection_are_asked_for_once_when_there_is_one() {
        for (int i = 0; i < 1_000; i++) {
            CompletableFuture<Void> each = subscribe();
            assertThat(each).isNotDone();
            rig.connection.unsubscribe("c");
        }
        CompletableFuture<Void> ignored = subscribe();
        assertThat(rig.openNow().sent).containsExactly("sub c");
        rig.say("ack c");
        rig.server.last().drop();
        rig.loop.run();
        rig.connection.unsubscribe("c");
        rig.connection.subscribe("d");
        rig.loop.run();
        rig.passRetry();
        assertThat(rig.openNow().sent).containsExactly("sub d");
    }
}
