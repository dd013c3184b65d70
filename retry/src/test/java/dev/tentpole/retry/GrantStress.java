package dev.tentpole.retry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** One permit is left and two callers want it: one gets it, the other is told for how long to wait. */
@JCStressTest
@Outcome(
        id = {"0, 10", "10, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "one got it")
@Outcome(expect = Expect.FORBIDDEN, desc = "both or none got it")
@State
public class GrantStress {

    private static final long NOW = 100;

    private final Gcra gcra = new Gcra(1, Duration.ofNanos(10), 1, 0);
    private final AtomicLong bucket = new AtomicLong();

    /** Takes it. */
    @Actor
    public void one(JJ_Result r) {
        r.r1 = gcra.acquire(bucket, NOW, 1);
    }

    /** Takes it too. */
    @Actor
    public void two(JJ_Result r) {
        r.r2 = gcra.acquire(bucket, NOW, 1);
    }
}
