package dev.tentpole.pool;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two borrow the one object, and the one who has it gives it back: nobody has it together with another one. */
@JCStressTest
@Outcome(
        id = {"1, 1, 0", "1, 0, 0", "0, 1, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "one after the other, or one alone")
@Outcome(id = ".*, .*, 1", expect = Expect.FORBIDDEN, desc = "lent twice, or not free in the end")
@Outcome(id = "0, 0, .*", expect = Expect.FORBIDDEN, desc = "free, and nobody got it")
@State
public class BorrowStress {

    private final OneObject pool = new OneObject();
    private final java.util.concurrent.atomic.AtomicInteger holders = new java.util.concurrent.atomic.AtomicInteger();
    private volatile boolean together;

    /** jcstress creates it. */
    public BorrowStress() {}

    /**
     * Borrows and gives back.
     *
     * @param result whether it got the object
     */
    @Actor
    public void first(III_Result result) {
        result.r1 = trip();
    }

    /**
     * Borrows and gives back.
     *
     * @param result whether it got the object
     */
    @Actor
    public void second(III_Result result) {
        result.r2 = trip();
    }

    private int trip() {
        Lease<Object> lease = pool.engine.tryAcquire().orElse(null);
        if (lease == null) {
            return 0;
        }
        together |= holders.incrementAndGet() > 1;
        holders.decrementAndGet();
        lease.close();
        lease.close();
        return 1;
    }

    /**
     * Looks at what is left.
     *
     * @param result whether something is wrong
     */
    @Arbiter
    public void end(III_Result result) {
        result.r3 = together || pool.engine.slots().count(Slot.FREE) != 1 ? 1 : 0;
    }
}
