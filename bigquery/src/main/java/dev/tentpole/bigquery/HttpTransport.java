package dev.tentpole.bigquery;

import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.base.OwnedThreads;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The transport over the JDK's client, whose timeout holds for the body as well. */
final class HttpTransport implements Transport {

    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);

    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration NO_LONGER_IDLE = Duration.ofMillis(1);

    private final HttpClient http;
    private final ThreadPoolExecutor workers;
    private volatile boolean closed;

    HttpTransport(Duration connectTimeout) {
        this.workers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                OwnedThreads.daemon("bigquery", "http"));
        this.http = HttpClient.newBuilder()
                .executor(workers)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .build();
    }

    @Override
    public Response send(Request request) throws IOException, InterruptedException {
        if (closed) {
            throw new IOException("the transport is closed");
        }
        Duration timeout = request.timeout().compareTo(MIN_TIMEOUT) < 0 ? MIN_TIMEOUT : request.timeout();
        Deadline deadline = Deadline.after(timeout, NanoClock.system());
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri())
                .timeout(timeout)
                .method(
                        request.method(),
                        request.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body()));
        request.headers().forEach(builder::header);
        HttpResponse<BodyStream> response = http.send(builder.build(), head -> new BodyStream.Subscriber(deadline));
        Map<String, String> headers = new HashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
        return new Response(response.statusCode(), headers, response.body());
    }

    /**
     * Ends what is under way, and the client's threads: from Java 21 on all of them, on 17 all but one, which ends when the client is
     * found to be garbage.
     */
    @Override
    public void close() {
        closed = true;
        // The pool is needed until the client has ended; its threads need not be.
        workers.setKeepAliveTime(NO_LONGER_IDLE.toMillis(), TimeUnit.MILLISECONDS);
        if (http instanceof AutoCloseable closeable) {
            close(closeable);
        }
    }

    /** It would wait for what is under way, and gives that up when its thread is interrupted. */
    private static void close(AutoCloseable client) {
        boolean interrupted = Thread.interrupted();
        Thread.currentThread().interrupt();
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException("the JDK's HTTP client could not be closed", e);
        } finally {
            boolean unused = Thread.interrupted();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
