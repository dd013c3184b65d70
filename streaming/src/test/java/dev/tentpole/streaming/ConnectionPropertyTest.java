package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.ReplaySource.Replayed;
import dev.tentpole.streaming.faults.LineProtocol;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Whatever a server, a token source, consumers and a user do, in whatever order: no hole without a gap, no message twice,
 * ready exactly when all is acknowledged, all accounted for, and once everybody behaves it is ready again.
 */
final class ConnectionPropertyTest {

    private static final List<String> CHANNELS = List.of("a", "b", "c");
    private static final int ACTIONS = 20;
    private static final int EPOCH = 6;
    private static final Duration TOKEN_LIFE = Duration.ofSeconds(40);

    /** The default. */
    private static final Duration STABLE_AFTER = Duration.ofSeconds(10);

    /** What the server has of a channel. */
    private static final class History {
        private int epoch = 1;
        private final List<Long> offsets = new ArrayList<>();

        private String name() {
            return "e" + epoch;
        }

        private StreamPosition position() {
            return new StreamPosition(name(), offsets.size());
        }
    }

    /** Follows one channel and finds holes; pauses when told to. */
    private static final class Follower implements SubscriptionListener<StreamMessage<String>> {
        private StreamPosition last;
        private boolean excused = true;
        private final List<String> wrong = new ArrayList<>();
        private int gaps;
        private volatile boolean paused;

        @Override
        public void onMessage(StreamMessage<String> message, long sequence) {
            Until.holds(() -> !paused);
            follow(message.position().orElseThrow());
        }

        private synchronized void follow(StreamPosition now) {
            boolean next = last != null && now.epoch().equals(last.epoch()) && now.offset() == last.offset() + 1;
            boolean back = last != null && now.epoch().equals(last.epoch()) && now.offset() <= last.offset();
            if ((!next && !excused) || back) {
                wrong.add(last + " then " + now);
            }
            last = now;
            excused = false;
        }

        @Override
        public synchronized void onGap(Gap gap) {
            excused = true;
            gaps++;
        }

        @Override
        public synchronized void onReset(long generation, String why) {
            excused = true;
        }

        private synchronized void beginsAnew() {
            excused = true;
        }
    }

    /** One connection, as the server sees it. */
    private static final class Line {
        private final FakeTransport.Peer peer;
        private final Set<String> acknowledged = new HashSet<>();
        private final Deque<String> late = new ArrayDeque<>();
        private boolean lostAnAck;

        private Line(FakeTransport.Peer peer) {
            this.peer = peer;
        }
    }

    private static final class World implements AutoCloseable {
        private final SplittableRandom random;
        private final Map<String, History> histories = new HashMap<>();
        private final Map<String, Follower> followers = new HashMap<>();
        private final List<Subscription<StreamMessage<String>>> subscriptions = new ArrayList<>();
        private final List<Line> lines = new ArrayList<>();
        private final Rig rig;
        private boolean losesAcks;
        private boolean lags;
        private boolean behaves;
        private boolean tokensFail;
        private int refusals;
        /** Since when it has been seen ready at each look, if it has. */
        private Instant readySince = Instant.MAX;

        private World(long seed, boolean replays, boolean inBand, int buffer) {
            random = new SplittableRandom(seed);
            CHANNELS.forEach(channel -> histories.put(channel, new History()));
            FakeLoop clock = new FakeLoop();
            rig = new Rig(clock, new LineProtocol(false, inBand), random::nextDouble, builder -> {
                builder.tokens(fresh -> token(clock));
                return replays ? builder.replays(this::replay) : builder;
            });
            rig.server.onConnect = peer -> {
                lines.add(new Line(peer));
                if (behaves) {
                    rig.loop.execute(() -> handshake(peer));
                }
            };
            rig.server.peers.forEach(peer -> lines.add(new Line(peer)));
            rig.server.onSent = (peer, text) -> rig.loop.execute(() -> answer(line(peer), text));
            for (String channel : CHANNELS) {
                Follower follower = new Follower();
                followers.put(channel, follower);
                subscriptions.add(rig.connection
                        .topics()
                        .subscribe(
                                SubscriptionSettings.<StreamMessage<String>>of(channel)
                                        .maxMessages(buffer)
                                        .build(),
                                follower));
            }
        }

        private TokenSource.Token token(FakeLoop clock) {
            if (tokensFail) {
                throw new IllegalStateException("no tokens today");
            }
            Instant end = clock.wall().plus(TOKEN_LIFE);
            return TokenSource.Token.of(end.toString(), end);
        }

