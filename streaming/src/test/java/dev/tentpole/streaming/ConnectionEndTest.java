package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.ReplaySource.Replayed;
import dev.tentpole.streaming.TokenSource.Token;
import dev.tentpole.streaming.faults.LineProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a connection had received, and what it was to send, when it ended, was drained or was replaced. */
@Timeout(60)
final class ConnectionEndTest {

    /** More than find room while nobody takes any. */
    private static final int MANY = 1_500;

    private final AtomicInteger tokens = new AtomicInteger();
    private final Rig rig = new Rig(
            new LineProtocol(false, false),
            () -> 0.5,
            builder -> builder.settings(
                            ConnectionSettings.builder().maxReplay(2).build())
                    .replays((channel, after, upTo) -> List.of(new Replayed<>(upTo, "replayed", 8)))
                    .tokens(fresh -> Token.of("t" + tokens.incrementAndGet(), FakeLoop.START.plusSeconds(600))));
    private final Rig.Heard heard = rig.listen(SubscriptionSettings.<StreamMessage<String>>of("c")
            .maxMessages(8_192)
            .build());

    /** A connection that brings channel c. */
    private FakeTransport.Peer serving(String acknowledgement) {
        rig.connection.subscribe("c");
        FakeTransport.Peer peer = rig.openNow();
        rig.say(acknowledgement);
        return peer;
    }

    /** A second connection, with another token. */
    private FakeTransport.Peer second() {
        rig.loop.pass(Duration.ofSeconds(555));
        return rig.openNow();
    }

    private void sayMany() {
        for (int i = 1; i <= MANY; i++) {
            rig.say("plain c m" + i);
        }
    }

    private static void sayNumbered(FakeTransport.Peer peer, int from, int to) {
        for (int i = from; i <= to; i++) {
            peer.say("data c e " + i + " m" + i);
        }
    }

    private static List<String> many(String... more) {
        return Stream.concat(IntStream.rangeClosed(1, MANY).mapToObj(i -> "m" + i), Stream.of(more))
                .toList();
    }

    private void deliverAgain() {
        rig.loop.holdsDelivery = false;
        rig.loop.runHeldDeliveries();
    }

    @Test
    void what_was_received_before_the_server_closed_is_delivered_before_the_gap() {
        FakeTransport.Peer peer = serving("ack c");
        rig.loop.holdsDelivery = true;
        sayMany();
        peer.close(1000);
        rig.loop.run();
        rig.passRetry();
        deliverAgain();
        rig.openNow();
        rig.say("ack c");
        rig.say("plain c after");
        assertThat(heard.atLeast(MANY + 2)).isEqualTo(many("gap 1 -1 -1 UPSTREAM", "after"));
        Counters counters = rig.connection.machine().counters;
        assertThat(counters.received.sum()).isEqualTo(MANY + 1);
        assertThat(counters.published.sum()).isEqualTo(MANY + 1);
        assertThat(counters.staleCallbacks.sum()).isZero();
    }

    @Test
    void however_often_the_server_closes_what_waits_is_bounded_and_the_rest_is_a_gap() {
        serving("ack c");
        rig.loop.holdsDelivery = true;
        for (int i = 0; i < 20; i++) {
            sayMany();
            rig.server.last().close(1000);
            rig.loop.run();
            rig.passRetry();
            rig.openNow();
            rig.say("ack c");
        }
        assertThat(rig.connection.machine().waiting()).isLessThan(4_096);
        deliverAgain();
        Counters counters = rig.connection.machine().counters;
        assertThat(counters.published.sum() + counters.expired.sum()).isEqualTo(20L * MANY);
        assertThat(counters.expired.sum()).isEqualTo(19 * MANY);
        List<String> all = heard.atLeast(MANY + 2);
        assertThat(all.subList(0, MANY)).isEqualTo(many());
        assertThat(all.stream().filter(line -> line.endsWith("EXPIRED")))
                .containsExactly("gap 28500 -28500 -1 EXPIRED");
    }

