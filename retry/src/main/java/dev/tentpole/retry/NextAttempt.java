package dev.tentpole.retry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The further attempt of a call, from the decision for it until it starts or is dropped: its wait, and what was paid. */
final class NextAttempt {

    private static final double SPREAD = 0.1;

    private final Engine engine;
    private final OperationState state;
    private final Plan plan;

    /** The wait before it, or before the last one. */
    private long wait;

    private long decidedAt;
    private boolean waiting;

    /** It is paid for, and has not started; that it starts may be told by the thread that makes it. */
    private final AtomicBoolean pending = new AtomicBoolean();

    NextAttempt(Engine engine, OperationState state, Plan plan) {
        this.engine = engine;
        this.state = state;
        this.plan = plan;
    }

    /**
     * At least what the server asks for, and a little more by chance, lest all its clients come back at once.
     *
     * @param retry which retry it is, from 1
     */
    long chooseWait(int retry, @Nullable Duration advice) {
        wait = plan.backoff.delayNanos(retry, wait, engine.random());
        if (advice != null) {
            long asked = advice.toNanos();
            wait = Math.max(
                    wait, asked + (long) (asked * SPREAD * engine.random().nextDouble()));
        }
        return wait;
    }

    long chosenWait() {
        return wait;
    }

    /** What is left of the wait; those who were told of the failure have had a part of it. */
    long waitLeft() {
        return wait == 0 ? 0 : decidedAt + wait - engine.clock().nanoTime();
    }

    /** Whether the budget has paid for it. */
    boolean pay() {
        boolean paid = engine.withdraw();
        pending.set(paid);
        return paid;
    }

    /** There is to be one, and the wait begins. */
    void decided(long now) {
        decidedAt = now;
        waiting = true;
    }

    /** The wait is over, however it ended: what counts is how long it was and not how long it was meant to be. */
    void waited(long now) {
        if (waiting) {
            waiting = false;
            state.waited(Math.max(0, now - decidedAt));
        }
    }

    /** It is made, if there was to be one. Telling it twice is harmless. */
    void started() {
        if (pending.getAndSet(false)) {
            engine.retryStarted();
            state.retryStarted();
        }
    }

    /**
     * It will not start, if there was to be one.
     *
     * @return whether there was
     */
    boolean drop() {
        boolean dropped = pending.getAndSet(false);
        if (dropped) {
            engine.putBack();
            waited(waiting ? engine.clock().nanoTime() : 0);
        }
        return dropped;
    }
}
