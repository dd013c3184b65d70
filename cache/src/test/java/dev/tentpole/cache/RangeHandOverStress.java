package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two ask for ranges that overlap, and the load of one is interrupted: the other one loads what it waited for. */
@JCStressTest
@Outcome(id = "-1, 1, 4", expect = Expect.ACCEPTABLE, desc = "the other one has its points, each loaded once")
@Outcome(expect = Expect.FORBIDDEN, desc = "the other one got no points, or loaded some twice")
@State
public class RangeHandOverStress {

    private final AtomicInteger source = new AtomicInteger(1);
    private final AtomicInteger loaded = new AtomicInteger();
    private final RangeCache<String, SeriesGrid<String>> cache = StressRange.open();

    /** One who is cancelled. */
    @Actor
    public void cancelled(III_Result r) {
        r.r1 = StressRange.readInterrupted(cache, 0, 3);
    }

    /** The other. */
    @Actor
    public void other(III_Result r) {
        r.r2 = StressRange.read(cache, 2, 5, source, loaded);
    }

    /** How many points were loaded. */
    @Arbiter
    public void loaded(III_Result r) {
        r.r3 = loaded.get();
        cache.close();
    }
}
