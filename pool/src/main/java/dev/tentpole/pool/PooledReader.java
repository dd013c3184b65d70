package dev.tentpole.pool;

import java.io.IOException;
import java.io.Reader;

/** Text that a pooled connection brings. */
final class PooledReader extends Reader {

    private final StreamCalls calls;
    private final Reader reader;

    PooledReader(PooledConnection connection, Reader reader) {
        this.calls = new StreamCalls(connection);
        this.reader = reader;
    }

    @Override
    public int read() throws IOException {
        return calls.asInt(reader::read);
    }

    @Override
    public int read(char[] chars, int offset, int length) throws IOException {
        return calls.asInt(() -> reader.read(chars, offset, length));
    }

    @Override
    public long skip(long count) throws IOException {
        return calls.asLong(() -> reader.skip(count));
    }

    @Override
    public boolean ready() throws IOException {
        return calls.asInt(() -> reader.ready() ? 1 : 0) != 0;
    }

    @Override
    public boolean markSupported() {
        return reader.markSupported();
    }

    @Override
    public void mark(int readLimit) throws IOException {
        calls.run(() -> reader.mark(readLimit));
    }

    @Override
    public void reset() throws IOException {
        calls.run(reader::reset);
    }

    @Override
    public void close() throws IOException {
        calls.close(reader);
    }
}
