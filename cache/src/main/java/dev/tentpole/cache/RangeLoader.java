package dev.tentpole.cache;

/**
 * Loads the points that a {@link RangeCache} does not have.
 *
 * <p>It runs on the caller's thread, and on threads of the cache if several runs of points are missing; it ends early when
 * its thread is interrupted. While it runs, no lock is held.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
@FunctionalInterface
public interface RangeLoader<K, V> {

    /**
     * {@return a value over the missing points}
     *
     * <p>Points that the value's grid has besides are ignored. Of points that it doesn't have the cache learns nothing: they
     * are missing in the answer, which says so, and asked for again next time.
     *
     * @param key what to load
     * @param missing the points to load
     * @param load where to say how long and under which tags they may be kept; {@link Load#noStore} for a partial result
     * @throws Exception if they can't be loaded; the caller gets a {@link CacheException} with this as its cause
     */
    V load(K key, TimeGrid missing, Load load) throws Exception;
}
