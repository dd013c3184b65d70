package dev.tentpole.core;

import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a backend needs to know of the call that it answers: its request, its deadline, and whether it was cancelled.
 *
 * <p>Safe for use by several threads.
 */
public final class QueryContext {

    private static final Logger LOG = LoggerFactory.getLogger(QueryContext.class);

    private final String requestId;
    private final Deadline deadline;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Hook> hooks = new ArrayList<>();
    private volatile boolean cancelled;

    QueryContext(String requestId, Deadline deadline) {
        this.requestId = requestId;
        this.deadline = deadline;
    }

    /**
     * {@return a context for a call outside of a data source, for instance in a backend's own tests}
     *
     * @param timeout the time until the deadline
     */
    public static QueryContext withTimeout(Duration timeout) {
        return new QueryContext("none", Deadline.after(timeout, NanoClock.system()));
    }

    /**
     * {@return the id of the request, for logs}
     */
    public String requestId() {
        return requestId;
    }

    /**
     * {@return the time that is left for the call; zero once the deadline has passed, never negative}
     */
    public Duration remaining() {
        return deadline.remaining();
    }

    /**
     * {@return whether nobody waits for the answer any more}
     */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * Registers what stops a wait that an interrupt does not reach.
     *
     * <p>The hook runs at most once, on another thread, when the call is cancelled; at once if it has been already. Use
     * it around the wait only:
     *
     * <pre>{@code
     * try (QueryContext.Hook hook = context.onCancel(() -> statement.cancel())) {
     *     return frames(statement.executeQuery());
     * }
     * }</pre>
     *
     * @param action what stops the wait; may block, may throw
     * @return the registration: after its {@code close} the hook has run or never will
     */
    public Hook onCancel(Action action) {
        Hook hook = new Hook(Objects.requireNonNull(action, "action"));
        lock.lock();
        try {
            if (!cancelled) {
                hooks.add(hook);
                return hook;
            }
        } finally {
            lock.unlock();
        }
        hook.run();
        return hook;
    }

    /** Returns what must still run, so that the caller decides on which thread. */
    List<Hook> cancel() {
        lock.lock();
        try {
            cancelled = true;
            List<Hook> toRun = List.copyOf(hooks);
            hooks.clear();
            return toRun;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What stops a wait; may throw, which is logged.
     */
    @FunctionalInterface
    public interface Action {

        /**
         * Stops the wait.
         *
         * @throws Exception is logged, and changes nothing else
         */
        void run() throws Exception;
    }

    /**
     * The registration of an action that runs on cancellation.
     */
    public final class Hook implements AutoCloseable {

        private final Action action;
        private final ReentrantLock running = new ReentrantLock();
        private boolean done;

        private Hook(Action action) {
            this.action = action;
        }

        /**
         * Takes the action back. If it is running on another thread, waits for its end; closing twice is harmless.
         */
        @Override
        public void close() {
            running.lock();
            try {
                done = true;
            } finally {
                running.unlock();
            }
            lock.lock();
            try {
                hooks.remove(this);
            } finally {
                lock.unlock();
            }
        }

        void run() {
            running.lock();
            try {
                if (!done) {
                    done = true;
                    action.run();
                }
            } catch (Exception e) {
                LOG.warn("request {}: the action that stops a cancelled call failed", requestId, e);
            } finally {
                running.unlock();
            }
        }
    }
}
