package dev.tentpole.pool;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The borrower gives back while another one begins to wait: either it sees the object, or it is woken, at once or at the next look. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "it found the object")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "it was woken, or given the object")
@Outcome(
        id = "3",
        expect = Expect.ACCEPTABLE_INTERESTING,
        desc = "each missed what the other one wrote; it is woken at the next look")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "a lost wake-up")
@State
public class WakeUpStress {

    private final OneObject pool = new OneObject();
    private final Waiter<Object> waiter = new Waiter<>(pool.engine.clock().nanoTime(), Thread.currentThread());
    private boolean found;

    /** jcstress creates it. */
    public WakeUpStress() {
        pool.lend();
    }

    /** Gives back. */
    @Actor
    public void givesBack() {
        pool.lease(Thread.currentThread()).close();
    }

    /** Begins to wait, as borrowers do. */
    @Actor
    public void waits() {
        pool.engine.lock().lock();
        try {
            pool.engine.waiters().add(waiter);
        } finally {
            pool.engine.lock().unlock();
        }
        found = pool.engine.slots().tryBorrow() != null;
    }

    /**
     * Looks how it went.
     *
     * @param result see the outcomes
     */
    @Arbiter
    public void end(I_Result result) {
        if (found) {
            result.r1 = 1;
        } else if (isServed()) {
            result.r1 = 2;
        } else {
            pool.time.tick();
            result.r1 = isServed() ? 3 : 0;
        }
    }

    private boolean isServed() {
        return waiter.woken || waiter.given != null;
    }
}
