package dev.tentpole.health;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a check, from when it falls due until its thread has returned.
 *
 * <p>State and times belong to the engine's lock. The thread has its own monitor, so that an interruption, which may run
 * foreign code in a channel, happens outside of that lock and never hits a thread that went on to other work.
 */
final class Run {

    enum State {
        WAITING,
        RUNNING,
        ABANDONED,
        OVER
    }

    final CheckEntry entry;
    final CountDownLatch done = new CountDownLatch(1);
    State state = State.WAITING;
    long startedAt;
    long deadline;

    private @Nullable Thread thread;
    private boolean interrupted;

    Run(CheckEntry entry) {
        this.entry = entry;
    }

    /** Whether the check may be called: not if it was interrupted before its thread came to it. */
    synchronized boolean enter(Thread current) {
        thread = current;
        return !interrupted;
    }

    /** After this the thread is not interrupted any more, and an interruption that was for the check is gone. */
    synchronized void leave() {
        thread = null;
        Thread.interrupted();
    }

    synchronized void interrupt() {
        interrupted = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
