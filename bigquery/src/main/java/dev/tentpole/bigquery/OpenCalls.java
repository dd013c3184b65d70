package dev.tentpole.bigquery;

import dev.tentpole.bigquery.QueryCancelledException.Reason;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a client that may be waiting, so that closing it wakes them. Safe for use by several threads.
 *
 * <p>They are woken as they are cancelled, by an interrupt; it is taken back when the call has ended, so that their thread, which
 * nobody else has interrupted, does not keep it.
 */
final class OpenCalls {

    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Runnable> afterwards = new AtomicReference<>();
    private volatile boolean closed;

    /**
     * {@return a call that begins on this thread; to be closed when it ends}
     *
     * @throws QueryCancelledException if the client is closed
     */
    Call begin() {
        Call call = new Call(Thread.currentThread());
        calls.add(call);
        if (closed) {
            call.close();
            throw clientClosed(null, false, null);
        }
        return call;
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Wakes all calls, and lets no other begin.
     *
     * @param last what to do, once, when the last of them has ended: until then they may have jobs to cancel
     */
    void close(Runnable last) {
        if (!closed) {
            afterwards.set(last);
        }
        closed = true;
        calls.forEach(Call::wake);
        endIfIdle();
    }

    private void endIfIdle() {
        if (closed && calls.isEmpty()) {
            Runnable last = afterwards.getAndSet(null);
            if (last != null) {
                last.run();
            }
        }
    }

    static QueryCancelledException clientClosed(
            @Nullable String jobId, boolean jobCancelled, @Nullable Throwable cause) {
        return new QueryCancelledException(Reason.CLOSED, "the client is closed", jobId, jobCancelled, cause);
    }

    /** A call that may be waiting. */
    final class Call implements AutoCloseable {

        private final ReentrantLock lock = new ReentrantLock();
        private final Thread thread;
        private boolean woken;
        private boolean ended;

        private Call(Thread thread) {
            this.thread = thread;
        }

        /** {@return the exception that the call shall end with: an interrupt that closing has sent is told as that} */
        QueryCancelledException explain(QueryCancelledException e) {
            lock.lock();
            try {
                return woken && e.reason() == Reason.INTERRUPTED
                        ? clientClosed(e.jobId().orElse(null), e.jobCancelled(), e)
                        : e;
            } finally {
                lock.unlock();
            }
        }

        private void wake() {
            lock.lock();
            try {
                if (!ended) {
                    woken = true;
                    thread.interrupt();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            calls.remove(this);
            lock.lock();
            try {
                ended = true;
                if (woken) {
                    boolean unused = Thread.interrupted();
                }
            } finally {
                lock.unlock();
            }
            endIfIdle();
        }
    }
}
