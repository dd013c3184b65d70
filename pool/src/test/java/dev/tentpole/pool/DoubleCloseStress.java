package dev.tentpole.pool;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The borrower closes his lease and borrows again, another one closes the same lease: the second loan is untouched. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the new lease is open until it is closed")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "closed, and not borrowed again yet when it looked")
@Outcome(expect = Expect.FORBIDDEN, desc = "the old lease ended or spoilt the new loan")
@State
public class DoubleCloseStress {

    private final OneObject pool = new OneObject();
    private Lease<Object> next;

    /** jcstress creates it. */
    public DoubleCloseStress() {
        pool.lend();
    }

    /**
     * Closes and borrows again.
     *
     * @param result whether it got the object again
     */
    @Actor
    public void closesAndBorrows(II_Result result) {
        pool.lease(Thread.currentThread()).close();
        next = pool.engine.tryAcquire().orElse(null);
        result.r1 = next == null ? 0 : 1;
    }

    /** Closes as well. */
    @Actor
    public void closes() {
        pool.lease(OneObject.ANOTHER).close();
    }

    /**
     * Looks whether the new lease is open and can be found lost.
     *
     * @param result whether it is
     */
    @Arbiter
    public void end(II_Result result) {
        result.r2 = next != null && next.isOpen() && pool.isTokenWithTheLease() ? 1 : 0;
    }
}
