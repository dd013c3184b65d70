package dev.tentpole.health;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a check's result is what it is, in few words that are safe to show and to count by.
 */
public enum ReasonCategory {
    /** Nothing is wrong. */
    NONE,
    /** It did not answer in time. */
    TIMEOUT,
    /** It could not be reached, or the connection broke. */
    CONNECTION,
    /** It refused who we are, or our certificate. */
    AUTHENTICATION,
    /** It has too much to do: it refused work, or a pool is exhausted. */
    OVERLOAD,
    /** It answered more slowly than it should. */
    LATENCY,
    /** A resource runs out: disk, heap. */
    CAPACITY,
    /** It answered with something that it should not have said. */
    INVALID_RESPONSE,
    /** Something runs out of its term, such as a certificate. */
    EXPIRY,
    /** The check threw an exception that tells nothing more. */
    EXCEPTION,
    /** None of the others. */
    OTHER;

    private static final int MAX_CAUSES = 16;

    /**
     * {@return the category of an exception, from its type, its causes' types, and a database's SQLSTATE}
     *
     * <p>SQLSTATE classes are those of ISO/IEC 9075-2: 08 is a connection, 28 an authorisation; class 53 is PostgreSQL's
     * "insufficient resources". An exception that tells nothing is {@link #EXCEPTION}.
     *
     * @param exception what was thrown
     */
    public static ReasonCategory of(Throwable exception) {
        Throwable current = exception;
        for (int depth = 0; current != null && depth < MAX_CAUSES; depth++) {
            ReasonCategory category = ofOne(current);
            if (category != null) {
                return category;
            }
            current = current.getCause();
        }
        return EXCEPTION;
    }

    private static @Nullable ReasonCategory ofOne(Throwable exception) {
        if (exception instanceof TimeoutException
                || exception instanceof SocketTimeoutException
                || exception instanceof HttpTimeoutException
                || exception instanceof SQLTimeoutException
                || exception instanceof InterruptedException) {
            return TIMEOUT;
        }
        if (exception instanceof SQLException sql) {
            return ofSql(sql);
        }
        if (exception instanceof SSLException
                || exception instanceof GeneralSecurityException
                || exception instanceof AccessDeniedException) {
            return AUTHENTICATION;
        }
        if (exception instanceof SocketException
                || exception instanceof UnknownHostException
                || exception instanceof UnresolvedAddressException) {
            return CONNECTION;
        }
        return exception instanceof RejectedExecutionException ? OVERLOAD : null;
    }

    private static @Nullable ReasonCategory ofSql(SQLException exception) {
        String state = exception.getSQLState() == null ? "" : exception.getSQLState();
        if (state.startsWith("28") || exception instanceof SQLInvalidAuthorizationSpecException) {
            return AUTHENTICATION;
        }
        if (state.startsWith("53")) {
            return OVERLOAD;
        }
        boolean connection = state.startsWith("08")
                || exception instanceof SQLNonTransientConnectionException
                || exception instanceof SQLTransientConnectionException;
        return connection ? CONNECTION : null;
    }
}
