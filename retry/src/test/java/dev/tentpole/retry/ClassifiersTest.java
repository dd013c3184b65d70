package dev.tentpole.retry;

import static dev.tentpole.retry.FailureKind.AUTHENTICATION;
import static dev.tentpole.retry.FailureKind.BUG;
import static dev.tentpole.retry.FailureKind.CALLER_FAULT;
import static dev.tentpole.retry.FailureKind.CANCELLED;
import static dev.tentpole.retry.FailureKind.NOT_FOUND;
import static dev.tentpole.retry.FailureKind.OVERLOADED;
import static dev.tentpole.retry.FailureKind.THROTTLED;
import static dev.tentpole.retry.FailureKind.TIMEOUT;
import static dev.tentpole.retry.FailureKind.TRANSIENT;
import static dev.tentpole.retry.FailureKind.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLProtocolException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each row of each ready table. */
final class ClassifiersTest {

    private record Row(Throwable thrown, FailureKind kind, boolean nothingDone) {

        static Row of(Throwable thrown, FailureKind kind) {
            return new Row(thrown, kind, false);
        }

        static Row certain(Throwable thrown, FailureKind kind) {
            return new Row(thrown, kind, true);
        }

        DynamicTest test(Classifier classifier) {
            String name = thrown instanceof SQLException sql
                    ? sql.getClass().getSimpleName() + " " + sql.getSQLState() + " " + sql.getErrorCode()
                    : thrown.toString();
            return DynamicTest.dynamicTest(name + " is " + kind, () -> {
                Failure failure = classifier.classify(thrown);
                assertThat(failure.kind()).isEqualTo(kind);
                assertThat(failure.nothingDone()).isEqualTo(nothingDone);
            });
        }
    }

