package dev.tentpole.benchmarks.bigquery;

/** A client that reads a result. */
interface RowSource extends AutoCloseable {

    /** Reads nothing. */
    RowSource NONE = new RowSource() {
        @Override
        public double sum() {
            return 0;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    };

    /** {@return the sum of ids and values; names and times are looked at too} */
    double sum() throws InterruptedException;
}
