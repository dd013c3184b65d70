package dev.tentpole.streaming;

import java.net.ProtocolException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The JDK's WebSocket as a transport. It never compresses: the JDK refuses a server that wants to. */
final class JdkTransport implements Transport {

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0).asReadOnlyBuffer();

    static final String ILLEGAL = " is illegal for the JDK's WebSocket, by its name or what it contains";

    private final HttpClient client;

    JdkTransport(HttpClient client) {
        this.client = client;
    }

    static Transport shared() {
        return Shared.TRANSPORT;
    }

    @Override
    public Link connect(Request request, Receiver receiver) {
        WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(request.timeout());
        request.headers().forEach(builder::header);
        if (!request.subprotocols().isEmpty()) {
            builder.subprotocols(
                    request.subprotocols().get(0),
                    request.subprotocols().stream().skip(1).toArray(String[]::new));
        }
        JdkLink link = new JdkLink();
        CompletionStage<WebSocket> ignored = builder.buildAsync(request.uri(), new Adapter(link, receiver))
                .whenComplete((socket, failure) -> {
                    if (failure != null) {
                        refuse(request, receiver, failure);
                    }
                });
        return link;
    }

    /** The name of a header that the JDK's WebSocket does not let its users set, or whose value it does not; null if none. */
    static @Nullable String illegal(Map<String, String> headers) {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String name = header.getKey();
            try {
                HttpRequest.Builder ignored = HttpRequest.newBuilder().header(name, header.getValue());
            } catch (IllegalArgumentException e) {
                return name;
            }
            if (name.toLowerCase(Locale.ROOT).startsWith("sec-websocket-")) {
                return name;
            }
        }
        return null;
    }

    private static void refuse(Request request, Receiver receiver, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        HttpResponse<?> response = cause instanceof WebSocketHandshakeException refused ? refused.getResponse() : null;
        if (response != null && response.statusCode() != 101) {
            receiver.onRefused(response.statusCode(), response.headers().map());
        } else if (response != null) {
            receiver.onError(ConnectionReason.PROTOCOL_ERROR, cause);
        } else if (cause instanceof HttpTimeoutException) {
            receiver.onError(ConnectionReason.CONNECT_TIMEOUT, cause);
        } else if (cause instanceof IllegalArgumentException) {
            // Its message may show a header's value or the address's query.
            String header = illegal(request.headers());
            receiver.onError(
                    ConnectionReason.CONNECT_FAILED,
                    new IllegalArgumentException((header == null ? "the address" : "header " + header) + ILLEGAL));
        } else {
            receiver.onError(ConnectionReason.CONNECT_FAILED, cause);
        }
    }

    private static final class Shared {
        private static final Transport TRANSPORT = new JdkTransport(HttpClient.newHttpClient());
    }

    private static final class JdkLink implements Link {

        /** What the JDK does not let its users send; 1008 tells the server as well that it was its fault. */
        private static final Set<Integer> RESERVED = Set.of(1002, 1003, 1007, 1009, 1010);

        private static final int POLICY = 1008;

        private volatile @Nullable WebSocket socket;
        private volatile boolean aborted;

        @Override
        public CompletionStage<?> send(WireMessage message) {
            WebSocket open = socket();
            return message.isText()
                    ? open.sendText(message.text(), true)
                    : open.sendBinary(ByteBuffer.wrap(message.bytes()), true);
        }

        @Override
        public CompletionStage<?> ping() {
            return socket().sendPing(NO_BYTES.duplicate());
        }

        @Override
        public CompletionStage<?> close(int code, String reason) {
            return socket().sendClose(RESERVED.contains(code) ? POLICY : code, reason);
        }

        @Override
        public void request(long calls) {
            socket().request(calls);
        }

        @Override
        public void abort() {
            aborted = true;
            WebSocket open = socket;
            if (open != null) {
                open.abort();
            }
        }

        /** Keeps the socket; one that comes after all was called off is ended. */
        boolean open(WebSocket opened) {
            socket = opened;
            if (aborted) {
                opened.abort();
            }
            return !aborted;
        }

        private WebSocket socket() {
            WebSocket open = socket;
            if (open == null) {
                throw new IllegalStateException("the handshake is not over");
            }
            return open;
        }
    }

    private record Adapter(JdkLink link, Receiver receiver) implements WebSocket.Listener {

        @Override
        public void onOpen(WebSocket socket) {
            if (link.open(socket)) {
                receiver.onOpen();
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            receiver.onText(part, last);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
            receiver.onBinary(part, last);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
            receiver.onControl();
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            receiver.onControl();
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            receiver.onClose(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            receiver.onError(
                    error instanceof ProtocolException || error.getCause() instanceof ProtocolException
                            ? ConnectionReason.PROTOCOL_ERROR
                            : ConnectionReason.CONNECTION_LOST,
                    error);
        }
    }
}
