package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tentpole.streaming.faults.FaultServer;
import dev.tentpole.streaming.faults.LineProtocol;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing in order. */
@Timeout(60)
final class DrainTest {

    @Test
    void it_says_good_bye_delivers_what_is_buffered_and_waits_for_the_server() {
        Rig rig = new Rig().serves();
        Rig.Heard heard = rig.listen("c");
        rig.connection.subscribe("c");
        FakeTransport.Peer peer = rig.server.last();
        peer.open();
        rig.loop.run();
        rig.loop.holdsDelivery = true;
        rig.say("plain c one");
        rig.say("plain c two");
        CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(20));
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.DRAINING);
        assertThat(peer.sent).containsExactly("sub c", "unsub c");
        rig.say("plain c late");
        rig.loop.pass(Duration.ofSeconds(1));
        assertThat(peer.closeCode).isZero();
        rig.loop.runHeldDeliveries();
        heard.atLeast(2);
        Until.holds(() -> heard.subscription.counters().delivered() == 2);
        rig.loop.pass(Duration.ofMillis(10));
        assertThat(peer.closeCode).isEqualTo(1000);
        assertThat(report).isNotDone();
        peer.close(1000);
        rig.loop.run();
        assertThat(report).isCompletedWithValue(new DrainReport(2, 1, 0, true));
        assertThat(heard.atLeast(3)).containsExactly("one", "two", "end COMPLETED");
        assertThat(rig.state()).isEqualTo(ConnectionState.CLOSED);
        assertThat(rig.connection.over().toCompletableFuture()).isCompleted();
    }

    @Test
    void a_subscription_that_is_being_completed_is_waited_for_too() throws InterruptedException {
        Rig rig = new Rig().serves();
        CountDownLatch go = new CountDownLatch(1);
        Subscription<StreamMessage<String>> slow = rig.connection
                .topics()
                .subscribe(
                        SubscriptionSettings.<StreamMessage<String>>of("c").build(),
                        (message, sequence) -> Until.within(Duration.ofSeconds(30), () -> go.getCount() == 0));
        rig.connection.subscribe("c");
        FakeTransport.Peer peer = rig.openNow();
        rig.say("plain c one");
        rig.say("plain c two");
        slow.complete();
        CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(20));
        rig.loop.pass(Duration.ofSeconds(1));
        assertThat(peer.closeCode).isZero();
        go.countDown();
        assertThat(slow.awaitEnd(Duration.ofSeconds(30))).isTrue();
        rig.loop.pass(Duration.ofMillis(10));
        peer.close(1000);
        rig.loop.run();
        assertThat(report).isCompletedWithValue(new DrainReport(2, 0, 0, true));
    }

    @Test
    void when_the_time_is_up_what_is_left_is_counted() {
        Rig rig = new Rig().serves();
        rig.listen("c");
        rig.connection.subscribe("c");
        rig.server.last().open();
        rig.loop.run();
        rig.loop.holdsDelivery = true;
        rig.say("plain c one");
        rig.server.last().holdsWrites = true;
        rig.connection.send(WireMessage.text("x"));
        rig.connection.send(WireMessage.text("y"));
        CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(4));
        rig.loop.pass(Duration.ofMillis(3_999));
        assertThat(report).isNotDone();
        rig.loop.pass(Duration.ofMillis(1));
        assertThat(report).isDone();
        assertThat(report.join().peerClosed()).isFalse();
        assertThat(report.join().dropped()).isEqualTo(1);
        assertThat(report.join().unsent())
                .as("one that was being written, one that waited")
                .isEqualTo(2);
        assertThat(rig.server.last().aborted).isTrue();
    }

    @Test
    void however_long_it_may_take_a_server_that_does_not_answer_gets_the_close_timeout_and_no_more() {
        Rig rig = Rig.withSettings(builder -> builder.closeTimeout(Duration.ofSeconds(1)));
        FakeTransport.Peer peer = rig.openNow();
        CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofMinutes(10));
        rig.loop.run();
        assertThat(peer.closeCode).isEqualTo(1000);
        rig.loop.pass(Duration.ofMillis(999));
        assertThat(report).isNotDone();
        rig.loop.pass(Duration.ofMillis(1));
        assertThat(report).isCompletedWithValue(new DrainReport(0, 0, 0, false));
    }

    @Test
    void what_waits_for_a_replay_is_waited_for_and_else_counted() {
        for (boolean answers : new boolean[] {true, false}) {
            Rig rig = new Rig(builder -> builder.replays((channel, after, upTo) ->
                    List.of(new ReplaySource.Replayed<>(new StreamPosition("e", 2), "two", 3))));
            Rig.Heard heard = rig.listen("c");
            rig.connection.subscribe("c");
            FakeTransport.Peer peer = rig.openNow();
            rig.say("ack c e 1");
            rig.loop.holdsBlockingCalls = true;
            rig.say("data c e 3 three");
            CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(4));
            rig.loop.pass(Duration.ofSeconds(1));
            assertThat(peer.closeCode).isZero();
            if (answers) {
                rig.loop.runHeld();
                Until.holds(() -> heard.subscription.counters().delivered() == 2);
            }
            rig.loop.pass(Duration.ofSeconds(1));
            peer.close(1000);
            rig.loop.run();
            assertThat(report).isCompletedWithValue(new DrainReport(answers ? 2 : 0, answers ? 0 : 1, 0, true));
            assertThat(heard.atLeast(answers ? 4 : 1))
                    .containsExactlyElementsOf(
                            answers ? List.of("two", "resumed 1", "three", "end COMPLETED") : List.of("end CLOSED"));
        }
    }

    @Test
    void draining_twice_gives_the_same_report_and_nothing_is_taken_in_any_more() {
        Rig rig = new Rig().serves();
        rig.server.last().open();
        rig.loop.run();
        CompletableFuture<DrainReport> first = rig.connection.drain(Duration.ofSeconds(1));
        CompletableFuture<DrainReport> second = rig.connection.drain(Duration.ofSeconds(50));
        rig.loop.run();
        assertThat(rig.connection.send(WireMessage.text("x")).status()).isEqualTo(SendResult.Status.CLOSED);
        assertThatExceptionOfType(StreamingException.class).isThrownBy(() -> rig.connection.subscribe("d"));
        rig.loop.pass(Duration.ofSeconds(1));
        assertThat(first.join()).isEqualTo(second.join());
        rig.connection.restart();
        rig.loop.pass(Duration.ofHours(1));
        assertThat(rig.state()).isEqualTo(ConnectionState.CLOSED);
        assertThat(rig.server.peers).hasSize(1);
    }

    @Test
    void a_connection_that_waits_or_connects_or_has_failed_drains_at_once() {
        Rig connecting = new Rig();
        Rig waiting = new Rig();
        waiting.server.last().drop();
        Rig failed = new Rig();
        failed.server.last().refuse(403);
        for (Rig rig : List.of(connecting, waiting, failed)) {
            rig.loop.run();
            CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(4));
            rig.loop.run();
            assertThat(report).isCompletedWithValue(new DrainReport(0, 0, 0, false));
            assertThat(rig.state()).isEqualTo(ConnectionState.CLOSED);
            rig.loop.pass(Duration.ofHours(1));
            assertThat(rig.server.peers).hasSize(1);
        }
    }

    @Test
    void subscribers_of_a_connection_that_was_given_up_are_told_so_when_it_is_closed() {
        Rig rig = new Rig();
        Rig.Heard heard = rig.listen("c");
        rig.server.last().refuse(403);
        rig.loop.run();
        assertThat(heard.all).isEmpty();
        rig.close();
        assertThat(heard.atLeast(1)).containsExactly("end FAILED");
    }

    @Test
    void an_opening_acknowledged_during_a_drain_begins_nothing() {
        Rig rig = new Rig(new LineProtocol(true, false), () -> 0.5, builder -> builder);
        rig.connection.subscribe("c");
        FakeTransport.Peer peer = rig.openNow();
        CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(1));
        rig.loop.run();
        peer.holdsWrites = true;
        rig.say("welcome");
        assertThat(rig.connection.send(WireMessage.text("x")).status()).isEqualTo(SendResult.Status.CLOSED);
        rig.loop.pass(Duration.ofSeconds(1));
        assertThat(report).isDone();
        assertThat(peer.sent).containsExactly("hello nobody");
    }

    @Test
    void within_a_callback_it_is_safe_even_if_the_report_is_waited_for() throws Exception {
        try (FaultServer server = FaultServer.start(peer -> {
            peer.accept();
            peer.text("ack " + peer.awaitSubscription());
            peer.text("plain c one");
            peer.serve();
        })) {
            StreamConnection<String> connection = StreamConnection.builder(server.uri(), new LineProtocol(false, false))
                    .open();
            CountDownLatch drained = new CountDownLatch(1);
            connection
                    .topics()
                    .subscribe(
                            SubscriptionSettings.<StreamMessage<String>>of("c").build(), (message, sequence) -> {
                                connection.drain(Duration.ofSeconds(1)).join();
                                drained.countDown();
                            });
            connection.subscribe("c");
            assertThat(drained.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
            connection.close();
        }
    }

    @Test
    void closing_ends_all_threads_and_closing_again_is_harmless() throws Exception {
        try (FaultServer server = FaultServer.start(peer -> {
            peer.accept();
            peer.serveLines();
        })) {
            for (int i = 0; i < 5; i++) {
                StreamConnection<String> connection = StreamConnection.builder(
                                server.uri(), new LineProtocol(false, false))
                        .open();
                connection.subscribe("c");
                assertThat(connection.awaitReady(Duration.ofSeconds(20))).isTrue();
                connection.close();
                connection.close();
                assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
                assertThat(server.peers().get(i).closeCode()).isEqualTo(1000);
            }
        }
        Until.holds(() -> Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.startsWith("tentpole-streaming-connection")
                        || name.startsWith("tentpole-streaming-delivery")
                        || name.startsWith("tentpole-streaming-listener")));
    }
}
