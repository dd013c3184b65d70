package dev.tentpole.cache;

import dev.tentpole.base.StripedCounter;
import java.util.concurrent.atomic.LongAdder;

/** What a {@link QueryCache} counts; the names are those of {@link CacheStats}. */
final class Counters {

    final StripedCounter hits = new StripedCounter();
    final LongAdder staleRefreshing = new LongAdder();
    final LongAdder staleOnError = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder negativeHits = new LongAdder();
    final LongAdder bypasses = new LongAdder();
    final LongAdder shared = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder loadFailures = new LongAdder();
    final LongAdder loadsAbandoned = new LongAdder();
    final LongAdder loadNanos = new LongAdder();
    final LongAdder refreshes = new LongAdder();
    final LongAdder refreshesRefused = new LongAdder();
    final LongAdder stored = new LongAdder();
    final LongAdder replaced = new LongAdder();
    final LongAdder evictedBySize = new LongAdder();
    final LongAdder evictedByTime = new LongAdder();
    final LongAdder invalidated = new LongAdder();
    final ReasonCounters notStored = new ReasonCounters();
}
