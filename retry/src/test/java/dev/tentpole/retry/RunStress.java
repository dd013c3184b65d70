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
 * Eight permits are in a thread's run, eight in the bucket, and one comes back, while the thread and another one take some:
 * in the end they have had all of them, and none twice.
 */
@JCStressTest
@Outcome(id = "10, 6, 17", expect = Expect.ACCEPTABLE, desc = "each permit once")
@Outcome(expect = Expect.FORBIDDEN, desc = "a permit was lost or made")
@State
public class RunStress {

    private static final Thread OWNER = StripeThreads.of(0);
    private static final Thread OTHER = StripeThreads.of(1);
    private static final long NOW = 100;
    private static final int BURST = 800;

    private final SharedBucket bucket =
            new SharedBucket(new Gcra(1, Duration.ofNanos(10), BURST, 0), Integer.MAX_VALUE, PermitRun.SHORTEST);

    /** Gives the owner a run, and takes all others but eight. */
    public RunStress() {
        long left = BURST;
        while (bucket.available(NOW) == left) {
            bucket.acquire(NOW, 1, OWNER);
            left--;
        }
        bucket.acquire(NOW, (int) bucket.available(NOW) - 8, OTHER);
    }

    private int take(Thread thread, int times) {
        int taken = 0;
        for (int i = 0; i < times; i++) {
            taken += bucket.acquire(NOW, 1, thread) == 0 ? 1 : 0;
        }
        return taken;
    }

    /** Spends the run, and takes two more. */
    @Actor
    public void owner(III_Result r) {
        r.r1 = take(OWNER, 10);
    }

    /** Takes some, gives one back, and takes some more. */
    @Actor
    public void other(III_Result r) {
        r.r2 = take(OTHER, 3);
        bucket.putBack(() -> true);
        r.r2 += take(OTHER, 3);
    }

    /** What was granted in all. */
    @Arbiter
    public void later(III_Result r) {
        r.r3 = r.r1 + r.r2 + take(OWNER, BURST);
    }
}
