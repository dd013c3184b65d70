package dev.tentpole.streaming;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The messages that wait for a place in a subscription's buffer, in the order in which they were published.
 *
 * <p>A message joins the line while its publisher keeps all others from publishing; its publisher waits for it only
 * afterwards, when it holds nothing that others need. Whoever makes a place free puts in what has waited longest, so that
 * no message overtakes another one and no publisher has to be woken for that. Each publisher has one message in the line
 * at most.
 *
 * <p>What is lost behind a message that waits is counted at once, and gets its number when its turn comes: a gap is where
 * the loss is. Safe for use by several threads.
 */
final class WaitingLine<T> {

    private final LaneProducer<T> producer;
    private final long maxWait;
    private final Runnable whenComplete;
    private final ReentrantLock lock;
    private final ArrayDeque<Place> line = new ArrayDeque<>();
    private final Loss lostAtEnd = new Loss();
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
        this.maxWait = maxWait;
        this.whenComplete = whenComplete;
    }

    /** Messages lost one after another, which have no numbers yet. */
    private static final class Loss {

        private long count;
        private DropReason reason = DropReason.SEVERAL;

        private void add(long more, DropReason why) {
            if (more > 0) {
                reason = count == 0 || reason == why ? why : DropReason.SEVERAL;
                count += more;
            }
        }

        /** Hands on what it has. */
        private void moveTo(Loss other) {
            other.add(count, reason);
            count = 0;
        }
    }

    /** One message's place in the line, for its publisher. */
    final class Place {

        private final T message;
        private final long weight;
        private final long stamp;
        private final long deadline = System.nanoTime() + maxWait;
        private final Condition settled = lock.newCondition();
        private final Loss lostBefore = new Loss();
        private boolean inLine = true;
        private OfferResult result = OfferResult.TIMED_OUT;

        private Place(T message, long weight, long stamp) {
            this.message = message;
            this.weight = weight;
            this.stamp = stamp;
        }

        /** How long until it may wait no longer, as seen from a moment, in nanoseconds. */
        long left(long now) {
            return deadline - now;
        }

        /** Waits until the message is in the buffer or lost. */
        OfferResult await() {
            lock.lock();
            try {
                long left = left(System.nanoTime());
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
                Loss lost = takeOut();
                lostBefore.moveTo(lost);
                settle(lose(why, DropReason.EXPIRED, lost));
                // A lighter one behind it may fit.
                admit();
            }
        }

        /** Leaves the line; returns where to note what is lost just before the one behind it. */
        private Loss takeOut() {
            Iterator<Place> places = line.iterator();
            Place place = places.next();
            while (place != this) {
                place = places.next();
            }
            places.remove();
            return places.hasNext() ? places.next().lostBefore : lostAtEnd;
        }

        private void settle(OfferResult itsResult) {
            inLine = false;
            result = itsResult;
            settled.signal();
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
                return refuse(OfferResult.TIMED_OUT, DropReason.EXPIRED);
            }
            Place place = new Place(message, weight, stamp);
            lostAtEnd.moveTo(place.lostBefore);
            line.add(place);
            waiting.add(place);
            return OfferResult.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    /** Counts a message that is dropped, and comes after those that wait; called by one publisher at a time. */
    OfferResult refuse(OfferResult result, DropReason reason) {
        lock.lock();
        try {
            OfferResult counted = lose(result, reason, lostAtEnd);
            passOver();
            return counted;
        } finally {
            lock.unlock();
        }
    }

    private OfferResult lose(OfferResult result, DropReason reason, Loss lost) {
        OfferResult counted = producer.count(result, reason);
        if (counted == result) {
            lost.add(1, reason);
        }
        return counted;
    }

    /** Puts in what there is room for, or refuses all if the buffer has ended. */
    void admit() {
        lock.lock();
        try {
            do {
                passOver();
            } while (admitFirst());
            completeIfDue();
        } finally {
            lock.unlock();
        }
    }

    /** Gives numbers to what was lost before all that wait. */
    private void passOver() {
        Loss lost = line.isEmpty() ? lostAtEnd : line.element().lostBefore;
        if (lost.count > 0) {
            producer.passOver(lost.reason, lost.count);
            lost.count = 0;
        }
    }

    private boolean admitFirst() {
        Place first = line.peek();
        OfferResult result = first == null ? null : producer.put(first.message, first.weight, first.stamp);
        if (first == null || result == null) {
            return false;
        }
        line.remove();
        first.settle(result);
        return true;
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
