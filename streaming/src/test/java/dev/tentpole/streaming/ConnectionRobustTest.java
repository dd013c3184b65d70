package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tentpole.streaming.ReplaySource.Replayed;
import dev.tentpole.streaming.faults.LineProtocol;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Components that fail in ways that they should not: the connection is never silently dead. */
@Timeout(60)
final class ConnectionRobustTest {

    static Stream<Throwable> thrown() {
        return Stream.of(new StackOverflowError(), new IOException("not declared"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void whatever_the_protocol_throws_is_a_protocol_error_and_no_silent_loss(Throwable thrown) {
        Rig rig = new Rig(
                new LineProtocol(false, false) {
                    @Override
                    public void decode(WireMessage message, Events<String> events) {
                        throw Sneaky.raise(thrown);
                    }
                },
                () -> 0.5,
                builder -> builder);
        rig.openNow();
        rig.say("x");
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.PROTOCOL_ERROR);
    }

    @Test
    void an_error_while_the_handshake_is_made_up_is_tried_again() {
        AtomicInteger calls = new AtomicInteger();
        Rig rig = new Rig(builder -> builder.handshake(token -> {
            if (calls.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("a class");
            }
            return new Transport.Request(Rig.ADDRESS, java.util.Map.of(), List.of(), Duration.ofSeconds(1));
        }));
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.CONNECT_FAILED);
        rig.passRetry();
        rig.openNow();
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
    }

    @Test
    void a_transport_that_throws_at_a_ping_is_found_dead_nevertheless() {
        Rig rig = new Rig();
        FakeTransport.Peer peer = rig.server.last();
        peer.failsPings = true;
        rig.openNow();
        rig.loop.pass(Duration.ofSeconds(45));
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.PEER_DEAD);
    }

    @Test
    void a_transport_that_throws_an_error_when_it_is_to_connect_is_tried_again() {
        Rig rig = new Rig();
        rig.server.last().drop();
        rig.loop.run();
        rig.server.onConnect = peer -> {
            throw new NoClassDefFoundError("a class");
        };
        rig.passRetry();
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
        rig.server.onConnect = peer -> {};
        rig.passRetry();
        rig.openNow();
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
    }

    @Test
    void a_replay_source_that_gives_nulls_gives_nothing_and_what_waited_comes_in_order() {
        List<Replayed<String>> nulls = new ArrayList<>();
        nulls.add(null);
        Rig rig = new Rig(builder -> builder.replays((channel, after, upTo) -> nulls));
        Rig.Heard heard = rig.listen("c");
        rig.connection.subscribe("c");
        rig.openNow();
        rig.say("ack c e 1");
        rig.loop.holdsBlockingCalls = true;
        rig.say("data c e 3 three");
        rig.say("data c e 4 four");
        rig.loop.runHeld();
        rig.say("data c e 5 five");
        assertThat(heard.atLeast(4)).containsExactly("gap 1 2 2 UPSTREAM", "three", "four", "five");
    }

