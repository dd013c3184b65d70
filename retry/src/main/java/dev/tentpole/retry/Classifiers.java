package dev.tentpole.retry;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.MalformedURLException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.UnknownServiceException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Ready tables of failures: HTTP status, I/O and TLS, SQL, gRPC status, {@code java.net.http}; all rows are in the
 * module's README.
 *
 * <p>Combine them with {@link Classifier#orElse}. Stateless and
 * safe for use by several threads.
 */
public final class Classifiers {

    private static final Failure UNKNOWN = Failure.of(FailureKind.UNKNOWN);
    private static final Failure TRANSIENT = Failure.of(FailureKind.TRANSIENT);
    private static final Failure NOT_STARTED = Failure.of(FailureKind.TRANSIENT).withNothingDone();
    private static final int MAX_CAUSES = 20;

    /** Where the JDK's HttpURLConnection reads an answer, and connects again if there is none. */
    private static final String READS_ANSWER_CLASS = "sun.net.www.http.HttpClient";

    private static final String READS_ANSWER_METHOD = "parseHTTP";

    /** Where it connects to what an answer sends it to. */
    private static final String REDIRECT_CLASS = "sun.net.www.protocol.http.HttpURLConnection";

    private static final String REDIRECT_METHOD = "followRedirect";

    /** First match wins: subtypes stand before their supertypes. */
    private static final Map<Class<? extends Throwable>, Failure> JDK = new LinkedHashMap<>();

    static {
        // Cancelled, before the I/O that interrupts break.
        row(FailureKind.CANCELLED, InterruptedException.class, CancellationException.class);
        row(FailureKind.CANCELLED, ClosedByInterruptException.class);
        // No connection: nothing was sent.
        JDK.put(ConnectException.class, NOT_STARTED);
        JDK.put(
                HttpConnectTimeoutException.class,
                Failure.of(FailureKind.TIMEOUT).withNothingDone());
        JDK.put(NoRouteToHostException.class, NOT_STARTED);
        JDK.put(UnknownHostException.class, NOT_STARTED);
        JDK.put(UnresolvedAddressException.class, NOT_STARTED);
        JDK.put(BindException.class, NOT_STARTED);
        row(FailureKind.TIMEOUT, SocketTimeoutException.class, HttpTimeoutException.class, TimeoutException.class);
        row(FailureKind.CANCELLED, InterruptedIOException.class);
        // A certificate or a protocol version does not mend itself; a handshake may break off because a server
        // restarts.
        row(FailureKind.AUTHENTICATION, CertificateException.class, SSLPeerUnverifiedException.class);
        row(FailureKind.CALLER_FAULT, SSLProtocolException.class);
        row(FailureKind.TRANSIENT, SSLHandshakeException.class, SSLException.class);
        row(FailureKind.CALLER_FAULT, MalformedURLException.class, UnknownServiceException.class);
        row(FailureKind.CALLER_FAULT, ProtocolException.class);
        row(FailureKind.NOT_FOUND, FileNotFoundException.class, NoSuchFileException.class);
        row(FailureKind.AUTHENTICATION, AccessDeniedException.class);
        row(FailureKind.UNKNOWN, FileSystemException.class);
        row(FailureKind.TRANSIENT, PortUnreachableException.class, SocketException.class);
        row(FailureKind.TRANSIENT, EOFException.class, ClosedChannelException.class);
        // Thrown out of a call it says nothing of what the call did before.
        row(FailureKind.OVERLOADED, RejectedExecutionException.class);
        row(FailureKind.TRANSIENT, IOException.class);
        row(FailureKind.CALLER_FAULT, IllegalArgumentException.class);
        row(FailureKind.BUG, NullPointerException.class, IllegalStateException.class, ClassCastException.class);
        row(FailureKind.BUG, IndexOutOfBoundsException.class, ArithmeticException.class);
        row(FailureKind.BUG, UnsupportedOperationException.class, Error.class);
    }

    /** The table's answer for each class that was asked about. */
    private static final ClassValue<Failure> BY_CLASS = new ClassValue<>() {
        @Override
        protected Failure computeValue(Class<?> type) {
            return JDK.entrySet().stream()
                    .filter(row -> row.getKey().isAssignableFrom(type))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(UNKNOWN);
        }
    };

    private Classifiers() {}

    @SafeVarargs
    private static void row(FailureKind kind, Class<? extends Throwable>... types) {
        for (Class<? extends Throwable> type : types) {
            JDK.put(type, Failure.of(kind));
        }
    }

    /**
     * {@return what every policy uses unless it is given another one: {@link #sql}, then {@link #io}}
     *
     * <p>It judges exceptions only: an answer of {@code java.net.http} with status 503 is a good result unless {@link
     * #httpResponses} is asked as well.
     */
    public static Classifier standard() {
        return sql().orElse(io());
    }

    /**
     * {@return a classifier of the JDK's exceptions: I/O, TLS, {@code java.net.http}, interrupts, programming errors}
     *
     * <p>An {@link UncheckedIOException} and an {@link SSLException} are judged by their causes where these are known better.
     * That a connection could not be made means that nothing was done, unless it is the cause of something else, has suppressed
     * exceptions, or comes from a {@link java.net.HttpURLConnection} that was sending again by itself. Another client that
     * does so, or goes on with another host, can't be told from one that does not: let it not, or let its classifier
     * come first.
     * {@link CallRejectedException} and {@link CallTimeoutException} of this module are known as well.
     */
    public static Classifier io() {
        return Classifiers::ofJdk;
    }

    /**
     * {@return a classifier of {@link java.sql.SQLException}s: by SQLState, by the type of the exception, by MySQL's and MariaDB's codes}
     */
    public static Classifier sql() {
        return SqlFailures::classify;
    }

    /**
     * {@return what an HTTP status says; empty if it is no failure (below 400)}
     *
     * @param status the status code
     * @param retryAfter the server's advice, if there was one
     */
    public static Optional<Failure> httpStatus(int status, Optional<Duration> retryAfter) {
        if (status < 400) {
            return Optional.empty();
        }
        FailureKind kind = switch (status) {
            case 401, 403, 407, 511 -> FailureKind.AUTHENTICATION;
            case 404, 410 -> FailureKind.NOT_FOUND;
            case 408, 504 -> FailureKind.TIMEOUT;
            case 421, 425, 500, 502, 520, 521, 522, 523, 524 -> FailureKind.TRANSIENT;
            case 429 -> FailureKind.THROTTLED;
            case 499 -> FailureKind.CANCELLED;
            case 503, 509, 529 -> FailureKind.OVERLOADED;
            default -> status < 500 ? FailureKind.CALLER_FAULT : FailureKind.UNKNOWN;
        };
        Failure failure = Failure.of(kind);
        // These say that the request was not processed.
        if (status == 421 || status == 425 || status == 429) {
            failure = failure.withNothingDone();
        }
        return Optional.of(retryAfter.isPresent() ? failure.after(retryAfter.get()) : failure);
    }

    /**
     * {@return a classifier of an HTTP client's exception, by the status that it carries}
     *
     * @param type the client's exception
     * @param status reads the status; below 400 means that there is none
     * @param retryAfter reads the server's advice, see {@link ServerAdvice#retryAfter}
     * @param <E> the client's exception
     */
    public static <E extends Throwable> Classifier http(
            Class<E> type, ToIntFunction<? super E> status, Function<? super E, Optional<Duration>> retryAfter) {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(retryAfter, "retryAfter");
        return Classifier.on(
                type,
                thrown -> httpStatus(status.applyAsInt(thrown), retryAfter.apply(thrown))
                        .orElse(UNKNOWN));
    }

    /**
     * {@return a classifier of {@link HttpResponse} results of {@code java.net.http}, with their {@code Retry-After} or
     * {@code RateLimit-Reset} header}
     *
     * <p>An answer that others came before, such as a redirect that the client followed, says nothing of what those did.
     *
     * @param clock the time that dates in headers are compared with
     */
    public static Classifier httpResponses(InstantSource clock) {
        Objects.requireNonNull(clock, "clock");
        return new OfResults<HttpResponse<?>>(responseType(), response -> {
            int status = response.statusCode();
            Optional<Failure> failure = status < 400 ? Optional.empty() : httpStatus(status, advice(response, clock));
            return response.previousResponse().isPresent() ? failure.map(Failure::withoutCertainty) : failure;
        });
    }

    /**
     * {@return what a gRPC status code says; empty if it is OK}
     *
     * <p>UNAVAILABLE is not certain to have done nothing, and so neither is ours: a server may have begun before the
     * connection broke.
     *
     * @param code the code's number, 0 to 16
     */
    public static Optional<Failure> grpcStatus(int code) {
        return switch (code) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(Failure.of(FailureKind.CANCELLED));
            case 3, 6, 9, 11 -> Optional.of(Failure.of(FailureKind.CALLER_FAULT));
            case 4 -> Optional.of(Failure.of(FailureKind.TIMEOUT));
            case 5 -> Optional.of(Failure.of(FailureKind.NOT_FOUND));
            case 7, 16 -> Optional.of(Failure.of(FailureKind.AUTHENTICATION));
            case 8 -> Optional.of(Failure.of(FailureKind.THROTTLED));
            case 10, 14 -> Optional.of(Failure.of(FailureKind.TRANSIENT));
            case 12 -> Optional.of(Failure.of(FailureKind.CALLER_FAULT));
            default -> Optional.of(UNKNOWN);
        };
    }

    /**
     * {@return a classifier of gRPC's exception, by the code that it carries and the server's pushback}
     *
     * @param type the exception, {@code StatusRuntimeException} for instance
     * @param code reads the code's number, 0 to 16
     * @param pushback reads the trailer {@code grpc-retry-pushback-ms}
     * @param <E> the exception
     */
    public static <E extends Throwable> Classifier grpc(
            Class<E> type, ToIntFunction<? super E> code, Function<? super E, Optional<String>> pushback) {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(pushback, "pushback");
        return Classifier.on(type, thrown -> {
            Failure failure = grpcStatus(code.applyAsInt(thrown)).orElse(UNKNOWN);
            return pushback.apply(thrown)
                    .map(value -> ServerAdvice.pushback(failure, value))
                    .orElse(failure);
        });
    }

    private static Failure ofJdk(Throwable thrown) {
        Throwable current = thrown;
        boolean certain = true;
        for (int i = 0; i < MAX_CAUSES; i++) {
            Throwable cause = current.getCause();
            if (cause == null || !saysLess(current, cause)) {
                break;
            }
            // What is around a failure may know of steps before the one that failed.
            certain &= current instanceof UncheckedIOException;
            current = cause;
        }
        Failure failure = known(current);
        return failure.nothingDone() && !(certain && isFirstStep(current)) ? failure.withoutCertainty() : failure;
    }

    /**
     * Whether nothing tells that a connection failed only after others had been used: suppressed exceptions of other hosts,
     * or {@link java.net.HttpURLConnection}, which sends again by itself what a broken connection left without an answer, and
     * follows redirects.
     */
    private static boolean isFirstStep(Throwable thrown) {
        Throwable current = thrown;
        for (int i = 0; i < MAX_CAUSES && current != null; i++) {
            if (current.getSuppressed().length > 0
                    || hasFrame(current, READS_ANSWER_CLASS, READS_ANSWER_METHOD)
                    || hasFrame(current, REDIRECT_CLASS, REDIRECT_METHOD)) {
                return false;
            }
            current = current.getCause();
        }
        return true;
    }

    private static boolean hasFrame(Throwable thrown, String type, String method) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (frame.getClassName().equals(type) && frame.getMethodName().equals(method)) {
                return true;
            }
        }
        return false;
    }

    private static Failure known(Throwable current) {
        if (current instanceof CallRejectedException rejected) {
            return rejected.failure();
        }
        if (current instanceof CallTimeoutException) {
            return Failure.of(FailureKind.TIMEOUT);
        }
        if (current instanceof CallInterruptedException) {
            return Failure.of(FailureKind.CANCELLED);
        }
        if (current instanceof WebSocketHandshakeException handshake && handshake.getResponse() != null) {
            HttpResponse<?> response = handshake.getResponse();
            return httpStatus(response.statusCode(), advice(response, InstantSource.system()))
                    .orElse(UNKNOWN);
        }
        return BY_CLASS.get(current.getClass());
    }

    /** Whether an exception says less than its cause. {@code HttpClient.send} throws copies, with the original as cause. */
    private static boolean saysLess(Throwable thrown, Throwable cause) {
        return thrown instanceof UncheckedIOException
                || (thrown instanceof SSLException
                        && (cause instanceof CertificateException || cause instanceof SSLException))
                || (thrown instanceof IOException
                        && cause instanceof ConnectException
                        && BY_CLASS.get(thrown.getClass()).equals(TRANSIENT))
                || (thrown.getClass() == IOException.class && cause instanceof IOException);
    }

    private static Optional<Duration> advice(HttpResponse<?> response, InstantSource clock) {
        Optional<Duration> retryAfter = response.headers()
                .firstValue("retry-after")
                .flatMap(value -> ServerAdvice.retryAfter(value, clock.instant()));
        return retryAfter.isPresent() || response.statusCode() != 429
                ? retryAfter
                : response.headers()
                        .firstValue("ratelimit-reset")
                        .or(() -> response.headers().firstValue("x-ratelimit-reset"))
                        .flatMap(value -> ServerAdvice.rateLimitReset(value, clock.instant()));
    }

    @SuppressWarnings("unchecked") // A class literal has no wildcard.
    private static Class<HttpResponse<?>> responseType() {
        return (Class<HttpResponse<?>>) (Class<?>) HttpResponse.class;
    }

    /** Asks one, then the other. */
    static final class Chain implements Classifier {

        private final Classifier first;
        private final Classifier second;

        Chain(Classifier first, Classifier second) {
            this.first = first;
            this.second = second;
        }

        @Override
        public Failure classify(Throwable thrown) {
            Failure failure = first.classify(thrown);
            return failure.kind() == FailureKind.UNKNOWN && failure.equals(UNKNOWN) ? second.classify(thrown) : failure;
        }

        @Override
        public Optional<Failure> classifyResult(@Nullable Object result) {
            Optional<Failure> failure = first.judgesResults() ? first.classifyResult(result) : Optional.empty();
            return failure.isPresent() || !second.judgesResults() ? failure : second.classifyResult(result);
        }

        @Override
        public boolean judgesResults() {
            return first.judgesResults() || second.judgesResults();
        }
    }

    /** Knows results of one type, and no exceptions. */
    static final class OfResults<R> implements Classifier {

        private final Class<R> type;
        private final Function<? super R, Optional<Failure>> facts;

        OfResults(Class<R> type, Function<? super R, Optional<Failure>> facts) {
            this.type = type;
            this.facts = facts;
        }

        @Override
        public Failure classify(Throwable thrown) {
            return UNKNOWN;
        }

        @Override
        public Optional<Failure> classifyResult(@Nullable Object result) {
            return type.isInstance(result) ? facts.apply(type.cast(result)) : Optional.empty();
        }

        @Override
        public boolean judgesResults() {
            return true;
        }
    }
}
