package dev.tentpole.cache;

import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One load that many wait for.
 *
 * <p>It begins when a thread takes the lead, which a caller does for itself and a refresh in the background once it has a
 * thread; until then any caller may take it instead. It ends with a result, or abandoned by a leader who was cancelled,
 * and then those who wait try again, one of them as the new leader. Who meets one that is overdue may end it in the leader's
 * place: the first end counts.
 *
 * @param <R> the result
 */
final class Flight<R> {

    private static final Deadline NEVER = Deadline.after(Duration.ofDays(36_500), NanoClock.system());

    private record Lead(Thread thread, Deadline limit) {}

    private final AtomicReference<@Nullable Lead> lead = new AtomicReference<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long beganAt;
    private volatile @Nullable R result;

    /** Whose leader waits for another load, and for which; lets a circle of loads be seen. */
    private volatile @Nullable Flight<?> waitsFor;

    /** What the leader leads besides, being called by its loader. */
    private @Nullable Flight<?> outer;

    boolean lead(History history) {
        return lead(history, NEVER);
    }

    /**
     * Takes the lead, unless somebody has it. The load is overdue once the leader's time is up, and that of any load.
     *
     * @param own how long the leader has
     * @param timeout how long any load has
     */
    boolean lead(History history, Deadline own, Duration timeout) {
        Deadline given = Deadline.after(timeout, NanoClock.system());
        return lead(history, own.remainingNanos() > given.remainingNanos() ? own : given);
    }

    private boolean lead(History history, Deadline limit) {
        if (!lead.compareAndSet(null, new Lead(Thread.currentThread(), limit))) {
            return false;
        }
        beganAt = history.next();
        return true;
    }

    boolean isLedByThisThread() {
        return leader() == Thread.currentThread();
    }

    boolean isLed() {
        return lead.get() != null;
    }

    @Nullable
    Thread leader() {
        Lead taken = lead.get();
        return taken == null ? null : taken.thread;
    }

    /** {@return whether it takes longer than it may} */
    boolean isOverdue() {
        Lead taken = lead.get();
        return taken != null && taken.limit.isExpired();
    }

    /** When it began; 0 while nobody leads it. */
    long beganAt() {
        return beganAt;
    }

    /** Ends it, unless it has ended; without a result it is abandoned. */
    void end(@Nullable R result) {
        if (ended.compareAndSet(false, true)) {
            this.result = result;
            done.countDown();
        }
    }

    @Nullable
    R result() {
        return result;
    }

    /** Waits until it has ended or is overdue, or the time is up. {@return whether it has ended} */
    boolean await(Deadline deadline) throws InterruptedException {
        Lead taken = lead.get();
        long nanos = deadline.remainingNanos();
        if (taken != null) {
            nanos = Math.min(nanos, taken.limit.remainingNanos());
        }
        return done.await(nanos, TimeUnit.NANOSECONDS);
    }

    boolean isDone() {
        return done.getCount() == 0;
    }

    @Nullable
    Flight<?> waitsFor() {
        return waitsFor;
    }

    void setWaitsFor(@Nullable Flight<?> flight) {
        waitsFor = flight;
    }

    @Nullable
    Flight<?> outer() {
        return outer;
    }

    void setOuter(@Nullable Flight<?> outer) {
        this.outer = outer;
    }
}