    @TestFactory
    List<DynamicTest> exceptions_of_the_jdk() throws Exception {
        return List.of(
                        Row.of(new InterruptedException(), CANCELLED),
                        Row.of(new CancellationException(), CANCELLED),
                        Row.of(new ClosedByInterruptException(), CANCELLED),
                        Row.of(new InterruptedIOException(), CANCELLED),
                        Row.certain(new ConnectException(), TRANSIENT),
                        Row.of(new IOException(new ConnectException()), TRANSIENT),
                        Row.of(new SocketException("x").initCause(new ConnectException()), TRANSIENT),
                        Row.certain(new UncheckedIOException(new ConnectException()), TRANSIENT),
                        Row.certain(new ConnectException().initCause(new ConnectException()), TRANSIENT),
                        Row.of(suppressing(new ConnectException()), TRANSIENT),
                        Row.certain(new HttpConnectTimeoutException("t"), TIMEOUT),
                        Row.certain(new NoRouteToHostException(), TRANSIENT),
                        Row.certain(new UnknownHostException(), TRANSIENT),
                        Row.certain(new UnresolvedAddressException(), TRANSIENT),
                        Row.certain(new BindException(), TRANSIENT),
                        Row.of(new SocketTimeoutException(), TIMEOUT),
                        Row.of(new HttpTimeoutException("t"), TIMEOUT),
                        Row.of(new TimeoutException(), TIMEOUT),
                        Row.of(new SSLPeerUnverifiedException("s"), AUTHENTICATION),
                        Row.of(new CertificateException(), AUTHENTICATION),
                        Row.of(new SSLProtocolException("s"), CALLER_FAULT),
                        Row.of(new SSLHandshakeException("s"), TRANSIENT),
                        Row.of(new SSLException("s"), TRANSIENT),
                        Row.of(new SSLException("s", new CertificateExpiredException()), AUTHENTICATION),
                        // HttpClient.send throws copies, with the original as their cause.
                        Row.of(copied(new SSLHandshakeException("s")), AUTHENTICATION),
                        Row.of(new IOException(copied(new SSLHandshakeException("s"))), AUTHENTICATION),
                        Row.certain(httpConnectTimeout(), TIMEOUT),
                        Row.of(new MalformedURLException(), CALLER_FAULT),
                        Row.of(new UnknownServiceException(), CALLER_FAULT),
                        Row.of(new ProtocolException(), CALLER_FAULT),
                        Row.of(new FileNotFoundException(), NOT_FOUND),
                        Row.of(new NoSuchFileException("f"), NOT_FOUND),
                        Row.of(new AccessDeniedException("f"), AUTHENTICATION),
                        Row.of(new FileSystemException("f"), UNKNOWN),
                        Row.of(new PortUnreachableException(), TRANSIENT),
                        Row.of(new SocketException(), TRANSIENT),
                        Row.of(new EOFException(), TRANSIENT),
                        Row.of(new ClosedChannelException(), TRANSIENT),
                        Row.of(new AsynchronousCloseException(), TRANSIENT),
                        Row.of(new RejectedExecutionException(), OVERLOADED),
                        Row.of(new IOException(), TRANSIENT),
                        Row.of(new IOException(new SocketTimeoutException()), TIMEOUT),
                        Row.of(new UncheckedIOException(new SocketTimeoutException()), TIMEOUT),
                        Row.of(new IllegalArgumentException(), CALLER_FAULT),
                        Row.of(new NullPointerException(), BUG),
                        Row.of(new IllegalStateException(), BUG),
                        Row.of(new ClassCastException(), BUG),
                        Row.of(new IndexOutOfBoundsException(), BUG),
                        Row.of(new ArithmeticException(), BUG),
                        Row.of(new UnsupportedOperationException(), BUG),
                        Row.of(new StackOverflowError(), BUG),
                        Row.of(new OutOfMemoryError(), BUG),
                        Row.of(new AssertionError(), BUG),
                        Row.of(new RuntimeException(), UNKNOWN),
                        Row.of(new Exception(), UNKNOWN),
                        Row.of(new CallTimeoutException("s", Duration.ZERO, "t"), TIMEOUT),
                        Row.of(new CallInterruptedException("s", "i", null), CANCELLED),
                        Row.of(rejected(CallRejectedException.Reason.BREAKER_OPEN), OVERLOADED),
                        Row.of(rejected(CallRejectedException.Reason.RATE_LIMITED), THROTTLED),
                        Row.of(rejected(CallRejectedException.Reason.BULKHEAD_FULL), OVERLOADED),
                        Row.of(rejected(CallRejectedException.Reason.NO_CAPACITY), OVERLOADED),
                        Row.of(rejected(CallRejectedException.Reason.DEADLINE), TIMEOUT),
                        Row.of(rejected(CallRejectedException.Reason.REFUSED), CALLER_FAULT),
                        Row.of(rejected(CallRejectedException.Reason.CLOSED), CANCELLED))
                .stream()
                .map(row -> row.test(Classifiers.standard()))
                .toList();
    }

    @Test
    void a_refused_web_socket_is_judged_by_the_answer_and_its_advice() {
        Failure failure = Classifiers.io()
                .classify(new WebSocketHandshakeException(FakeResponse.of(503, Map.of("Retry-After", "7"))));
        assertThat(failure).isEqualTo(Failure.of(OVERLOADED).after(Duration.ofSeconds(7)));
    }

    private static Throwable suppressing(Throwable thrown) {
        thrown.addSuppressed(new SocketTimeoutException("of another host"));
        return thrown;
    }

    private static Throwable copied(SSLException original) {
        original.initCause(new CertificateExpiredException());
        return new SSLHandshakeException("copy").initCause(original);
    }

    private static Throwable httpConnectTimeout() {
        return new HttpConnectTimeoutException("t").initCause(new ConnectException());
    }

    private static CallRejectedException rejected(CallRejectedException.Reason reason) {
        return new CallRejectedException("s", reason, "r");
    }