    @Test
    void a_replayed_message_has_a_position_a_payload_and_a_size() {
        StreamPosition at = new StreamPosition("e", 1);
        assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> new Replayed<>(null, "x", 1));
        assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> new Replayed<String>(at, null, 1));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Replayed<>(at, "x", -1))
                .withMessageContaining("bytes");
    }

    @Test
    void a_channel_wanted_while_the_connection_is_given_up_says_so_and_comes_with_a_restart() {
        Rig rig = new Rig();
        rig.server.last().refuse(403);
        rig.loop.run();
        CompletableFuture<Void> channel = rig.connection.subscribe("c").toCompletableFuture();
        rig.loop.run();
        assertThat(channel).isCompletedExceptionally();
        rig.connection.restart();
        rig.loop.run();
        CompletableFuture<Void> again = rig.connection.subscribe("c").toCompletableFuture();
        assertThat(again).isNotDone();
        assertThat(rig.openNow().sent).containsExactly("sub c");
        rig.say("ack c");
        assertThat(again).isCompleted();
    }

    @Test
    void a_channel_wanted_just_as_the_connection_closes_ends_with_it() {
        Rig rig = new Rig();
        CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(1));
        CompletableFuture<Void> channel = rig.connection.subscribe("c").toCompletableFuture();
        rig.loop.run();
        assertThat(report).isCompleted();
        assertThat(channel).isCompletedExceptionally();
        assertThat(rig.connection.channels()).isEmpty();
    }

    @Test
    void whoever_waits_for_ready_is_woken_by_the_close_also_if_its_place_in_the_queue_was_lost() throws Exception {
        Rig rig = new Rig();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiter = new Thread(() -> {
            try {
                rig.connection.awaitReady(Duration.ofMinutes(1));
            } catch (Exception e) {
                thrown.set(e);
            }
        });
        waiter.start();
        Until.holds(() -> waiter.getState() == Thread.State.TIMED_WAITING);
        rig.loop.dropTasks();
        CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(1));
        rig.loop.run();
        assertThat(report).isCompleted();
        waiter.join(5_000);
        assertThat(thrown.get()).isInstanceOf(ConnectionException.class);
    }

    @Test
    void whoever_waits_for_ready_right_after_a_restart_is_not_told_of_the_failure_before() throws Exception {
        Rig rig = new Rig();
        rig.server.last().refuse(403);
        rig.loop.run();
        rig.connection.restart();
        AtomicReference<Object> result = new AtomicReference<>();
        Thread waiter = new Thread(() -> {
            try {
                result.set(rig.connection.awaitReady(Duration.ofMinutes(1)));
            } catch (Exception e) {
                result.set(e);
            }
        });
        waiter.start();
        Until.holds(() -> waiter.getState() == Thread.State.TIMED_WAITING || result.get() != null);
        rig.loop.run();
        rig.openNow();
        waiter.join(5_000);
        assertThat(result.get()).isEqualTo(true);
    }

    @Test
    void a_message_that_the_server_sends_between_two_events_of_one_message_is_not_lost_when_the_first_one_throws() {
        Rig rig = new Rig();
        rig.connection.subscribe("c");
        rig.openNow();
        rig.say("ack c e 1");
        rig.say("data c e -5 x");
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.PROTOCOL_ERROR);
        assertThat(rig.state()).isEqualTo(ConnectionState.WAITING);
    }

    private static Rig withNewTokens(LineProtocol protocol) {
        AtomicInteger tokens = new AtomicInteger();
        return new Rig(
                protocol,
                () -> 0.5,
                builder -> builder.tokens(fresh -> {
                    int number = tokens.incrementAndGet();
                    return TokenSource.Token.of("t" + number, FakeLoop.START.plusSeconds(600L * number));
                }));
    }

    @Test
    void until_the_opening_of_a_second_connection_is_acknowledged_nothing_else_is_said_on_it() {
        Rig rig = withNewTokens(new LineProtocol(true, false));
        FakeTransport.Peer first = rig.openNow();
        rig.say("welcome");
        rig.connection.subscribe("c");
        rig.loop.run();
        rig.say("ack c");
        rig.loop.pass(Duration.ofSeconds(556));
        FakeTransport.Peer second = rig.openNow();
        assertThat(second).isNotSameAs(first);
        first.drop();
        rig.loop.run();
        assertThat(rig.connection.send(WireMessage.text("x")).status()).isEqualTo(SendResult.Status.NOT_CONNECTED);
        assertThat(rig.state()).isEqualTo(ConnectionState.OPEN);
        assertThat(second.sent).containsExactly("hello t2");
        rig.say("welcome");
        rig.say("ack c");
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(rig.connection.send(WireMessage.text("x")).isAccepted()).isTrue();
        rig.loop.run();
        assertThat(second.sent).containsExactly("hello t2", "sub c", "x");
    }

    @Test
    void until_the_opening_is_acknowledged_the_protocols_heartbeat_is_not_said_either() {
        Rig rig = new Rig(
                new LineProtocol(true, false) {
                    @Override
                    public Optional<WireMessage> heartbeat() {
                        return Optional.of(WireMessage.text("beat"));
                    }
                },
                () -> 0.5,
                builder -> builder.settings(ConnectionSettings.builder()
                        .heartbeat(Duration.ofSeconds(1))
                        .build()));
        rig.connection.subscribe("c");
        FakeTransport.Peer peer = rig.openNow();
        rig.loop.pass(Duration.ofSeconds(3));
        rig.say("welcome");
        rig.loop.pass(Duration.ofSeconds(1));
        assertThat(peer.sent).containsExactly("hello nobody", "sub c", "beat");
    }

    @Test
    void a_payload_of_null_is_a_protocol_error_and_no_message() {
        Rig rig = new Rig(
                new LineProtocol(false, false) {
                    @Override
                    public void decode(WireMessage message, Events<String> events) {
                        events.data("c", null, 1, null);
                    }
                },
                () -> 0.5,
                builder -> builder);
        rig.connection.subscribe("c");
        rig.openNow();
        rig.say("x");
        assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.PROTOCOL_ERROR);
        assertThat(rig.connection.machine().counters.received.sum()).isZero();
    }

    @Test
    void a_message_for_topics_that_were_closed_is_discarded_and_not_published() {
        Rig rig = new Rig();
        rig.connection.subscribe("c");
        rig.openNow();
        rig.say("ack c");
        rig.connection.topics().close();
        rig.say("plain c x");
        assertThat(rig.connection.machine().counters.discarded.sum()).isOne();
        assertThat(rig.connection.machine().counters.published.sum()).isZero();
    }

    @Test
    void a_server_that_closes_is_given_a_second_to_read_the_answer() {
        Rig rig = new Rig();
        FakeTransport.Peer peer = rig.openNow();
        peer.close(1001);
        rig.loop.pass(Duration.ofMillis(999));
        assertThat(peer.aborted).isFalse();
        rig.loop.pass(Duration.ofMillis(1));
        assertThat(peer.aborted).isTrue();
    }

    @Test
    void whoever_listens_is_told_in_words_what_was_wrong() {
        Rig rig = Rig.withSettings(builder -> builder.maxMessageBytes(10));
        assertThat(rig.lastChange().detail()).isEmpty();
        rig.openNow();
        rig.say("a message of more than ten bytes");
        assertThat(rig.lastChange().to()).isEqualTo(ConnectionState.WAITING);
        assertThat(rig.lastChange().detail()).contains("maxMessageBytes = 10");
    }

    @Test
    void events_kept_beyond_the_call_are_refused() {
        AtomicReference<StreamProtocol.Events<String>> kept = new AtomicReference<>();
        Rig rig = new Rig(
                new LineProtocol(false, false) {
                    @Override
                    public void decode(WireMessage message, Events<String> events) {
                        kept.set(events);
                        super.decode(message, events);
                    }
                },
                () -> 0.5,
                builder -> builder);
        rig.connection.subscribe("c");
        rig.openNow();
        rig.say("ack c");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> kept.get().data("c", "x", 1, null))
                .withMessageContaining("decode");
    }

    @Test
    void draining_while_a_token_is_replaced_ends_both_connections() {
        Rig rig = withNewTokens(new LineProtocol(false, false));
        FakeTransport.Peer first = rig.server.last();
        rig.openNow();
        rig.loop.pass(Duration.ofSeconds(556));
        FakeTransport.Peer second = rig.server.last();
        assertThat(second).isNotSameAs(first);
        CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(2));
        rig.loop.run();
        assertThat(second.aborted).isTrue();
        assertThat(first.closeCode).isEqualTo(1000);
        first.close(1000);
        rig.loop.run();
        assertThat(report).isCompletedWithValueMatching(DrainReport::peerClosed);
        second.open();
        rig.loop.run();
        assertThat(rig.state()).isEqualTo(ConnectionState.CLOSED);
    }

    @Test
    void a_time_of_day_that_jumps_ends_no_connection() {
        Rig rig = new Rig(
                        builder -> builder.tokens(fresh -> TokenSource.Token.of("t", FakeLoop.START.plusSeconds(600))))
                .serves();
        rig.server.last().open();
        rig.loop.run();
        rig.loop.jump(Duration.ofDays(-400));
        rig.loop.pass(Duration.ofSeconds(60));
        rig.loop.jump(Duration.ofDays(800));
        rig.loop.pass(Duration.ofSeconds(60));
        assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        assertThat(rig.states()).doesNotContain(ConnectionState.WAITING);
        assertThat(rig.server.peers).hasSize(1);
    }

    @Test
    void every_stage_fails_with_the_reason_when_the_connection_is_given_up() {
        Rig rig = new Rig();
        CompletableFuture<Void> channel = rig.connection.subscribe("c").toCompletableFuture();
        FakeTransport.Peer peer = rig.openNow();
        peer.holdsWrites = true;
        List<CompletableFuture<Void>> stages = Arrays.asList(
                channel,
                rig.connection.send(WireMessage.text("x")).written().toCompletableFuture(),
                rig.connection.send(WireMessage.text("y")).written().toCompletableFuture(),
                rig.connection.over().toCompletableFuture());
        rig.loop.run();
        peer.close(4400);
        rig.loop.run();
        for (CompletableFuture<Void> stage : stages) {
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(stage::join)
                    .withCauseInstanceOf(ConnectionException.class)
                    .satisfies(e -> assertThat(((ConnectionException) e.getCause()).code())
                            .isEqualTo(4400));
        }
    }

    @Test
    void a_message_that_the_topics_refuse_is_counted_and_the_next_one_comes() {
        Topics<StreamMessage<String>> topics = Topics.<StreamMessage<String>>builder(
                        message -> message.payload().equals("bad") ? -1 : message.bytes())
                .build();
        Rig rig = new Rig(builder -> builder.topics(topics));
        Rig.Heard heard = rig.listen("c");
        rig.connection.subscribe("c");
        rig.openNow();
        rig.say("ack c");
        rig.say("plain c bad");
        rig.say("plain c good");
        assertThat(heard.atLeast(1)).containsExactly("good");
        assertThat(rig.connection.machine().counters.discarded.sum()).isOne();
        assertThat(rig.connection.machine().counters.published.sum()).isOne();
    }

    @Test
    void calls_that_a_slow_listener_has_no_room_for_are_counted_but_the_last_state_is_told() {
        List<Runnable> held = new ArrayList<>();
        Lifecycle life = new Lifecycle(new Dispatcher(held::add), change -> {});
        for (int i = 0; i < 1_030; i++) {
            life.event("c", ConnectionListener.ChannelEvent.Kind.GAP, "");
        }
        life.close();
        assertThat(life.droppedCalls()).isEqualTo(6);
    }

    @Test
    void whatever_threads_wish_at_the_same_time_in_the_end_the_server_was_asked_for_what_is_wanted() throws Exception {
        FakeTransport server = new FakeTransport();
        Set<String> asked = ConcurrentHashMap.newKeySet();
        server.onConnect = peer -> new Thread(peer::open).start();
        server.onSent = (peer, text) -> {
            String[] words = text.split(" ", -1);
            if (words[0].equals("sub")) {
                asked.add(words[1]);
                peer.receiver.onText("ack " + words[1], true);
            } else {
                asked.remove(words[1]);
            }
        };
        try (StreamConnection<String> connection = StreamConnection.builder(Rig.ADDRESS, new LineProtocol(false, false))
                .transport(server)
                .open()) {
            for (int round = 0; round < 50; round++) {
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    int seed = round * 3 + i;
                    Thread thread = new Thread(() -> {
                        SplittableRandom random = new SplittableRandom(seed);
                        for (int k = 0; k < 500; k++) {
                            String channel = "c" + random.nextInt(2);
                            if (random.nextBoolean()) {
                                connection.subscribe(channel);
                            } else {
                                connection.unsubscribe(channel);
                            }
                        }
                    });
                    threads.add(thread);
                    thread.start();
                }
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(connection.awaitReady(Duration.ofSeconds(20))).isTrue();
                Until.holds(() -> asked.equals(connection.channels()));
                assertThat(Set.copyOf(connection.machine().channels().names())).isEqualTo(connection.channels());
            }
        }
    }
}
