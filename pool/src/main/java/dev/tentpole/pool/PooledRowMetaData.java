package dev.tentpole.pool;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;

/** What the columns of a result set are; drivers may ask the server for it. */
final class PooledRowMetaData extends Guarded<ResultSetMetaData> implements ResultSetMetaData {

    PooledRowMetaData(PooledConnection connection, ResultSetMetaData metaData) {
        super(connection, metaData);
    }

    @Override
    public int getColumnCount() throws SQLException {
        return asInt(metaData -> metaData.getColumnCount());
    }

    @Override
    public boolean isAutoIncrement(int column) throws SQLException {
        return asBoolean(metaData -> metaData.isAutoIncrement(column));
    }

    @Override
    public boolean isCaseSensitive(int column) throws SQLException {
        return asBoolean(metaData -> metaData.isCaseSensitive(column));
    }

    @Override
    public boolean isSearchable(int column) throws SQLException {
        return asBoolean(metaData -> metaData.isSearchable(column));
    }

    @Override
    public boolean isCurrency(int column) throws SQLException {
        return asBoolean(metaData -> metaData.isCurrency(column));
    }

    @Override
    public int isNullable(int column) throws SQLException {
        return asInt(metaData -> metaData.isNullable(column));
    }

    @Override
    public boolean isSigned(int column) throws SQLException {
        return asBoolean(metaData -> metaData.isSigned(column));
    }

    @Override
    public int getColumnDisplaySize(int column) throws SQLException {
        return asInt(metaData -> metaData.getColumnDisplaySize(column));
    }

    @Override
    public String getColumnLabel(int column) throws SQLException {
        return get(metaData -> metaData.getColumnLabel(column));
    }

    @Override
    public String getColumnName(int column) throws SQLException {
        return get(metaData -> metaData.getColumnName(column));
    }

    @Override
    public String getSchemaName(int column) throws SQLException {
        return get(metaData -> metaData.getSchemaName(column));
    }

    @Override
    public int getPrecision(int column) throws SQLException {
        return asInt(metaData -> metaData.getPrecision(column));
    }

    @Override
    public int getScale(int column) throws SQLException {
        return asInt(metaData -> metaData.getScale(column));
    }

    @Override
    public String getTableName(int column) throws SQLException {
        return get(metaData -> metaData.getTableName(column));
    }

    @Override
    public String getCatalogName(int column) throws SQLException {
        return get(metaData -> metaData.getCatalogName(column));
    }

    @Override
    public int getColumnType(int column) throws SQLException {
        return asInt(metaData -> metaData.getColumnType(column));
    }

    @Override
    public String getColumnTypeName(int column) throws SQLException {
        return get(metaData -> metaData.getColumnTypeName(column));
    }

    @Override
    public boolean isReadOnly(int column) throws SQLException {
        return asBoolean(metaData -> metaData.isReadOnly(column));
    }

    @Override
    public boolean isWritable(int column) throws SQLException {
        return asBoolean(metaData -> metaData.isWritable(column));
    }

    @Override
    public boolean isDefinitelyWritable(int column) throws SQLException {
        return asBoolean(metaData -> metaData.isDefinitelyWritable(column));
    }

    @Override
    public String getColumnClassName(int column) throws SQLException {
        return get(metaData -> metaData.getColumnClassName(column));
    }
}
