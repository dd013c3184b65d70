package dev.tentpole.cache;

import dev.tentpole.cache.Answer.Reason;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/** Counts why values were handed out and not kept. */
final class ReasonCounters {

    private static final Set<Reason> REASONS = EnumSet.of(
            Reason.CALLER, Reason.LOADER, Reason.EMPTY, Reason.TOO_HEAVY, Reason.SETTING_FAILED, Reason.OUTDATED);

    private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

    ReasonCounters() {
        for (Reason reason : REASONS) {
            counts.put(reason, new LongAdder());
        }
    }

    /** Counts a reason; one that is none is not counted. */
    void count(Reason reason) {
        LongAdder count = counts.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    Map<Reason, Long> counts() {
        Map<Reason, Long> now = new EnumMap<>(Reason.class);
        counts.forEach((reason, count) -> now.put(reason, count.sum()));
        return Map.copyOf(now);
    }

    void forEach(BiConsumer<Reason, LongAdder> each) {
        counts.forEach(each);
    }
}
