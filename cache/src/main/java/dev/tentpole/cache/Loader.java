package dev.tentpole.cache;

/**
 * Loads a value that a {@link QueryCache} does not have.
 *
 * <p>It runs on the thread of the caller who asked first, or on a thread of the cache for a refresh in the background; it
 * ends early when that thread is interrupted. While it runs, no lock is held.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
@FunctionalInterface
public interface Loader<K, V> {

    /**
     * {@return the value, not null; an empty one for "there is nothing"}
     *
     * @param key what to load
     * @param load where to say how long and under which tags the value may be kept, and how long there is to load it
     * @throws Exception if it can't be loaded; callers get a {@link CacheException} with this as its cause
     */
    V load(K key, Load load) throws Exception;
}
