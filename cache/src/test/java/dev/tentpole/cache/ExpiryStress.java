package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A cached value is read while its time ends: after that nobody gets it. */
@JCStressTest
@Outcome(
        id = {"1, 2, 2", "2, 2, 2"},
        expect = Expect.ACCEPTABLE,
        desc = "after its time there is only the new value")
@Outcome(expect = Expect.FORBIDDEN, desc = "the old value was served after its time")
@State
public class ExpiryStress {

    private final AtomicInteger source = new AtomicInteger(1);
    private final AtomicLong now = new AtomicLong();
    private final QueryCache<String, Integer> cache = StressCache.open(now::get);

    /** Fills the cache. */
    public ExpiryStress() {
        StressCache.read(cache, source);
        StressCache.read(cache, source);
    }

    /** Reads. */
    @Actor
    public void reader(III_Result r) {
        r.r1 = StressCache.read(cache, source);
    }

    /** Changes the data, lets the time pass, reads. */
    @Actor
    public void writer(III_Result r) {
        source.set(2);
        now.set(StressCache.LIFE.toNanos());
        r.r2 = StressCache.read(cache, source);
    }

    /** Reads after both. */
    @Arbiter
    public void later(III_Result r) {
        r.r3 = StressCache.read(cache, source);
        cache.close();
    }
}
