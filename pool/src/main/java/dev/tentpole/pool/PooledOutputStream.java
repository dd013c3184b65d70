package dev.tentpole.pool;

import java.io.IOException;
import java.io.OutputStream;

/** Bytes that are written over a pooled connection. */
final class PooledOutputStream extends OutputStream {

    private final StreamCalls calls;
    private final OutputStream stream;

    PooledOutputStream(PooledConnection connection, OutputStream stream) {
        this.calls = new StreamCalls(connection);
        this.stream = stream;
    }

    @Override
    public void write(int value) throws IOException {
        calls.write(() -> stream.write(value));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        calls.write(() -> stream.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        calls.write(stream::flush);
    }

    @Override
    public void close() throws IOException {
        calls.closeWritten(stream);
    }
}
