package dev.tentpole.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes a pool: lends no more, waits for what is lent, then interrupts, then takes it away. Never waits without end. */
final class Shutdown<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

    /** How long an interrupted borrower has to give its object back. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** How often it looks for objects that became free meanwhile. */
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Engine<T> engine;

    Shutdown(Engine<T> engine) {
        this.engine = engine;
    }

    /** Returns how many leases did not come back. */
    int close(Duration drain) {
        if (!lendNoMore()) {
            return 0;
        }
        evictAll();
        boolean interrupted = false;
        try {
            awaitQuietly(drain, () -> engine.slots().count(Slot.USED) == 0);
            if (interruptBorrowers() > 0) {
                awaitQuietly(GRACE, () -> engine.slots().count(Slot.USED) == 0);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        int taken = takeAway();
        engine.calls().expireAll(EnumSet.of(Call.Kind.OPEN));
        try {
            if (!interrupted) {
                awaitQuietly(
                        engine.settings().closeTimeout(), () -> engine.slots().occupied() == 0);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        engine.calls().expireAll(EnumSet.allOf(Call.Kind.class));
        engine.surroundings().close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (taken > 0) {
            LOG.warn("Pool {} was closed with {} leases out; their objects are closed", engine.name(), taken);
        }
        return taken;
    }

    private boolean lendNoMore() {
        List<Waiter<T>> refused = new ArrayList<>();
        engine.lock().lock();
        try {
            if (engine.isClosed()) {
                return false;
            }
            engine.markClosed();
            refused.addAll(engine.waiters().refuseAll());
        } finally {
            engine.lock().unlock();
        }
        refused.forEach(Waiter::unpark);
        return true;
    }

    private void evictAll() {
        for (Slot<T> slot : engine.slots().all()) {
            engine.evict(slot, CloseReason.POOL_CLOSED);
        }
    }

    private int interruptBorrowers() {
        int count = 0;
        for (Slot<T> slot : engine.slots().all()) {
            Thread borrower = slot.borrower;
            if (slot.kind() == Slot.USED && borrower != null && borrower != Thread.currentThread()) {
                borrower.interrupt();
                count++;
            }
        }
        return count;
    }

    private int takeAway() {
        int count = 0;
        for (Slot<T> slot : engine.slots().all()) {
            long seen = slot.state();
            if (Slot.kind(seen) == Slot.USED && engine.retire(slot, seen, CloseReason.POOL_CLOSED)) {
                count++;
            }
        }
        return count;
    }

    private void awaitQuietly(Duration longest, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        engine.lock().lockInterruptibly();
        try {
            while (!condition.getAsBoolean()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                engine.change().awaitNanos(Math.min(left, ROUND_NANOS));
                evictAll();
            }
        } finally {
            engine.lock().unlock();
        }
    }
}
