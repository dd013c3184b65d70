package dev.tentpole.retry;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** Two threads take permits while the tick ends for one of them: no permit is lost on the way, and none is granted twice. */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "what remains is what was not taken")
@Outcome(expect = Expect.FORBIDDEN, desc = "a permit was lost or granted twice")
@State
public class GatherStress {

    private static final Thread FIRST = StripeThreads.of(0);
    private static final Thread SECOND = StripeThreads.of(1);
    private static final long NOW = 100;
    private static final long LATER = 105;
    private static final int BURST = 8 * SharedBucket.STRIPES;

    private final Gcra gcra = new Gcra(1, Duration.ofNanos(10), BURST, 0);
    private final SharedBucket bucket = new SharedBucket(gcra, 1, 0);

    /** Some permits lie on two stripes. */
    public GatherStress() {
        bucket.spreadOut(NOW);
        bucket.acquire(NOW, 1, FIRST);
        bucket.acquire(NOW, 1, SECOND);
    }

    /** Takes some. */
    @Actor
    public void take(JJJ_Result r) {
        r.r1 = bucket.acquire(NOW, 1, FIRST) + bucket.acquire(NOW, 1, FIRST);
    }

    /** Reads a later time, spreads it out again. */
    @Actor
    public void turn(JJJ_Result r) {
        r.r2 = bucket.acquire(LATER, 1, SECOND);
        bucket.spreadOut(LATER);
        r.r2 += bucket.acquire(LATER, 1, SECOND);
    }

    /** How many are missing: six were taken, and half of one has come back. */
    @Arbiter
    public void later(JJJ_Result r) {
        r.r3 = BURST - 6 - bucket.available(LATER);
    }
}
