package dev.tentpole.cache;

import java.time.Duration;
import java.util.Set;

/**
 * One entry of a {@link QueryCache} at a moment, for a page of diagnostics.
 *
 * @param key the entry's key
 * @param age how long ago the value was loaded
 * @param timeToLive how long it may still be served, past a soft time to live as stale; zero if it is kept for the case of an error only
 * @param weight what it weighs: bytes, or 1 in a cache that counts
 * @param tags the tags that it carries
 * @param failure whether it is a failure that is remembered, and no value
 * @param <K> the type of the key
 */
public record EntryInfo<K>(K key, Duration age, Duration timeToLive, long weight, Set<String> tags, boolean failure) {}
