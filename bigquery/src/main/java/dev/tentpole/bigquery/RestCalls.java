package dev.tentpole.bigquery;

import dev.tentpole.base.Deadline;
import dev.tentpole.bigquery.QueryCancelledException.Reason;
import dev.tentpole.bigquery.QueryFailedException.Retry;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.node.ObjectNode;

/**
 * REST requests with a token, retried for as long as their failure allows it, the deadline has time and attempts are left.
 *
 * <p>Every request made here may be sent twice: reading, cancelling and dry runs change nothing, and what makes a job has
 * an id that the server knows again.
 */
final class RestCalls {

    private static final int LONGEST_ERROR = 1 << 20;

    /** A timer may be early by so much; then it is the deadline's all the same. */
    private static final Duration TIMER_ERROR = Duration.ofMillis(20);

    private final Transport transport;
    private final TokenSource tokens;
    private final URI endpoint;
    private final Pauses pauses;
    private final Duration requestTimeout;
    private final int maxAttempts;
    private final long maxBodyBytes;
    private final LongAdder requests = new LongAdder();
    private final LongAdder retries = new LongAdder();

    RestCalls(
            Transport transport,
            TokenSource tokens,
            URI endpoint,
            Pauses pauses,
            Duration requestTimeout,
            int maxAttempts,
            long maxBodyBytes) {
        this.transport = transport;
        this.tokens = tokens;
        this.endpoint = endpoint;
        this.pauses = pauses;
        this.requestTimeout = requestTimeout;
        this.maxAttempts = maxAttempts;
        this.maxBodyBytes = maxBodyBytes;
    }

    /** Reads a body; what it throws makes the answer count as one that broke off. */
    @FunctionalInterface
    interface BodyReader<T> {
        T read(InputStream body) throws IOException;
    }

    /**
     * A request.
     *
     * @param what for messages, such as "reading a page"
     * @param jobId the job that it is about, if any
     * @param path path and query
     * @param body what to post, null to get
     * @param onSend is told before each attempt, once there is a token
     */
    record Call(
            String what,
            @Nullable String jobId,
            String path,
            @Nullable ObjectNode body,
            Runnable onSend) {

        Call(String what, @Nullable String jobId, String path, @Nullable ObjectNode body) {
            this(what, jobId, path, body, () -> {});
        }
    }

    private record Outcome<T>(
            @Nullable T value,
            @Nullable RestFailure failure,
            @Nullable Throwable cause) {}

    long requests() {
        return requests.sum();
    }

    long retries() {
        return retries.sum();
    }

    /**
     * {@return what the server answered, in the end}
     *
     * @throws QueryFailedException if it refuses, or fails for longer than is allowed
     * @throws QueryCancelledException if the deadline has passed without a failure to speak of
     */
    <T> T send(Call call, Deadline deadline, BodyReader<T> reader) throws InterruptedException {
        int renewals = 0;
        for (int attempt = 1; ; attempt++) {
            if (deadline.isExpired()) {
                throw new QueryCancelledException(
                        Reason.TIMEOUT, call.what + " did not end in time (timeout)", call.jobId, false, null);
            }
            TokenSource.Token token = null;
            Outcome<T> outcome;
            try {
                token = tokens.token(deadline.remaining());
                call.onSend.run();
                outcome = attempt(call, token, deadline, reader);
            } catch (IOException e) {
                outcome = withoutToken(call, e);
            }
            if (outcome.value != null) {
                return outcome.value;
            }
            RestFailure failure = outcome.failure == null ? RestFailure.connection("") : outcome.failure;
            if (failure.status() == 401 && renewals == 0 && token != null) {
                renewals++;
                retries.increment();
                tokens.refused(token);
                continue;
            }
            if (isTimeout(outcome.cause) && deadline.remaining().compareTo(TIMER_ERROR) < 0) {
                throw new QueryCancelledException(
                        Reason.TIMEOUT, call.what + " did not end in time (timeout)", call.jobId, false, outcome.cause);
            }
            Duration pause = pauses.afterFailure(attempt, failure.retryAfter());
            if (failure.retry() != Retry.SAME_REQUEST
                    || attempt >= maxAttempts
                    || pause.compareTo(deadline.remaining()) >= 0) {
                throw failure.toException(call.what, call.jobId, attempt, outcome.cause);
            }
            pauses.sleeper().sleep(pause);
            retries.increment();
        }
    }

