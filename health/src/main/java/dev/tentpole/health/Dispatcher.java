package dev.tentpole.health;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands transitions to listeners, one after the other, in the order in which they were added.
 *
 * <p>What waits is bounded: beyond the limit the newest are dropped, counted and logged once. Its own lock is held for a
 * few instructions only, never while a listener runs.
 */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(HealthRegistry.class);

    private final Executor executor;
    private final int limit;
    private final List<TransitionListener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Transition> waiting = new ArrayDeque<>();
    private boolean delivering;
    private boolean closed;
    private long dropped;

    Dispatcher(Executor executor, int limit) {
        this.executor = executor;
        this.limit = limit;
    }

    void addListener(TransitionListener listener) {
        lock.lock();
        try {
            if (!listeners.contains(listener)) {
                listeners.add(listener);
            }
        } finally {
            lock.unlock();
        }
    }

    void removeListener(TransitionListener listener) {
        listeners.remove(listener);
    }

    /** Puts a transition in the queue; the caller's own lock gives the order. */
    void add(Transition transition) {
        lock.lock();
        try {
            if (closed) {
                dropped++;
                return;
            }
            if (waiting.size() < limit) {
                waiting.add(transition);
                return;
            }
            dropped++;
            if (dropped > 1) {
                return;
            }
        } finally {
            lock.unlock();
        }
        LOG.warn("A listener is so slow that transitions are dropped: maxPendingTransitions = {}", limit);
    }

    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Sees to it that what waits is delivered; call it without a lock. */
    void deliver() {
        lock.lock();
        try {
            if (delivering || waiting.isEmpty()) {
                return;
            }
            delivering = true;
        } finally {
            lock.unlock();
        }
        try {
            executor.execute(this::deliverAll);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            stopDelivering();
            LOG.debug("Transitions wait for a thread", e);
        }
    }

    private void deliverAll() {
        Transition next = next();
        while (next != null) {
            for (TransitionListener listener : listeners) {
                deliver(listener, next);
            }
            next = next();
        }
    }

    private @Nullable Transition next() {
        lock.lock();
        try {
            Transition next = waiting.poll();
            delivering = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what waits, and whatever may come. */
    void giveUp() {
        lock.lock();
        try {
            dropped += waiting.size();
            waiting.clear();
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private void stopDelivering() {
        lock.lock();
        try {
            delivering = false;
        } finally {
            lock.unlock();
        }
    }

    private static void deliver(TransitionListener listener, Transition transition) {
        try {
            listener.onTransition(transition);
        } catch (Throwable e) {
            LOG.warn("A health listener failed on {}", transition, e);
        }
    }
}