    @TestFactory
    List<DynamicTest> sql_exceptions() {
        return List.of(
                        // MySQL and MariaDB
                        Row.certain(sql("08004", 1040), OVERLOADED),
                        Row.certain(sql("42000", 1203), OVERLOADED),
                        Row.certain(sql("42000", 1226), THROTTLED),
                        Row.of(sql("42000", 1044), AUTHENTICATION),
                        Row.of(sql("42000", 1142), AUTHENTICATION),
                        Row.of(sql("42S02", 1146), NOT_FOUND),
                        Row.of(sql("42000", 1049), NOT_FOUND),
                        Row.of(sql("HY000", 1205), TRANSIENT),
                        Row.of(sql("40001", 1205), TRANSIENT),
                        Row.certain(sql("40001", 1213), TRANSIENT),
                        Row.of(sql("70100", 1317), CANCELLED),
                        Row.of(sql("70100", 1969), TIMEOUT),
                        Row.of(sql("HY000", 3024), TIMEOUT),
                        Row.of(sql("08S01", 1053), TRANSIENT),
                        Row.of(sql("HY000", 1290), CALLER_FAULT),
                        Row.of(sql("HY000", 1093), CALLER_FAULT),
                        Row.of(sql("HY000", 1111), CALLER_FAULT),
                        Row.of(sql("HY000", 1267), CALLER_FAULT),
                        Row.of(sql("HY000", 1364), CALLER_FAULT),
                        Row.of(sql("HY000", 1366), CALLER_FAULT),
                        Row.of(sql("22007", 1366), CALLER_FAULT),
                        Row.of(sql("HY000", 1369), CALLER_FAULT),
                        Row.of(sql("HY000", 1526), CALLER_FAULT),
                        Row.of(sql("HY000", 3819), CALLER_FAULT),
                        Row.of(sql("HY000", 1020), TRANSIENT),
                        Row.of(sql("HY000", 3572), TRANSIENT),
                        Row.of(sql("HY000", 4031), TRANSIENT),
                        Row.of(sql("70100", 1927), TRANSIENT),
                        Row.of(sql("08S01", 1047), TRANSIENT),
                        Row.of(sql("08S01", 1159), TRANSIENT),
                        Row.of(sql("08S01", 1161), TRANSIENT),
                        Row.of(sql("HY000", 1836), TRANSIENT),
                        Row.of(sql("HY000", 2006), TRANSIENT),
                        Row.of(sql("HY000", 2013), TRANSIENT),
                        Row.of(sql("42000", 1064), CALLER_FAULT),
                        Row.of(sql("23000", 1062), CALLER_FAULT),
                        Row.of(sql("28000", 1045), AUTHENTICATION),
                        // The same numbers of another database
                        Row.of(sql("72000", 1205), UNKNOWN),
                        // SQLStates
                        Row.of(sql("08001", 0), TRANSIENT),
                        Row.certain(new SQLException("x", "08001", new ConnectException()), TRANSIENT),
                        Row.certain(new SQLException("x", "08001", new UnknownHostException()), TRANSIENT),
                        Row.of(new SQLException("x", "08001", new SocketTimeoutException()), TRANSIENT),
                        Row.of(suppressing(new SQLException("x", "08001", new ConnectException())), TRANSIENT),
                        Row.certain(sql("08004", 0), TRANSIENT),
                        Row.of(sql("08007", 0), UNKNOWN),
                        Row.of(sql("08006", 0), TRANSIENT),
                        Row.of(sql("08P01", 0), TRANSIENT),
                        Row.of(sql("25006", 0), CALLER_FAULT),
                        Row.certain(sql("40001", 0), TRANSIENT),
                        Row.certain(sql("40P01", 0), TRANSIENT),
                        Row.of(sql("40002", 0), CALLER_FAULT),
                        Row.of(sql("40003", 0), TRANSIENT),
                        Row.of(sql("40004", 0), CALLER_FAULT),
                        Row.of(sql("44000", 0), CALLER_FAULT),
                        Row.of(sql("45000", 1644), CALLER_FAULT),
                        Row.of(sql("54001", 0), CALLER_FAULT),
                        Row.of(sql("P0001", 0), CALLER_FAULT),
                        Row.of(sql("42501", 0), AUTHENTICATION),
                        Row.of(sql("42P01", 0), NOT_FOUND),
                        Row.of(sql("42S02", 0), NOT_FOUND),
                        Row.of(sql("3D000", 0), NOT_FOUND),
                        Row.certain(sql("53300", 0), OVERLOADED),
                        Row.of(sql("53200", 0), OVERLOADED),
                        Row.of(sql("55P03", 0), TRANSIENT),
                        Row.of(sql("57014", 0), CANCELLED),
                        Row.of(sql("57P01", 0), TRANSIENT),
                        Row.of(sql("57P02", 0), TRANSIENT),
                        Row.certain(sql("57P03", 0), TRANSIENT),
                        Row.of(sql("57P04", 0), NOT_FOUND),
                        Row.of(sql("58030", 0), TRANSIENT),
                        Row.of(sql("HYT00", 0), TIMEOUT),
                        Row.certain(sql("HYT01", 0), TIMEOUT),
                        Row.of(sql("70100", 0), CANCELLED),
                        Row.of(sql("0A000", 0), CALLER_FAULT),
                        Row.of(sql("21000", 0), CALLER_FAULT),
                        Row.of(sql("22012", 0), CALLER_FAULT),
                        Row.of(sql("23505", 0), CALLER_FAULT),
                        Row.of(sql("28P01", 0), AUTHENTICATION),
                        Row.of(sql("42601", 0), CALLER_FAULT),
                        // Types
                        Row.of(new SQLTimeoutException(), TIMEOUT),
                        Row.certain(new SQLTransactionRollbackException(), TRANSIENT),
                        Row.certain(new SQLTransientConnectionException(), TRANSIENT),
                        Row.of(new SQLTransientException(), TRANSIENT),
                        Row.of(new SQLRecoverableException(), TRANSIENT),
                        Row.of(new SQLInvalidAuthorizationSpecException(), AUTHENTICATION),
                        Row.of(new SQLSyntaxErrorException(), CALLER_FAULT),
                        Row.of(new SQLIntegrityConstraintViolationException(), CALLER_FAULT),
                        Row.of(new SQLFeatureNotSupportedException(), CALLER_FAULT),
                        Row.of(new SQLNonTransientException(), CALLER_FAULT),
                        // Causes
                        Row.of(new SQLException("x", new SocketTimeoutException()), TIMEOUT),
                        Row.of(new SQLException(new SQLException("x", "08004")), TRANSIENT),
                        Row.of(new SQLException("x", "HY000", new ConnectException()), TRANSIENT),
                        Row.of(new SQLException("x"), UNKNOWN),
                        Row.of(new SQLNonTransientConnectionException("x", "08003"), TRANSIENT),
                        Row.of(new SQLNonTransientConnectionException("x"), UNKNOWN),
                        // IBM's driver says so of a connection that broke in the middle of something.
                        Row.of(new SQLException("x", "08001", -4499, new ConnectException()), TRANSIENT),
                        Row.of(new SQLException("x", "08001", -30080, new ConnectException()), TRANSIENT),
                        Row.of(new SQLException("x", "08001", -30081, new ConnectException()), TRANSIENT),
                        // Batches: what went well may stay, and the facts may be in what is chained
                        Row.of(batch("40001", 1213, 1, 1, Statement.EXECUTE_FAILED), TRANSIENT),
                        Row.of(batch("40001", 1205, Statement.SUCCESS_NO_INFO), TRANSIENT),
                        Row.certain(batch("40001", 1213, Statement.EXECUTE_FAILED), TRANSIENT),
                        Row.certain(batch("40001", 0), TRANSIENT),
                        Row.of(chained(batch(null, -4229), sql(null, 0), sql("40001", -911)), TRANSIENT),
                        Row.of(chained(batch(null, -4229), sql("23505", 0), sql("40001", 0)), CALLER_FAULT),
                        Row.of(chained(batch("23000", 1062), sql("40001", 1213)), CALLER_FAULT),
                        Row.of(
                                chained(new SQLException("x", new SocketTimeoutException()), sql("28000", 0)),
                                AUTHENTICATION),
                        Row.of(chained(sql("72000", 1205), sql("72000", 1205)), UNKNOWN))
                .stream()
                .map(row -> row.test(Classifiers.standard()))
                .toList();
    }

