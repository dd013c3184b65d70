package dev.tentpole.streaming;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A lane under one lock. */
final class LockedLane<T> implements Lane<T> {

    private static final class Entry<T> {
        T message;
        long sequence;
        long weight;

        @Nullable
        Gap gap;

        Entry(T message, long sequence, long weight, @Nullable Gap gap) {
            this.message = message;
            this.sequence = sequence;
            this.weight = weight;
            this.gap = gap;
        }
    }

    private final ToLongFunction<? super T> weigher;
    private final @Nullable Predicate<? super T> filter;
    private final Overflow<T> overflow;
    private final int maxMessages;
    private final long maxBytes;
    private final Signal signal;
    private final ReentrantLock lock = new ReentrantLock();
    private final Signal space = new Signal();
    private final ArrayDeque<Entry<T>> entries = new ArrayDeque<>();
    private final Map<Object, Entry<T>> byKey = new HashMap<>();
    private final EnumMap<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    private @Nullable Gap frontGap;
    private @Nullable Gap backGap;
    private long sequence;
    private long received;
    private long delivered;
    private long failed;
    private long conflated;
    private long filtered;
    private long inFlight;
    private long bytes;
    private boolean completed;
    private boolean closed;
    private boolean disconnected;

    LockedLane(MessageBuffer.Builder<T> builder, int maxMessages, long maxBytes, Signal signal) {
        weigher = builder.weigher;
        filter = builder.filter;
        overflow = builder.overflow;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.signal = signal;
    }

    @Override
    public OfferResult offer(T message) {
        Objects.requireNonNull(message, "message");
        long weight = weigher.applyAsLong(message);
        if (weight < 0) {
            throw new IllegalArgumentException("weight = " + weight + " of a message, must not be negative");
        }
        boolean wanted = filter == null || filter.test(message);
        OfferResult result = locked(message, weight, wanted);
        if (result == OfferResult.TIMED_OUT) {
            try {
                boolean room = space.await(() -> hasRoom(weight), overflow.maxWait());
                result = room ? locked(message, weight, true) : drop(OfferResult.TIMED_OUT, DropReason.EXPIRED);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                result = drop(OfferResult.INTERRUPTED, DropReason.EXPIRED);
            }
        }
        if (result.isAccepted()) {
            signal.wake();
        }
        return result;
    }

