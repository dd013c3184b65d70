package dev.tentpole.pool;

import java.sql.SQLException;
import java.sql.Wrapper;
import org.jspecify.annotations.Nullable;

/**
 * What all of JDBC's objects of a pooled connection have in common: every call goes through here, is refused once the object
 * or its connection is closed, and has its exception looked at, whether it says that the connection is broken.
 */
abstract sealed class Delegate<D extends Wrapper> implements Wrapper permits Guarded, PooledConnection {

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

    /** Gives out this object for JDBC's interfaces, and the driver's own for the driver's types. */
    @Override
    public final <T> T unwrap(Class<T> type) throws SQLException {
        check();
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        connection().session().mayHaveChanged();
        return type.isInstance(delegate) ? type.cast(delegate) : delegate.unwrap(type);
    }

    @Override
    public final boolean isWrapperFor(Class<?> type) throws SQLException {
        check();
        return type.isInstance(this) || type.isInstance(delegate) || delegate.isWrapperFor(type);
    }
}
