package dev.tentpole.pool;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * The borrower closes his lease, another one closes the same lease, and both borrow where the object was, as whoever remembers
 * the place does: the object is back once, whether or not it has moved.
 */
@JCStressTest
@Outcome(
        id = {"1, 0, 0, 1", "0, 1, 0, 1", "0, 0, 1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "one of them has it, or it can be borrowed afterwards")
@Outcome(expect = Expect.FORBIDDEN, desc = "lent twice, or lost, or not counted right")
@State
public class TakeOverStress {

    private final OneObject pool = new OneObject();
    private final Slot<Object> before = pool.lend();

    /** jcstress creates it. */
    public TakeOverStress() {}

    /**
     * Closes on the thread that borrowed, and borrows.
     *
     * @param result whether it got the object
     */
    @Actor
    public void borrowerCloses(IIII_Result result) {
        pool.lease(Thread.currentThread()).close();
        result.r1 = borrow();
    }

    /**
     * Closes on another thread, and borrows.
     *
     * @param result whether it got the object
     */
    @Actor
    public void anotherCloses(IIII_Result result) {
        pool.lease(OneObject.ANOTHER).close();
        result.r2 = borrow();
    }

    private int borrow() {
        return pool.checked(before.tryBorrow() ? before : pool.engine.slots().tryBorrow()) == null ? 0 : 1;
    }

    /**
     * Borrows what is left.
     *
     * @param result how many there were, and how many are lent in all
     */
    @Arbiter
    public void end(IIII_Result result) {
        for (int i = 0; i < 3; i++) {
            result.r3 += borrow();
        }
        result.r4 = pool.engine.statistics().borrowed();
    }
}
