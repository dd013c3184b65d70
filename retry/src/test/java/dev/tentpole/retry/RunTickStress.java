package dev.tentpole.retry;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A thread has a permit in its run when the clock moves on and the bucket is full again; another one, which may have the run
 * then, wants all of that but one: what is granted at the new time is what the bucket holds, and the run is worth nothing.
 */
@JCStressTest
@Outcome(
        id = {"2, 0", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "all, or all but two for one")
@Outcome(expect = Expect.FORBIDDEN, desc = "a permit was lost or made")
@State
public class RunTickStress {

    private static final Thread OWNER = StripeThreads.of(0);
    private static final Thread OTHER = StripeThreads.of(1);
    private static final long NOW = 100;
    private static final long LATER = NOW + 10_000_000;
    private static final int BURST = 800;

    private final SharedBucket bucket =
            new SharedBucket(new Gcra(1, Duration.ofNanos(10), BURST, 0), Integer.MAX_VALUE, PermitRun.SHORTEST);

    /** Gives the owner a run with some permits left. */
    public RunTickStress() {
        long left = BURST;
        while (bucket.available(NOW) == left) {
            bucket.acquire(NOW, 1, OWNER);
            left--;
        }
    }

    /** Takes two. */
    @Actor
    public void owner(II_Result r) {
        r.r1 = (bucket.acquire(LATER, 1, OWNER) == 0 ? 1 : 0) + (bucket.acquire(LATER, 1, OWNER) == 0 ? 1 : 0);
    }

    /** Takes all but one. */
    @Actor
    public void other(II_Result r) {
        r.r2 = bucket.acquire(LATER, BURST - 1, OTHER) == 0 ? 1 : 0;
    }
}
