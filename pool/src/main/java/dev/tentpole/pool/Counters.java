package dev.tentpole.pool;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What is counted off the fast path; what is counted on it is in the slots. */
final class Counters {

    final LongAdder timeouts = new LongAdder();
    final LongAdder waited = new LongAdder();
    final LongAdder waitNanos = new LongAdder();
    final LongAdder opened = new LongAdder();
    final LongAdder openFailures = new LongAdder();
    final LongAdder openNanos = new LongAdder();
    final LongAdder lateOpens = new LongAdder();
    final LongAdder held = new LongAdder();
    final LongAdder lost = new LongAdder();
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

    Counters() {
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    void closed(CloseReason reason) {
        Objects.requireNonNull(closed.get(reason)).increment();
    }

    Map<CloseReason, Long> closedBy() {
        Map<CloseReason, Long> counts = new EnumMap<>(CloseReason.class);
        closed.forEach((reason, count) -> counts.put(reason, count.sum()));
        return counts;
    }
}
