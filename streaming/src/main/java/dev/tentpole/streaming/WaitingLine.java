package dev.tentpole.streaming;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The messages that wait for a place in a subscription's buffer, in the order in which they were published.
 *
 * <p>A message joins the line while its publisher keeps all others from publishing; its publisher waits for it only
 * afterwards, when it holds nothing that others need. Whoever makes a place free puts in what has waited longest, so that
 * no message overtakes another one and no publisher has to be woken for that. Each publisher has one message in the line
 * at most. Safe for use by several threads.
 */
final class WaitingLine<T> {

    private final LaneProducer<T> producer;
    private final long maxWait;
    private final Runnable whenComplete;
    private final ReentrantLock lock;
    private final Condition settled;
    private final ArrayDeque<Place> line = new ArrayDeque<>();
    private boolean completing;

    /**
     * Makes a line.
     *
     * @param producer into the buffer
     * @param lock of the producer
     * @param maxWait how long a message may wait, in nanoseconds
     * @param whenComplete ends the buffer's input
     */
    WaitingLine(LaneProducer<T> producer, ReentrantLock lock, long maxWait, Runnable whenComplete) {
        this.producer = producer;
        this.lock = lock;
        settled = lock.newCondition();
        this.maxWait = maxWait;
        this.whenComplete = whenComplete;
    }

    /** One message's place in the line, for its publisher. */
    final class Place {

        private final T message;
        private final long weight;
        private final long stamp;
        private final long deadline = System.nanoTime() + maxWait;
        private boolean inLine = true;
        private OfferResult result = OfferResult.TIMED_OUT;

        private Place(T message, long weight, long stamp) {
            this.message = message;
            this.weight = weight;
            this.stamp = stamp;
        }

        /** Waits until the message is in the buffer or lost. */
        OfferResult await() {
            lock.lock();
            try {
                long left = deadline - System.nanoTime();
                while (inLine && left > 0) {
                    left = settled.awaitNanos(left);
                }
                leave(OfferResult.TIMED_OUT);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                leave(OfferResult.INTERRUPTED);
            } finally {
                lock.unlock();
            }
            return result;
        }

        private void leave(OfferResult why) {
            if (inLine) {
                boolean unused = line.remove(this);
                settle(producer.refuse(why, DropReason.EXPIRED));
                // A lighter one behind it may fit.
                admit();
            }
        }

        private void settle(OfferResult itsResult) {
            inLine = false;
            result = itsResult;
        }
    }

    /**
     * Offers a message; called by one publisher at a time.
     *
     * @param mayWait whether the publisher may
     * @param waiting gets the message's place if it has to wait
     * @return what became of it, if that is known already; that it was accepted otherwise
     */
    OfferResult offer(T message, long weight, long stamp, boolean mayWait, List<WaitingLine<T>.Place> waiting) {
        lock.lock();
        try {
            if (line.isEmpty() || weight == LaneProducer.UNWANTED) {
                OfferResult result = producer.put(message, weight, stamp);
                if (result != null) {
                    return result;
                }
            }
            if (!mayWait) {
                return producer.refuse(OfferResult.TIMED_OUT, DropReason.EXPIRED);
            }
            Place place = new Place(message, weight, stamp);
            line.add(place);
            waiting.add(place);
            return OfferResult.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    /** Puts in what there is room for, or refuses all if the buffer has ended. */
    void admit() {
        lock.lock();
        try {
            Place first = line.peek();
            OfferResult result = first == null ? null : producer.put(first.message, first.weight, first.stamp);
            while (first != null && result != null) {
                line.remove();
                first.settle(result);
                first = line.peek();
                result = first == null ? null : producer.put(first.message, first.weight, first.stamp);
            }
            settled.signalAll();
            completeIfDue();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the buffer's input once nobody waits any more. */
    void complete() {
        lock.lock();
        try {
            completing = true;
            completeIfDue();
        } finally {
            lock.unlock();
        }
    }

    private void completeIfDue() {
        if (completing && line.isEmpty()) {
            completing = false;
            whenComplete.run();
        }
    }
}
