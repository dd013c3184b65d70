package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Data changes and is invalidated while it is loaded: whoever asks after that gets the new data. */
@JCStressTest
@Outcome(
        id = {"1, 2", "2, 2"},
        expect = Expect.ACCEPTABLE,
        desc = "the reader may be before or after, later ones are after")
@Outcome(expect = Expect.FORBIDDEN, desc = "old data was kept")
@State
public class InvalidationStress {

    private final AtomicInteger source = new AtomicInteger(1);
    private final QueryCache<String, Integer> cache = StressCache.open();
    private volatile boolean invalidating;

    /** Reads; the load ends when the invalidation begins, if that is soon. */
    @Actor
    public void reader(II_Result r) {
        r.r1 = StressCache.read(cache, source, () -> invalidating);
    }

    /** Changes the data and says so. */
    @Actor
    public void writer() {
        source.set(2);
        invalidating = true;
        cache.invalidate("a");
    }

    /** Reads after both. */
    @Arbiter
    public void later(II_Result r) {
        r.r2 = StressCache.read(cache, source);
        cache.close();
    }
}
