package dev.tentpole.pool;

import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * How it works.
 *
 * Lending and taking back touch one slot and nothing else: a compare-and-set to borrow, a store to give back on the
 * thread that borrowed, and a look at the waiters' signal (Slot, Slots, Waiters). All time that they read is that of the
 * coarse clock. Everything that is rare is behind a flag of the slot or behind a look that finds nothing: Borrowing for
 * whoever finds no object or one that has to be checked, Returning for what has to be reset, checked or closed when it
 * comes back, Retiring for what goes.
 *
 * The lock guards what is decided for the pool as a whole: who waits, how many objects are being opened, the sizes, whether
 * it is suspended or closed. A slot leaves EMPTY and becomes EMPTY under it only, so that the maximum holds. No code of a
 * user runs under it.
 *
 * The allocator runs on threads of the pool (Calls), each call with a deadline. What follows from a call happens when it
 * ends, in its outcome, whether or not anyone still waits for it. Time drives the Housekeeper alone, so that tests drive it
 * with a clock of their own.
 */
final class Engine<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

    private final PoolSettings settings;
    private final Allocator<T> allocator;
    private final Surroundings surroundings;
    private final NanoClock clock;
    private final NanoClock coarseClock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Counters counters = new Counters();
    private final Slots<T> slots;
    private final Waiters<T> waiters;
    private final Calls calls;
    private final Opener<T> opener;
    private final Housekeeper<T> housekeeper;
    private final Borrowing<T> borrowing;
    private final Returning<T> returning;
    private final Shrinking<T> shrinking;
    private final Retiring<T> retiring;
    private final long validateAfterIdle;
    private final boolean validateOnReturn;
    private final int traceLeases;

    private volatile int minSize;
    private volatile int maxSize;
    private final AtomicInteger generation = new AtomicInteger();
    private volatile boolean suspended;
    private volatile boolean closed;
    private boolean started;

    Engine(PoolSettings settings, Allocator<T> allocator, Surroundings surroundings) {
        this.settings = settings;
        this.allocator = allocator;
        this.surroundings = surroundings;
        clock = surroundings.clock();
        coarseClock = surroundings.coarseClock();
        minSize = settings.minSize();
        maxSize = settings.maxSize();
        validateAfterIdle = settings.validateAfterIdle().toNanos();
        validateOnReturn = settings.validateOnReturn();
        traceLeases = settings.traceLeases();
        waiters = new Waiters<>(lock, clock, coarseClock, this::lookAgainSoon);
        slots = new Slots<>(this, maxSize);
        housekeeper = new Housekeeper<>(this);
        calls = new Calls(surroundings, settings, housekeeper::wakeBy);
        opener = new Opener<>(this, settings);
        borrowing = new Borrowing<>(this);
        returning = new Returning<>(this);
        shrinking = new Shrinking<>(this);
        retiring = new Retiring<>(this);
        started = settings.start() != PoolSettings.Start.LAZY;
    }

    /**
     * Waits until that many objects are there, at most as long as said; returns whether they are.
     *
     * @param firstAttempt how long the first attempts have at least, if none has failed
     */
    boolean warmUp(int count, Duration longest, Duration firstAttempt) throws InterruptedException {
        long begun = clock.nanoTime();
        long end = begun + longest.toNanos();
        long endOfFirst = begun + Math.max(longest.toNanos(), firstAttempt.toNanos());
        lock.lockInterruptibly();
        int wanted = Math.min(count, maxSize);
        boolean warming = false;
        try {
            started = true;
            opener.warmUp(wanted);
            warming = true;
            openWhatIsWanted();
            while (opener.size() < wanted) {
                long left = (opener.lastFailure() == null ? endOfFirst : end) - clock.nanoTime();
                if (left <= 0 || closed) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            return true;
        } finally {
            if (warming) {
                opener.warmedUp(wanted);
            }
            lock.unlock();
        }
    }

    int close(Duration drain) {
        return new Shutdown<>(this).close(drain);
    }

    AcquireException startFailure(Duration waited) {
        return borrowing.failure(AcquireException.Reason.START_FAILED, waited.toNanos());
    }

    void start() {
        surroundings.schedule(housekeeper::tick);
        openWhatIsWanted();
    }

    // The fast path.

    Lease<T> acquire(long timeoutNanos) {
        Slot<T> slot = slots.tryBorrow();
        long now = coarseClock.nanoTime();
        if (slot == null || isToBeChecked(slot, now)) {
            slot = borrowing.acquire(slot, timeoutNanos);
            now = coarseClock.nanoTime();
        }
        return lend(slot, now);
    }

    Optional<Lease<T>> tryAcquire() {
        Slot<T> slot = slots.tryBorrow();
        long now = coarseClock.nanoTime();
        if (slot == null || isToBeChecked(slot, now)) {
            slot = borrowing.tryAcquire(slot);
            now = coarseClock.nanoTime();
        }
        return slot == null ? Optional.empty() : Optional.of(lend(slot, now));
    }

    /** By the coarse clock. */
    boolean isToBeChecked(Slot<T> slot, long now) {
        return slot.flags() != 0 || now - slot.releasedAt >= validateAfterIdle;
    }

    private Lease<T> lend(Slot<T> slot, long now) {
        Token token = slot.token;
        if (token == null) {
            // The pool was closed, and took the object away, since it was borrowed.
            throw borrowing.failure(AcquireException.Reason.CLOSED, 0);
        }
        slot.token = null;
        slot.borrowedAt = now;
        slot.loans++;
        Thread thread = Thread.currentThread();
        if (slot.borrower != thread) {
            slot.borrower = thread;
        }
        if (traceLeases != 0 && slot.loans % traceLeases == 0) {
            slot.taken = new Throwable("taken by " + thread.getName());
        }
        return new Lease<>(slot, token, slot.isShared ? null : thread, slot.leaseStamp);
    }

    void release(Slot<T> slot, Token token, @Nullable Thread borrower, long stamp) {
        if (slot.state() != stamp) {
            return;
        }
        if (borrower != Thread.currentThread() || slot.flags() != 0 || validateOnReturn || needsReset(slot)) {
            returning.giveBack(slot, token, borrower, stamp);
            return;
        }
        // The allocator, which was asked, may have ended the loan on this thread.
        if (slot.state() != stamp) {
            return;
        }
        account(slot);
        slot.token = token;
        release(slot, stamp);
    }

    /**
     * Passes it on to a borrower that starves, or else makes it free: for the only one who can end that loan, unless it is
     * taken over.
     */
    void release(Slot<T> slot, long stamp) {
        if (!passOn(slot, stamp)) {
            slot.release(stamp);
            if (slot.waiters.signal() != Waiters.NOBODY) {
                waiters.wake();
            }
        }
    }

    /**
     * Takes a loan from its lease; returns the slot where the object is now, in the caller's hand, as a loan whose stamp is in
     * {@link Slot#leaseStamp}; null if the loan has ended.
     */
    @Nullable
    Slot<T> claim(Slot<T> slot, @Nullable Thread borrower, long stamp) {
        if (borrower == null || borrower == Thread.currentThread()) {
            return slot.tryPassOn(stamp) ? slot : null;
        }
        Slot<T> moved = slots.takeOver(slot, stamp);
        if (moved != null) {
            // Whoever keeps a lease is not to keep the object for as long.
            slot.clear();
        }
        return moved;
    }

    /** The loan's time, at its end; for the owner. */
    void account(Slot<T> slot) {
        long now = slot.coarseClock.nanoTime();
        slot.usageNanos += now - slot.borrowedAt;
        slot.releasedAt = now;
        if (slot.taken != null) {
            slot.taken = null;
        }
    }

    boolean needsReset(Slot<T> slot) {
        T object = slot.object;
        try {
            return object != null && allocator.needsReset(object);
        } catch (RuntimeException | Error e) {
            LOG.warn("Pool {}: needsReset of its allocator threw", name(), e);
            return true;
        }
    }

    /** As {@link #release(Slot, long)}, but does nothing if that loan has ended. */
    void giveBack(Slot<T> slot, long stamp) {
        if (!passOn(slot, stamp) && slot.tryRelease(stamp) && slot.waiters.signal() != Waiters.NOBODY) {
            waiters.wake();
        }
    }

    private boolean passOn(Slot<T> slot, long stamp) {
        if (slot.waiters.signal() != Waiters.STARVING || !waiters.passOn(slot, stamp)) {
            return false;
        }
        // Whoever was given it may have been woken for another one, which is free and which he does not look for now.
        wakeIfAnyIsFree();
        return true;
    }

    // Opening objects.

    T open() throws Exception {
        return Objects.requireNonNull(allocator.open(), "the allocator opened null");
    }

    void openWhatIsWanted() {
        lock.lock();
        try {
            if (started && !closed && !suspended) {
                opener.openWhatIsWanted(minSize, maxSize, waiters.size());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Asks for an object more than are wanted, now or once there is room; false if there is none now. */
    boolean openReplacement(boolean whenThereIsRoom) {
        lock.lock();
        try {
            if (closed || suspended || !(whenThereIsRoom || opener.canOpen(maxSize))) {
                return false;
            }
            opener.replace();
            openWhatIsWanted();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void opened(Slot<T> slot, T object, int openedIn) {
        lock.lock();
        try {
            slot.fill(object, coarseClock.nanoTime(), clock.nanoTime() + lifetime());
            slot.jitter = surroundings.random();
            if (closed || openedIn != generation.get()) {
                slot.evictReason = closed ? CloseReason.POOL_CLOSED : CloseReason.EVICTED;
                slot.setFlag(Slot.EVICT);
            } else if (shrinking.excess() > 0) {
                slot.setFlag(Slot.SHRINK);
            }
            if (opener.isDoubtful()) {
                slot.setFlag(Slot.SUSPECT);
            }
            slot.takeFrom(Slot.OPENING);
        } finally {
            lock.unlock();
        }
        giveBackOrRetire(slot);
    }

    private long lifetime() {
        long longest = settings.maxLifetime().toNanos();
        return longest == 0
                ? Duration.ofDays(36_500).toNanos()
                : (long) (longest * (1 - settings.lifetimeJitter() * surroundings.random()));
    }

    /** For the owner of a loan. */
    void giveBackOrRetire(Slot<T> slot) {
        if (!retiring.retireIfMarked(slot)) {
            giveBack(slot, slot.leaseStamp);
        }
    }

    // What is told from outside.

    void resize(int min, int max) {
        lock.lock();
        try {
            slots.growTo(max);
            minSize = min;
            maxSize = max;
        } finally {
            lock.unlock();
        }
        shrinking.shrink();
        openWhatIsWanted();
    }

    void evictAll(CloseReason reason) {
        boolean isStuck;
        lock.lock();
        try {
            generation.incrementAndGet();
            isStuck = opener.isStuck(maxSize);
            opener.forgetFailures();
        } finally {
            lock.unlock();
        }
        retiring.evictAll(reason);
        if (isStuck) {
            // What may hang was begun before the target changed, and leaves no room for an attempt.
            calls.expireAll(EnumSet.of(Call.Kind.OPEN), false);
        }
        openWhatIsWanted();
    }

    void suspend() {
        lock.lock();
        try {
            suspended = true;
            slots.shutGate();
            waiters.suspend(true);
        } finally {
            lock.unlock();
        }
    }

    void resume() {
        lock.lock();
        try {
            suspended = false;
            if (!closed) {
                slots.openGate();
            }
            waiters.suspend(false);
        } finally {
            lock.unlock();
        }
        openWhatIsWanted();
        wakeIfAnyIsFree();
    }

    void wakeIfAnyIsFree() {
        if (waiters.signal() != Waiters.NOBODY && slots.isAnyFree()) {
            waiters.wake();
        }
    }

    private void lookAgainSoon() {
        housekeeper.lookAgainSoon();
    }

    PoolStatistics statistics() {
        return Statistics.of(this);
    }

    // Under the lock, for the parts.

    /** From the first borrower on a lazy pool has its minimum. */
    void firstBorrowerCame() {
        started = true;
    }

    void changed() {
        changed.signalAll();
    }

    Condition change() {
        return changed;
    }

    void markClosed() {
        closed = true;
        slots.shutGate();
    }

    // The parts.

    String name() {
        return settings.name();
    }

    PoolSettings settings() {
        return settings;
    }

    Allocator<T> allocator() {
        return allocator;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    NanoClock clock() {
        return clock;
    }

    NanoClock coarseClock() {
        return coarseClock;
    }

    Instant wallTime() {
        return surroundings.wallTime();
    }

    double random() {
        return surroundings.random();
    }

    ReentrantLock lock() {
        return lock;
    }

    Counters counters() {
        return counters;
    }

    Slots<T> slots() {
        return slots;
    }

    Waiters<T> waiters() {
        return waiters;
    }

    Calls calls() {
        return calls;
    }

    Opener<T> opener() {
        return opener;
    }

    Housekeeper<T> housekeeper() {
        return housekeeper;
    }

    Shrinking<T> shrinking() {
        return shrinking;
    }

    Retiring<T> retiring() {
        return retiring;
    }

    int minSize() {
        return minSize;
    }

    int maxSize() {
        return maxSize;
    }

    int generation() {
        return generation.get();
    }

    boolean isSuspended() {
        return suspended;
    }

    boolean isClosed() {
        return closed;
    }
}
