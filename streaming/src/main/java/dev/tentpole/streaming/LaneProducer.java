package dev.tentpole.streaming;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The way into one lane: of one thread, or of any thread if it has a lock. Waits where the lane says so. */
final class LaneProducer<T> implements Producer<T> {

    private final MessageBuffer<T> buffer;
    private final Lane<T> lane;
    private final @Nullable ReentrantLock lock;
    private boolean retired;

    LaneProducer(MessageBuffer<T> buffer, Lane<T> lane, @Nullable ReentrantLock lock) {
        this.buffer = buffer;
        this.lane = lane;
        this.lock = lock;
    }

    @Override
    public OfferResult offer(T message) {
        OfferResult result = attempt(message);
        if (result == null) {
            result = offerWaiting(message);
        } else if (result == OfferResult.DISCONNECTED) {
            buffer.disconnect();
        }
        return result;
    }

    @Override
    public int offerAll(List<? extends T> messages) {
        int accepted = 0;
        for (int i = 0; i < messages.size(); i++) {
            accepted += offer(messages.get(i)).isAccepted() ? 1 : 0;
        }
        return accepted;
    }

    private @Nullable OfferResult attempt(T message) {
        if (lock == null) {
            return lane.tryOffer(message);
        }
        lock.lock();
        try {
            if (retired) {
                throw buffer.laneTaken();
            }
            return lane.tryOffer(message);
        } finally {
            lock.unlock();
        }
    }

    private OfferResult offerWaiting(T message) {
        long deadline = System.nanoTime() + buffer.maxWait();
        try {
            while (true) {
                long before = buffer.progress();
                OfferResult result = attempt(message);
                if (result != null) {
                    return result;
                }
                if (!buffer.awaitProgress(before, deadline - System.nanoTime())) {
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
        if (lock == null) {
            return lane.giveUp(result, reason);
        }
        lock.lock();
        try {
            return lane.giveUp(result, reason);
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody use it any more, since the lane goes to a thread of its own; the caller holds the lock. */
    void retire() {
        retired = true;
    }
}
