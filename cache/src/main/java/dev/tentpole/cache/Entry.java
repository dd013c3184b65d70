package dev.tentpole.cache;

import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is kept under a key: a value, or a failure that is remembered for a moment.
 *
 * <p>All that decides whether it may be served is in here, so that a reader needs no lock and no second look: it is
 * {@link #isAlive} from when it is known not to have been invalidated while it was put into the map, until it is replaced,
 * invalidated or evicted, which the one who does that says before anybody can see the map without it; and it is fresh until
 * {@link #softAt}.
 */
final class Entry<K, V> {

    /** Caffeine counts uses of a key up to that, and halves the counts of all once there were many. */
    private static final int COUNTED_USES = 15;

    /** Of 2 to the power of that later uses one is told; spread by a factor that no round of keys is in step with. */
    private static final int SAMPLED_BITS = 6;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    final K key;
    /** The key's, with its upper bits in the lower ones. */
    final int hash;

    final @Nullable V value;
    final @Nullable Throwable failure;
    /** The larger, the later the load began. */
    final long number;

    final long storedAt;
    final long softAt;
    final long hardAt;
    /** When it is of no use even if loading fails. */
    final long goneAt;

    final int weight;
    final Set<String> tags;

    /** Whether another instance loaded it, nobody knows exactly when. */
    final boolean shared;

    /** Until when no refresh is tried, since one failed. */
    volatile long retryAt;

    /** Tells whether it was invalidated while it was put into the map; null once it is known that it was not. */
    private volatile @Nullable Predicate<Entry<K, V>> check;

    private volatile boolean dead;
    private volatile boolean outdated;

    /** Some go uncounted if threads meet: nothing depends on it but what Caffeine is told. */
    private int uses;

    Entry(
            K key,
            @Nullable V value,
            @Nullable Throwable failure,
            long number,
            long now,
            Lifetime lifetime,
            int weight,
            Set<String> tags,
            boolean shared) {
        this.key = key;
        this.hash = hash(key);
        this.value = value;
        this.failure = failure;
        this.number = number;
        this.storedAt = now - lifetime.ageNanos();
        this.softAt = storedAt + lifetime.softNanos();
        this.hardAt = storedAt + lifetime.hardNanos();
        this.goneAt = hardAt + lifetime.onErrorNanos();
        this.retryAt = now;
        this.weight = weight;
        this.tags = tags;
        this.shared = shared;
    }

    static int hash(Object key) {
        int product = key.hashCode() * (int) GOLDEN_RATIO;
        return product ^ product >>> 16;
    }

    boolean isOf(K other, int itsHash) {
        return hash == itsHash && (key == other || key.equals(other));
    }

    /**
     * {@return whether Caffeine is to be told of a use, though nothing is evicted for its size: of the first ones, and of
     * one in 64 of the others}
     *
     * @param count of how many hits this is one
     */
    boolean isWorthTelling(long count) {
        if (uses < COUNTED_USES) {
            uses++;
            return true;
        }
        return (count * GOLDEN_RATIO) >>> (Long.SIZE - SAMPLED_BITS) == 0;
    }

    boolean isAlive() {
        return check == null && !dead;
    }

    /** Says that it has to be looked at once more when it is in the map. */
    void setCheck(Predicate<Entry<K, V>> invalidated) {
        check = invalidated;
    }

    /** Looks whether it was invalidated, if that is not known; when it is in the map. {@return whether it was not} */
    boolean passesCheck() {
        Predicate<Entry<K, V>> invalidated = check;
        if (invalidated != null && invalidated.test(this)) {
            return false;
        }
        check = null;
        return true;
    }

    void kill() {
        dead = true;
    }

    /** Says that it is dead since it was invalidated or replaced, and not since there was no room for it. */
    void outdate() {
        outdated = true;
        dead = true;
    }

    boolean isOutdated() {
        return outdated;
    }

    /** {@return whether it was loaded by a load that began after the given number} */
    boolean isNewerThan(long than) {
        return number > than && (than < 0 || !shared);
    }

    boolean isNewerThan(Entry<K, V> other) {
        return number > other.number || (number == other.number && other.failure != null);
    }

    boolean isFresh(long now) {
        return softAt - now > 0;
    }

    boolean isUsable(long now) {
        return hardAt - now > 0;
    }

    boolean isUsableOnError(long now) {
        return goneAt - now > 0;
    }

    Duration age(long now) {
        return Duration.ofNanos(Math.max(0, now - storedAt));
    }

    Duration timeToLive(long now) {
        return Duration.ofNanos(Math.max(0, hardAt - now));
    }

    /** How long an entry is fresh, usable, and usable if loading fails, from when it was loaded. */
    record Lifetime(long ageNanos, long softNanos, long hardNanos, long onErrorNanos) {}
}
