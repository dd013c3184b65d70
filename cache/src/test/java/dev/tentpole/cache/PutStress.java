package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two entries are put and one evicted by nobody: what is counted adds up, and one of the two is there. */
@JCStressTest
@Outcome(
        id = {"7, 2, 1", "8, 2, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "one was kept last")
@Outcome(
        id = {"7, 1, 0", "8, 1, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "the older one came too late")
@Outcome(expect = Expect.FORBIDDEN, desc = "counts do not add up")
@State
public class PutStress {

    private final AtomicInteger none = new AtomicInteger();
    private final QueryCache<String, Integer> cache = StressCache.open();

    /** Puts one. */
    @Actor
    public void one() {
        cache.put("a", 7);
    }

    /** Puts another. */
    @Actor
    public void two() {
        cache.put("a", 8);
    }

    /** What is there, how many were stored, how many replaced. */
    @Arbiter
    public void later(III_Result r) {
        r.r1 = StressCache.read(cache, none);
        CacheStats stats = cache.stats();
        r.r2 = (int) stats.stored();
        r.r3 = (int) stats.replaced();
        cache.close();
    }
}
