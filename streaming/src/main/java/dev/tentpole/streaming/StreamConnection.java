package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.streaming.ConnectionListener.StateChange;
import dev.tentpole.streaming.TokenSource.Token;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that stays connected, and brings the messages of the channels that are wanted to the subscribers of its
 * {@link #topics}.
 *
 * <p>It connects again whenever it must, at random times that grow (see {@link ConnectionSettings}), asks for the channels
 * anew, and tells subscribers in the place of what was missed that it was missed; with positions and a
 * {@link ReplaySource}, it gets what was missed. Within one connection each message is delivered at most once. A
 * connection that gives up says so: by the listener, by {@link #over}, by its state and its metrics.
 *
 * <p>What comes is published on a thread of its own, so that neither heartbeats nor the state depend on what consumers
 * do. Only a subscription with {@link Overflow#block} can hold up the others, and after the shorter of 5 s and half a
 * heartbeat what finds no room is a gap.
 *
 * <p>Threads, all daemons: one for the connection; one for publishing, one for listeners, one for the token source and up
 * to four for the replay source, which end when they are idle; those of the topics and the transport. Safe for use by
 * several threads.
 *
 * @param <T> the payload's type
 */
public final class StreamConnection<T> implements AutoCloseable {

    /**
     * The gap that stands for messages of which is not known how many they were, nor whether there were any: there was no
     * connection, and the protocol has no positions.
     */
    public static final Gap UNKNOWN_GAP = new Gap(1, -1, -1, DropReason.UPSTREAM);

    private final String name;
    private final ConnectionSettings settings;
    private final Topics<StreamMessage<T>> topics;
    private final EventLoop loop;
    private final @Nullable OwnThreads threads;
    private final Machine<T> machine;
    private final Wishes<T> wishes;
    private final CompletableFuture<DrainReport> drained = new CompletableFuture<>();
    private @Nullable Drain<T> drain;

    private StreamConnection(Builder<T> builder, Surroundings around, @Nullable OwnThreads threads) {
        this.name = builder.name;
        this.settings = builder.settings;
        this.topics = builder.topics != null
                ? builder.topics
                : Topics.<StreamMessage<T>>builder(StreamMessage::bytes).build();
        this.loop = around.loop();
        this.threads = threads;
        this.machine = new Machine<>(
                around,
                settings,
                builder.transport,
                builder.requests(),
                builder.protocol,
                builder.tokens,
                builder.replays,
                topics,
                builder.listener);
        this.wishes = new Wishes<>(name, settings.maxChannels, loop, machine);
        loop.execute(machine::start);
    }

    /**
     * {@return a builder}
     *
     * @param uri the address, {@code ws} or {@code wss}, with a host
     * @param protocol how the server is spoken to
     * @param <T> the payload's type
     * @throws IllegalArgumentException if the address is not such a one
     */
    public static <T> Builder<T> builder(URI uri, StreamProtocol<T> protocol) {
        return new Builder<>(uri, protocol);
    }

    /**
     * {@return the topics that messages are published to; the connection completes or closes them at its end}
     */
    public Topics<StreamMessage<T>> topics() {
        return topics;
    }

    /**
     * Wants a channel from now on, whose messages are published to the topic of the same name. As {@link
     * #subscribe(String, String, Optional)} from what comes next.
     *
     * @param channel the channel's name, which must be a topic's, too
     * @return done when the server has acknowledged it for the first time
     */
    public CompletionStage<Void> subscribe(String channel) {
        return subscribe(channel, channel, Optional.empty());
    }

    /**
     * Wants a channel from now on, on this connection and all that follow it. Wanting it again changes nothing.
     *
     * <p>To begin with a snapshot and miss nothing: read the channel's position first, then load the snapshot, then
     * subscribe from that position. A message that is in the snapshot already may then come again.
     *
     * @param channel the channel's name, as the protocol has it
     * @param topic the topic that its messages are published to, see {@link TopicPattern}
     * @param after the position to go on from; empty to begin with what comes next
     * @return done when the server has acknowledged it for the first time; failed with {@link ConnectionException} if
     *     the server refuses it, if it is unsubscribed before, or if the connection ends for good
     * @throws IllegalArgumentException if the topic is not one, or the channel is wanted for another topic already
     * @throws StreamingException if there are as many channels as there may be, or the connection is closed
     */
    public CompletionStage<Void> subscribe(String channel, String topic, Optional<StreamPosition> after) {
        return wishes.add(channel, topic, after);
    }

    /**
     * Wants a channel no longer. Messages that are under way already may still be published.
     *
     * @param channel the channel's name
     * @return whether it was wanted
     */
    public boolean unsubscribe(String channel) {
        return wishes.remove(channel);
    }

    /**
     * {@return the names of the channels that are wanted, at this moment}
     */
    public Set<String> channels() {
        return wishes.names();
    }

    /**
     * {@return the last position of a channel that was given to its topic; empty if there is none}
     *
     * @param channel the channel's name
     */
    public Optional<StreamPosition> position(String channel) {
        return wishes.position(channel);
    }

    /**
     * Sends a message, if there is a connection and room; never waits.
     *
     * @param message what to send
     * @return what became of it
     */
    public SendResult send(WireMessage message) {
        SendResult result = machine.outbound.offer(Objects.requireNonNull(message, "message"));
        if (result.isAccepted()) {
            loop.execute(machine::pump);
        }
        return result;
    }

    /**
     * {@return the bytes that wait to be written: of messages that were sent, and of answers that the server asked for}
     */
    public long outboundBytes() {
        return machine.outbound.bytes();
    }

    /**
     * {@return the state, at this moment}
     */
    public ConnectionState state() {
        return machine.life().state();
    }

    /**
     * {@return the number of the present or last attempt to connect, from 1; 0 before the first}
     */
    public int generation() {
        return machine.life().attempts();
    }

    /**
     * {@return whether no further attempt will be made by itself}
     */
    public boolean isTerminated() {
        return machine.life().state().isTerminal();
    }

    /**
     * {@return done when the connection is closed, failed with {@link ConnectionException} when it is given up; after
     * {@link #restart} there is a new one}
     */
    public CompletionStage<Void> over() {
        return machine.life().over().minimalCompletionStage();
    }

    /**
     * Waits until the connection is ready for all channels that were wanted before this call.
     *
     * @param timeout how long to wait
     * @return whether it is
     * @throws ConnectionException if the connection is given up or closed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean awaitReady(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout, NanoClock.system());
        CompletableFuture<Void> caughtUp = new CompletableFuture<>();
        loop.execute(() -> caughtUp.complete(null));
        try {
            // Not what over() tells: a connection that was given up may be about to restart.
            Object ignored =
                    CompletableFuture.anyOf(caughtUp, drained).get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
        ConnectionState reached = machine.life()
                .await(state -> state == ConnectionState.READY || state.isTerminal(), deadline.remainingNanos());
        if (reached.isTerminal()) {
            ConnectionException why = machine.life().failure();
            throw new ConnectionException(
                    why == null ? ConnectionReason.REQUESTED : why.reason(),
                    why == null ? 0 : why.code(),
                    "connection " + name + " is " + reached + (why == null ? "" : ": " + why.getMessage()),
                    why);
        }
        return reached == ConnectionState.READY;
    }

    /**
     * Revives a connection that was given up: attempts begin anew, at once, with all channels that are wanted. Does
     * nothing in any other state.
     */
    public void restart() {
        loop.execute(machine::restart);
    }

    /**
     * Closes in order, and returns at once: takes in nothing more, tells the server that no channel is wanted, lets
     * subscribers have what is buffered and accepted messages be written, closes with code 1000, waits for the server to
     * do so as well, and ends. What is not done when the time is up is given up.
     *
     * <p>Draining again, and closing, has no effect but to make haste. It may be called anywhere, also by a subscriber or
     * a listener; one that waits for the report there waits until the time is up, since its own return is waited for.
     *
     * @param timeout for all of it, from 0 to 1 hour; the close takes {@link ConnectionSettings.Builder#closeTimeout} of
     *     it, at most half
     * @return the report, when it is over
     * @throws IllegalArgumentException if the timeout is out of range
     */
    public CompletableFuture<DrainReport> drain(Duration timeout) {
        Args.inRange("timeout", timeout, Duration.ZERO, Duration.ofHours(1));
        Duration half = timeout.dividedBy(2);
        Duration forClose = half.compareTo(settings.closeTimeout) < 0 ? half : settings.closeTimeout;
        return drain(timeout.minus(forClose), forClose);
    }

    /**
     * Ends the connection without regard to what is buffered; waits for the server's answer to the close frame, at most
     * {@link ConnectionSettings.Builder#closeTimeout}. Closing twice is harmless. If the thread is interrupted it does not
     * wait, and stays interrupted.
     */
    @Override
    public void close() {
        CompletableFuture<DrainReport> report = drain(Duration.ZERO, settings.closeTimeout);
        if (loop.inLoop()) {
            return;
        }
        try {
            report.get(settings.closeTimeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
            if (threads != null) {
                threads.loop.join(1_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("connection " + name + " could not be closed", e);
        }
    }

    private CompletableFuture<DrainReport> drain(Duration forBuffers, Duration forClose) {
        loop.execute(() -> {
            Drain<T> begun = drain;
            if (begun == null) {
                CompletionStage<DrainReport> ignored = drained.whenComplete((report, failure) -> {
                    if (threads != null) {
                        threads.close();
                    }
                });
                drain = Drain.start(machine, topics, loop, forBuffers.toNanos(), forClose.toNanos(), drained);
            } else if (forBuffers.isZero()) {
                begun.hurry(forClose.toNanos());
            }
        });
        return drained.copy();
    }

    String name() {
        return name;
    }

    Machine<T> machine() {
        return machine;
    }

    @Override
    public String toString() {
        return "StreamConnection[" + name + ", " + state() + ", " + channels().size() + " channels]";
    }

    /**
     * Builds a {@link StreamConnection}. Not safe for use by several threads.
     *
     * @param <T> the payload's type
     */
    public static final class Builder<T> {

        private final URI uri;
        private final StreamProtocol<T> protocol;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private String name;
        private ConnectionSettings settings = ConnectionSettings.defaults();
        private Transport transport = Transport.jdk();
        private ConnectionListener listener = Builder::ignore;
        private @Nullable Function<Optional<Token>, Transport.Request> requests;
        private @Nullable TokenSource tokens;
        private @Nullable ReplaySource<T> replays;
        private @Nullable Topics<StreamMessage<T>> topics;

        private Builder(URI uri, StreamProtocol<T> protocol) {
            boolean webSocket = "ws".equalsIgnoreCase(uri.getScheme()) || "wss".equalsIgnoreCase(uri.getScheme());
            Args.check(
                    webSocket && uri.getHost() != null,
                    "uri",
                    Redacted.uri(uri),
                    "an address with scheme ws or wss and a host");
            this.uri = uri;
            this.protocol = Objects.requireNonNull(protocol, "protocol");
            this.name = uri.getHost();
        }

        private static void ignore(StateChange change) {}

        /**
         * Sets the name that logs, errors and metrics show.
         *
         * @param value the name; default the host of the address
         * @return this builder
         */
        public Builder<T> name(String value) {
            name = Args.notBlank("name", value);
            return this;
        }

        /**
         * Sets the times and limits.
         *
         * @param value the settings; default {@link ConnectionSettings#defaults}
         * @return this builder
         */
        public Builder<T> settings(ConnectionSettings value) {
            settings = Objects.requireNonNull(value, "settings");
            return this;
        }

        /**
         * Adds a header to the handshake.
         *
         * @param header its name
         * @param value its value; never shown
         * @return this builder
         */
        public Builder<T> header(String header, String value) {
            headers.put(Args.notBlank("header", header), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets where tokens come from. Unless {@link #handshake} does otherwise, a token goes into the handshake as
         * {@code Authorization: Bearer}.
         *
         * @param value the source; default none
         * @return this builder
         */
        public Builder<T> tokens(TokenSource value) {
            tokens = Objects.requireNonNull(value, "tokens");
            return this;
        }

        /**
         * Sets how each handshake is made up, for instance with the token in the address, or at another server each
         * time. The address and headers of this builder are not used then.
         *
         * @param value gets the token, if there is a source; called on the connection's thread, must be quick. If it
         *     throws, the connection tries again later
         * @return this builder
         */
        public Builder<T> handshake(Function<Optional<Token>, Transport.Request> value) {
            requests = Objects.requireNonNull(value, "handshake");
            return this;
        }

        /**
         * Sets where missed messages come from.
         *
         * @param value the source; default none, so that what is missed is a gap
         * @return this builder
         */
        public Builder<T> replays(ReplaySource<T> value) {
            replays = Objects.requireNonNull(value, "replays");
            return this;
        }

        /**
         * Sets what speaks WebSocket.
         *
         * @param value the transport; default {@link Transport#jdk()}
         * @return this builder
         */
        public Builder<T> transport(Transport value) {
            transport = Objects.requireNonNull(value, "transport");
            return this;
        }

        /**
         * Sets who is told of changes.
         *
         * @param value the listener; default nobody
         * @return this builder
         */
        public Builder<T> listener(ConnectionListener value) {
            listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /**
         * Sets the topics that messages are published to. They become the connection's: it completes or closes them at
         * its end.
         *
         * @param value the topics; default new ones with the default settings
         * @return this builder
         */
        public Builder<T> topics(Topics<StreamMessage<T>> value) {
            topics = Objects.requireNonNull(value, "topics");
            return this;
        }

        /**
         * {@return the connection, which connects at once}
         *
         * @throws IllegalArgumentException if the JDK's transport can't send one of the headers
         */
        public StreamConnection<T> open() {
            String illegal = transport instanceof JdkTransport ? JdkTransport.illegal(headers) : null;
            if (illegal != null) {
                throw new IllegalArgumentException("header " + illegal + JdkTransport.ILLEGAL);
            }
            OwnThreads threads = new OwnThreads();
            return new StreamConnection<>(this, threads.surroundings(), threads);
        }

        StreamConnection<T> open(Surroundings around) {
            return new StreamConnection<>(this, around, null);
        }

        private Function<Optional<Token>, Transport.Request> requests() {
            if (requests != null) {
                return requests;
            }
            Map<String, String> fixed = Map.copyOf(headers);
            return token -> {
                Map<String, String> all = new LinkedHashMap<>(fixed);
                token.ifPresent(value -> all.put("Authorization", "Bearer " + value.secret()));
                return new Transport.Request(uri, all, protocol.subprotocols(), settings.connectTimeout);
            };
        }
    }
}
