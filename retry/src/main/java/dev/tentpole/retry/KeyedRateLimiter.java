package dev.tentpole.retry;

import dev.tentpole.base.Args;
import dev.tentpole.base.NanoClock;
import dev.tentpole.base.StripedCounter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A rate limit for each of many keys, such as users or API keys; refuses and never waits.
 *
 * <p>Each key has a bucket as {@link RateLimiter} has. A bucket that is full again is worth nothing and is dropped when room
 * is needed, so nothing is lost by forgetting. If all of {@code maxKeys} buckets are in use, further keys share one bucket,
 * and until that one is full again, a key that gets one of its own begins with as many permits as the shared one has: a
 * flood of invented keys makes the limit stricter for newcomers and never looser for anyone, and memory stays bounded.
 *
 * <p>Keys need {@code equals} and {@code hashCode}; keep secrets out of them. Safe for use by several threads.
 *
 * @param <K> the keys
 */
public final class KeyedRateLimiter<K> implements AutoCloseable {

    /** How often a full map is looked through, at most. */
    private static final Duration BETWEEN_SWEEPS = Duration.ofMillis(100);

    /** How many times as long as a look through the map the pause after it is: a flood of keys has a small part of a core. */
    private static final int PAUSES_PER_SWEEP = 20;

    private final String name;
    private final Gcra gcra;
    private final int burst;
    private final int maxKeys;
    private final NanoClock clock;
    private final long origin;
    private final ConcurrentHashMap<K, AtomicLong> buckets = new ConcurrentHashMap<>();

    /** At least as many as there are in the map: one is counted before it is put there and until it is gone. */
    private final AtomicInteger places = new AtomicInteger();

    private final AtomicLong shared = new AtomicLong();
    private final AtomicLong overflows = new AtomicLong();
    private final StripedCounter refused = new StripedCounter();
    private final ReentrantLock sweeping = new ReentrantLock();
    private volatile long nextSweep;

    KeyedRateLimiter(String name, Gcra gcra, int burst, int maxKeys, NanoClock clock) {
        this.name = name;
        this.gcra = gcra;
        this.burst = burst;
        this.maxKeys = maxKeys;
        this.clock = clock;
        this.origin = clock.nanoTime();
    }

    /**
     * {@return the name}
     */
    public String name() {
        return name;
    }

    /**
     * {@return whether one permit of the key was taken}
     *
     * @param key whose permit
     */
    public boolean tryAcquire(K key) {
        return take(key, 1);
    }

    /**
     * {@return whether the permits of the key were taken, all or none}
     *
     * @param key whose permits
     * @param permits 1 to the burst
     * @throws IllegalArgumentException if there can never be so many at once
     */
    public boolean tryAcquire(K key, int permits) {
        return take(key, Args.inRange("permits", permits, 1, burst));
    }

    /**
     * {@return how long until so many permits of the key could be taken; zero if at once, by the clock that {@link
     * #tryAcquire(Object)} reads}
     *
     * @param key whose permits
     * @param permits 1 to the burst
     */
    public Duration timeUntil(K key, int permits) {
        Args.inRange("permits", permits, 1, burst);
        AtomicLong bucket = buckets.getOrDefault(key, shared);
        return Duration.ofNanos(gcra.timeUntil(bucket.get(), clock.nanoTime() - origin, permits));
    }

    /**
     * {@return how many keys have a bucket at this moment}
     */
    public int keys() {
        return buckets.size();
    }

    /**
     * {@return how often the shared bucket was asked because all others were in use, since the start}
     */
    public long overflows() {
        return overflows.get();
    }

    /**
     * {@return how often permits were refused, whatever the key, since the start}
     */
    public long refused() {
        return refused.sum();
    }

    /** Gives the clock back; the limiter goes on to work. Closing twice is harmless. */
    @Override
    public void close() {
        Engine.closeClock(clock);
    }

    private boolean take(K key, int permits) {
        boolean granted = acquire(key, permits) == 0;
        if (!granted) {
            refused.increment();
        }
        return granted;
    }

    private long acquire(K key, int permits) {
        long now = clock.nanoTime() - origin;
        while (true) {
            AtomicLong bucket = buckets.get(key);
            if (bucket == null) {
                bucket = newBucket(Objects.requireNonNull(key, "key"), now);
            }
            long wait = gcra.acquire(bucket, now, permits);
            if (wait != Gcra.ASK_AGAIN) {
                return wait;
            }
            remove(key, bucket);
        }
    }

    private AtomicLong newBucket(K key, long now) {
        if (!takePlace()) {
            sweep(now);
            if (!takePlace()) {
                overflows.incrementAndGet();
                return shared;
            }
        }
        // Whose key this is may have had of the shared one until now.
        AtomicLong made = new AtomicLong(shared.get());
        AtomicLong present = buckets.putIfAbsent(key, made);
        if (present == null) {
            return made;
        }
        places.decrementAndGet();
        return present;
    }

    private boolean takePlace() {
        int taken = places.get();
        while (taken < maxKeys && !places.compareAndSet(taken, taken + 1)) {
            taken = places.get();
        }
        return taken < maxKeys;
    }

    private void remove(K key, AtomicLong bucket) {
        if (buckets.remove(key, bucket)) {
            places.decrementAndGet();
        }
    }

    private void sweep(long now) {
        if (now - nextSweep < 0 || !sweeping.tryLock()) {
            return;
        }
        try {
            buckets.forEach((key, bucket) -> {
                if (gcra.removeIfFull(bucket, now)) {
                    remove(key, bucket);
                }
            });
            long end = clock.nanoTime() - origin;
            nextSweep = end + Math.max(BETWEEN_SWEEPS.toNanos(), PAUSES_PER_SWEEP * (end - now));
        } finally {
            sweeping.unlock();
        }
    }
}
