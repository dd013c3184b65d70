package dev.tentpole.retry;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** The only place is given back by two at once, and one of them wants it again: it is one place all along. */
@JCStressTest
@Outcome(
        id = {"true, 0", "false, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "taken, or free")
@Outcome(expect = Expect.FORBIDDEN, desc = "a place was lost or made")
@State
public class PermitStress {

    private final Bulkhead bulkhead = Bulkhead.builder("db").permits(1).build(new FakeTime());
    private final Bulkhead.Permit permit = bulkhead.acquire();

    /** Gives it back. */
    @Actor
    public void back() {
        permit.close();
    }

    /** Gives it back too, and wants one. */
    @Actor
    public void backAndAgain(ZI_Result r) {
        permit.close();
        r.r1 = bulkhead.tryAcquire() != null;
    }

    /** What is left. */
    @Arbiter
    public void later(ZI_Result r) {
        r.r2 = bulkhead.available();
    }
}
