package dev.tentpole.pool;

import java.sql.SQLException;
import java.sql.Struct;
import java.util.Map;

/** A structured value of a pooled connection. */
final class PooledStruct extends PooledValue<Struct> implements Struct {

    PooledStruct(PooledConnection connection, Struct struct) {
        super(connection, struct);
    }

    @Override
    public String getSQLTypeName() throws SQLException {
        return get(struct -> struct.getSQLTypeName());
    }

    @Override
    public Object[] getAttributes() throws SQLException {
        return part(struct -> struct.getAttributes(), PooledValue::guardedAll);
    }

    @Override
    public Object[] getAttributes(Map<String, Class<?>> map) throws SQLException {
        return part(struct -> struct.getAttributes(map), PooledValue::guardedAll);
    }
}
