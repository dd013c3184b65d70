package dev.tentpole.pool;

import java.sql.Ref;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reference to a structured value in the database, of a pooled connection. */
final class PooledRef extends PooledValue<Ref> implements Ref {

    PooledRef(PooledConnection connection, Ref ref) {
        super(connection, ref);
    }

    @Override
    public String getBaseTypeName() throws SQLException {
        return get(ref -> ref.getBaseTypeName());
    }

    @Override
    public @Nullable Object getObject(Map<String, Class<?>> map) throws SQLException {
        return guarded(Object.class, getOrNull(ref -> ref.getObject(map)));
    }

    @Override
    public @Nullable Object getObject() throws SQLException {
        return guarded(Object.class, getOrNull(ref -> ref.getObject()));
    }

    @Override
    public void setObject(@Nullable Object value) throws SQLException {
        willExecute();
        run(ref -> ref.setObject(driversOwn(value)));
    }
}