    /** Without a token nothing is sent; the source's own server may be unwell for a while. */
    private static <T> Outcome<T> withoutToken(Call call, IOException cause) {
        if (cause instanceof TokenRefusedException) {
            throw new RestFailure(0, "noToken", "", null).toException(call.what, call.jobId, 1, cause);
        }
        return new Outcome<>(null, RestFailure.connection("no token"), cause);
    }

    private static boolean isTimeout(@Nullable Throwable cause) {
        return cause instanceof HttpTimeoutException || cause instanceof SocketTimeoutException;
    }

    private <T> Outcome<T> attempt(Call call, TokenSource.Token token, Deadline deadline, BodyReader<T> reader)
            throws InterruptedException {
        requests.increment();
        Duration timeout = deadline.remaining().compareTo(requestTimeout) < 0 ? deadline.remaining() : requestTimeout;
        try {
            Transport.Response response = transport.send(request(call, token, timeout));
            try (InputStream raw = response.body();
                    LimitedStream body = body(response, raw)) {
                if (response.status() / 100 != 2) {
                    return new Outcome<>(
                            null,
                            RestFailure.of(
                                    response.status(),
                                    body.readNBytes(LONGEST_ERROR),
                                    response.header("Retry-After"),
                                    pauses.wall().instant()),
                            null);
                }
                T value = read(reader, body, response.status());
                body.drain();
                return new Outcome<>(value, null, null);
            }
        } catch (JacksonIOException e) {
            IOException cause = e.getCause();
            return broken(cause == null ? new IOException("the answer could not be read") : cause);
        } catch (JacksonException e) {
            // An answer that breaks off, as behind a proxy that gives up; the location is kept, the content is not.
            e.clearLocation();
            return new Outcome<>(null, RestFailure.connection("no complete JSON"), null);
        } catch (IOException e) {
            return broken(e);
        }
    }

    /** What is not as the schema says is not told, since it may be a value. */
    private static <T> T read(BodyReader<T> reader, InputStream body, int status) throws IOException {
        try {
            return reader.read(body);
        } catch (JacksonException | BigQueryException e) {
            throw e;
        } catch (RuntimeException e) {
            throw RestFailure.badAnswer(status, "").toException("reading an answer", null, 1, null);
        }
    }

    private static <T> Outcome<T> broken(IOException e) throws InterruptedException {
        // The timeout of a socket is an InterruptedIOException too: the thread's flag tells one from the other.
        if (e instanceof InterruptedIOException && Thread.currentThread().isInterrupted()) {
            throw interrupted(e);
        }
        return new Outcome<>(null, RestFailure.connection(String.valueOf(e.getMessage())), e);
    }

    private static InterruptedException interrupted(Exception cause) {
        // The stream has set the flag again; the exception stands for it from here on.
        boolean unused = Thread.interrupted();
        InterruptedException interrupted = new InterruptedException("interrupted while an answer was read");
        interrupted.initCause(cause);
        return interrupted;
    }

    private LimitedStream body(Transport.Response response, InputStream raw) throws IOException {
        boolean gzip = response.header("Content-Encoding").orElse("").equalsIgnoreCase("gzip");
        return new LimitedStream(gzip ? new GZIPInputStream(raw, 1 << 16) : raw, maxBodyBytes);
    }

    private Transport.Request request(Call call, TokenSource.Token token, Duration timeout) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Authorization", "Bearer " + token.value());
        headers.put("Accept", "application/json");
        headers.put("Accept-Encoding", "gzip");
        headers.put("User-Agent", "tentpole-bigquery (gzip)");
        String body = "";
        if (call.body != null) {
            headers.put("Content-Type", "application/json; charset=UTF-8");
            body = Json.MAPPER.writeValueAsString(call.body);
        }
        return new Transport.Request(
                call.body == null ? "GET" : "POST", URI.create(endpoint + call.path), headers, body, timeout);
    }
}
