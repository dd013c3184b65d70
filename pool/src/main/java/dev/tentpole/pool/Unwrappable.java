package dev.tentpole.pool;

import java.sql.SQLException;
import java.sql.Wrapper;

/** A delegate that knows the way to the driver's own object, for those who ask for the driver's own type. */
abstract sealed class Unwrappable<D extends Wrapper> extends Delegate<D> implements Wrapper
        permits Guarded, PooledConnection {

    Unwrappable(D delegate) {
        super(delegate);
    }

    /** Gives out this object for JDBC's interfaces, and the driver's own for the driver's types. */
    @Override
    public final <T> T unwrap(Class<T> type) throws SQLException {
        check();
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        connection().session().mayHaveChanged();
        return type.isInstance(delegate()) ? type.cast(delegate()) : delegate().unwrap(type);
    }

    @Override
    public final boolean isWrapperFor(Class<?> type) throws SQLException {
        check();
        return type.isInstance(this)
                || type.isInstance(delegate())
                || delegate().isWrapperFor(type);
    }
}
