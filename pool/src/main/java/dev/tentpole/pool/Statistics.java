package dev.tentpole.pool;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Makes a snapshot: looks at each slot once, under the lock, so that none is taken over meanwhile and its parts add up. */
final class Statistics {

    private Statistics() {}

    static <T> PoolStatistics of(Engine<T> engine) {
        Counters counters = engine.counters();
        Optional<Retiring.Flaw> flaw = Optional.ofNullable(engine.retiring().lastFlaw());
        engine.lock().lock();
        try {
            int[] kinds = new int[Slot.GONE];
            long acquired = 0;
            long usage = 0;
            for (Slot<T> slot : engine.slots().all()) {
                kinds[slot.kind()]++;
                acquired += slot.loans;
                usage += slot.usageNanos;
            }
            return new PoolStatistics(
                    kinds[Slot.USED],
                    kinds[Slot.FREE] + kinds[Slot.CHECKING],
                    kinds[Slot.OPENING],
                    kinds[Slot.CLOSING],
                    engine.waiters().size(),
                    engine.minSize(),
                    engine.maxSize(),
                    engine.isSuspended(),
                    engine.opener().isCircuitOpen(),
                    engine.calls().abandoned(),
                    acquired,
                    counters.timeouts.sum(),
                    counters.waited.sum(),
                    Duration.ofNanos(counters.waitNanos.sum()),
                    Duration.ofNanos(usage),
                    counters.opened.sum(),
                    counters.openFailures.sum(),
                    Duration.ofNanos(counters.openNanos.sum()),
                    counters.lateOpens.sum(),
                    Map.copyOf(counters.closedBy()),
                    counters.held.sum(),
                    counters.lost.sum(),
                    Optional.ofNullable(engine.opener().lastFailure()),
                    Optional.ofNullable(engine.opener().lastFailureTime()),
                    flaw.map(Retiring.Flaw::failure),
                    flaw.map(Retiring.Flaw::time));
        } finally {
            engine.lock().unlock();
        }
    }
}
