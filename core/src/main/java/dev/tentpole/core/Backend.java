package dev.tentpole.core;

import dev.tentpole.core.frame.Frame;
import java.util.List;

/**
 * One server, database or other source of data that answers queries: what a plugin author implements.
 *
 * <p>All methods are called by several threads at once, each call on a thread that belongs to this backend alone.
 */
public interface Backend extends AutoCloseable {

    /**
     * {@return the name by which queries ask for this backend; unique within a data source, and always the same}
     */
    String name();

    /**
     * {@return the kind of backend, such as {@code mysql}; always the same}
     */
    String type();

    /**
     * {@return whether this backend understands the query; default: always}
     *
     * <p>Called by the router, on the caller's thread, for queries that ask for this backend, its type, or none: it does
     * no I/O.
     *
     * @param query the query
     */
    default boolean canHandle(Query query) {
        return true;
    }

    /**
     * Answers a query. Blocks until the answer is there.
     *
     * <p>The call is cancelled by an interrupt of its thread, once the deadline has passed or nobody waits any more. Code
     * that an interrupt does not reach, such as a JDBC driver waiting for its socket, registers what stops it with
     * {@link QueryContext#onCancel}.
     *
     * @param query the query
     * @param context the deadline, and the way to hear of a cancellation
     * @return the frames, empty if there is no data
     * @throws QueryException if the query can't be answered, with a message for the user
     * @throws InterruptedException if the call was cancelled
     * @throws Exception anything else is taken for a bug: the user sees its kind, only the log sees its message
     */
    List<Frame> query(Query query, QueryContext context) throws Exception;

    /**
     * Finds out whether the backend can answer queries. Blocks, and is cancelled, as {@link #query} is.
     *
     * @param context the deadline, and the way to hear of a cancellation
     * @return the health, with a message that says what to do if it is bad
     * @throws Exception is shown as an error
     */
    BackendHealth checkHealth(QueryContext context) throws Exception;

    /**
     * Gives back what the backend holds. Called once, when none of its calls is running or all have been cancelled.
     */
    @Override
    void close();
}
