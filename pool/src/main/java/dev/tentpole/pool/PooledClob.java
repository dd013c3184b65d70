package dev.tentpole.pool;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.sql.Clob;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Large text of a pooled connection; what is written to it may have to be rolled back. */
sealed class PooledClob<C extends Clob> extends PooledValue<C> implements Clob permits PooledNClob {

    PooledClob(PooledConnection connection, C clob) {
        super(connection, clob);
    }

    @Override
    public long length() throws SQLException {
        return asLong(clob -> clob.length());
    }

    @Override
    public String getSubString(long position, int length) throws SQLException {
        return get(clob -> clob.getSubString(position, length));
    }

    @Override
    public Reader getCharacterStream() throws SQLException {
        return part(clob -> clob.getCharacterStream(), PooledReader::new);
    }

    @Override
    public Reader getCharacterStream(long position, long length) throws SQLException {
        return part(clob -> clob.getCharacterStream(position, length), PooledReader::new);
    }

    @Override
    public InputStream getAsciiStream() throws SQLException {
        return part(clob -> clob.getAsciiStream(), PooledInputStream::new);
    }

    @Override
    public long position(String text, long start) throws SQLException {
        return asLong(clob -> clob.position(text, start));
    }

    @Override
    public long position(@Nullable Clob text, long start) throws SQLException {
        return asLong(clob -> clob.position(driversOwn(text), start));
    }

    @Override
    public int setString(long position, String text) throws SQLException {
        willExecute();
        return asInt(clob -> clob.setString(position, text));
    }

    @Override
    public int setString(long position, String text, int offset, int length) throws SQLException {
        willExecute();
        return asInt(clob -> clob.setString(position, text, offset, length));
    }

    @Override
    public OutputStream setAsciiStream(long position) throws SQLException {
        willExecute();
        return part(clob -> clob.setAsciiStream(position), PooledOutputStream::new);
    }

    @Override
    public Writer setCharacterStream(long position) throws SQLException {
        willExecute();
        return part(clob -> clob.setCharacterStream(position), PooledWriter::new);
    }

    @Override
    public void truncate(long length) throws SQLException {
        willExecute();
        run(clob -> clob.truncate(length));
    }

    @Override
    public void free() throws SQLException {
        freeBy(clob -> clob.free());
    }
}
