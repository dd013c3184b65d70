package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** Two ask for ranges that overlap, in the middle of a chunk and beyond it: each point is loaded once, and both have all. */
@JCStressTest
@Outcome(id = "1, 1, 9, 9", expect = Expect.ACCEPTABLE, desc = "each point was loaded once")
@Outcome(expect = Expect.FORBIDDEN, desc = "points were loaded twice, or somebody has not all of them")
@State
public class RangeSingleFlightStress {

    private final AtomicInteger source = new AtomicInteger(1);
    private final AtomicInteger loaded = new AtomicInteger();
    private final RangeCache<String, SeriesGrid<String>> cache = StressRange.open();

    /** One. */
    @Actor
    public void one(IIII_Result r) {
        r.r1 = StressRange.read(cache, 0, 5, source, loaded);
    }

    /** The other. */
    @Actor
    public void two(IIII_Result r) {
        r.r2 = StressRange.read(cache, 3, 8, source, loaded);
    }

    /** How many points were loaded, as the loader and as the cache say. */
    @Arbiter
    public void loaded(IIII_Result r) {
        r.r3 = loaded.get();
        r.r4 = (int) cache.stats().pointsLoaded();
        cache.close();
    }
}
