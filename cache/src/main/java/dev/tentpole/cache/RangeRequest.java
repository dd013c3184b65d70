package dev.tentpole.cache;

import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

/**
 * What is asked of a {@link RangeCache}. Immutable; each {@code with} method makes another one.
 *
 * @param <K> the type of keys
 */
public final class RangeRequest<K> {

    private static final long FARTHEST_SECONDS = 4_000_000_000_000L;

    private final K key;
    private final TimeGrid grid;
    private final Instant settledUntil;
    private final Set<String> tags;
    private final boolean stepReuse;
    private final CacheControl control;

    private RangeRequest(
            K key, TimeGrid grid, Instant settledUntil, Set<String> tags, boolean stepReuse, CacheControl control) {
        this.key = Objects.requireNonNull(key, "key");
        this.grid = Objects.requireNonNull(grid, "grid");
        this.settledUntil = Objects.requireNonNull(settledUntil, "settledUntil");
        this.tags = tags;
        this.stepReuse = stepReuse;
        this.control = Objects.requireNonNull(control, "control");
    }

    /**
     * {@return a request}
     *
     * @param key what is asked for, without its range: the canonical text of a query with all that its answer depends on
     * @param grid the points
     * @param settledUntil the last time whose data will not change any more, as far as the caller knows; points after it
     *     are volatile and loaded again. For most queries: now, less the time within which late data arrives
     * @param <K> the type of keys
     */
    public static <K> RangeRequest<K> of(K key, TimeGrid grid, Instant settledUntil) {
        return new RangeRequest<>(key, grid, settledUntil, Set.of(), false, CacheControl.use());
    }

    /**
     * {@return the same with tags, under which all that is kept for the key on this grid's line can be invalidated}
     *
     * @param tags tags of 1 to 200 characters, at most 100; for instance backend, tenant, metric. A key's line of points
     *     carries all that it was ever given, at most 1,000: they are not to change from request to request
     * @throws IllegalArgumentException if a tag is not allowed, or there are too many
     */
    public RangeRequest<K> withTags(String... tags) {
        return new RangeRequest<>(key, grid, settledUntil, Load.checkTags(Arrays.asList(tags)), stepReuse, control);
    }

    /**
     * {@return the same, with points taken also from what is kept for the key with a smaller step, if its line has them}
     *
     * <p>That is right for queries whose value at a point depends neither on the step nor on the range, which is so for most
     * of PromQL, and not for what averages over a step.
     */
    public RangeRequest<K> withStepReuse() {
        return new RangeRequest<>(key, grid, settledUntil, tags, true, control);
    }

    /**
     * {@return the same with other wishes}
     *
     * @param control what the call wants of the cache, and how long it waits
     */
    public RangeRequest<K> with(CacheControl control) {
        return new RangeRequest<>(key, grid, settledUntil, tags, stepReuse, control);
    }

    /**
     * {@return what is asked for}
     */
    public K key() {
        return key;
    }

    /**
     * {@return the points}
     */
    public TimeGrid grid() {
        return grid;
    }

    /**
     * {@return the last time whose data will not change any more}
     */
    public Instant settledUntil() {
        return settledUntil;
    }

    long settledMillis() {
        return millis(settledUntil);
    }

    /** A time in milliseconds, cut to what sums of times can bear. */
    static long millis(Instant time) {
        long seconds = time.getEpochSecond();
        return Math.abs(seconds) < FARTHEST_SECONDS
                ? time.toEpochMilli()
                : Long.signum(seconds) * FARTHEST_SECONDS * 1_000;
    }

    /**
     * {@return the tags}
     */
    public Set<String> tags() {
        return tags;
    }

    /**
     * {@return whether points may come from a line with a smaller step}
     */
    public boolean isStepReuse() {
        return stepReuse;
    }

    /**
     * {@return what the call wants of the cache}
     */
    public CacheControl control() {
        return control;
    }
}
