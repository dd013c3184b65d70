package dev.tentpole.retry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JI_Result;

/** A permit is taken while full buckets are cleared away: what was granted is not forgotten. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "granted, and the bucket stays")
@Outcome(id = "-1, 1", expect = Expect.ACCEPTABLE, desc = "cleared away, and the caller asks another one")
@Outcome(expect = Expect.FORBIDDEN, desc = "a grant was forgotten")
@State
public class SweepStress {

    private static final long NOW = 100;

    private final Gcra gcra = new Gcra(1, Duration.ofNanos(10), 1, 0);
    private final AtomicLong bucket = new AtomicLong();

    /** Takes it. */
    @Actor
    public void take(JI_Result r) {
        r.r1 = gcra.acquire(bucket, NOW, 1);
    }

    /** Clears away. */
    @Actor
    public void clear() {
        gcra.removeIfFull(bucket, NOW);
    }

    /** Whether the bucket is gone. */
    @Arbiter
    public void later(JI_Result r) {
        r.r2 = bucket.get() == Gcra.ELSEWHERE ? 1 : 0;
    }
}
