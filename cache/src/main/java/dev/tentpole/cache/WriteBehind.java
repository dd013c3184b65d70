package dev.tentpole.cache;

import dev.tentpole.base.OwnedThreads;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a second level on a thread of its own, in the order of keys, the last write of each key only.
 *
 * <p>What waits is bounded by number and by bytes. A write for which there is no room is dropped and counted, but for a
 * removal of its key that waits; a removal is never dropped in favour of an older write: it takes the place of the oldest
 * one.
 */
final class WriteBehind implements AutoCloseable {

    /** Does one operation, and keeps to itself what goes wrong. */
    interface Target {
        void write(String key, Operation operation);
    }

    /** Bytes to keep for a time, or a removal. */
    static final class Operation {

        static final Operation REMOVAL = new Operation(null, Duration.ZERO);

        private final byte @Nullable [] bytes;
        private final Duration timeToLive;

        Operation(byte @Nullable [] bytes, Duration timeToLive) {
            this.bytes = bytes;
            this.timeToLive = timeToLive;
        }

        byte @Nullable [] bytes() {
            return bytes;
        }

        Duration timeToLive() {
            return timeToLive;
        }

        long size() {
            return bytes == null ? 0 : bytes.length;
        }
    }

    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Target target;
    private final int maximum;
    private final long maximumBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Operation> waiting = new LinkedHashMap<>();
    private long waitingBytes;
    private long dropped;
    private boolean busy;
    private boolean closed;
    private @Nullable Thread thread;

    WriteBehind(Target target, int maximum, long maximumBytes) {
        this.target = target;
        this.maximum = maximum;
        this.maximumBytes = maximumBytes;
    }

    void add(String key, Operation operation) {
        lock.lock();
        try {
            Operation before = waiting.remove(key);
            waitingBytes -= before == null ? 0 : before.size();
            boolean room = waiting.size() < maximum && waitingBytes + operation.size() <= maximumBytes;
            Operation added = operation;
            if (closed || (!room && operation.bytes() != null)) {
                dropped++;
                if (closed || before == null || before.bytes() != null) {
                    return;
                }
                // What lies there must go all the same.
                added = Operation.REMOVAL;
            } else if (!room) {
                dropOldest();
            }
            waiting.put(key, added);
            waitingBytes += added.size();
            if (thread == null) {
                Thread fresh = OwnedThreads.daemon("cache", "second-level").newThread(this::run);
                fresh.start();
                thread = fresh;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void dropOldest() {
        Iterator<Operation> oldest = waiting.values().iterator();
        if (oldest.hasNext()) {
            waitingBytes -= oldest.next().size();
            oldest.remove();
            dropped++;
        }
    }

    private void run() {
        Map.Entry<String, Operation> next = next();
        while (next != null) {
            target.write(next.getKey(), next.getValue());
            next = next();
        }
    }

    private Map.@Nullable Entry<String, Operation> next() {
        lock.lock();
        try {
            busy = false;
            changed.signalAll();
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            Iterator<Map.Entry<String, Operation>> oldest = waiting.entrySet().iterator();
            if (!oldest.hasNext()) {
                return null;
            }
            Map.Entry<String, Operation> next = oldest.next();
            Map.Entry<String, Operation> taken = Map.entry(next.getKey(), next.getValue());
            oldest.remove();
            waitingBytes -= taken.getValue().size();
            busy = true;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all is written, or the time is up. {@return whether all is written} */
    boolean flush(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && (busy || !waiting.isEmpty())) {
                left = changed.awaitNanos(left);
            }
            return !busy && waiting.isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        flush(CLOSE_NANOS);
        lock.lock();
        try {
            closed = true;
            dropped += waiting.size();
            waiting.clear();
            waitingBytes = 0;
            changed.signalAll();
            if (thread != null) {
                // A call that hangs, perhaps.
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }
}
