package dev.tentpole.retry;

import dev.tentpole.base.NanoClock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Where threads wait, so that the time, an interrupt or {@code close()} ends each wait, whichever comes first. */
final class Waits implements AutoCloseable {

    private final Surroundings surroundings;
    private final NanoClock clock;
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Waits(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.clock = surroundings.clock();
    }

    NanoClock clock() {
        return clock;
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Waits until the time has passed.
     *
     * @return false if it was closed before
     */
    boolean sleep(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        } else if (nanos <= 0) {
            return !closed;
        }
        long end = clock.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - clock.nanoTime()) {
            if (!park(left)) {
                return false;
            }
        }
        return !closed;
    }

    /**
     * Waits once, no longer than the time, perhaps shorter.
     *
     * @return false if it is closed
     */
    boolean park(long nanos) throws InterruptedException {
        Thread thread = Thread.currentThread();
        waiting.add(thread);
        try {
            if (!closed && !thread.isInterrupted()) {
                surroundings.park(this, nanos);
            }
        } finally {
            waiting.remove(thread);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return !closed;
    }

    /** Waits once, and does not mind that it is closed. */
    void parkRegardless(long nanos) throws InterruptedException {
        if (!Thread.currentThread().isInterrupted()) {
            surroundings.park(this, nanos);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Override
    public void close() {
        closed = true;
        waiting.forEach(LockSupport::unpark);
    }

    /** How many threads wait at this moment. */
    int count() {
        return waiting.size();
    }
}
