package dev.tentpole.bigquery;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body of at most so many bytes, after decompression. */
final class LimitedStream extends FilterInputStream {

    private final long limit;
    private long left;

    LimitedStream(InputStream in, long limit) {
        super(in);
        this.limit = limit;
        this.left = limit;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
            count(1);
        }
        return value;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int count = super.read(to, offset, length);
        if (count > 0) {
            count(count);
        }
        return count;
    }

    /** Reads what is left, so that the connection can be used again, and finds out whether the body is all there. */
    void drain() throws IOException {
        byte[] rest = new byte[1 << 10];
        int count;
        do {
            count = read(rest);
        } while (count >= 0);
    }

    /** Whoever has opened what is below closes it; a parser does not, since a body that is not read to its end costs its connection. */
    @Override
    public void close() {
        // See above.
    }

    private void count(int bytes) {
        left -= bytes;
        if (left < 0) {
            throw RestFailure.badAnswer(200, "")
                    .toException("an answer of more than maxAnswerBytes = " + limit + " bytes", null, 1, null);
        }
    }
}
