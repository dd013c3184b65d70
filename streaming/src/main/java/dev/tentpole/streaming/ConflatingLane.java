package dev.tentpole.streaming;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A lane that keeps the latest message of each key, under a lock. Of foreign code only {@code equals} of keys runs while it
 * is held, before anything has changed.
 *
 * <p>Messages lie in a ring, in the order in which their keys came; a table with linear probing leads from a key to its
 * slot. Both have their full size from the start.
 */
final class ConflatingLane<T> implements Lane<T> {

    private static final int NONE = -1;

    private final Function<? super T, ?> key;
    private final int maxMessages;
    private final long maxBytes;
    private final Signal arrivals;
    private final boolean stamped;

    private final ReentrantLock lock = new ReentrantLock();
    private final @Nullable Object[] messages;
    private final @Nullable Object[] keys;
    private final int[] hashes;
    private final long[] numbers;
    private final long[] weights;
    private final long[] times;
    private final int[] table;
    private final EnumMap<DropReason, Count> dropped = new EnumMap<>(DropReason.class);
    private int first;
    private int size;
    private long bytes;
    private long number;
    private long received;
    private long delivered;
    private long failed;
    private long conflated;
    private long filtered;
    private long inFlight;
    private long lost;
    private long firstLost;
    private long lastLost;
    private DropReason lossReason = DropReason.SEVERAL;
    private volatile boolean gapDue;
    private volatile boolean completed;
    private volatile boolean closed;
    private volatile boolean empty = true;

    /** What the consumer has taken out and not yet handed over. */
    private @Nullable T held;

    private long heldNumber;
    private long heldSince;

    /** A count that costs no memory to raise. */
    private static final class Count {
        private long value;
    }

    ConflatingLane(MessageBuffer.Builder<T> builder, int maxMessages, long maxBytes, Signal arrivals) {
        key = builder.overflow.key();
        stamped = builder.stamped;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.arrivals = arrivals;
        messages = new Object[maxMessages];
        keys = new Object[maxMessages];
        hashes = new int[maxMessages];
        numbers = new long[maxMessages];
        weights = new long[maxMessages];
        times = new long[stamped ? maxMessages : 0];
        table = new int[Integer.highestOneBit(Math.max(2, 2 * maxMessages - 1)) << 1];
        Arrays.fill(table, NONE);
        for (DropReason reason : DropReason.values()) {
            dropped.put(reason, new Count());
        }
    }

    @Override
    public OfferResult put(T message, long weight, long stamp) {
        Object itsKey = Objects.requireNonNull(key.apply(message), "key");
        int hash = spread(itsKey.hashCode());
        OfferResult result;
        lock.lock();
        try {
            result = put(message, itsKey, hash, weight, stamp);
            empty = size == 0;
        } finally {
            lock.unlock();
        }
        if (result.isAccepted()) {
            arrivals.wakeIfWanted();
        }
        return result;
    }

    @Override
    public OfferResult filtered() {
        lock.lock();
        try {
            if (isRefused()) {
                return OfferResult.CLOSED;
            }
            filtered++;
            return OfferResult.FILTERED;
        } finally {
            lock.unlock();
        }
    }

    private OfferResult put(T message, Object itsKey, int hash, long weight, long stamp) {
        // First, since it is the last that may throw.
        int place = find(itsKey, hash);
        if (isRefused()) {
            return OfferResult.CLOSED;
        }
        number++;
        if (weight > maxBytes) {
            if (place != NONE) {
                // It is no longer the latest of its key.
                conflated++;
                remove(place);
            }
            lose(DropReason.TOO_LARGE, number);
            return OfferResult.TOO_LARGE;
        }
        OfferResult result = OfferResult.ACCEPTED;
        if (place != NONE) {
            result = OfferResult.CONFLATED;
            conflated++;
            bytes -= weights[place];
            weights[place] = 0;
        }
        while (bytes + weight > maxBytes || (place == NONE && size == maxMessages)) {
            if (first == place) {
                place = NONE;
            } else {
                lose(DropReason.OLDEST, numbers[first]);
                result = result == OfferResult.CONFLATED ? result : OfferResult.ACCEPTED_DROPPED_OLDEST;
            }
            removeFirst();
        }
        if (place == NONE) {
            place = index(size);
            size++;
            keys[place] = itsKey;
            hashes[place] = hash;
            table[freeCell(hash)] = place;
        }
        messages[place] = message;
        numbers[place] = number;
        weights[place] = weight;
        bytes += weight;
        if (stamped) {
            times[place] = stamp;
        }
        return result;
    }

    /** Counts a message; whether the lane takes no more. */
    private boolean isRefused() {
        received++;
        boolean refused = closed || completed;
        if (refused) {
            count(DropReason.CLOSED, 1);
        }
        return refused;
    }

    private int index(int offset) {
        int index = first + offset;
        return index < maxMessages ? index : index - maxMessages;
    }

    private static int spread(int hash) {
        return (hash ^ (hash >>> 16)) * 0x9E3779B9;
    }

    private int cell(int hash) {
        return (hash >>> 8) & (table.length - 1);
    }

    private int find(Object itsKey, int hash) {
        for (int cell = cell(hash); table[cell] != NONE; cell = (cell + 1) & (table.length - 1)) {
            int place = table[cell];
            if (hashes[place] == hash && itsKey.equals(keys[place])) {
                return place;
            }
        }
        return NONE;
    }

