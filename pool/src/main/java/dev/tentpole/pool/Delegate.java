package dev.tentpole.pool;

import java.sql.SQLException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What all of JDBC's objects of a pooled connection have in common: every call goes through here, is refused once the object
 * or its connection is closed, and has its exception looked at, whether it says that the connection is broken.
 */
abstract sealed class Delegate<D> permits Unwrappable, PooledValue {

    /** A call that returns something. */
    interface Fetch<D, R extends @Nullable Object> {
        R from(D delegate) throws SQLException;
    }

    /** A call that returns an int. */
    interface IntCall<D> {
        int from(D delegate) throws SQLException;
    }

    /** A call that returns a long. */
    interface LongCall<D> {
        long from(D delegate) throws SQLException;
    }

    /** A call that returns a double. */
    interface DoubleCall<D> {
        double from(D delegate) throws SQLException;
    }

    /** A call that returns a boolean. */
    interface BooleanCall<D> {
        boolean from(D delegate) throws SQLException;
    }

    /** A call that returns nothing. */
    interface Action<D> {
        void on(D delegate) throws SQLException;
    }

    private final D delegate;

    Delegate(D delegate) {
        this.delegate = delegate;
    }

    abstract PooledConnection connection();

    abstract boolean isUsable();

    final D delegate() {
        return delegate;
    }

    final void check() throws SQLException {
        if (!isUsable()) {
            throw new SQLException(
                    "the connection, or this part of it, is closed: it was given back to the pool", "08003");
        }
    }

    final <R extends @Nullable Object> R get(Fetch<D, R> call) throws SQLException {
        check();
        try {
            return call.from(delegate);
        } catch (SQLException e) {
            throw connection().examined(e);
        }
    }

    final <R> @Nullable R getOrNull(Fetch<D, @Nullable R> call) throws SQLException {
        return get(call);
    }

    /** A part of the pooled connection for what a call brings. JDBC promises one; where a driver has none, null stays null. */
    @SuppressWarnings("NullAway") // the caller's return type is JDBC's, which says no more than its words
    final <R, P> P part(Fetch<D, @Nullable R> call, BiFunction<PooledConnection, R, P> make) throws SQLException {
        R brought = get(call);
        return brought == null ? null : make.apply(connection(), brought);
    }

    final int asInt(IntCall<D> call) throws SQLException {
        check();
        try {
            return call.from(delegate);
        } catch (SQLException e) {
            throw connection().examined(e);
        }
    }

    final long asLong(LongCall<D> call) throws SQLException {
        check();
        try {
            return call.from(delegate);
        } catch (SQLException e) {
            throw connection().examined(e);
        }
    }

    final double asDouble(DoubleCall<D> call) throws SQLException {
        check();
        try {
            return call.from(delegate);
        } catch (SQLException e) {
            throw connection().examined(e);
        }
    }

    final boolean asBoolean(BooleanCall<D> call) throws SQLException {
        check();
        try {
            return call.from(delegate);
        } catch (SQLException e) {
            throw connection().examined(e);
        }
    }

    final void run(Action<D> call) throws SQLException {
        check();
        try {
            call.on(delegate);
        } catch (SQLException e) {
            throw connection().examined(e);
        }
    }

    /** What it does may have to be rolled back. */
    final void willExecute() throws SQLException {
        check();
        connection().session().executed();
    }

    /** What the driver gave out, as a part of the pooled connection's, unless the type that was asked for is the driver's. */
    final <T> @Nullable T guarded(Class<T> type, @Nullable T value) {
        return PooledValue.guarded(connection(), type, value);
    }
}
