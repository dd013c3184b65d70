package dev.tentpole.benchmarks.retry;

import dev.tentpole.retry.CheckedSupplier;
import java.io.IOException;

/** A call that fails so many times before it succeeds, with exceptions that cost little, so that others' costs show. */
final class Flaky implements CheckedSupplier<Object, IOException> {

    private static final class Failure extends IOException {

        private static final long serialVersionUID = 1L;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private final int failures;
    private int calls;

    Flaky(int failures) {
        this.failures = failures;
    }

    void reset() {
        calls = 0;
    }

    @Override
    public Object get() throws IOException {
        if (calls++ < failures) {
            throw new Failure();
        }
        return this;
    }
}
