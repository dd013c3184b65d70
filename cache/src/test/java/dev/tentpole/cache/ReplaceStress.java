package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A cached value is read twice while another one is put: who has seen the new one never sees the old one again. */
@JCStressTest
@Outcome(
        id = {"11, 2, 2", "12, 2, 2", "22, 2, 2"},
        expect = Expect.ACCEPTABLE,
        desc = "the new value after the old one")
@Outcome(expect = Expect.FORBIDDEN, desc = "the old value was served after the new one")
@State
public class ReplaceStress {

    private final AtomicInteger source = new AtomicInteger(1);
    private final QueryCache<String, Integer> cache = StressCache.open();

    /** Fills the cache. */
    public ReplaceStress() {
        StressCache.read(cache, source);
        StressCache.read(cache, source);
    }

    /** Reads twice. */
    @Actor
    public void reader(III_Result r) {
        r.r1 = 10 * StressCache.read(cache, source) + StressCache.read(cache, source);
    }

    /** Puts another value, and reads. */
    @Actor
    public void writer(III_Result r) {
        cache.put("a", 2);
        r.r2 = StressCache.read(cache, source);
    }

    /** Reads after both. */
    @Arbiter
    public void later(III_Result r) {
        r.r3 = StressCache.read(cache, source);
        cache.close();
    }
}
