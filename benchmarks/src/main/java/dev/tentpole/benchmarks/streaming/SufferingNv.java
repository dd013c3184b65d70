package dev.tentpole.benchmarks.streaming;

import com.neovisionaries.ws.client.WebSocket;
import com.neovisionaries.ws.client.WebSocketAdapter;
import com.neovisionaries.ws.client.WebSocketException;
import com.neovisionaries.ws.client.WebSocketFactory;
import com.neovisionaries.ws.client.WebSocketFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** nv-websocket-client. */
final class SufferingNv extends Suffering {

    private @Nullable WebSocket socket;

    @Override
    void connect(URI uri) {
        try {
            WebSocket made = new WebSocketFactory()
                    .setConnectionTimeout(CONNECT_MILLIS)
                    .createSocket(uri)
                    .addExtension("permessage-deflate")
                    .setPingInterval(HEARTBEAT_MILLIS)
                    .addListener(new Listener());
            socket = made;
            WebSocket ignored = made.connectAsynchronously();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Listener extends WebSocketAdapter {

        @Override
        public void onConnected(WebSocket opened, Map<String, List<String>> headers) {
            WebSocket ignored = opened.sendText("sub c");
        }

        @Override
        public void onConnectError(WebSocket failed, WebSocketException failure) {
            tells("connect error " + failure.getError());
        }

        @Override
        public void onTextMessage(WebSocket from, String text) {
            gets(text);
        }

        @Override
        public void onError(WebSocket failed, WebSocketException failure) {
            tells("error " + failure.getError());
        }

        @Override
        public void onDisconnected(
                WebSocket closed,
                @Nullable WebSocketFrame byServer,
                @Nullable WebSocketFrame byClient,
                boolean closedByServer) {
            tells("disconnected" + (closedByServer && byServer != null ? " " + byServer.getCloseCode() : ""));
        }
    }

    @Override
    void sendMuch() {
        if (socket != null) {
            WebSocket ignored = socket.sendText("x".repeat(8 << 20));
        }
    }

    @Override
    boolean saysOpen() {
        return socket != null && socket.isOpen();
    }

    @Override
    public void close() {
        if (socket != null) {
            WebSocket ignored = socket.disconnect();
        }
    }
}
