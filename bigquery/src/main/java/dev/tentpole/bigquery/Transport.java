package dev.tentpole.bigquery;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Carries one HTTP request and its answer; replaceable by whoever needs a proxy, a client certificate or another HTTP
 * client.
 *
 * <p>It neither retries nor follows redirections nor judges the status: the client does. Implementations are safe for use
 * by several threads.
 */
public interface Transport extends AutoCloseable {

    /**
     * Sends a request and waits for the head of its answer.
     *
     * @param request what to send
     * @return the answer, whatever its status; the caller closes its body
     * @throws IOException if the connection breaks, or the request's timeout passes before the answer's head is there;
     *     reads of the body throw it likewise, with the same timeout over head and body
     * @throws InterruptedException if the calling thread is interrupted; the request is given up then
     */
    Response send(Request request) throws IOException, InterruptedException;

    /** Gives back connections and threads. Closing twice is harmless; by default there is nothing to give back. */
    @Override
    default void close() {
        // Nothing is held by default.
    }

    /**
     * {@return a transport over the JDK's HTTP client, that follows no redirections}
     *
     * <p>Closed, it ends what is under way and takes no more. From Java 21 on none of its threads is left then. The JDK's client on
     * Java 17 can't be closed: one daemon thread of it stays until the garbage collection finds that nobody refers to the transport.
     *
     * @param connectTimeout the longest wait for a connection, above zero
     */
    static Transport http(Duration connectTimeout) {
        return new HttpTransport(connectTimeout);
    }

    /**
     * What to send.
     *
     * @param method {@code GET} or {@code POST}
     * @param uri where to
     * @param headers names and values; may hold a token, so they are not shown
     * @param body the body, sent as UTF-8, empty for none
     * @param timeout the longest time for all of the answer
     */
    record Request(String method, URI uri, Map<String, String> headers, String body, Duration timeout) {

        /**
         * Copies the headers.
         *
         * @param method {@code GET} or {@code POST}
         * @param uri where to
         * @param headers names and values; may hold a token, so they are not shown
         * @param body the body, sent as UTF-8, empty for none
         * @param timeout the longest time for all of the answer
         */
        public Request {
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(uri, "uri");
            headers = Map.copyOf(headers);
            Objects.requireNonNull(body, "body");
            Objects.requireNonNull(timeout, "timeout");
        }

        /** Shows the method and the path: queries, tokens and bodies are secrets. */
        @Override
        public String toString() {
            return method + " " + uri.getPath();
        }
    }

    /**
     * The answer.
     *
     * @param status the HTTP status
     * @param headers the first value of each header, by names in any case
     * @param body the body, not yet read
     */
    record Response(int status, Map<String, String> headers, InputStream body) {

        /**
         * Copies the headers.
         *
         * @param status the HTTP status
         * @param headers the first value of each header, by names in any case
         * @param body the body, not yet read
         */
        public Response {
            Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            copy.putAll(headers);
            headers = copy;
            Objects.requireNonNull(body, "body");
        }

        /**
         * {@return a header's value}
         *
         * @param name its name, in any case
         */
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }
}
