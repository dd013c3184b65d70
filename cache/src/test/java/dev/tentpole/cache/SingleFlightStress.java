package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two who ask for the same key at the same time: one load, and both get its value. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "one load for both")
@Outcome(expect = Expect.FORBIDDEN, desc = "more loads than one, or none")
@State
public class SingleFlightStress {

    private final AtomicInteger loads = new AtomicInteger();
    private final QueryCache<String, Integer> cache = StressCache.open();

    /** One. */
    @Actor
    public void one(III_Result r) {
        r.r1 = StressCache.get(cache, loads);
    }

    /** The other. */
    @Actor
    public void two(III_Result r) {
        r.r2 = StressCache.get(cache, loads);
    }

    /** How many loads there were. */
    @Arbiter
    public void loads(III_Result r) {
        r.r3 = loads.get();
        cache.close();
    }
}
