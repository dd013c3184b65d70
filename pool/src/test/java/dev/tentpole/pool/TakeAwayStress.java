package dev.tentpole.pool;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The borrower closes his lease while the pool, which is being closed, takes its object away: that is closed once. */
@JCStressTest
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "it came back, and was closed then")
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "it was taken away and closed")
@Outcome(expect = Expect.FORBIDDEN, desc = "closed twice, or never")
@State
public class TakeAwayStress {

    private final OneObject pool = new OneObject();

    /** jcstress creates it. */
    public TakeAwayStress() {
        pool.lend();
        pool.engine.lock().lock();
        try {
            pool.engine.markClosed();
        } finally {
            pool.engine.lock().unlock();
        }
    }

    /** Closes the lease. */
    @Actor
    public void closes() {
        pool.lease(Thread.currentThread()).close();
    }

    /**
     * Takes away what is lent.
     *
     * @param result how many that were
     */
    @Actor
    public void takesAway(III_Result result) {
        result.r1 = new Shutdown<>(pool.engine).takeAway();
    }

    /**
     * Closes what has come back, as the pool does in the end.
     *
     * @param result how many objects were closed, and how many places are not empty
     */
    @Arbiter
    public void end(III_Result result) {
        pool.engine.evictAll(CloseReason.POOL_CLOSED);
        pool.time.runCalls();
        result.r2 = pool.engine.statistics().closedBy().values().stream()
                .mapToInt(Long::intValue)
                .sum();
        result.r3 = pool.engine.slots().occupied();
    }
}