    private int freeCell(int hash) {
        int cell = cell(hash);
        while (table[cell] != NONE) {
            cell = (cell + 1) & (table.length - 1);
        }
        return cell;
    }

    private void removeFirst() {
        remove(first);
    }

    /** Takes out a message; those before it move up. */
    private void remove(int place) {
        clearCell(place);
        bytes -= weights[place];
        int to = place;
        while (to != first) {
            int from = (to == 0 ? maxMessages : to) - 1;
            table[cellOf(from)] = to;
            messages[to] = messages[from];
            keys[to] = keys[from];
            hashes[to] = hashes[from];
            numbers[to] = numbers[from];
            weights[to] = weights[from];
            if (stamped) {
                times[to] = times[from];
            }
            to = from;
        }
        messages[first] = null;
        keys[first] = null;
        first = index(1);
        size--;
    }

    private int cellOf(int place) {
        int cell = cell(hashes[place]);
        while (table[cell] != place) {
            cell = (cell + 1) & (table.length - 1);
        }
        return cell;
    }

    private void clearCell(int place) {
        int last = table.length - 1;
        int hole = cellOf(place);
        for (int cell = (hole + 1) & last; table[cell] != NONE; cell = (cell + 1) & last) {
            int distance = (cell - cell(hashes[table[cell]])) & last;
            if (distance >= ((cell - hole) & last)) {
                table[hole] = table[cell];
                hole = cell;
            }
        }
        table[hole] = NONE;
    }

    private void lose(DropReason reason, long itsNumber) {
        count(reason, 1);
        lossReason = lost == 0 || lossReason == reason ? reason : DropReason.SEVERAL;
        firstLost = lost == 0 ? itsNumber : Math.min(firstLost, itsNumber);
        lastLost = lost == 0 ? itsNumber : Math.max(lastLost, itsNumber);
        lost++;
        gapDue = true;
    }

    private void count(DropReason reason, long by) {
        Objects.requireNonNull(dropped.get(reason)).value += by;
    }

    @Override
    public OfferResult giveUp(OfferResult result, DropReason reason) {
        lock.lock();
        try {
            if (isRefused()) {
                return OfferResult.CLOSED;
            }
            number++;
            lose(reason, number);
            return result;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public OfferResult count(OfferResult result, DropReason reason) {
        throw neverFull();
    }

    @Override
    public void passOver(DropReason reason, long count) {
        throw neverFull();
    }

    private static IllegalStateException neverFull() {
        return new IllegalStateException("a lane that conflates is never full");
    }

    @Override
    public long progress() {
        return 0;
    }

    @Override
    public int drain(Receiver<? super T> receiver, int max, @Nullable LongConsumer lag) {
        int count = 0;
        while (count < max && handOver(receiver, lag)) {
            count++;
        }
        return count;
    }

    private boolean handOver(Receiver<? super T> receiver, @Nullable LongConsumer lag) {
        Gap gap;
        lock.lock();
        try {
            if (held == null) {
                hold();
            } else if (closed) {
                held = null;
                inFlight--;
                count(DropReason.CLOSED, 1);
            }
            gap = held != null ? takeGap() : null;
        } finally {
            lock.unlock();
        }
        if (gap != null) {
            receiver.onGap(gap);
            if (closed || held == null) {
                // The receiver has closed the buffer, or taken the message, while it was told of the gap.
                return handOver(receiver, lag);
            }
        }
        T message = held;
        if (message == null) {
            return false;
        }
        held = null;
        boolean returned = false;
        try {
            if (lag != null && stamped) {
                lag.accept(heldSince);
            }
            receiver.onMessage(message, heldNumber);
            returned = true;
        } finally {
            settle(returned);
        }
        return true;
    }

    @Override
    public void drainLastGap(Receiver<? super T> receiver) {
        Gap gap;
        lock.lock();
        try {
            gap = completed && !closed && size == 0 && held == null ? takeGap() : null;
        } finally {
            lock.unlock();
        }
        if (gap != null) {
            receiver.onGap(gap);
        }
    }

    /** Takes out the first message. */
    @SuppressWarnings("unchecked") // nothing else is put in
    private void hold() {
        if (size > 0) {
            held = (T) messages[first];
            heldNumber = numbers[first];
            heldSince = stamped ? times[first] : 0;
            removeFirst();
            empty = size == 0;
            inFlight++;
        }
    }

    private @Nullable Gap takeGap() {
        if (lost == 0) {
            return null;
        }
        Gap gap = new Gap(lost, firstLost, lastLost, lossReason);
        lost = 0;
        gapDue = false;
        return gap;
    }

    private void settle(boolean returned) {
        lock.lock();
        try {
            inFlight--;
            if (returned) {
                delivered++;
            } else {
                failed++;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean hasMessages() {
        return !empty || held != null;
    }

    @Override
    public boolean isEmpty() {
        return empty && held == null && !(completed && !closed && gapDue);
    }

    @Override
    public void complete() {
        lock.lock();
        try {
            completed = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            count(DropReason.CLOSED, size);
            while (size > 0) {
                removeFirst();
            }
            empty = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void disconnect() {
        throw neverFull();
    }

    @Override
    public BufferCounters counters() {
        EnumMap<DropReason, Long> counts = new EnumMap<>(DropReason.class);
        lock.lock();
        try {
            dropped.forEach((reason, count) -> counts.put(reason, count.value));
            return new BufferCounters(received, delivered, failed, counts, conflated, filtered, size, inFlight, bytes);
        } finally {
            lock.unlock();
        }
    }
}
