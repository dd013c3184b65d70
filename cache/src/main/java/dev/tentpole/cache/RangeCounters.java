package dev.tentpole.cache;

import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.RangeAnswer.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What a {@link RangeCache} counts; the names are those of {@link RangeStats}. */
final class RangeCounters {

    private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
    final ReasonCounters notStored = new ReasonCounters();
    final LongAdder staleRefreshing = new LongAdder();
    final LongAdder negativeHits = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder pointsCached = new LongAdder();
    final LongAdder pointsFetched = new LongAdder();
    final LongAdder pointsStale = new LongAdder();
    final LongAdder pointsMissing = new LongAdder();
    final LongAdder pointsLoaded = new LongAdder();
    final LongAdder pointsReused = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder loadFailures = new LongAdder();
    final LongAdder loadsAbandoned = new LongAdder();
    final LongAdder loadNanos = new LongAdder();
    final LongAdder shared = new LongAdder();
    final LongAdder refreshes = new LongAdder();
    final LongAdder refreshesRefused = new LongAdder();
    final LongAdder evictedBySize = new LongAdder();
    final LongAdder evictedByTime = new LongAdder();
    final LongAdder invalidated = new LongAdder();

    RangeCounters() {
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, new LongAdder());
        }
    }

    void answered(RangeAnswer<?> answer) {
        boolean onlyRefreshing = answer.outcome() == Outcome.STALE && answer.reason() != Reason.LOAD_FAILED;
        LongAdder outcome = onlyRefreshing ? staleRefreshing : Objects.requireNonNull(outcomes.get(answer.outcome()));
        outcome.increment();
        pointsCached.add(answer.cached());
        pointsFetched.add(answer.fetched());
        pointsStale.add(answer.stale());
        pointsMissing.add(answer.missing());
    }

    long count(Outcome outcome) {
        return Objects.requireNonNull(outcomes.get(outcome)).sum();
    }
}
