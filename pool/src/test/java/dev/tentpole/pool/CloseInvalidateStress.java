package dev.tentpole.pool;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The borrower closes his lease, another one invalidates it and borrows what is opened in its place: the second loan is untouched. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the new lease is open and alone has the token")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "there was nothing to borrow yet; there is afterwards")
@Outcome(expect = Expect.FORBIDDEN, desc = "the old lease spoilt the new loan, or the place is lost")
@State
public class CloseInvalidateStress {

    private final OneObject pool = new OneObject();
    private Lease<Object> next;

    /** jcstress creates it. */
    public CloseInvalidateStress() {
        pool.lend();
    }

    /** Closes. */
    @Actor
    public void closes() {
        pool.lease(Thread.currentThread()).close();
    }

    /**
     * Invalidates; the object is closed, another one is opened and lent.
     *
     * @param result whether it got one
     */
    @Actor
    public void invalidatesAndBorrows(II_Result result) {
        pool.lease(OneObject.ANOTHER).invalidate(new IllegalStateException());
        pool.time.runCalls();
        next = pool.engine.tryAcquire().orElse(null);
        result.r1 = next == null ? 0 : 1;
    }

    /**
     * Looks whether the new lease is as it should be, and whether there is one to have if it got none.
     *
     * @param result whether it is so
     */
    @Arbiter
    public void end(II_Result result) {
        if (next == null) {
            pool.time.runCalls();
            next = pool.engine.tryAcquire().orElse(null);
        }
        result.r2 = next != null && next.isOpen() && pool.isTokenWithTheLease() ? 1 : 0;
    }
}
