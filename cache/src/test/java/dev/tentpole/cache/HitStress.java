package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A cached value is read while it is invalidated: after that nobody gets it. */
@JCStressTest
@Outcome(
        id = {"1, 2, 2", "2, 2, 2"},
        expect = Expect.ACCEPTABLE,
        desc = "after the invalidation there is only the new value")
@Outcome(expect = Expect.FORBIDDEN, desc = "the old value was served after its invalidation")
@State
public class HitStress {

    private final AtomicInteger source = new AtomicInteger(1);
    private final QueryCache<String, Integer> cache = StressCache.open();

    /** Fills the cache. */
    public HitStress() {
        StressCache.read(cache, source);
        StressCache.read(cache, source);
    }

    /** Reads. */
    @Actor
    public void reader(III_Result r) {
        r.r1 = StressCache.read(cache, source);
    }

    /** Changes, invalidates, reads. */
    @Actor
    public void writer(III_Result r) {
        source.set(2);
        cache.invalidate("a");
        r.r2 = StressCache.read(cache, source);
    }

    /** Reads after both. */
    @Arbiter
    public void later(III_Result r) {
        r.r3 = StressCache.read(cache, source);
        cache.close();
    }
}
