package dev.tentpole.core;

import org.jspecify.annotations.Nullable;

/**
 * A query that can't be answered, with the facts of a {@link QueryError}.
 *
 * <p>A {@link Backend} throws it to say precisely what went wrong; its message reaches the user, so it must hold neither
 * a secret nor a stack trace. What only the log may see goes into the cause.
 */
public final class QueryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final ErrorSource source;

    private QueryException(int status, ErrorSource source, String message, @Nullable Throwable cause) {
        super(message, cause);
        QueryError checked = new QueryError(status, source, message);
        this.status = checked.status();
        this.source = checked.source();
    }

    /**
     * {@return an error of what was asked: a malformed model, an unknown name; status 400}
     *
     * @param message what is wrong, where, and what to do instead
     */
    public static QueryException badQuery(String message) {
        return new QueryException(400, ErrorSource.PLUGIN, message, null);
    }

    /**
     * {@return an error of what was asked: a malformed model, an unknown name; status 400}
     *
     * @param message what is wrong, where, and what to do instead
     * @param cause for the log
     */
    public static QueryException badQuery(String message, Throwable cause) {
        return new QueryException(400, ErrorSource.PLUGIN, message, cause);
    }

    /**
     * {@return an error of the data source itself}
     *
     * @param status an HTTP status from 400 to 599
     * @param message what failed and what to do about it
     */
    public static QueryException plugin(int status, String message) {
        return new QueryException(status, ErrorSource.PLUGIN, message, null);
    }

    /**
     * {@return an error of the server behind the data source}
     *
     * @param status an HTTP status from 400 to 599
     * @param message what failed, on what, and what to do about it
     */
    public static QueryException downstream(int status, String message) {
        return new QueryException(status, ErrorSource.DOWNSTREAM, message, null);
    }

    /**
     * {@return an error of the server behind the data source}
     *
     * @param status an HTTP status from 400 to 599
     * @param message what failed, on what, and what to do about it
     * @param cause for the log
     */
    public static QueryException downstream(int status, String message, Throwable cause) {
        return new QueryException(status, ErrorSource.DOWNSTREAM, message, cause);
    }

    static QueryException of(QueryError error) {
        return new QueryException(error.status(), error.source(), error.message(), null);
    }

    /**
     * {@return the HTTP-like status, from 400 to 599}
     */
    public int status() {
        return status;
    }

    /**
     * {@return who is to blame}
     */
    public ErrorSource source() {
        return source;
    }

    /**
     * {@return the same facts as a value}
     */
    public QueryError error() {
        return new QueryError(status, source, String.valueOf(getMessage()));
    }
}
