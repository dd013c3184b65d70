package dev.tentpole.pool;

import java.io.IOException;
import java.io.InputStream;

/** Bytes that a pooled connection brings. */
final class PooledInputStream extends InputStream {

    private final StreamCalls calls;
    private final InputStream stream;

    PooledInputStream(PooledConnection connection, InputStream stream) {
        this.calls = new StreamCalls(connection);
        this.stream = stream;
    }

    @Override
    public int read() throws IOException {
        return calls.asInt(stream::read);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return calls.asInt(() -> stream.read(bytes, offset, length));
    }

    @Override
    public long skip(long count) throws IOException {
        return calls.asLong(() -> stream.skip(count));
    }

    @Override
    public int available() throws IOException {
        return calls.asInt(stream::available);
    }

    @Override
    public boolean markSupported() {
        return stream.markSupported();
    }

    @Override
    public void mark(int readLimit) {
        stream.mark(readLimit);
    }

    @Override
    public void reset() throws IOException {
        calls.run(stream::reset);
    }

    @Override
    public void close() throws IOException {
        calls.close(stream);
    }
}
