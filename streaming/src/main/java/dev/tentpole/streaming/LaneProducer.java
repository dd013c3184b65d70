package dev.tentpole.streaming;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The way into one lane: of one thread, or of any thread if it has a lock. Waits where the lane says so. */
final class LaneProducer<T> implements Producer<T> {

    /** The weight of a message that the filter refuses. */
    static final long UNWANTED = -1;

    /** A deadline that is as far away as a producer may wait, from when it begins to. */
    private static final long FROM_NOW = 0;

    private static final long UNSTAMPED = 0;

    private final MessageBuffer<T> buffer;
    private final Lane<T> lane;
    private final ToLongFunction<? super T> weigher;
    private final @Nullable Predicate<? super T> filter;
    private final @Nullable ReentrantLock lock;
    private boolean retired;

    LaneProducer(
            MessageBuffer<T> buffer,
            Lane<T> lane,
            ToLongFunction<? super T> weigher,
            @Nullable Predicate<? super T> filter,
            @Nullable ReentrantLock lock) {
        this.buffer = buffer;
        this.lane = lane;
        this.weigher = weigher;
        this.filter = filter;
        this.lock = lock;
    }

    @Override
    public OfferResult offer(T message) {
        return offer(message, FROM_NOW);
    }

    private OfferResult offer(T message, long deadline) {
        Objects.requireNonNull(message, "message");
        long weight;
        OfferResult result;
        enter();
        try {
            weight = weigh(message);
            result = put(message, weight, UNSTAMPED);
        } catch (Throwable thrown) {
            OfferResult unused = lane.giveUp(OfferResult.DROPPED_NEWEST, DropReason.REJECTED);
            throw thrown;
        } finally {
            leave();
        }
        return result == null ? putWaiting(message, weight, deadline) : result;
    }

    @Override
    public int offerAll(List<? extends T> messages) {
        for (T message : messages) {
            Objects.requireNonNull(message, "message");
        }
        long deadline = System.nanoTime() + buffer.maxWait();
        int accepted = 0;
        Throwable first = null;
        for (T message : messages) {
            try {
                accepted += offer(message, deadline).isAccepted() ? 1 : 0;
            } catch (Throwable thrown) {
                first = first == null ? thrown : first;
            }
        }
        throwOn(first);
        return accepted;
    }

    private static void throwOn(@Nullable Throwable thrown) {
        if (thrown instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (thrown instanceof Error error) {
            throw error;
        } else if (thrown != null) {
            throw new UndeclaredThrowableException(thrown);
        }
    }

    /** The weight of a message, or {@link #UNWANTED}; throws what the user's functions throw, and counts nothing. */
    long weigh(T message) {
        if (filter != null && !filter.test(message)) {
            return UNWANTED;
        }
        long weight = weigher.applyAsLong(message);
        if (weight < 0) {
            throw new IllegalArgumentException("weight = " + weight + " of a message, must not be negative");
        }
        return weight;
    }

    /** Puts in a message of a known weight, see {@link Lane#put}. */
    @Nullable
    OfferResult put(T message, long weight, long stamp) {
        if (weight == UNWANTED) {
            return lane.filtered();
        }
        OfferResult result = lane.put(message, weight, stamp);
        if (result == OfferResult.DISCONNECTED) {
            buffer.disconnect();
        }
        return result;
    }

    private OfferResult putWaiting(T message, long weight, long deadline) {
        long until = deadline == FROM_NOW ? System.nanoTime() + buffer.maxWait() : deadline;
        try {
            while (true) {
                long before = buffer.progress();
                enter();
                try {
                    OfferResult result = put(message, weight, UNSTAMPED);
                    if (result != null) {
                        return result;
                    }
                } finally {
                    leave();
                }
                if (!buffer.awaitProgress(before, until - System.nanoTime())) {
                    return refuse(OfferResult.TIMED_OUT, DropReason.EXPIRED);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return refuse(OfferResult.INTERRUPTED, DropReason.EXPIRED);
        }
    }

    /** Counts a message that is dropped before it comes in. */
    OfferResult refuse(OfferResult result, DropReason reason) {
        enter();
        try {
            return lane.giveUp(result, reason);
        } finally {
            leave();
        }
    }

    /** As {@link Lane#count}. */
    OfferResult count(OfferResult result, DropReason reason) {
        enter();
        try {
            return lane.count(result, reason);
        } finally {
            leave();
        }
    }

    /** As {@link Lane#passOver}. */
    void passOver(DropReason reason, long count) {
        enter();
        try {
            lane.passOver(reason, count);
        } finally {
            leave();
        }
    }

    private void enter() {
        if (lock != null) {
            lock.lock();
            if (retired) {
                lock.unlock();
                throw buffer.laneTaken();
            }
        }
    }

    private void leave() {
        if (lock != null) {
            lock.unlock();
        }
    }

    /** Lets nobody use it any more, since the lane goes to a thread of its own; the caller holds the lock. */
    void retire() {
        retired = true;
    }
}
