package dev.tentpole.retry;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** The last permit lies on one thread's stripe, and another thread wants it as well: one gets it, and not none. */
@JCStressTest
@Outcome(
        id = {"0, 10", "10, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "one got it")
@Outcome(expect = Expect.FORBIDDEN, desc = "both or none got it")
@State
public class LastPermitStress {

    private static final Thread FIRST = StripeThreads.of(0);
    private static final Thread SECOND = StripeThreads.of(1);
    private static final long NOW = 100;

    /** Enough for a batch of two. */
    private static final int BURST = 4 * SharedBucket.STRIPES;

    private final SharedBucket bucket = new SharedBucket(new Gcra(1, Duration.ofNanos(10), BURST, 0), 2, 0);

    /** Leaves one on the first stripe, and nothing else. */
    public LastPermitStress() {
        bucket.spreadOut(NOW);
        bucket.acquire(NOW, 1, FIRST);
        bucket.acquire(NOW, BURST - 2, SECOND);
    }

    /** Takes it. */
    @Actor
    public void owner(JJ_Result r) {
        r.r1 = bucket.acquire(NOW, 1, FIRST);
    }

    /** Takes it too. */
    @Actor
    public void other(JJ_Result r) {
        r.r2 = bucket.acquire(NOW, 1, SECOND);
    }
}
