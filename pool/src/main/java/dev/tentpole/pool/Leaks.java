package dev.tentpole.pool;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds leases that are out for too long, and those that are lost.
 *
 * <p>A lost lease needs no bookkeeping on loan: while an object is lent only the lease holds its token, so that the garbage
 * collector clears the slot's weak reference to the token once nobody can close the lease any more. The object is closed,
 * since nobody knows in which state it is.
 */
final class Leaks<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

    private final Engine<T> engine;
    private final long threshold;

    Leaks(Engine<T> engine) {
        this.engine = engine;
        this.threshold = engine.settings().leakThreshold().toNanos();
    }

    /** A loan is judged from the second look on: only then what the borrower wrote about it is sure to be seen. */
    void lookAt(Slot<T> slot, long seen, long now) {
        if (slot.seenStamp != seen) {
            slot.seenStamp = seen;
            slot.isReported = false;
            return;
        }
        long age = now - slot.borrowedAt;
        Throwable taken = slot.taken;
        if (slot.isTokenLost()) {
            if (engine.retiring().retire(slot, seen, CloseReason.LOST)) {
                engine.counters().lost.increment();
                report(new Leak(engine.name(), Leak.Kind.LOST, Duration.ofNanos(age), Optional.ofNullable(taken)));
            }
        } else if (threshold > 0 && age >= threshold && !slot.isReported && slot.token == null) {
            slot.isReported = true;
            engine.counters().held.increment();
            report(new Leak(engine.name(), Leak.Kind.HELD, Duration.ofNanos(age), Optional.ofNullable(taken)));
        }
    }

    private void report(Leak leak) {
        String what = leak.kind() == Leak.Kind.LOST
                ? "was lost without having been closed; its object is closed"
                : "is out for longer than leakThreshold = " + engine.settings().leakThreshold();
        @Nullable Throwable taken = leak.taken().orElse(null);
        LOG.warn(
                "Pool {}: a lease of {} ms ago {}{}",
                leak.pool(),
                leak.age().toMillis(),
                what,
                taken == null ? "; traceLeases tells where such leases are taken" : "",
                taken);
        try {
            engine.settings().onLeak().accept(leak);
        } catch (RuntimeException | Error e) {
            LOG.warn("Pool {}: onLeak threw", leak.pool(), e);
        }
    }
}
