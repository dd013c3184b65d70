package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.pool.AcquireException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A thread that borrows, waiting as long as it may by the clock of a model, and what came of it. */
final class WaitingBorrower {

    private final Duration deadline;
    private final Thread thread;
    private volatile Lease<Thing> lease;
    private volatile Throwable thrown;
    private volatile boolean isFlagKept;
    private boolean isInterrupted;

    WaitingBorrower(Pool<Thing> pool, Duration longest, Duration deadline) {
        this.deadline = deadline;
        thread = new Thread(() -> borrow(pool, longest), "waiting borrower");
        thread.start();
    }

    private void borrow(Pool<Thing> pool, Duration longest) {
        try {
            lease = pool.acquire(longest);
        } catch (AcquireException | Error e) {
            thrown = e;
        } finally {
            isFlagKept = Thread.currentThread().isInterrupted();
        }
    }

    void interrupt() {
        isInterrupted = true;
        thread.interrupt();
    }

    boolean hasEnded() {
        return !thread.isAlive();
    }

    /** Whether its wait is to end now; if so it looks, since it is parked by a clock that goes on its own. */
    boolean isDue(Duration now) {
        boolean isLate = now.compareTo(deadline) >= 0;
        if (isLate) {
            LockSupport.unpark(thread);
        }
        return isLate || isInterrupted;
    }

    /** What it was lent; if nothing, there was a reason. */
    Optional<Lease<Thing>> outcome(Duration now) {
        if (lease == null) {
            assertThat(thrown).isInstanceOf(AcquireException.class);
            Reason reason = ((AcquireException) thrown).reason();
            if (reason == Reason.TIMEOUT) {
                assertThat(now).as("gave up before its deadline").isGreaterThanOrEqualTo(deadline);
            } else {
                assertThat(reason).isEqualTo(Reason.INTERRUPTED);
                assertThat(isInterrupted && isFlagKept).isTrue();
            }
        }
        return Optional.ofNullable(lease);
    }
}
