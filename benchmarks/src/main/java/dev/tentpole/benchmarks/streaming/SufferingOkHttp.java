package dev.tentpole.benchmarks.streaming;

import java.net.URI;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/** OkHttp's WebSocket. */
final class SufferingOkHttp extends Suffering {

    private final OkHttpClient client = new OkHttpClient.Builder()
            .pingInterval(Duration.ofMillis(HEARTBEAT_MILLIS))
            .connectTimeout(Duration.ofMillis(CONNECT_MILLIS))
            .readTimeout(Duration.ofMillis(CONNECT_MILLIS))
            .build();
    private @Nullable WebSocket socket;
    private volatile boolean open;

    @Override
    void connect(URI uri) {
        Request request = new Request.Builder()
                .url(uri.toString().replaceFirst("^ws", "http"))
                .build();
        socket = client.newWebSocket(request, new WebSocketListener() {
            @Override
            public void onOpen(WebSocket opened, Response response) {
                open = true;
                opened.send("sub c");
            }

            @Override
            public void onMessage(WebSocket from, String text) {
                gets(text);
            }

            @Override
            public void onClosing(WebSocket closing, int code, String reason) {
                open = false;
                closing.close(1000, null);
                tells("closing " + code);
            }

            @Override
            public void onFailure(WebSocket failed, Throwable failure, @Nullable Response response) {
                open = false;
                tells("failure " + failure.getClass().getSimpleName());
            }
        });
    }

    @Override
    void sendMuch() {
        if (socket != null) {
            socket.send("x".repeat(8 << 20));
        }
    }

    @Override
    boolean saysOpen() {
        return open;
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.cancel();
        }
        client.dispatcher().executorService().shutdownNow();
        client.connectionPool().evictAll();
    }
}
