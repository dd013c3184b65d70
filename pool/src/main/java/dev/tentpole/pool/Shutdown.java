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
        // What they hold is closed now, so that closing has all of its own time.
        engine.calls().expireAll(EnumSet.complementOf(EnumSet.of(Call.Kind.CLOSE)), true);
        Duration longest = engine.settings().closeTimeout();
        try {
            if (!interrupted) {
                awaitQuietly(longest, () -> engine.slots().occupied() == 0);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            // Whoever waits no longer must not cut short the closing of what was open.
            engine.housekeeper().endBy(engine.clock().nanoTime() + longest.toNanos(), this::end);
            Thread.currentThread().interrupt();
        } else {
            end();
        }
        if (taken > 0) {
            LOG.warn("Pool {} was closed with {} leases out; their objects are closed", engine.name(), taken);
        }
        return taken;
    }

    private void end() {
        engine.calls().expireAll(EnumSet.allOf(Call.Kind.class), true);
        engine.surroundings().close();
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
        engine.retiring().evictAll(CloseReason.POOL_CLOSED);
    }

    private int interruptBorrowers() {
        int count = 0;
        for (Slot<T> slot : engine.slots().all()) {
            Thread borrower = slot.borrower;
            // A slot that has its token is in the pool's own hands, and the borrower is that of an older loan.
            boolean isLent = slot.kind() == Slot.USED && slot.token == null;
            if (isLent && borrower != null && borrower != Thread.currentThread()) {
                borrower.interrupt();
                count++;
            }
        }
        return count;
    }

    /** Returns how many leases that ended. */
    int takeAway() {
        List<Slot<T>> taken = new ArrayList<>();
        int count = 0;
        engine.lock().lock();
        try {
            for (Slot<T> slot : engine.slots().all()) {
                long seen = slot.state();
                boolean isLent = slot.token == null;
                Slot<T> moved = Slot.kind(seen) == Slot.USED ? engine.slots().takeOver(slot, seen) : null;
                if (moved != null) {
                    taken.add(moved);
                    count += isLent ? 1 : 0;
                }
            }
        } finally {
            engine.lock().unlock();
        }
        taken.forEach(slot -> engine.retiring().retire(slot, slot.leaseStamp, CloseReason.POOL_CLOSED));
        return count;
    }

    private void awaitQuietly(Duration longest, BooleanSupplier condition) throws InterruptedException {
        long end = engine.clock().nanoTime() + longest.toNanos();
        while (true) {
            engine.lock().lockInterruptibly();
            try {
                long left = end - engine.clock().nanoTime();
                if (condition.getAsBoolean() || left <= 0) {
                    return;
                }
                engine.change().awaitNanos(Math.min(left, ROUND_NANOS));
            } finally {
                engine.lock().unlock();
            }
            evictAll();
        }
    }
}
