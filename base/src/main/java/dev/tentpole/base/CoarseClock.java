package dev.tentpole.base;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A monotonic clock that costs one memory read, for hot paths that can bear an error of {@link #TICK}.
 *
 * <p>One daemon thread for the whole JVM copies {@link System#nanoTime()} into a field. It runs while at least one clock
 * is open and ends with the last one. The reading is never ahead of the true time; it is behind by at most a tick, plus
 * the time for which the operating system gave that thread no processor. All open clocks show the same reading, so that
 * differences between any of them and {@link NanoClock#system()} mean something. A closed clock goes on to work, at the
 * price of the precise one. Safe for use by several threads.
 */
public final class CoarseClock implements NanoClock, AutoCloseable {

    /** The time between two updates of the reading. */
    public static final Duration TICK = Duration.ofMillis(10);

    private static final Object LOCK = new Object();
    private static final ThreadFactory THREADS = OwnedThreads.daemon("base", "clock");

    private static volatile long reading;
    private static int openClocks;

    private volatile boolean closed;

    private CoarseClock() {}

    /**
     * {@return a new open clock; the first one starts the thread}
     */
    public static CoarseClock open() {
        synchronized (LOCK) {
            if (openClocks == 0) {
                reading = System.nanoTime();
                Ticker ticker = new Ticker();
                Ticker.current = ticker;
                THREADS.newThread(ticker).start();
            }
            openClocks++;
        }
        return new CoarseClock();
    }

    @Override
    public long nanoTime() {
        return closed ? System.nanoTime() : reading;
    }

    /**
     * Gives the clock back; the thread ends with the last one. Closing twice is harmless.
     */
    @Override
    public void close() {
        synchronized (LOCK) {
            if (!closed) {
                closed = true;
                openClocks--;
                if (openClocks == 0) {
                    Ticker.current = null;
                }
            }
        }
    }

    private static final class Ticker implements Runnable {

        private static volatile @Nullable Ticker current;

        @Override
        public void run() {
            while (current == this) {
                reading = System.nanoTime();
                LockSupport.parkNanos(this, TICK.toNanos());
            }
        }
    }
}
