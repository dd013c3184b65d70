package dev.tentpole.retry;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * One permit is in a thread's run, one in the bucket, and one comes back; the run's thread wants two and another one as many:
 * three are granted or left, and the one in the run is its thread's.
 */
@JCStressTest
@Outcome(
        id = {"1, 0, 2", "1, 1, 1", "1, 2, 0", "2, 0, 1", "2, 1, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "three in all")
@Outcome(expect = Expect.FORBIDDEN, desc = "a permit was lost or made")
@State
public class RunStress {

    private static final Thread OWNER = StripeThreads.of(0);
    private static final Thread OTHER = StripeThreads.of(1);
    private static final long NOW = 100;
    private static final int BURST = 800;

    private final SharedBucket bucket =
            new SharedBucket(new Gcra(1, Duration.ofNanos(10), BURST, 0), Integer.MAX_VALUE, PermitRun.SHORTEST);

    /** Gives the owner a run with one permit left, and takes all others but one. */
    public RunStress() {
        long left = BURST;
        while (bucket.available(NOW) == left) {
            bucket.acquire(NOW, 1, OWNER);
            left--;
        }
        for (int i = 1; i < PermitRun.SHORTEST; i++) {
            bucket.acquire(NOW, 1, OWNER);
        }
        bucket.acquire(NOW, (int) bucket.available(NOW) - 1, OTHER);
    }

    private int take(Thread thread) {
        return bucket.acquire(NOW, 1, thread) == 0 ? 1 : 0;
    }

    /** Spends the run, and takes one more. */
    @Actor
    public void owner(III_Result r) {
        r.r1 = take(OWNER) + take(OWNER);
    }

    /** Takes two. */
    @Actor
    public void other(III_Result r) {
        r.r2 = take(OTHER) + take(OTHER);
    }

    /** Gives one back. */
    @Actor
    public void back() {
        bucket.putBack(() -> true);
    }

    /** What is left. */
    @Arbiter
    public void later(III_Result r) {
        r.r3 = (int) bucket.available(NOW);
    }
}
