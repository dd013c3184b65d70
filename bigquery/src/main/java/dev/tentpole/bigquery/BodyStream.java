package dev.tentpole.bigquery;

import dev.tentpole.base.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A body that is read while it arrives, by one thread, until a deadline. The JDK's own stream has none: a server that
 * stops within a body would hold its reader for ever.
 *
 * <p>A few reads of the socket (16 KB each, as the JDK does it) may be ahead of the reader, so that memory does not grow
 * with the body and the socket is read on while the reader works.
 */
final class BodyStream extends InputStream {

    private static final int AHEAD = 8;
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Deadline deadline;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;
    private List<ByteBuffer> buffers = List.of();
    private int next;
    private ByteBuffer current = EMPTY;
    private boolean ended;

    private BodyStream(Deadline deadline) {
        this.deadline = deadline;
    }

    /** Buffers, or the end if there are none, with a failure if it is a bad one. */
    private record Arrival(
            List<ByteBuffer> buffers, @Nullable Throwable failure) {}

    @Override
    public int read() throws IOException {
        return fill() ? current.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, current.remaining());
        current.get(to, offset, count);
        return count;
    }

    @Override
    public int available() {
        return current.remaining();
    }

    /** Gives up what has not arrived; the connection is closed unless all of the body is there. */
    @Override
    public void close() {
        closed = true;
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
    }

    private boolean fill() throws IOException {
        while (!current.hasRemaining()) {
            if (next < buffers.size()) {
                current = buffers.get(next++);
            } else if (ended || !take()) {
                ended = true;
                return false;
            }
        }
        return true;
    }

    private boolean take() throws IOException {
        if (closed) {
            throw new IOException("the body is closed");
        }
        Arrival arrival;
        try {
            arrival = arrivals.poll(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted within a body");
            interrupted.initCause(e);
            throw interrupted;
        }
        if (arrival == null) {
            close();
            throw new HttpTimeoutException("the answer's body did not arrive in time");
        }
        if (arrival.failure != null) {
            throw new IOException("the connection broke within the answer's body", arrival.failure);
        }
        buffers = arrival.buffers;
        next = 0;
        more();
        return !buffers.isEmpty();
    }

    private void more() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.request(1);
        }
    }

    /** Takes what the HTTP client reads. */
    static final class Subscriber implements HttpResponse.BodySubscriber<BodyStream> {

        private final BodyStream stream;

        Subscriber(Deadline deadline) {
            this.stream = new BodyStream(deadline);
        }

        @Override
        public CompletionStage<BodyStream> getBody() {
            return CompletableFuture.completedStage(stream);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            stream.subscription = subscription;
            if (stream.closed) {
                subscription.cancel();
            } else {
                subscription.request(AHEAD);
            }
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            if (buffers.stream().anyMatch(ByteBuffer::hasRemaining)) {
                stream.arrivals.add(new Arrival(buffers, null));
            } else {
                stream.more();
            }
        }

        @Override
        public void onError(Throwable failure) {
            stream.arrivals.add(new Arrival(List.of(), failure));
        }

        @Override
        public void onComplete() {
            stream.arrivals.add(new Arrival(List.of(), null));
        }
    }
}
