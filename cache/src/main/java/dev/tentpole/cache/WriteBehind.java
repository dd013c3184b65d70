package dev.tentpole.cache;

import dev.tentpole.base.OwnedThreads;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a second level on a thread of its own, in the order of keys, the last write of each key only.
 *
 * <p>Writes that wait are bounded by number and by bytes; one for which there is no room is dropped and counted. No removal
 * is: one that is not done is kept, also when a write of its key that has taken its place is not done, until the target is
 * known to do something again. Removals are bounded too; where there would be too many of them, one operation takes the
 * place of all.
 */
final class WriteBehind implements AutoCloseable {

    /** Does one operation, and keeps to itself what goes wrong. */
    interface Target {

        /** {@return whether it is done} */
        boolean write(String key, Operation operation);

        /** {@return what takes the place of a great many removals} */
        Map.Entry<String, Operation> removalOfAll();
    }

    /** Bytes to keep for a time, or a removal. */
    static final class Operation {

        static final Operation REMOVAL = new Operation(null, Duration.ZERO, Rest.SAME);

        /** What has to be done once an operation was not. */
        private enum Rest {
            NOTHING,
            REMOVAL,
            SAME
        }

        private final byte @Nullable [] bytes;
        private final Duration timeToLive;
        private final Rest rest;

        private Operation(byte @Nullable [] bytes, Duration timeToLive, Rest rest) {
            this.bytes = bytes;
            this.timeToLive = timeToLive;
            this.rest = rest;
        }

        /** {@return an operation that keeps bytes} */
        static Operation write(byte[] bytes, Duration timeToLive) {
            return new Operation(bytes, timeToLive, Rest.NOTHING);
        }

        /** {@return one that keeps bytes, and has to be done as a removal has} */
        static Operation lastingWrite(byte[] bytes, Duration timeToLive) {
            return new Operation(bytes, timeToLive, Rest.SAME);
        }

        private boolean isPlainWrite() {
            return rest == Rest.NOTHING;
        }

        /** {@return this, in place of another one of its key that was not done} */
        private Operation insteadOf(@Nullable Operation before) {
            return before == null || before.isPlainWrite() || !isPlainWrite()
                    ? this
                    : new Operation(bytes, timeToLive, Rest.REMOVAL);
        }

        private @Nullable Operation rest() {
            return rest == Rest.NOTHING ? null : rest == Rest.REMOVAL ? REMOVAL : this;
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

    /** How many removals may wait. */
    static final int MOST_REMOVALS = 100_000;

    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Target target;
    private final int maximum;
    private final long maximumBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Operation> waiting = new LinkedHashMap<>();
    /** Removals that were tried, and wait until the target is known to do something again. */
    private final Map<String, Operation> undone = new ConcurrentHashMap<>();

    private int waitingWrites;
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
            Operation before = take(key);
            if (before == null) {
                before = undone.remove(key);
            }
            boolean room = operation.bytes() == null
                    || (waitingWrites < maximum && waitingBytes + operation.size() <= maximumBytes);
            if (closed || !room) {
                dropped++;
            }
            if (closed) {
                return;
            }
            if (room) {
                put(key, operation.insteadOf(before));
            } else if (before != null && !before.isPlainWrite()) {
                // What lies there must go all the same.
                put(key, Operation.REMOVAL);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Tries again what was not done; to be called when the target has done something. */
    void resume() {
        if (undone.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            Map<String, Operation> again = new LinkedHashMap<>(undone);
            undone.clear();
            again.forEach(this::put);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Adds an operation of a key of which none waits; under the lock. */
    private void put(String key, Operation operation) {
        waiting.put(key, operation);
        waitingWrites += operation.bytes() == null ? 0 : 1;
        waitingBytes += operation.size();
        boundRemovals();
        if (thread == null) {
            Thread fresh = OwnedThreads.daemon("cache", "second-level").newThread(this::run);
            fresh.start();
            thread = fresh;
        }
    }

    private @Nullable Operation take(String key) {
        Operation taken = waiting.remove(key);
        if (taken != null) {
            waitingWrites -= taken.bytes() == null ? 0 : 1;
            waitingBytes -= taken.size();
        }
        return taken;
    }

    private void boundRemovals() {
        if (waiting.size() - waitingWrites + undone.size() > MOST_REMOVALS) {
            waiting.values().removeIf(operation -> operation.bytes() == null);
            undone.clear();
            Map.Entry<String, Operation> all = target.removalOfAll();
            take(all.getKey());
            put(all.getKey(), all.getValue());
        }
    }

    private void notDone(String key, Operation operation) {
        lock.lock();
        try {
            Operation rest = operation.rest();
            Operation newer = waiting.get(key);
            if (rest != null && newer != null) {
                waiting.put(key, newer.insteadOf(rest));
            } else if (rest != null) {
                undone.put(key, rest);
                boundRemovals();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Map.Entry<String, Operation> next = next();
        while (next != null) {
            if (!target.write(next.getKey(), next.getValue())) {
                notDone(next.getKey(), next.getValue());
            }
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
            String key = oldest.next().getKey();
            Operation taken = Objects.requireNonNull(take(key));
            busy = true;
            return Map.entry(key, taken);
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
        resume();
        flush(CLOSE_NANOS);
        lock.lock();
        try {
            closed = true;
            dropped += waiting.size();
            waiting.clear();
            waitingWrites = 0;
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