        private Line line(FakeTransport.Peer peer) {
            return lines.stream().filter(line -> line.peer == peer).findFirst().orElseThrow();
        }

        private boolean hasExpired(FakeTransport.Peer peer) {
            String token = peer.request.headers().get("Authorization").substring("Bearer ".length());
            return !Instant.parse(token).isAfter(rig.loop.wall());
        }

        private void handshake(FakeTransport.Peer peer) {
            if (peer.open || peer.aborted) {
                return;
            }
            if (hasExpired(peer)) {
                refusals++;
                peer.refuse(401);
            } else {
                peer.open();
            }
        }

        private List<Replayed<String>> replay(String channel, StreamPosition after, StreamPosition upTo) {
            List<Replayed<String>> all = new ArrayList<>();
            if (histories.get(channel).name().equals(after.epoch())) {
                for (long i = after.offset() + 1; i <= upTo.offset(); i++) {
                    all.add(new Replayed<>(new StreamPosition(after.epoch(), i), "replayed", 8));
                }
            }
            return all;
        }

        private void say(Line line, String text) {
            line.late.add(text);
            if (!lags) {
                flush(line);
            }
        }

        private void flush(Line line) {
            while (!line.late.isEmpty() && line.peer.open) {
                line.peer.say(line.late.remove());
            }
        }

        private void answer(Line line, String text) {
            String[] words = text.split(" ", -1);
            if (!line.peer.open) {
                return;
            }
            if (words[0].equals("sub")) {
                StreamPosition at = histories.get(words[1]).position();
                line.acknowledged.add(words[1]);
                line.lostAnAck |= losesAcks;
                if (!losesAcks) {
                    say(line, "ack " + words[1] + " " + at.epoch() + " " + at.offset());
                }
            } else if (words[0].equals("unsub")) {
                line.acknowledged.remove(words[1]);
            }
        }

        private void publish(String channel, boolean lost, int times) {
            History history = histories.get(channel);
            history.offsets.add(0L);
            for (Line line : lines) {
                if (line.peer.open && line.acknowledged.contains(channel) && !lost) {
                    for (int i = 0; i < times; i++) {
                        say(line, "data " + channel + " " + history.name() + " " + history.offsets.size() + " x");
                    }
                }
            }
        }

        private void act(int action) {
            String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
            FakeTransport.Peer peer = rig.server.last();
            switch (action) {
                case 0, 1, 2 -> publish(channel, false, 1);
                case 3 -> publish(channel, true, 1);
                case 4 -> publish(channel, false, 2);
                case 5 -> {
                    FakeTransport.Peer any =
                            rig.server.peers.get(Math.max(0, rig.server.peers.size() - 1 - random.nextInt(2)));
                    if (any.open) {
                        any.drop();
                    }
                }
                case EPOCH -> {
                    histories.get(channel).epoch++;
                    histories.get(channel).offsets.clear();
                    lines.stream().filter(line -> line.peer.open).forEach(line -> line.peer.close(1012));
                }
                case 7 -> {
                    if (!rig.connection.channels().contains(channel)) {
                        settle();
                        followers.get(channel).beginsAnew();
                        rig.connection.subscribe(channel);
                    }
                }
                case 8 -> rig.connection.unsubscribe(channel);
                case 9 -> handshake(peer);
                case 10 -> {
                    if (!peer.open && !peer.aborted) {
                        peer.refuse(503);
                    }
                }
                case 11 -> losesAcks = !losesAcks;
                case 12 -> rig.loop.pass(Duration.ofMillis(random.nextInt(20_000)));
                case 13 -> {
                    SendResult ignored = rig.connection.send(WireMessage.text("x"));
                }
                case 14 -> {
                    Follower follower = followers.get(channel);
                    follower.paused = !follower.paused;
                }
                case 15 -> lags = !lags;
                case 16 -> lines.forEach(this::flush);
                case 17 -> tokensFail = !tokensFail;
                case 18 -> rig.loop.pass(TOKEN_LIFE);
                default -> {
                    if (peer.open && hasExpired(peer)) {
                        refusals++;
                        peer.close(4401);
                    }
                }
            }
            rig.loop.run();
            check();
        }

        private void settle() {
            rig.loop.run();
            followers.values().forEach(follower -> follower.paused = false);
            Until.holds(() -> {
                BufferCounters counters = rig.connection.topics().counters();
                return counters.buffered() == 0 && counters.inFlight() == 0;
            });
        }

