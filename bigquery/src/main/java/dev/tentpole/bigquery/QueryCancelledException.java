package dev.tentpole.bigquery;

import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A query was given up before its result was there: its time was over, its thread was interrupted, or the client closed.
 *
 * <p>A job that may still be running has been asked to stop before this is thrown. After an interrupt the thread's flag is set again.
 */
public final class QueryCancelledException extends BigQueryException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Why a query was given up. */
    public enum Reason {
        /** The request's timeout has passed. */
        TIMEOUT,
        /** The thread was interrupted. */
        INTERRUPTED,
        /** The result or the client was closed meanwhile. */
        CLOSED
    }

    /** Why. */
    private final Reason reason;

    /** The job, if it is known. */
    private final @Nullable String jobId;

    /** Whether the server has confirmed that it stops the job. */
    private final boolean jobCancelled;

    QueryCancelledException(
            Reason reason, String message, @Nullable String jobId, boolean jobCancelled, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.jobId = jobId;
        this.jobCancelled = jobCancelled;
    }

    /**
     * {@return why}
     */
    public Reason reason() {
        return reason;
    }

    /**
     * {@return the job, empty if none was made or its id is not known}
     */
    public Optional<String> jobId() {
        return Optional.ofNullable(jobId);
    }

    /**
     * {@return whether BigQuery has confirmed that it stops the job; if not, the job's own time limit will stop it}
     */
    public boolean jobCancelled() {
        return jobCancelled;
    }
}