    private static SQLException batch(@Nullable String state, int code, int... counts) {
        return new BatchUpdateException("x", state, code, counts);
    }

    private static SQLException chained(SQLException first, SQLException... others) {
        for (SQLException other : others) {
            first.setNextException(other);
        }
        return first;
    }

    private static SQLException sql(@Nullable String state, int code) {
        return new SQLException("x", state, code);
    }

    @TestFactory
    List<DynamicTest> http_status() {
        Map<Integer, FailureKind> named = Map.ofEntries(
                Map.entry(401, AUTHENTICATION),
                Map.entry(403, AUTHENTICATION),
                Map.entry(407, AUTHENTICATION),
                Map.entry(511, AUTHENTICATION),
                Map.entry(404, NOT_FOUND),
                Map.entry(410, NOT_FOUND),
                Map.entry(408, TIMEOUT),
                Map.entry(504, TIMEOUT),
                Map.entry(421, TRANSIENT),
                Map.entry(425, TRANSIENT),
                Map.entry(500, TRANSIENT),
                Map.entry(502, TRANSIENT),
                Map.entry(520, TRANSIENT),
                Map.entry(521, TRANSIENT),
                Map.entry(522, TRANSIENT),
                Map.entry(523, TRANSIENT),
                Map.entry(524, TRANSIENT),
                Map.entry(429, THROTTLED),
                Map.entry(499, CANCELLED),
                Map.entry(503, OVERLOADED),
                Map.entry(509, OVERLOADED),
                Map.entry(529, OVERLOADED));
        return IntStream.range(100, 600)
                .mapToObj(status -> DynamicTest.dynamicTest("" + status, () -> {
                    Optional<Failure> failure = Classifiers.httpStatus(status, Optional.empty());
                    if (status < 400) {
                        assertThat(failure).isEmpty();
                    } else {
                        FailureKind rest = status < 500 ? CALLER_FAULT : UNKNOWN;
                        assertThat(failure.orElseThrow().kind()).isEqualTo(named.getOrDefault(status, rest));
                        assertThat(failure.orElseThrow().nothingDone())
                                .isEqualTo(List.of(421, 425, 429).contains(status));
                    }
                }))
                .toList();
    }

