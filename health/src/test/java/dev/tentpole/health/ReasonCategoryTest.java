package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateExpiredException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

final class ReasonCategoryTest {

    @Test
    void types_and_sql_states_say_what_kind_of_trouble_it_is() {
        assertCategory(
                ReasonCategory.TIMEOUT,
                new TimeoutException(),
                new SocketTimeoutException(),
                new HttpConnectTimeoutException(""),
                new SQLTimeoutException(),
                new InterruptedException());
        assertCategory(
                ReasonCategory.CONNECTION,
                new ConnectException(),
                new NoRouteToHostException(),
                new UnknownHostException(),
                new UnresolvedAddressException(),
                new SQLTransientConnectionException(),
                new SQLException("", "08006"));
        assertCategory(
                ReasonCategory.AUTHENTICATION,
                new SSLHandshakeException(""),
                new CertificateExpiredException(),
                new SQLException("", "28P01"));
        assertCategory(ReasonCategory.OVERLOAD, new RejectedExecutionException(), new SQLException("", "53300"));
        assertCategory(ReasonCategory.EXCEPTION, new IllegalStateException(), new SQLException("", "42000"));
    }

    @Test
    void causes_are_asked_too_and_a_circle_of_causes_ends() {
        assertThat(ReasonCategory.of(new RuntimeException(new SQLException("x", new ConnectException()))))
                .isEqualTo(ReasonCategory.CONNECTION);
        Exception one = new Exception("one");
        one.initCause(new Exception("other", one));
        assertThat(ReasonCategory.of(one)).isEqualTo(ReasonCategory.EXCEPTION);
        assertThat(CheckResult.failed(one).exceptionText()).isPresent();
    }

    private static void assertCategory(ReasonCategory category, Throwable... exceptions) {
        for (Throwable exception : exceptions) {
            assertThat(ReasonCategory.of(exception)).as("%s", exception).isEqualTo(category);
        }
    }
}
