package dev.tentpole.pool;

import java.sql.ParameterMetaData;
import java.sql.SQLException;

/** What the parameters of a statement are; drivers may ask the server for it. */
final class PooledParameterMetaData extends Guarded<ParameterMetaData> implements ParameterMetaData {

    PooledParameterMetaData(PooledConnection connection, ParameterMetaData metaData) {
        super(connection, metaData);
    }

    @Override
    public int getParameterCount() throws SQLException {
        return asInt(metaData -> metaData.getParameterCount());
    }

    @Override
    public int isNullable(int parameter) throws SQLException {
        return asInt(metaData -> metaData.isNullable(parameter));
    }

    @Override
    public boolean isSigned(int parameter) throws SQLException {
        return asBoolean(metaData -> metaData.isSigned(parameter));
    }

    @Override
    public int getPrecision(int parameter) throws SQLException {
        return asInt(metaData -> metaData.getPrecision(parameter));
    }

    @Override
    public int getScale(int parameter) throws SQLException {
        return asInt(metaData -> metaData.getScale(parameter));
    }

    @Override
    public int getParameterType(int parameter) throws SQLException {
        return asInt(metaData -> metaData.getParameterType(parameter));
    }

    @Override
    public String getParameterTypeName(int parameter) throws SQLException {
        return get(metaData -> metaData.getParameterTypeName(parameter));
    }

    @Override
    public String getParameterClassName(int parameter) throws SQLException {
        return get(metaData -> metaData.getParameterClassName(parameter));
    }

    @Override
    public int getParameterMode(int parameter) throws SQLException {
        return asInt(metaData -> metaData.getParameterMode(parameter));
    }
}
