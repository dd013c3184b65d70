package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Data changes and is invalidated while points are loaded: whoever asks after that gets new points alone. */
@JCStressTest
@Outcome(
        id = {"1, 2, 2", "2, 2, 2"},
        expect = Expect.ACCEPTABLE,
        desc = "the reader may be before or after, later ones are after")
@Outcome(
        id = "0, 2, 2",
        expect = Expect.ACCEPTABLE,
        desc = "the reader took points that were kept before, and loaded others after that")
@Outcome(expect = Expect.FORBIDDEN, desc = "old points were served after their invalidation")
@State
public class RangeInvalidationStress {

    private final AtomicInteger source = new AtomicInteger(1);
    private final AtomicInteger loaded = new AtomicInteger();
    private final RangeCache<String, SeriesGrid<String>> cache = StressRange.open();
    private volatile boolean invalidating;

    /** Some of the points are there. */
    public RangeInvalidationStress() {
        StressRange.read(cache, 2, 3, source, loaded);
    }

    /** Reads these and others, whose load ends when the invalidation begins, if that is soon. */
    @Actor
    public void reader(III_Result r) {
        r.r1 = StressRange.read(cache, 0, 5, source, loaded, () -> invalidating);
    }

    /** Changes the data, says so, reads. */
    @Actor
    public void writer(III_Result r) {
        source.set(2);
        invalidating = true;
        cache.invalidate("k");
        r.r2 = StressRange.read(cache, 2, 7, source, loaded);
    }

    /** Reads after both. */
    @Arbiter
    public void later(III_Result r) {
        r.r3 = StressRange.read(cache, 0, 7, source, loaded);
        cache.close();
    }
}
