package dev.tentpole.pool;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** One gives the object back while another one begins to wait: either it sees the object, or it is woken. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "it found the object")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "it was woken, or given the object")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "a lost wake-up")
@State
public class WakeUpStress {

    private final OneObject pool = new OneObject();
    private final Lease<Object> lease = pool.engine.tryAcquire().orElseThrow();
    private final Waiter<Object> waiter = new Waiter<>(pool.engine.clock().nanoTime(), Thread.currentThread());
    private boolean found;

    /** jcstress creates it. */
    public WakeUpStress() {}

    /** Gives back. */
    @Actor
    public void givesBack() {
        lease.close();
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
        result.r1 = found ? 1 : waiter.woken || waiter.given != null ? 2 : 0;
    }
}