        /** They are forgotten once it has been ready for long enough, and not before: a token may be taken and refused in turns. */
        private void forgetRefusals() {
            Instant now = rig.loop.wall();
            if (rig.state() != ConnectionState.READY) {
                readySince = Instant.MAX;
            } else if (readySince.isAfter(now)) {
                readySince = now;
            } else if (!readySince.plus(STABLE_AFTER).isAfter(now)) {
                refusals = 0;
            }
        }

        private void check() {
            List<Line> open = lines.stream().filter(line -> line.peer.open).toList();
            Set<String> wanted = rig.connection.channels();
            forgetRefusals();
            if (rig.state() == ConnectionState.READY) {
                assertThat(open)
                        .as("ready, with all acknowledged")
                        .anyMatch(line -> line.acknowledged.containsAll(wanted));
            }
            if (rig.state() == ConnectionState.OPEN) {
                assertThat(open)
                        .as("open, and not yet ready")
                        .anyMatch(line ->
                                !line.acknowledged.containsAll(wanted) || line.lostAnAck || !line.late.isEmpty());
            }
            if (rig.state() == ConnectionState.FAILED) {
                assertThat(rig.lastChange().reason()).isEqualTo(ConnectionReason.UNAUTHORIZED);
                assertThat(refusals).as("refused tokens since it was stable").isGreaterThanOrEqualTo(2);
                rig.connection.restart();
                rig.loop.run();
            }
            assertThat(rig.state()).isNotEqualTo(ConnectionState.CLOSED);
            assertThat(rig.connection.outboundBytes()).isBetween(0L, 1L << 20);
            Counters counted = rig.connection.machine().counters;
            assertThat(counted.received.sum() + counted.replayed.sum())
                    .as("messages of the connection")
                    .isEqualTo(counted.published.sum()
                            + counted.duplicates.sum()
                            + counted.unwanted.sum()
                            + counted.afterDrain.sum()
                            + counted.expired.sum()
                            + counted.discarded.sum()
                            + rig.connection.machine().waiting());
            for (Subscription<StreamMessage<String>> subscription : subscriptions) {
                BufferCounters each = subscription.counters();
                assertThat(each.received())
                        .as("messages of a subscription")
                        .isEqualTo(each.delivered()
                                + each.failed()
                                + each.totalDropped()
                                + each.conflated()
                                + each.filtered()
                                + each.buffered()
                                + each.inFlight());
            }
        }

        private void checkHeard() {
            settle();
            followers.forEach((channel, follower) ->
                    assertThat(follower.wrong).as(channel).isEmpty());
        }

        /** From now on everybody behaves: then the connection is ready before long. */
        private void recovers() {
            behaves = true;
            losesAcks = false;
            lags = false;
            tokensFail = false;
            lines.forEach(this::flush);
            handshake(rig.server.last());
            rig.loop.run();
            check();
            rig.loop.pass(Duration.ofMinutes(3));
            check();
            assertThat(rig.state()).isEqualTo(ConnectionState.READY);
        }

        @Override
        public void close() {
            settle();
            CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(2));
            rig.loop.run();
            rig.loop.pass(Duration.ofMillis(10));
            lines.stream().filter(line -> line.peer.open).forEach(line -> line.peer.close(1000));
            rig.loop.pass(Duration.ofSeconds(2));
            assertThat(report).isDone();
            assertThat(rig.state()).isEqualTo(ConnectionState.CLOSED);
            assertThat(rig.states().stream().filter(state -> state == ConnectionState.CLOSED))
                    .hasSize(1);
        }
    }

    @Property(tries = 300)
    void no_hole_is_silent_no_message_comes_twice_and_it_recovers(
            @ForAll @Size(max = 80) List<@IntRange(min = 0, max = ACTIONS - 1) Integer> actions,
            @ForAll long seed,
            @ForAll boolean replays,
            @ForAll boolean inBand,
            @ForAll boolean smallBuffers) {
        try (World world = new World(seed, replays, inBand, smallBuffers ? 3 : 100_000)) {
            actions.forEach(world::act);
            world.checkHeard();
            world.recovers();
            world.checkHeard();
        }
    }

    @Property(tries = 100)
    void with_a_replay_source_there_is_never_a_gap(
            @ForAll @Size(max = 80) List<@IntRange(min = 0, max = ACTIONS - 1) Integer> actions,
            @ForAll long seed,
            @ForAll boolean inBand) {
        try (World world = new World(seed, true, inBand, 100_000)) {
            actions.stream().filter(action -> action != EPOCH).forEach(world::act);
            world.recovers();
            world.checkHeard();
            world.followers
                    .values()
                    .forEach(follower -> assertThat(follower.gaps).isZero());
        }
    }
}