    @Test
    void a_503_may_have_done_something_also_with_an_invitation_to_come_back() {
        Failure failure =
                Classifiers.httpStatus(503, Optional.of(Duration.ofSeconds(3))).orElseThrow();
        assertThat(failure.nothingDone()).isFalse();
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(3));
    }

    @TestFactory
    List<DynamicTest> grpc_status() {
        List<Optional<FailureKind>> kinds = List.of(
                Optional.empty(),
                Optional.of(CANCELLED),
                Optional.of(UNKNOWN),
                Optional.of(CALLER_FAULT),
                Optional.of(TIMEOUT),
                Optional.of(NOT_FOUND),
                Optional.of(CALLER_FAULT),
                Optional.of(AUTHENTICATION),
                Optional.of(THROTTLED),
                Optional.of(CALLER_FAULT),
                Optional.of(TRANSIENT),
                Optional.of(CALLER_FAULT),
                Optional.of(CALLER_FAULT),
                Optional.of(UNKNOWN),
                Optional.of(TRANSIENT),
                Optional.of(UNKNOWN),
                Optional.of(AUTHENTICATION),
                Optional.of(UNKNOWN));
        return IntStream.range(0, kinds.size())
                .mapToObj(code -> DynamicTest.dynamicTest(
                        "" + code,
                        () -> assertThat(Classifiers.grpcStatus(code).map(Failure::kind))
                                .isEqualTo(kinds.get(code))))
                .toList();
    }

    private static final class StatusException extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final int status;

        StatusException(int status) {
            this.status = status;
        }
    }

    @Test
    void clients_exceptions_are_judged_by_the_status_that_they_carry() {
        Classifier http = Classifiers.http(
                        StatusException.class, e -> e.status, e -> Optional.of(Duration.ofSeconds(e.status)))
                .orElse(Classifiers.standard());
        assertThat(http.classify(new StatusException(429)).kind()).isEqualTo(THROTTLED);
        assertThat(http.classify(new StatusException(429)).retryAfter()).contains(Duration.ofSeconds(429));
        assertThat(http.classify(new StatusException(200)).kind()).isEqualTo(UNKNOWN);
        assertThat(http.classify(new ConnectException()).kind()).isEqualTo(TRANSIENT);
        Classifier grpc = Classifiers.grpc(StatusException.class, e -> e.status, e -> Optional.of("-1"));
        assertThat(grpc.classify(new StatusException(14)).refusesRetry()).isTrue();
        assertThat(grpc.classify(new IOException()).kind()).isEqualTo(UNKNOWN);
    }

    @Test
    void responses_of_the_jdks_client_are_judged_by_status_and_headers() {
        Classifier responses = Classifiers.httpResponses(java.time.InstantSource.fixed(java.time.Instant.EPOCH));
        assertThat(responses.judgesResults()).isTrue();
        assertThat(responses.classifyResult(FakeResponse.of(200, Map.of()))).isEmpty();
        assertThat(responses.classifyResult("text")).isEmpty();
        assertThat(responses.classifyResult(null)).isEmpty();
        Failure busy = responses
                .classifyResult(FakeResponse.of(503, Map.of("Retry-After", "7")))
                .orElseThrow();
        assertThat(busy.kind()).isEqualTo(OVERLOADED);
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(responses
                        .classifyResult(FakeResponse.of(429, Map.of("X-RateLimit-Reset", "9")))
                        .orElseThrow()
                        .retryAfter())
                .contains(Duration.ofSeconds(9));
        assertThat(responses
                        .classifyResult(FakeResponse.of(429, Map.of("RateLimit-Reset", "8", "Retry-After", "2")))
                        .orElseThrow()
                        .retryAfter())
                .contains(Duration.ofSeconds(2));
    }

    @Test
    void the_next_one_is_asked_only_about_what_is_unknown() {
        Classifier first = Classifier.on(IllegalStateException.class, TRANSIENT);
        Classifier chain = first.orElse(thrown -> Failure.of(NOT_FOUND));
        assertThat(chain.classify(new IllegalStateException()).kind()).isEqualTo(TRANSIENT);
        assertThat(chain.classify(new RuntimeException()).kind()).isEqualTo(NOT_FOUND);
        assertThat(chain.judgesResults()).isFalse();
        Classifier results = first.orElse(Classifier.onResult(
                String.class, text -> text.isEmpty() ? Optional.of(Failure.of(TRANSIENT)) : Optional.empty()));
        assertThat(results.judgesResults()).isTrue();
        assertThat(results.classifyResult("")).contains(Failure.of(TRANSIENT));
        assertThat(results.classifyResult("x")).isEmpty();
        assertThat(results.classify(new RuntimeException()).kind()).isEqualTo(UNKNOWN);
    }

    @Test
    void a_message_decides_nothing() {
        assertThat(Classifiers.standard()
                        .classify(new RuntimeException("connection reset by peer"))
                        .kind())
                .isEqualTo(UNKNOWN);
    }
}
