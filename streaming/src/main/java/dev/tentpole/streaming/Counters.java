package dev.tentpole.streaming;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a connection counts; never reset. Safe for use by several threads. */
final class Counters {

    final Map<ConnectionReason, LongAdder> reconnects = new EnumMap<>(ConnectionReason.class);
    final LongAdder staleCallbacks = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder unwanted = new LongAdder();
    final LongAdder afterDrain = new LongAdder();
    final LongAdder replayed = new LongAdder();
    final LongAdder tokensFetched = new LongAdder();
    final LongAdder tokensFailed = new LongAdder();
    final LongAdder tokensRefused = new LongAdder();

    Counters() {
        for (ConnectionReason reason : ConnectionReason.values()) {
            reconnects.put(reason, new LongAdder());
        }
    }
}
