package dev.tentpole.health;

import dev.tentpole.base.Args;
import dev.tentpole.health.HealthChecks.CacheFigures;
import java.util.Objects;
import java.util.function.Supplier;

/** Judges a cache by what it did since the last judgement. A registry runs it once at a time; others have to as well. */
final class CacheCheck implements HealthCheck {

    private static final int PER_CENT = 100;

    private final Supplier<CacheFigures> figures;
    private final double hitRateBelow;
    private final long minLookups;
    private CacheFigures judged = new CacheFigures(0, 0);
    private CheckResult last = CheckResult.healthy("too few look-ups yet to judge by");

    CacheCheck(Supplier<CacheFigures> figures, double hitRateBelow, long minLookups) {
        this.figures = Objects.requireNonNull(figures, "figures");
        Args.check(hitRateBelow >= 0 && hitRateBelow <= 1, "hitRateBelow", hitRateBelow, "in 0..1");
        this.hitRateBelow = hitRateBelow;
        this.minLookups = Args.inRange("minLookups", minLookups, 1L, Long.MAX_VALUE);
    }

    @Override
    public synchronized CheckResult check() {
        CacheFigures now = figures.get();
        long hits = now.hits() - judged.hits();
        long misses = now.misses() - judged.misses();
        if (hits < 0 || misses < 0) {
            judged = now;
        } else if (hits + misses >= minLookups) {
            judged = now;
            double rate = (double) hits / (hits + misses);
            String message = "hit rate " + Math.round(rate * PER_CENT) + "%";
            last = rate < hitRateBelow
                    ? CheckResult.degraded(ReasonCategory.CAPACITY, message)
                    : CheckResult.healthy(message);
        }
        return last;
    }
}
