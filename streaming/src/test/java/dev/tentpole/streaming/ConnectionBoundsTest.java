package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.ReplaySource.Replayed;
import dev.tentpole.streaming.TokenSource.Token;
import dev.tentpole.streaming.faults.LineProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever server, protocol and sources do, what waits for them is bounded. */
@Timeout(60)
final class ConnectionBoundsTest {

    @Test
    void answers_that_the_server_asks_for_and_does_not_read_are_bounded_in_bytes_and_shown() {
        Rig rig = Rig.withSettings(builder -> builder.maxOutboundBytes(1_000));
        FakeTransport.Peer peer = rig.openNow();
        peer.holdsWrites = true;
        for (int i = 0; i < 3; i++) {
            rig.say("ask " + "x".repeat(300));
        }
        assertThat(rig.connection.outboundBytes()).isEqualTo(3 * 303);
        assertThat(rig.connection.send(WireMessage.text("y".repeat(1_000))).isAccepted())
                .isTrue();
        rig.say("ask " + "x".repeat(300));
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.CONTROL_FLOOD);
        assertThat(rig.connection.outboundBytes()).isZero();
    }

    @Test
    void an_answer_larger_than_all_that_may_wait_is_called_so_and_no_flood() {
        Rig rig = Rig.withSettings(builder -> builder.maxOutboundBytes(1_000));
        rig.openNow();
        rig.say("ask " + "x".repeat(1_000));
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.MESSAGE_TOO_LARGE);
        assertThat(rig.lastChange().detail()).contains("1003 bytes").contains("maxOutboundBytes = 1000");
    }

    @Test
    void answers_that_are_written_make_room_for_others() {
        Rig rig = Rig.withSettings(builder -> builder.maxOutboundBytes(1_000));
        FakeTransport.Peer peer = rig.openNow();
        for (int i = 0; i < 10; i++) {
            peer.holdsWrites = true;
            rig.say("ask " + "x".repeat(900));
            peer.holdsWrites = false;
            peer.heldWrite.complete(null);
            rig.loop.run();
            rig.loop.pass(Duration.ofMillis(1));
        }
        assertThat(peer.sent).hasSize(10);
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(rig.connection.outboundBytes()).isZero();
    }

    @Test
    void what_is_missing_is_announced_once_however_often_it_happens_while_nothing_can_be_published() {
        Rig rig = new Rig().serves();
        Rig.Heard heard = rig.listen(SubscriptionSettings.<StreamMessage<String>>of("c")
                .maxMessages(2_048)
                .build());
        rig.connection.subscribe("c");
        rig.loop.holdsDelivery = true;
        rig.server.onConnect.accept(rig.server.last());
        for (int i = 0; i < 1_024; i++) {
            rig.say("plain c x");
        }
        for (int i = 0; i < 20; i++) {
            rig.loop.pass(Duration.ofSeconds(6));
            rig.server.last().drop();
            rig.loop.run();
            rig.passRetry();
        }
        rig.loop.pass(Duration.ofSeconds(6));
        rig.loop.holdsDelivery = false;
        rig.loop.runHeldDeliveries();
        rig.say("plain c last");
        List<String> others = new ArrayList<>(heard.atLeast(1_026));
        others.removeIf("x"::equals);
        assertThat(others).containsExactly("gap 1 -1 -1 UPSTREAM", "last");
    }

    /** A source of history that, for one channel, neither answers nor minds being interrupted. */
    private static final class Hanging implements ReplaySource<String> {

        final CountDownLatch mayEnd = new CountDownLatch(1);
        final Map<String, AtomicInteger> atOnce = new ConcurrentHashMap<>();
        final AtomicInteger most = new AtomicInteger();

        @Override
        public List<Replayed<String>> replay(String channel, StreamPosition after, StreamPosition upTo) {
            AtomicInteger calls = atOnce.computeIfAbsent(channel, key -> new AtomicInteger());
            most.accumulateAndGet(calls.incrementAndGet(), Math::max);
            try {
                while (channel.equals("stuck") && mayEnd.getCount() > 0) {
                    awaitStubbornly(mayEnd);
                }
                return List.of(new Replayed<>(upTo, "replayed", 8));
            } finally {
                calls.decrementAndGet();
            }
        }
    }

    private static void awaitStubbornly(CountDownLatch latch) {
        try {
            boolean ignored = latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // It does not mind.
        }
    }

    @Test
    void a_source_of_history_is_called_for_a_channel_only_once_the_call_before_is_over_and_others_get_theirs() {
        Hanging source = new Hanging();
        FakeTransport server = new FakeTransport();
        server.onConnect = peer -> new Thread(peer::open).start();
        try (StreamConnection<String> connection = StreamConnection.builder(Rig.ADDRESS, new LineProtocol(false, false))
                .transport(server)
                .replays(source)
                .settings(ConnectionSettings.builder()
                        .replayTimeout(Duration.ofMillis(500))
                        .build())
                .open()) {
            Rig.Heard stuck = new Rig.Heard();
            Rig.Heard other = new Rig.Heard();
            connection
                    .topics()
                    .subscribe(
                            SubscriptionSettings.<StreamMessage<String>>of("stuck")
                                    .build(),
                            stuck);
            connection
                    .topics()
                    .subscribe(
                            SubscriptionSettings.<StreamMessage<String>>of("other")
                                    .build(),
                            other);
            connection.subscribe("stuck");
            connection.subscribe("other");
            Until.holds(() -> server.peers.size() == 1 && server.last().sent.size() == 2);
            Transport.Receiver receiver = server.last().receiver;
            receiver.onText("ack stuck e 0", true);
            receiver.onText("ack other e 0", true);
            for (int i = 1; i <= 6; i++) {
                int said = 2 * i;
                receiver.onText("data stuck e " + said + " m" + said, true);
                Until.holds(() -> stuck.all.contains("m" + said));
            }
            receiver.onText("data other e 2 m2", true);
            assertThat(other.atLeast(3)).containsExactly("replayed", "resumed 1", "m2");
            assertThat(source.most).hasValue(1);
        } finally {
            source.mayEnd.countDown();
        }
    }

    @Test
    void calls_that_took_too_long_before_they_began_leave_nothing_behind() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch began = new CountDownLatch(1);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        FakeLoop loop = new FakeLoop();
        try {
            AtomicReference<Throwable> told = new AtomicReference<>();
            BlockingCall<String> running = BlockingCall.start(
                    loop,
                    pool,
                    1_000,
                    () -> {
                        began.countDown();
                        awaitStubbornly(mayEnd);
                        awaitStubbornly(mayEnd);
                        return "late";
                    },
                    (result, failure) -> told.set(failure));
            assertThat(began.await(20, TimeUnit.SECONDS)).isTrue();
            BlockingCall<String> waiting =
                    BlockingCall.start(loop, pool, 1_000, () -> "never", (result, failure) -> {});
            loop.pass(Duration.ofMillis(1));
            assertThat(told.get()).isInstanceOf(TimeoutException.class);
            assertThat(pool.getQueue()).isEmpty();
            assertThat(running.isRunning()).isTrue();
            assertThat(waiting.isRunning()).isFalse();
            mayEnd.countDown();
            Until.holds(() -> !running.isRunning());
        } finally {
            mayEnd.countDown();
            pool.shutdown();
        }
    }

    @Test
    void a_token_source_that_hangs_is_not_called_again_until_it_returns() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        List<ConnectionListener.StateChange> changes = new ArrayList<>();
        CompletableFuture<String> detail = new CompletableFuture<>();
        try (StreamConnection<String> connection = StreamConnection.builder(Rig.ADDRESS, new LineProtocol(false, false))
                .transport(new FakeTransport())
                .tokens(fresh -> {
                    if (calls.incrementAndGet() == 1) {
                        while (mayEnd.getCount() > 0) {
                            awaitStubbornly(mayEnd);
                        }
                    }
                    return Token.of("t");
                })
                .settings(ConnectionSettings.builder()
                        .tokenTimeout(Duration.ofMillis(5))
                        .backoffBase(Duration.ofMillis(1))
                        .backoffCap(Duration.ofMillis(5))
                        .maxAttempts(20)
                        .build())
                .listener(changes::add)
                .open()) {
            connection
                    .over()
                    .whenComplete((done, failure) ->
                            detail.complete(String.valueOf(failure.getCause().getCause())));
            assertThat(detail.orTimeout(20, TimeUnit.SECONDS).join()).contains("still busy");
            assertThat(calls).hasValue(1);
            mayEnd.countDown();
            Until.holds(() -> {
                connection.restart();
                return calls.get() > 1;
            });
        } finally {
            mayEnd.countDown();
        }
    }

    @Test
    void wanting_a_channel_again_and_again_costs_nothing() {
        Rig rig = new Rig();
        CompletableFuture<Void> first = rig.connection.subscribe("c").toCompletableFuture();
        Object stage = rig.connection.subscribe("c");
        for (int i = 0; i < 1_000; i++) {
            assertThat((Object) rig.connection.subscribe("c")).isSameAs(stage);
        }
        rig.openNow();
        assertThat(first).isNotDone();
        rig.say("ack c");
        assertThat(first).isCompleted();
        assertThat(rig.connection.subscribe("c").toCompletableFuture()).satisfies(again -> {
            rig.loop.run();
            assertThat(again).isCompleted();
        });
    }
}
