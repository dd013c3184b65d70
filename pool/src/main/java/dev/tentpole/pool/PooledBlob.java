package dev.tentpole.pool;

import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Blob;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Large bytes of a pooled connection; what is written to them may have to be rolled back. */
final class PooledBlob extends PooledValue<Blob> implements Blob {

    PooledBlob(PooledConnection connection, Blob blob) {
        super(connection, blob);
    }

    @Override
    public long length() throws SQLException {
        return asLong(blob -> blob.length());
    }

    @Override
    public byte[] getBytes(long position, int length) throws SQLException {
        return get(blob -> blob.getBytes(position, length));
    }

    @Override
    public InputStream getBinaryStream() throws SQLException {
        return part(blob -> blob.getBinaryStream(), PooledInputStream::new);
    }

    @Override
    public InputStream getBinaryStream(long position, long length) throws SQLException {
        return part(blob -> blob.getBinaryStream(position, length), PooledInputStream::new);
    }

    @Override
    public long position(byte[] pattern, long start) throws SQLException {
        return asLong(blob -> blob.position(pattern, start));
    }

    @Override
    public long position(@Nullable Blob pattern, long start) throws SQLException {
        return asLong(blob -> blob.position(driversOwn(pattern), start));
    }

    @Override
    public int setBytes(long position, byte[] bytes) throws SQLException {
        willExecute();
        return asInt(blob -> blob.setBytes(position, bytes));
    }

    @Override
    public int setBytes(long position, byte[] bytes, int offset, int length) throws SQLException {
        willExecute();
        return asInt(blob -> blob.setBytes(position, bytes, offset, length));
    }

    @Override
    public OutputStream setBinaryStream(long position) throws SQLException {
        willExecute();
        return part(blob -> blob.setBinaryStream(position), PooledOutputStream::new);
    }

    @Override
    public void truncate(long length) throws SQLException {
        willExecute();
        run(blob -> blob.truncate(length));
    }

    @Override
    public void free() throws SQLException {
        freeBy(Blob::free);
    }
}
