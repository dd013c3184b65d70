package dev.tentpole.pool;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lends objects that are costly to open, and takes them back whole.
 *
 * <p>Borrowing an object that is free, and giving it back on the same thread, take one compare-and-set operation, no lock,
 * no clock reading and no allocation. Whoever finds none free waits, first come first served; a running thread may overtake
 * those that wait, but only while they have waited for less than a millisecond: from then on each object that comes back is
 * passed on to the one that waits longest. So a borrower that {@code k} others precede has an object by the time at which {@code k + 2}
 * objects have come back after its first millisecond, counted by a clock that may be 10 ms behind. One that comes back at
 * the very moment at which somebody begins to wait, or looks, may be noticed only at the next look, 10 ms later.
 *
 * <p>Objects are opened, validated, reset and closed on threads of the pool, each call with a timeout: an allocator that
 * hangs holds no borrower past it, no housekeeping and no {@link #close()}. Threads, all daemons: one that keeps house, at
 * most {@code maxSize + maxAbandoned} for calls of the allocator (a few more while a target hangs for long, see {@link
 * PoolSettings.Builder#maxAbandoned}), and the one of the coarse clock. Close the pool to end them. Safe for use by several
 * threads, virtual ones included; nothing is kept per thread.
 *
 * @param <T> what is lent
 */
public final class Pool<T> implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofDays(365);

    private final Engine<T> engine;
    private final long acquireTimeout;

    private Pool(Engine<T> engine) {
        this.engine = engine;
        this.acquireTimeout = engine.settings().acquireTimeout().toNanos();
    }

    /**
     * {@return a new pool, which opens its first objects as its {@link PoolSettings.Start} says}
     *
     * @param settings the terms
     * @param allocator what opens and closes the objects
     * @param <T> what is lent
     * @throws AcquireException if it starts {@link PoolSettings.Start#FAIL_FAST} and the first objects are not there in
     *     time, or the thread is interrupted; nothing is left of the pool then
     */
    public static <T> Pool<T> open(PoolSettings settings, Allocator<T> allocator) {
        return open(settings, allocator, OwnSurroundings::new);
    }

    /** What tests look into. */
    Engine<T> engine() {
        return engine;
    }

    static <T> Pool<T> open(PoolSettings settings, Allocator<T> allocator, Supplier<Surroundings> surroundings) {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(allocator, "allocator");
        Engine<T> engine = new Engine<>(settings, allocator, surroundings.get());
        engine.start();
        if (settings.start() == PoolSettings.Start.FAIL_FAST) {
            awaitFirst(engine, settings);
        }
        return new Pool<>(engine);
    }

    private static void awaitFirst(Engine<?> engine, PoolSettings settings) {
        boolean isThere = false;
        long begun = engine.clock().nanoTime();
        try {
            isThere = engine.warmUp(Math.max(1, settings.minSize()), settings.startTimeout(), settings.openTimeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!isThere) {
            AcquireException failure =
                    engine.startFailure(Duration.ofNanos(engine.clock().nanoTime() - begun));
            engine.close(Duration.ZERO);
            throw failure;
        }
    }

    /**
     * Borrows an object; waits for one if none is free, at most {@link PoolSettings.Builder#acquireTimeout}.
     *
     * @return the lease, to be closed
     * @throws AcquireException if there was none in time, the thread was interrupted while it waited, too many wait, or the
     *     pool is closed
     */
    public Lease<T> acquire() {
        return engine.acquire(acquireTimeout);
    }

    /**
     * Borrows an object; waits for one if none is free.
     *
     * @param longest how long to wait at most; zero does not wait, not even for the validation of an object that has been
     *     idle for long, as {@link #tryAcquire} does
     * @return the lease, to be closed
     * @throws AcquireException if there was none in time, the thread was interrupted while it waited, too many wait, or the
     *     pool is closed
     */
    public Lease<T> acquire(Duration longest) {
        return engine.acquire(bounded(longest).toNanos());
    }

    /** For ever is a year here. */
    private static Duration bounded(Duration longest) {
        return longest.isNegative() ? Duration.ZERO : longest.compareTo(LONGEST) > 0 ? LONGEST : longest;
    }

    /**
     * {@return a lease of an object that is free now; empty if there is none}
     *
     * <p>Never waits for an object to come back or to be opened, but lets one be opened in background, if there is room,
     * for whoever asks later. If the object has been idle for long it waits for its validation.
     *
     * @throws AcquireException if the pool is closed
     */
    public Optional<Lease<T>> tryAcquire() {
        return engine.tryAcquire();
    }

    /**
     * Opens objects until there are that many, and waits for it. They stay for the idle timeout, if the minimum is lower.
     *
     * @param count how many there are to be; no more than the maximum
     * @param longest how long to wait at most
     * @return whether there are that many
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean warmUp(int count, Duration longest) throws InterruptedException {
        Args.inRange("count", count, 0, engine.maxSize());
        return engine.warmUp(count, bounded(longest), Duration.ZERO);
    }

    /**
     * Changes how many objects there are at least and at most. Idle objects that are too many are closed now, lent ones
     * when they come back.
     *
     * @param minSize 0 to {@code maxSize}
     * @param maxSize 1 to 10,000
     * @throws IllegalArgumentException if one is out of range
     */
    public void resize(int minSize, int maxSize) {
        Args.inRange("maxSize", maxSize, 1, PoolSettings.LARGEST_POOL);
        Args.inRange("minSize", minSize, 0, maxSize);
        engine.resize(minSize, maxSize);
    }

    /**
     * Lends nothing until {@link #resume}: borrowers wait. What is lent comes back as ever; nothing is opened.
     */
    public void suspend() {
        engine.suspend();
    }

    /**
     * Lends again.
     */
    public void resume() {
        engine.resume();
    }

    /**
     * Closes all objects that there are: those that are idle now, those that are lent when they come back. Objects whose
     * opening has begun count as being there. Also forgets failures to open, so that the next attempt is made at once: call
     * it when the target or its credentials have changed.
     */
    public void evictAll() {
        engine.evictAll(CloseReason.EVICTED);
    }

    /**
     * {@return how the pool is, and what it has done since it was made}
     */
    public PoolStatistics statistics() {
        return engine.statistics();
    }

    /**
     * {@return the terms on which it was opened; the sizes in force are in its statistics}
     */
    public PoolSettings settings() {
        return engine.settings();
    }

    /**
     * Closes the pool; waits for leases to come back for {@link PoolSettings.Builder#drainTimeout} at most. See {@link
     * #close(Duration)}.
     */
    @Override
    public void close() {
        engine.close(engine.settings().drainTimeout());
    }

    /**
     * Closes the pool. From now on nothing is lent, and whoever waits is refused. Waits for leases to come back, but no
     * longer than the given time; then interrupts the threads that took those that are out, and half a second later takes
     * the objects away from them and closes them. After that it waits for the allocator to close the last objects, no
     * longer than its close timeout. An interruption of the caller skips all waiting; the objects are
     * closed in background then. Closing twice is harmless: the second call returns 0 at once, even while the first
     * one still waits for leases, since whoever closes the pool again may be the one who holds them.
     *
     * @param drain how long to wait for leases
     * @return how many leases did not come back; 0 if the pool is closed already
     */
    public int close(Duration drain) {
        return engine.close(bounded(drain));
    }

    @Override
    public String toString() {
        PoolStatistics now = statistics();
        return "Pool[" + engine.name() + ", borrowed " + now.borrowed() + ", idle " + now.idle() + ", opening "
                + now.opening() + ", pending " + now.pending() + "]";
    }
}
