package dev.tentpole.streaming;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * What speaks WebSocket on the wire; {@link #jdk()} unless you bring your own.
 *
 * <p>Implementations never block the caller, and never offer compression unless they limit the inflated size: the JDK's
 * offers none.
 */
public interface Transport {

    /**
     * Starts a handshake. Its end is told to the receiver, by exactly one of {@code onOpen}, {@code onRefused} and
     * {@code onError}; {@code onOpen} is followed by at most one of {@code onClose} and {@code onError}, the last call.
     *
     * @param request where to and with what
     * @param receiver whom to tell; called one call at a time, on any thread
     * @return the link, on which {@code abort} may be called already
     */
    Link connect(Request request, Receiver receiver);

    /**
     * {@return the JDK's WebSocket, with one {@link HttpClient} for the whole JVM that is made at first use}
     */
    static Transport jdk() {
        return JdkTransport.shared();
    }

    /**
     * {@return the JDK's WebSocket}
     *
     * @param client whose proxy, TLS, authenticator and executor to use; it stays the caller's
     */
    static Transport jdk(HttpClient client) {
        return new JdkTransport(Objects.requireNonNull(client, "client"));
    }

    /**
     * Where to connect and with what. {@link #toString} shows neither query nor headers, which may be secret.
     *
     * @param uri the address, {@code ws} or {@code wss}
     * @param headers headers of the handshake, besides those of the protocol
     * @param subprotocols names of subprotocols, the most wanted first; may be empty
     * @param timeout how long the handshake may take
     */
    record Request(URI uri, Map<String, String> headers, List<String> subprotocols, Duration timeout) {

        /**
         * Copies what could change.
         *
         * @param uri the address
         * @param headers headers of the handshake
         * @param subprotocols names of subprotocols
         * @param timeout how long the handshake may take
         */
        public Request {
            Objects.requireNonNull(uri, "uri");
            headers = Map.copyOf(headers);
            subprotocols = List.copyOf(subprotocols);
            Objects.requireNonNull(timeout, "timeout");
        }

        @Override
        public String toString() {
            return "Request[" + Redacted.uri(uri) + ", " + headers.size() + " headers, " + subprotocols + "]";
        }
    }

    /** One socket. Safe for use by several threads; all but {@code abort} only after {@code onOpen}. */
    interface Link {

        /**
         * Sends a message; called only when the one before is written.
         *
         * @param message what to send
         * @return done when it is written to the socket, failed if it can't be
         */
        CompletionStage<?> send(WireMessage message);

        /**
         * Sends a ping; called only when the one before is written.
         *
         * @return done when it is written to the socket, failed if it can't be
         */
        CompletionStage<?> ping();

        /**
         * Sends a close frame; nothing is sent after it.
         *
         * @param code the close code
         * @param reason a few words, at most 123 bytes
         * @return done when it is written to the socket, failed if it can't be
         */
        CompletionStage<?> close(int code, String reason);

        /**
         * Asks for more calls of the receiver. Parts of messages, pings, pongs and closes are only delivered, and pings
         * only answered, if asked for. {@code onOpen} comes unasked.
         *
         * @param calls how many, from 1
         */
        void request(long calls);

        /** Ends the socket and the handshake at once, without a word. Calling it twice is harmless. */
        void abort();
    }

    /** Whom a transport tells. Calls return soon and throw nothing. */
    interface Receiver {

        /** The handshake has succeeded. */
        void onOpen();

        /**
         * The server has answered the handshake with another status than 101.
         *
         * @param status the HTTP status
         * @param headers the answer's headers; names in lower case
         */
        void onRefused(int status, Map<String, List<String>> headers);

        /**
         * A part of a text message has come.
         *
         * @param part the text, not to be kept
         * @param last whether the message ends with it
         */
        void onText(CharSequence part, boolean last);

        /**
         * A part of a binary message has come.
         *
         * @param part the bytes, not to be kept
         * @param last whether the message ends with it
         */
        void onBinary(ByteBuffer part, boolean last);

        /** A ping or a pong has come; pings are answered by the transport. */
        void onControl();

        /**
         * The server has closed. The transport answers with a close frame itself; the socket is aborted a second later.
         *
         * @param code the close code; 1005 if it gave none
         */
        void onClose(int code);

        /**
         * The handshake has failed or the socket is broken. Of a protocol error the transport tells the server itself,
         * with code 1002 or 1007; the socket is aborted a second later.
         *
         * @param reason {@code CONNECT_FAILED}, {@code CONNECT_TIMEOUT}, {@code CONNECTION_LOST} or
         *     {@code PROTOCOL_ERROR}
         * @param error what was wrong
         */
        void onError(ConnectionReason reason, Throwable error);
    }
}
