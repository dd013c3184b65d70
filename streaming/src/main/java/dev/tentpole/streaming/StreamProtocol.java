package dev.tentpole.streaming;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a server is spoken to: what to say to subscribe, and what its messages mean.
 *
 * <p>Called on the connection's own thread, one call at a time: methods must be quick and must not block, for heartbeats
 * run there too. What {@link #decode} throws ends the connection with {@link ConnectionReason#PROTOCOL_ERROR}, and what
 * others throw with {@link ConnectionReason#INTERNAL_ERROR}; it is made again after the backoff.
 *
 * @param <T> the payload's type
 */
public interface StreamProtocol<T> {

    /**
     * {@return what to say to subscribe to a channel}
     *
     * @param channel the channel's name
     * @param after the last position that the consumer has; empty to begin with what comes next
     */
    WireMessage subscribe(String channel, Optional<StreamPosition> after);

    /**
     * {@return what to say to subscribe to a channel, for a server that repeats a number of the request in its answer: then
     * an answer to an earlier request is never taken for one to this. Override it and tell the number to
     * {@link Events#subscribed(String, long, StreamPosition, boolean)} or {@link Events#refused(String, long, String)}.
     * Default {@link #subscribe(String, Optional)}, and answers are counted}
     *
     * @param channel the channel's name
     * @param after the last position that the consumer has; empty to begin with what comes next
     * @param attempt the number of this request, from 1; no other one of this connection has it
     */
    default WireMessage subscribe(String channel, Optional<StreamPosition> after, long attempt) {
        return subscribe(channel, after);
    }

    /**
     * {@return what to say to end a subscription; empty if nothing needs to be said. A server's mere confirmation of that
     * means nothing, and is no call of {@link Events#unsubscribed}}
     *
     * @param channel the channel's name
     */
    Optional<WireMessage> unsubscribe(String channel);

    /**
     * Says what a message means, by calls of {@code events}; none for a message that means nothing.
     *
     * @param message what has come
     * @param events what to call
     */
    void decode(WireMessage message, Events<T> events);

    /**
     * {@return whether the server acknowledges subscriptions by {@link Events#subscribed}; if not, they count as
     * acknowledged when they are sent. Default true}
     */
    default boolean acknowledges() {
        return true;
    }

    /**
     * {@return the subprotocols to ask for in the handshake, the most wanted first. Default none}
     */
    default List<String> subprotocols() {
        return List.of();
    }

    /**
     * {@return what to say first on each new connection, before any subscription; the server answers with
     * {@link Events#opened}. Default nothing}
     *
     * @param token the token, if there is a source
     */
    default Optional<WireMessage> opening(Optional<TokenSource.Token> token) {
        return Optional.empty();
    }

    /**
     * {@return what to say to replace the token on an open connection; empty if the protocol can't, so that a second
     * connection is made before the first one is closed. Default empty}
     *
     * @param token the new token
     */
    default Optional<WireMessage> refresh(TokenSource.Token token) {
        return Optional.empty();
    }

    /**
     * {@return what to say once each {@link ConnectionSettings.Builder#heartbeat}, for servers that want more than pings; not
     * before the server has answered {@link #opening}, if it is to. Default nothing}
     */
    default Optional<WireMessage> heartbeat() {
        return Optional.empty();
    }

    /**
     * What a message can mean. Valid only during the call of {@link StreamProtocol#decode} that it was given to; after that
     * its methods throw {@link IllegalStateException}. Once the connection has ended, they do nothing.
     *
     * @param <T> the payload's type
     */
    interface Events<T> {

        /** The server accepts what {@link StreamProtocol#opening} said. */
        void opened();

        /**
         * The server acknowledges a subscription: the first one that it has not answered yet.
         *
         * @param channel the channel's name
         * @param position where the channel is, the position of its last message so far; null if the server does not say
         * @param recovering whether the server is about to send the messages after the position that it was given
         */
        void subscribed(String channel, @Nullable StreamPosition position, boolean recovering);

        /**
         * The server acknowledges a subscription, and says which request for it.
         *
         * @param channel the channel's name
         * @param attempt the number that {@link StreamProtocol#subscribe(String, Optional, long)} was given
         * @param position where the channel is, the position of its last message so far; null if the server does not say
         * @param recovering whether the server is about to send the messages after the position that it was given
         */
        void subscribed(String channel, long attempt, @Nullable StreamPosition position, boolean recovering);

        /**
         * The server refuses a subscription. It ends, alone.
         *
         * @param channel the channel's name
         * @param detail the server's words, without secrets
         */
        void refused(String channel, String detail);

        /**
         * The server refuses a subscription, and says which request for it.
         *
         * @param channel the channel's name
         * @param attempt the number that {@link StreamProtocol#subscribe(String, Optional, long)} was given
         * @param detail the server's words, without secrets
         */
        void refused(String channel, long attempt, String detail);

        /**
         * The server has ended a subscription.
         *
         * @param channel the channel's name
         * @param again whether to subscribe again
         * @param detail the server's words, without secrets
         */
        void unsubscribed(String channel, boolean again, String detail);

        /**
         * A message of a channel has come. One for a channel that nobody wants is counted and ignored.
         *
         * @param channel the channel's name
         * @param payload what the server sent
         * @param bytes its size in bytes, for the buffer to count, from 0
         * @param position where in the channel it is; null if the protocol has no positions
         */
        void data(String channel, T payload, int bytes, @Nullable StreamPosition position);

        /** The server refuses the token that {@link StreamProtocol#opening} or {@link StreamProtocol#refresh} sent. */
        void tokenRefused();

        /**
         * The server wants an answer at once, such as one to its heartbeat.
         *
         * @param message what to send
         */
        void reply(WireMessage message);

        /**
         * The server wants this connection to be replaced by a new one.
         *
         * @param after how long to wait at least
         */
        void reconnect(Duration after);
    }
}
