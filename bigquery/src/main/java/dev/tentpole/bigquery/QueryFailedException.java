package dev.tentpole.bigquery;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * BigQuery, or the way to it, refused or failed a query, and retrying was not allowed or did not help.
 *
 * <p>The message names BigQuery's reason, the HTTP status and the position in the query, but has none of the server's own words,
 * which may quote the query: {@link #serverMessage} has them.
 */
public final class QueryFailedException extends BigQueryException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** What may be done again after a failure, as Google's page "Error messages" says. */
    public enum Retry {
        /** The same request may succeed later: too many requests, or the server's own trouble. */
        SAME_REQUEST,
        /** The job has failed by the server's fault; a new job may succeed. */
        NEW_JOB,
        /** Asking again brings the same answer. */
        NEVER
    }

    /** BigQuery's word, or the client's own. */
    private final String reason;

    /** The HTTP status, 0 if there was no answer. */
    private final int status;

    /** What may be done again. */
    private final Retry retry;

    /** The job, if it is known. */
    private final @Nullable String jobId;

    /** What the server said. */
    private final String serverMessage;

    /** How long the server asks to wait. */
    private final @Nullable Duration retryAfter;

    QueryFailedException(RestFailure failure, String message, @Nullable String jobId, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = failure.reason();
        this.status = failure.status();
        this.retry = failure.retry();
        this.jobId = jobId;
        this.serverMessage = failure.serverMessage();
        this.retryAfter = failure.retryAfter();
    }

    /**
     * {@return BigQuery's reason, such as {@code invalidQuery} or {@code accessDenied}; {@code connection} if no answer
     * came, {@code badAnswer} if it could not be read}
     */
    public String reason() {
        return reason;
    }

    /**
     * {@return the HTTP status, 0 if there was no answer}
     */
    public int httpStatus() {
        return status;
    }

    /**
     * {@return what may be done again; whatever may be has been tried already, within the deadline}
     */
    public Retry retry() {
        return retry;
    }

    /**
     * {@return the job that failed, empty if there is none}
     */
    public Optional<String> jobId() {
        return Optional.ofNullable(jobId);
    }

    /**
     * {@return what the server said, which may quote the query; empty if it said nothing}
     */
    public String serverMessage() {
        return serverMessage;
    }

    /**
     * {@return how long the server asks to wait before the next request, empty if it doesn't}
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
