package dev.tentpole.base;

/**
 * A source of monotonic time in nanoseconds, for measuring durations; replaceable in tests.
 *
 * <p>Only differences of two readings mean anything, and they may overflow: compare {@code b - a} with zero.
 * Implementations are safe for use by several threads.
 */
@FunctionalInterface
public interface NanoClock {

    /**
     * {@return the current reading, in nanoseconds from an arbitrary origin}
     */
    long nanoTime();

    /**
     * {@return the clock of the JVM, {@link System#nanoTime()}}
     */
    static NanoClock system() {
        return System::nanoTime;
    }
}
