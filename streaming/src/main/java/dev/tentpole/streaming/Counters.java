package dev.tentpole.streaming;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a connection counts; never reset. Safe for use by several threads.
 *
 * <p>When nothing is under way, {@code received + replayed = published + duplicates + unwanted + afterDrain + expired +
 * discarded + held}, and what waits in the outlet.
 */
final class Counters {

    private final Map<ConnectionReason, LongAdder> reconnects = new ConcurrentHashMap<>();
    final LongAdder staleCallbacks = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder discarded = new LongAdder();
    final LongAdder held = new LongAdder();
    final LongAdder expired = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder unwanted = new LongAdder();
    final LongAdder afterDrain = new LongAdder();
    final LongAdder published = new LongAdder();
    final LongAdder publishedAfterNanos = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder resets = new LongAdder();
    final LongAdder replayed = new LongAdder();
    final LongAdder tokensFetched = new LongAdder();
    final LongAdder tokensFailed = new LongAdder();
    final LongAdder tokensRefused = new LongAdder();

    void reconnected(ConnectionReason reason) {
        reconnects.computeIfAbsent(reason, key -> new LongAdder()).increment();
    }

    long reconnects(ConnectionReason reason) {
        LongAdder count = reconnects.get(reason);
        return count == null ? 0 : count.sum();
    }
}