    private boolean hasRoom(long weight) {
        lock.lock();
        try {
            return fits(weight) || completed || closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(long weight) {
        return entries.size() < maxMessages && bytes + weight <= maxBytes;
    }

    private OfferResult drop(OfferResult result, DropReason reason) {
        lock.lock();
        try {
            received++;
            sequence++;
            return lose(result, reason);
        } finally {
            lock.unlock();
        }
    }

    private OfferResult lose(OfferResult result, DropReason reason) {
        dropped.merge(reason, 1L, Long::sum);
        Gap gap = new Gap(1, sequence, sequence, reason);
        backGap = backGap == null ? gap : backGap.and(gap);
        return result;
    }

    private OfferResult locked(T message, long weight, boolean wanted) {
        lock.lock();
        try {
            received++;
            if (completed || closed || disconnected) {
                dropped.merge(closed || completed ? DropReason.CLOSED : DropReason.DISCONNECTED, 1L, Long::sum);
                return disconnected && !closed && !completed ? OfferResult.DISCONNECTED : OfferResult.CLOSED;
            }
            if (!wanted) {
                filtered++;
                return OfferResult.FILTERED;
            }
            if (weight > maxBytes) {
                sequence++;
                return lose(OfferResult.TOO_LARGE, DropReason.TOO_LARGE);
            }
            OfferResult result = OfferResult.ACCEPTED;
            Object key = null;
            if (overflow.kind() == Overflow.Kind.CONFLATE) {
                key = overflow.key().apply(message);
                Entry<T> older = byKey.get(key);
                if (older != null) {
                    conflated++;
                    bytes += weight - older.weight;
                    older.message = message;
                    older.weight = weight;
                    older.sequence = ++sequence;
                    while (bytes > maxBytes) {
                        evict(older);
                    }
                    return OfferResult.CONFLATED;
                }
            }
            if (!fits(weight)) {
                switch (overflow.kind()) {
                    case DROP_OLDEST, CONFLATE -> {
                        while (!fits(weight)) {
                            evict(null);
                        }
                        result = OfferResult.ACCEPTED_DROPPED_OLDEST;
                    }
                    case DROP_NEWEST -> {
                        sequence++;
                        return lose(OfferResult.DROPPED_NEWEST, DropReason.NEWEST);
                    }
                    case BLOCK -> {
                        received--;
                        return OfferResult.TIMED_OUT;
                    }
                    case DISCONNECT -> {
                        disconnected = true;
                        sequence++;
                        return lose(OfferResult.DISCONNECTED, DropReason.DISCONNECTED);
                    }
                }
            }
            sequence++;
            Entry<T> entry = new Entry<>(message, sequence, weight, backGap);
            backGap = null;
            entries.add(entry);
            bytes += weight;
            if (key != null) {
                byKey.put(key, entry);
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    private void evict(@Nullable Entry<T> spared) {
        Entry<T> oldest = entries.remove();
        if (oldest == spared) {
            Entry<T> first = entries.remove();
            entries.addFirst(oldest);
            oldest = first;
        }
        forget(oldest);
        dropped.merge(DropReason.OLDEST, 1L, Long::sum);
        Gap gap = new Gap(1, oldest.sequence, oldest.sequence, DropReason.OLDEST);
        if (oldest.gap != null) {
            gap = gap.and(oldest.gap);
        }
        frontGap = frontGap == null ? gap : frontGap.and(gap);
    }

    private void forget(Entry<T> entry) {
        bytes -= entry.weight;
        if (overflow.kind() == Overflow.Kind.CONFLATE) {
            byKey.remove(overflow.key().apply(entry.message));
        }
    }

    @Override
    public int drain(Receiver<? super T> receiver, int max) {
        int count = 0;
        while (count < max) {
            Entry<T> entry;
            Gap gap;
            lock.lock();
            try {
                entry = entries.poll();
                if (entry == null) {
                    gap = (completed || disconnected) && !closed ? backGap : null;
                    backGap = gap == null ? backGap : null;
                } else {
                    forget(entry);
                    inFlight++;
                    gap = frontGap == null ? entry.gap : entry.gap == null ? frontGap : frontGap.and(entry.gap);
                    frontGap = null;
                }
            } finally {
                lock.unlock();
            }
            if (entry == null) {
                if (gap != null) {
                    receiver.onGap(gap);
                }
                return count;
            }
            space.wake();
            boolean ok = false;
            try {
                if (gap != null) {
                    receiver.onGap(gap);
                }
                receiver.onMessage(entry.message, entry.sequence);
                ok = true;
            } finally {
                lock.lock();
                try {
                    inFlight--;
                    if (ok) {
                        delivered++;
                    } else {
                        failed++;
                    }
                } finally {
                    lock.unlock();
                }
            }
            count++;
        }
        return count;
    }

    @Override
    public boolean isEmpty() {
        lock.lock();
        try {
            return entries.isEmpty() && !((completed || disconnected) && !closed && backGap != null);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void complete() {
        lock.lock();
        try {
            completed = true;
        } finally {
            lock.unlock();
        }
        space.wake();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            dropped.merge(DropReason.CLOSED, (long) entries.size(), Long::sum);
            entries.clear();
            byKey.clear();
            bytes = 0;
        } finally {
            lock.unlock();
        }
        space.wake();
    }

    @Override
    public boolean isDisconnected() {
        lock.lock();
        try {
            return disconnected;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public BufferCounters counters() {
        lock.lock();
        try {
            return new BufferCounters(
                    received, delivered, failed, dropped, conflated, filtered, entries.size(), inFlight, bytes);
        } finally {
            lock.unlock();
        }
    }
}
