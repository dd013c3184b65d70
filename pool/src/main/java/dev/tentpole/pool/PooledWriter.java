package dev.tentpole.pool;

import java.io.IOException;
import java.io.Writer;

/** Text that is written over a pooled connection. */
final class PooledWriter extends Writer {

    private final StreamCalls calls;
    private final Writer writer;

    PooledWriter(PooledConnection connection, Writer writer) {
        this.calls = new StreamCalls(connection);
        this.writer = writer;
    }

    @Override
    public void write(int value) throws IOException {
        calls.write(() -> writer.write(value));
    }

    @Override
    public void write(char[] chars, int offset, int length) throws IOException {
        calls.write(() -> writer.write(chars, offset, length));
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        calls.write(() -> writer.write(text, offset, length));
    }

    @Override
    public void flush() throws IOException {
        calls.write(writer::flush);
    }

    @Override
    public void close() throws IOException {
        calls.closeWritten(writer);
    }
}
