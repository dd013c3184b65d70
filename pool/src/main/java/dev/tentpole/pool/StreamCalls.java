package dev.tentpole.pool;

import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;

/**
 * The calls of a stream that the driver gave out: refused once the connection was given back, and their exceptions looked at,
 * whether they come of a broken connection.
 */
record StreamCalls(PooledConnection connection) {

    /** Chains may be circular. */
    private static final int LONGEST_CHAIN = 16;

    /** A call that returns an int. */
    interface IntCall {
        int call() throws IOException;
    }

    /** A call that returns a long. */
    interface LongCall {
        long call() throws IOException;
    }

    /** A call that returns nothing. */
    interface Action {
        void call() throws IOException;
    }

    int asInt(IntCall call) throws IOException {
        check();
        try {
            return call.call();
        } catch (IOException e) {
            throw examined(e);
        }
    }

    long asLong(LongCall call) throws IOException {
        check();
        try {
            return call.call();
        } catch (IOException e) {
            throw examined(e);
        }
    }

    void run(Action call) throws IOException {
        check();
        try {
            call.call();
        } catch (IOException e) {
            throw examined(e);
        }
    }

    /** What is written may have to be rolled back. */
    void write(Action call) throws IOException {
        run(() -> {
            connection.session().executed();
            call.call();
        });
    }

    /** Harmless once the connection was given back, as closing twice is. */
    void close(Closeable stream) throws IOException {
        if (connection.isUsable()) {
            run(stream::close);
        }
    }

    /** The same; what the stream has held back is written now. */
    void closeWritten(Closeable stream) throws IOException {
        if (connection.isUsable()) {
            write(stream::close);
        }
    }

    private void check() throws IOException {
        try {
            connection.check();
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private IOException examined(IOException e) {
        Throwable cause = e.getCause();
        for (int i = 0; cause != null && i < LONGEST_CHAIN; i++) {
            if (cause instanceof SQLException drivers) {
                connection.examined(drivers);
                return e;
            }
            cause = cause.getCause();
        }
        return e;
    }
}