    @Test
    void what_was_received_before_a_drain_is_delivered() {
        FakeTransport.Peer peer = serving("ack c");
        rig.loop.holdsDelivery = true;
        sayMany();
        rig.loop.pass(Duration.ofMillis(1));
        CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(6));
        rig.loop.run();
        rig.say("plain c late");
        deliverAgain();
        Until.holds(() -> heard.subscription.counters().delivered() == MANY);
        rig.loop.pass(Duration.ofMillis(10));
        assertThat(peer.closeCode).isEqualTo(1000);
        peer.close(1000);
        rig.loop.run();
        assertThat(report).isCompletedWithValue(new DrainReport(MANY, 1, 0, true));
        assertThat(heard.atLeast(MANY + 1)).isEqualTo(many("end COMPLETED"));
    }

    @Test
    void what_was_received_before_a_drain_and_not_delivered_in_time_is_dropped_and_never_called_complete() {
        FakeTransport.Peer peer = serving("ack c");
        rig.loop.holdsDelivery = true;
        sayMany();
        rig.loop.pass(Duration.ofMillis(1));
        CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(2));
        rig.loop.pass(Duration.ofSeconds(1));
        peer.close(1000);
        rig.loop.run();
        assertThat(report).isCompletedWithValue(new DrainReport(0, MANY, 0, true));
        assertThat(heard.atLeast(1)).containsExactly("end CLOSED");
    }

    @Test
    void what_the_first_connection_had_received_when_the_second_takes_over_is_no_gap() {
        FakeTransport.Peer first = serving("ack c e 0");
        second().say("ack c e " + MANY);
        rig.loop.run();
        rig.loop.holdsDelivery = true;
        sayNumbered(first, 1, MANY);
        rig.loop.pass(Duration.ofSeconds(1));
        assertThat(first.closeCode).isEqualTo(1000);
        deliverAgain();
        rig.say("data c e " + (MANY + 1) + " next");
        assertThat(heard.atLeast(MANY + 2)).isEqualTo(many("resumed 2", "next"));
    }

    @Test
    void a_second_connection_whose_acknowledgement_comes_late_and_is_of_before_begins_no_new_history() {
        FakeTransport.Peer first = serving("ack c e 0");
        FakeTransport.Peer second = second();
        sayNumbered(first, 1, 3);
        first.drop();
        rig.loop.run();
        second.say("ack c e 1");
        sayNumbered(second, 2, 4);
        rig.loop.run();
        assertThat(heard.atLeast(5)).containsExactly("m1", "m2", "m3", "resumed 2", "m4");
        assertThat(rig.connection.position("c")).contains(new StreamPosition("e", 4));
        assertThat(rig.kinds()).containsExactly("ACKNOWLEDGED c", "RESUMED c", "ACKNOWLEDGED c");
    }

    @Test
    void if_what_the_first_connection_had_received_ends_it_the_second_one_takes_over_all_the_same() {
        FakeTransport.Peer first = serving("ack c e 0");
        second().say("ack c e " + MANY);
        rig.loop.run();
        rig.loop.holdsDelivery = true;
        sayNumbered(first, 1, MANY);
        first.say("nonsense");
        rig.loop.pass(Duration.ofSeconds(1));
        deliverAgain();
        rig.say("data c e " + (MANY + 1) + " next");
        rig.loop.pass(Duration.ofSeconds(10));
        assertThat(heard.atLeast(MANY + 2)).isEqualTo(many("resumed 2", "next"));
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(rig.states()).doesNotContain(ConnectionState.WAITING);
        assertThat(rig.server.peers).hasSize(2);
    }

    @Test
    void a_second_connection_that_fails_costs_nothing_of_what_the_first_one_had_received() {
        FakeTransport.Peer first = serving("ack c e 0");
        FakeTransport.Peer second = second();
        rig.loop.holdsDelivery = true;
        sayNumbered(first, 1, MANY);
        rig.loop.run();
        second.say("ack c e " + MANY);
        second.say("data c e " + (MANY + 1) + " next");
        rig.loop.run();
        second.drop();
        rig.loop.run();
        first.drop();
        rig.loop.run();
        deliverAgain();
        assertThat(heard.atLeast(MANY)).isEqualTo(many());
        assertThat(rig.connection.machine().counters.expired.sum()).isZero();
    }

    @Test
    void while_a_second_connection_is_made_the_first_one_keeps_its_number() {
        List<String> told = new ArrayList<>();
        SubscriptionListener<StreamMessage<String>> listener = new SubscriptionListener<>() {
            @Override
            public void onMessage(StreamMessage<String> message, long sequence) {
                told.add(message.payload() + " " + message.generation());
            }

            @Override
            public void onResumed(long generation) {
                told.add("resumed " + generation);
            }
        };
        Subscription<StreamMessage<String>> subscription = rig.connection
                .topics()
                .subscribe(SubscriptionSettings.<StreamMessage<String>>of("c").build(), listener);
        FakeTransport.Peer first = serving("ack c e 1");
        rig.loop.pass(Duration.ofSeconds(555));
        assertThat(rig.server.peers).hasSize(2);
        first.say("data c e 3 three");
        rig.connection.subscribe("d");
        rig.loop.run();
        assertThat(rig.lastChange().generation()).isEqualTo(1);
        assertThat(rig.events.get(rig.events.size() - 1).generation()).isEqualTo(1);
        first.say("ack d");
        rig.openNow();
        rig.say("ack c e 3");
        rig.say("ack d e 1");
        rig.say("data c e 4 four");
        Until.holds(() -> subscription.counters().delivered() == 3);
        assertThat(told).containsExactly("replayed 1", "resumed 1", "three 1", "resumed 2", "four 2");
        assertThat(rig.connection.generation()).isEqualTo(2);
    }

    @Test
    void what_a_second_connection_brings_beyond_what_may_wait_is_a_gap_in_its_place_also_without_positions() {
        Rig.Heard heardOfX = rig.listen("x");
        rig.connection.subscribe("x");
        rig.connection.subscribe("y");
        rig.openNow();
        rig.say("ack x");
        rig.say("ack y");
        rig.say("plain x m1");
        rig.loop.pass(Duration.ofSeconds(555));
        rig.openNow();
        rig.say("ack x");
        for (int i = 2; i < 8; i++) {
            rig.say("plain x m" + i);
        }
        rig.say("ack y");
        rig.say("plain x m8");
        assertThat(heardOfX.atLeast(6))
                .containsExactly("m1", "gap 1 -1 -1 UPSTREAM", "m2", "m3", "gap 4 -4 -1 UPSTREAM", "m8");
    }

    @Test
    void what_waits_to_be_written_when_a_second_connection_takes_over_is_written_there() {
        FakeTransport.Peer first = rig.openNow();
        rig.loop.pass(Duration.ofSeconds(555));
        FakeTransport.Peer second = rig.server.last();
        first.holdsWrites = true;
        CompletableFuture<Void> one =
                rig.connection.send(WireMessage.text("one")).written().toCompletableFuture();
        CompletableFuture<Void> two =
                rig.connection.send(WireMessage.text("two")).written().toCompletableFuture();
        rig.loop.run();
        rig.connection.subscribe("c");
        second.open();
        rig.loop.run();
        first.drop();
        rig.loop.run();
        assertThat(one).isCompletedExceptionally();
        assertThat(two).isCompleted();
        assertThat(second.sent).containsExactly("sub c", "two");
    }
}
