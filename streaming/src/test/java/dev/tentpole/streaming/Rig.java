package dev.tentpole.streaming;

import dev.tentpole.streaming.ConnectionListener.ChannelEvent;
import dev.tentpole.streaming.ConnectionListener.StateChange;
import dev.tentpole.streaming.faults.LineProtocol;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;

/** A connection on a fake clock to a server in memory, and what it says. */
final class Rig implements AutoCloseable {

    static final URI ADDRESS = URI.create("ws://server.test/stream?secret=hunter2");

    final FakeLoop loop;
    final FakeTransport server = new FakeTransport();
    final List<StateChange> changes = new ArrayList<>();
    final List<ChannelEvent> events = new ArrayList<>();
    final StreamConnection<String> connection;

    Rig() {
        this(builder -> builder);
    }

    Rig(UnaryOperator<StreamConnection.Builder<String>> more) {
        this(new LineProtocol(false, false), () -> 0.5, more);
    }

    Rig(StreamProtocol<String> protocol, DoubleSupplier random, UnaryOperator<StreamConnection.Builder<String>> more) {
        this(new FakeLoop(), protocol, random, more);
    }

    Rig(
            FakeLoop loop,
            StreamProtocol<String> protocol,
            DoubleSupplier random,
            UnaryOperator<StreamConnection.Builder<String>> more) {
        this.loop = loop;
        connection = more.apply(StreamConnection.builder(ADDRESS, protocol)
                        .transport(server)
                        .listener(new ConnectionListener() {
                            @Override
                            public void onState(StateChange change) {
                                changes.add(change);
                            }

                            @Override
                            public void onChannel(ChannelEvent event) {
                                events.add(event);
                            }
                        }))
                .open(loop.surroundings(random));
        loop.run();
    }

    static Rig withSettings(UnaryOperator<ConnectionSettings.Builder> settings) {
        return new Rig(builder ->
                builder.settings(settings.apply(ConnectionSettings.builder()).build()));
    }

    /** A server that opens each connection and acknowledges each subscription. */
    Rig serves() {
        server.onConnect = peer -> loop.execute(peer::open);
        server.onSent = (peer, text) -> {
            String[] words = text.split(" ", -1);
            if (words[0].equals("sub")) {
                loop.execute(() -> peer.say("ack " + words[1]));
            }
        };
        return this;
    }

    ConnectionState state() {
        return connection.state();
    }

    List<ConnectionState> states() {
        return changes.stream().map(StateChange::to).toList();
    }

    List<String> kinds() {
        return events.stream()
                .map(event -> event.kind() + " " + event.channel())
                .toList();
    }

    StateChange lastChange() {
        return changes.get(changes.size() - 1);
    }

    FakeTransport.Peer openNow() {
        FakeTransport.Peer peer = server.last();
        peer.open();
        loop.run();
        return peer;
    }

    void say(String text) {
        server.last().say(text);
        loop.run();
    }

    /** Lets the present wait for the next attempt pass. */
    void passRetry() {
        assertWaiting();
        loop.pass(lastChange().retryIn());
    }

    private void assertWaiting() {
        if (state() != ConnectionState.WAITING) {
            throw new AssertionError("is " + state());
        }
    }

    /** Subscribes to a topic, and keeps what it brings as text: payloads, {@code gap COUNT FIRST LAST REASON} and so on. */
    Heard listen(String topic) {
        return listen(SubscriptionSettings.<StreamMessage<String>>of(topic).build());
    }

    Heard listen(SubscriptionSettings<StreamMessage<String>> settings) {
        Heard heard = new Heard();
        heard.subscription = connection.topics().subscribe(settings, heard);
        return heard;
    }

    @Override
    public void close() {
        CompletableFuture<DrainReport> ignored = connection.drain(Duration.ZERO);
        loop.pass(Duration.ofSeconds(10));
    }

    /** What a subscriber hears. */
    static final class Heard implements SubscriptionListener<StreamMessage<String>> {

        final List<String> all = Collections.synchronizedList(new ArrayList<>());
        Subscription<StreamMessage<String>> subscription;

        @Override
        public void onMessage(StreamMessage<String> message, long sequence) {
            all.add(message.payload());
        }

        @Override
        public void onGap(Gap gap) {
            all.add("gap " + gap.count() + " " + gap.first() + " " + gap.last() + " " + gap.reason());
        }

        @Override
        public void onResumed(long generation) {
            all.add("resumed " + generation);
        }

        @Override
        public void onReset(long generation, String why) {
            all.add("reset " + generation);
        }

        @Override
        public void onEnd(EndReason reason) {
            all.add("end " + reason.kind());
        }

        /** What was heard, once it is as much as expected, or after a while. */
        List<String> atLeast(int count) {
            Until.within(Duration.ofSeconds(5), () -> all.size() >= count);
            synchronized (all) {
                return List.copyOf(all);
            }
        }
    }
}
