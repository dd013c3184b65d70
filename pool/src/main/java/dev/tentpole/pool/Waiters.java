package dev.tentpole.pool;

import dev.tentpole.base.NanoClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * How borrowers wait.
 *
 * They stand in a queue, first come first served, but whoever comes while an object is free takes it, without looking at
 * the queue: a running thread keeps an object busy that would else lie idle until a parked thread has got a processor. So
 * that nobody starves of that, the head of the queue turns starving once it is STARVING_AFTER old. From then on whatever
 * comes back is passed on to it directly, without being free in between, and nobody can come first; then to the next one,
 * if that is as old. Hence the bound: a borrower that k others precede has an object by the time at which k + 2 objects
 * have come back after its first millisecond, counted by the coarse clock: the first of them may only see that it is late.
 * Whoever is given an object that fails its validation goes back to his place, before all that came later.
 *
 * `signal` is all that the fast path looks at: NOBODY, SOMEBODY (wake the head), STARVING (pass on to the head), WOKEN (the
 * head has been, and has not looked yet). There is at most one wake-up under way. Whoever has been woken needs a processor
 * before he can say that he starves, so it is those who come back meanwhile who look at his age, by the coarse clock.
 *
 * No wake-up is lost: whoever gives back first makes the object free and then reads the signal; whoever waits first sets
 * the signal and then looks for a free object. Whenever the signal turns from NOBODY or WOKEN to something else, the one who
 * turned it looks for free objects, to see to those that came back before. So does whoever passes an object on: the head may
 * have been woken for another one before, and does not look once it has been given one.
 *
 * But whoever gives back has no fence between the two, so that at the very moment at which the signal turns each may miss
 * what the other one has just written. Hence the second look: whenever the signal turns like that, the housekeeper is to look
 * Housekeeper.LOOK_AGAIN later whether an object is free, and wakes the head if so; it does so in each of its rounds, too.
 * That costs waiters nothing, however many they are, and needs to know nothing of who was the head at that moment. For a
 * waiter's first millisecond his own look at its end is sooner.
 */
final class Waiters<T> {

    static final int NOBODY = 0;
    static final int SOMEBODY = 1;
    static final int STARVING = 2;
    static final int WOKEN = 3;

    /** The age from which on a borrower is served before all others. */
    static final long STARVING_AFTER = TimeUnit.MILLISECONDS.toNanos(1);

    private final ReentrantLock lock;
    private final NanoClock clock;
    private final NanoClock coarseClock;
    private final Runnable lookAgainSoon;
    private final ArrayDeque<Waiter<T>> queue = new ArrayDeque<>();
    private volatile int signal;
    private volatile int size;
    private volatile long headSince;
    private boolean suspended;

    Waiters(ReentrantLock lock, NanoClock clock, NanoClock coarseClock, Runnable lookAgainSoon) {
        this.lookAgainSoon = lookAgainSoon;
        this.lock = lock;
        this.clock = clock;
        this.coarseClock = coarseClock;
    }

    int signal() {
        return signal;
    }

    int size() {
        return size;
    }

    /**
     * Under the lock: at the end, or where it belongs if it comes back since what it was given was of no use. The waiter must
     * look for a free object afterwards.
     */
    void add(Waiter<T> waiter) {
        Waiter<T> last = queue.peekLast();
        if (last == null || last.since - waiter.since <= 0) {
            queue.addLast(waiter);
        } else {
            addBeforeLater(waiter);
        }
        size = queue.size();
        updateSignal();
    }

    private void addBeforeLater(Waiter<T> waiter) {
        ArrayDeque<Waiter<T>> later = new ArrayDeque<>();
        Waiter<T> last = queue.peekLast();
        while (last != null && last.since - waiter.since > 0) {
            later.push(queue.removeLast());
            last = queue.peekLast();
        }
        queue.addLast(waiter);
        queue.addAll(later);
    }

    /** It has looked in vain and will look once more before it parks. */
    void lookedInVain(Waiter<T> waiter) {
        lock.lock();
        try {
            waiter.woken = false;
            updateSignal();
        } finally {
            lock.unlock();
        }
    }

    /** It waits no more; returns what it was given meanwhile. The caller then sees to objects that are free. */
    @Nullable
    Slot<T> remove(Waiter<T> waiter) {
        lock.lock();
        try {
            Slot<T> given = waiter.given;
            if (given == null) {
                queue.remove(waiter);
                size = queue.size();
                updateSignal();
            }
            return given;
        } finally {
            lock.unlock();
        }
    }

    /** How long the waiter may park before it has to tell that it starves; a long time if that is not its turn. */
    long nanosUntilStarving(Waiter<T> waiter) {
        long left = STARVING_AFTER - (clock.nanoTime() - waiter.since);
        return left > 0 ? left : Long.MAX_VALUE;
    }

    /** After an object has become free: wakes the head, unless it has been. */
    void wake() {
        if (signal == WOKEN && coarseClock.nanoTime() - headSince < STARVING_AFTER) {
            return;
        }
        Waiter<T> head;
        lock.lock();
        try {
            updateSignal();
            head = queue.peekFirst();
            if (head == null || suspended || (head.woken && signal != STARVING)) {
                return;
            }
            head.woken = true;
            updateSignal();
        } finally {
            lock.unlock();
        }
        head.unpark();
    }

    /**
     * Passes an object on to the head, if that starves. Returns false if the caller has to make it free instead. The loan
     * of that stamp may have ended meanwhile; then nothing is to be done, and the answer is true.
     */
    boolean passOn(Slot<T> slot, long stamp) {
        Waiter<T> head;
        lock.lock();
        try {
            head = queue.peekFirst();
            if (head == null || suspended || signal != STARVING) {
                return false;
            }
            if (!slot.tryPassOn(stamp)) {
                return true;
            }
            queue.removeFirst();
            size = queue.size();
            head.given = slot;
            updateSignal();
        } finally {
            lock.unlock();
        }
        head.unpark();
        return true;
    }

    /** Under the lock: nobody is served until it is called with false; then the caller sees to objects that are free. */
    void suspend(boolean value) {
        suspended = value;
        updateSignal();
    }

    /** Under the lock: all are told that the pool is closed. */
    List<Waiter<T>> refuseAll() {
        List<Waiter<T>> all = new ArrayList<>(queue);
        queue.clear();
        size = 0;
        updateSignal();
        all.forEach(waiter -> waiter.refused = true);
        return all;
    }

    private void updateSignal() {
        Waiter<T> head = queue.peekFirst();
        boolean wasSilent = signal == NOBODY || signal == WOKEN;
        if (head == null || suspended) {
            signal = NOBODY;
        } else if (clock.nanoTime() - head.since >= STARVING_AFTER) {
            signal = STARVING;
        } else {
            headSince = head.since;
            signal = head.woken ? WOKEN : SOMEBODY;
        }
        if (wasSilent && signal != NOBODY && signal != WOKEN) {
            lookAgainSoon.run();
        }
    }
}
