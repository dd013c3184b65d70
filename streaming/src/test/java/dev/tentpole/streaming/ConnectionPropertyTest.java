package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.ReplaySource.Replayed;
import dev.tentpole.streaming.faults.LineProtocol;
import java.time.Duration;
import java.util.ArrayList;
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
 * Whatever a server and a user do, in whatever order: no hole without a gap, no message twice, ready exactly when all is
 * acknowledged, and nothing grows.
 */
final class ConnectionPropertyTest {

    private static final List<String> CHANNELS = List.of("a", "b", "c");

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

    /** Follows one channel and finds holes. */
    private static final class Follower implements SubscriptionListener<StreamMessage<String>> {
        private StreamPosition last;
        private boolean excused = true;
        private final List<String> wrong = new ArrayList<>();
        private int gaps;

        @Override
        public synchronized void onMessage(StreamMessage<String> message, long sequence) {
            StreamPosition now = message.position().orElseThrow();
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

    private static final class World implements AutoCloseable {
        private final SplittableRandom random;
        private final Map<String, History> histories = new HashMap<>();
        private final Map<String, Follower> followers = new HashMap<>();
        private final Set<String> acknowledged = new HashSet<>();
        private final Rig rig;
        private boolean losesAcks;

        private World(long seed, boolean replays) {
            random = new SplittableRandom(seed);
            CHANNELS.forEach(channel -> histories.put(channel, new History()));
            rig = new Rig(new LineProtocol(false, false), random::nextDouble, builder -> {
                builder.settings(ConnectionSettings.builder()
                        .closeCodes(CloseCodes.standard())
                        .build());
                builder.tokens(fresh -> TokenSource.Token.of("t", FakeLoop.START.plusSeconds(3_600)));
                return replays ? builder.replays(this::replay) : builder;
            });
            rig.server.onConnect = peer -> acknowledged.clear();
            rig.server.onSent = (peer, text) -> rig.loop.execute(() -> answer(peer, text));
            for (String channel : CHANNELS) {
                Follower follower = new Follower();
                followers.put(channel, follower);
                rig.connection
                        .topics()
                        .subscribe(
                                SubscriptionSettings.<StreamMessage<String>>of(channel)
                                        .maxMessages(100_000)
                                        .build(),
                                follower);
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

        private void answer(FakeTransport.Peer peer, String text) {
            String[] words = text.split(" ", -1);
            if (peer != rig.server.last() || !peer.open) {
                return;
            }
            if (words[0].equals("sub") && !losesAcks) {
                StreamPosition at = histories.get(words[1]).position();
                acknowledged.add(words[1]);
                peer.say("ack " + words[1] + " " + at.epoch() + " " + at.offset());
            } else if (words[0].equals("unsub")) {
                acknowledged.remove(words[1]);
            }
        }

        private void publish(String channel, boolean lost, int times) {
            History history = histories.get(channel);
            history.offsets.add(0L);
            FakeTransport.Peer peer = rig.server.last();
            if (peer.open && acknowledged.contains(channel) && !lost) {
                for (int i = 0; i < times; i++) {
                    peer.say("data " + channel + " " + history.name() + " " + history.offsets.size() + " x");
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
                    if (peer.open) {
                        peer.drop();
                    }
                }
                case 6 -> {
                    histories.get(channel).epoch++;
                    histories.get(channel).offsets.clear();
                    if (peer.open) {
                        peer.close(1012);
                    }
                }
                case 7 -> {
                    if (!rig.connection.channels().contains(channel)) {
                        settle();
                        followers.get(channel).beginsAnew();
                        rig.connection.subscribe(channel);
                    }
                }
                case 8 -> rig.connection.unsubscribe(channel);
                case 9 -> {
                    if (rig.state() == ConnectionState.CONNECTING && !peer.open) {
                        peer.open();
                    }
                }
                case 10 -> {
                    if (rig.state() == ConnectionState.CONNECTING && !peer.open) {
                        peer.refuse(503);
                    }
                }
                case 11 -> losesAcks = !losesAcks;
                case 12 -> rig.loop.pass(Duration.ofMillis(random.nextInt(20_000)));
                default -> {
                    SendResult ignored = rig.connection.send(WireMessage.text("x"));
                }
            }
            rig.loop.run();
            check();
        }

        private void settle() {
            rig.loop.run();
            Until.holds(() -> {
                BufferCounters counters = rig.connection.topics().counters();
                return counters.buffered() == 0 && counters.inFlight() == 0;
            });
        }

        private void check() {
            FakeTransport.Peer peer = rig.server.last();
            boolean all = peer.open && acknowledged.containsAll(rig.connection.channels());
            if (rig.state() == ConnectionState.READY) {
                assertThat(all).as("ready, with all acknowledged").isTrue();
            }
            if (rig.state() == ConnectionState.OPEN) {
                assertThat(all).as("open, and not yet ready").isFalse();
            }
            assertThat(rig.connection.outboundBytes()).isBetween(0L, 1L << 20);
            assertThat(rig.state()).isNotIn(ConnectionState.FAILED, ConnectionState.CLOSED);
        }

        private void checkHeard() {
            settle();
            followers.forEach((channel, follower) ->
                    assertThat(follower.wrong).as(channel).isEmpty());
        }

        @Override
        public void close() {
            CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(2));
            rig.loop.run();
            if (rig.server.last().open) {
                rig.loop.pass(Duration.ofMillis(10));
                rig.server.last().close(1000);
            }
            rig.loop.pass(Duration.ofSeconds(2));
            assertThat(report).isDone();
            assertThat(rig.state()).isEqualTo(ConnectionState.CLOSED);
            assertThat(rig.states().stream().filter(ConnectionState::isTerminal))
                    .hasSize(1);
        }
    }

    @Property(tries = 300)
    void no_hole_is_silent_and_no_message_comes_twice(
            @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 13) Integer> actions,
            @ForAll long seed,
            @ForAll boolean replays) {
        try (World world = new World(seed, replays)) {
            actions.forEach(world::act);
            world.checkHeard();
        }
    }

    @Property(tries = 100)
    void with_a_replay_source_there_is_never_a_gap(
            @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 13) Integer> actions, @ForAll long seed) {
        try (World world = new World(seed, true)) {
            actions.stream().filter(action -> action != 6).forEach(world::act);
            world.checkHeard();
            world.followers
                    .values()
                    .forEach(follower -> assertThat(follower.gaps).isZero());
        }
    }
}
