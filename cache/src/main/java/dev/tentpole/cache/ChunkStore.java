package dev.tentpole.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.tentpole.base.Args;
import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Lane.ChunkKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where chunks are kept: Caffeine, which decides what stays, and an index of lanes by key and by tag.
 *
 * <p>A chunk changes under its lane's lock only, but for its eviction, which can come at any time. A lane's list of chunks
 * changes inside of the map's atomic operation on a chunk, as does the hold of a chunk on its lane. Nothing in there takes
 * a lane's lock: an eviction runs on a thread that may hold another's.
 */
final class ChunkStore<K, V> {

    /** Of how many lanes it is remembered what failed. */
    private static final int REMEMBERED_LANES = 10_000;

    /** How many different tags a lane can carry. */
    private static final int MOST_TAGS = 1_000;

    private final Cache<ChunkKey<K, V>, Chunk<V>> chunks;
    private final Cache<Lane<K, V>, FailedPoints> failures;
    private final ConcurrentHashMap<Lane.Key<K>, Lane<K, V>> lanes = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<K, ConcurrentHashMap<Long, Set<Lane<K, V>>>> lanesOfKeys =
            new ConcurrentHashMap<>();
    private final TagIndex<Lane<K, V>> tags = new TagIndex<>();
    private final RangeCounters counters;
    private final long maximumWeight;

    ChunkStore(long maximumWeight, NanoClock clock, RangeCounters counters) {
        this.maximumWeight = maximumWeight;
        this.counters = counters;
        this.chunks = Caffeine.newBuilder()
                .executor(Runnable::run)
                .ticker(clock::nanoTime)
                .maximumWeight(maximumWeight)
                .weigher((ChunkKey<K, V> key, Chunk<V> chunk) -> (int) chunk.weight())
                .expireAfter(new WhileUseful<K, V>())
                .evictionListener(this::evicted)
                .build();
        this.failures = Caffeine.newBuilder()
                .executor(Runnable::run)
                .ticker(clock::nanoTime)
                .maximumSize(REMEMBERED_LANES)
                .expireAfter(Expiry.<Lane<K, V>, FailedPoints>writing(
                        (lane, failed) -> Duration.ofNanos(failed.remaining(clock.nanoTime()))))
                .evictionListener((@Nullable Lane<K, V> lane, @Nullable FailedPoints failed, RemovalCause cause) -> {
                    if (lane != null) {
                        release(lane);
                    }
                })
                .build();
    }

    /** {@return the lane, held for the caller} */
    Lane<K, V> hold(Lane.Key<K> key) {
        while (true) {
            Lane<K, V> present = lanes.get(key);
            if (present == null) {
                Lane<K, V> fresh = new Lane<>(key);
                // Before anybody can keep something in it: an invalidation must find it by its key.
                index(fresh);
                if (lanes.putIfAbsent(key, fresh) == null) {
                    return fresh;
                }
                unindex(fresh);
            } else if (present.hold()) {
                return present;
            } else {
                // It is retired, and whoever retired it is about to take it out too.
                lanes.remove(key, present);
            }
        }
    }

    void release(Lane<K, V> lane) {
        if (lane.release()) {
            lanes.remove(lane.key, lane);
            tags.remove(lane.tags, lane);
            unindex(lane);
        }
    }

    private void index(Lane<K, V> lane) {
        lanesOfKeys.compute(lane.key.key(), (key, steps) -> {
            ConcurrentHashMap<Long, Set<Lane<K, V>>> grown = steps == null ? new ConcurrentHashMap<>() : steps;
            grown.computeIfAbsent(lane.key.step(), step -> ConcurrentHashMap.newKeySet())
                    .add(lane);
            return grown;
        });
    }

    private void unindex(Lane<K, V> lane) {
        lanesOfKeys.computeIfPresent(lane.key.key(), (key, steps) -> {
            steps.computeIfPresent(lane.key.step(), (step, set) -> {
                set.remove(lane);
                return set.isEmpty() ? null : set;
            });
            return steps.isEmpty() ? null : steps;
        });
    }

    /** {@return the lanes of a key, held by nobody for the caller} */
    List<Lane<K, V>> lanesOf(K key) {
        List<Lane<K, V>> all = new ArrayList<>();
        Map<Long, Set<Lane<K, V>>> steps = lanesOfKeys.get(key);
        if (steps != null) {
            steps.values().forEach(all::addAll);
        }
        return all;
    }

    /** {@return the lanes of a lane's key that have all its points and more, held by nobody for the caller} */
    List<Lane<K, V>> denserThan(Lane.Key<K> sparse) {
        List<Lane<K, V>> denser = new ArrayList<>();
        Map<Long, Set<Lane<K, V>>> steps = lanesOfKeys.get(sparse.key());
        if (steps != null) {
            for (long step : steps.keySet()) {
                // There may be many phases of a step, of which one is right.
                Lane<K, V> lane = step < sparse.step() && sparse.step() % step == 0
                        ? lanes.get(new Lane.Key<>(sparse.key(), step, Math.floorMod(sparse.phase(), step)))
                        : null;
                if (lane != null) {
                    denser.add(lane);
                }
            }
        }
        return denser;
    }

    Collection<Lane<K, V>> lanes() {
        return lanes.values();
    }

    /** Adds tags to a lane that the caller holds. */
    void tag(Lane<K, V> lane, Set<String> added) {
        if (lane.tags.containsAll(added)) {
            return;
        }
        lane.lock.lock();
        try {
            Set<String> all = new HashSet<>(lane.tags);
            all.addAll(added);
            Args.inRange("number of tags of a key's line", all.size(), 0, MOST_TAGS);
            tags.add(added, lane);
            lane.tags = Set.copyOf(all);
        } finally {
            lane.lock.unlock();
        }
    }

    Set<Lane<K, V>> tagged(String tag) {
        return tags.get(tag);
    }

    @Nullable
    Chunk<V> get(Lane<K, V> lane, long index, boolean tail) {
        return chunks.getIfPresent(new ChunkKey<>(lane, index, tail));
    }

    /** Changes a chunk; under its lane's lock. {@return whether the change was kept: not if it is too heavy} */
    boolean change(Lane<K, V> lane, long index, boolean tail, UnaryOperator<Chunk<V>> change) {
        ChunkKey<K, V> chunkKey = new ChunkKey<>(lane, index, tail);
        Chunk<V> present = chunks.getIfPresent(chunkKey);
        Chunk<V> changed = change.apply(present == null ? Chunk.empty() : present);
        // Caffeine would refuse it half way.
        Args.check(changed.weight() >= 0, "weight of a chunk", changed.weight(), "0 or more");
        boolean tooHeavy = changed.weight() > Math.min(maximumWeight, Integer.MAX_VALUE);
        // Nobody else changes it meanwhile; at most it was evicted, and then it comes back.
        chunks.asMap().compute(chunkKey, (key, old) -> {
            if (tooHeavy || changed.isEmpty()) {
                if (old != null) {
                    left(key);
                }
                return null;
            }
            if (old == null) {
                lane.hold();
                lane.chunks(tail).add(index);
            }
            return changed;
        });
        return !tooHeavy;
    }

    /** {@return what is remembered of failed loads of a lane that the caller holds} */
    FailedPoints failures(Lane<K, V> lane) {
        FailedPoints failed = failures.getIfPresent(lane);
        return failed == null ? FailedPoints.none() : failed;
    }

    /** Changes what is remembered of failed loads; under the lane's lock. */
    void changeFailures(Lane<K, V> lane, UnaryOperator<FailedPoints> change) {
        failures.asMap().compute(lane, (sameLane, old) -> {
            FailedPoints changed = change.apply(old == null ? FailedPoints.none() : old);
            if (old == null && !changed.isEmpty()) {
                lane.hold();
            } else if (old != null && changed.isEmpty()) {
                release(lane);
            }
            return changed.isEmpty() ? null : changed;
        });
    }

    private void left(ChunkKey<K, V> key) {
        key.lane().chunks(key.tail()).remove(key.index());
        release(key.lane());
    }

    private void evicted(@Nullable ChunkKey<K, V> key, @Nullable Chunk<V> chunk, RemovalCause cause) {
        if (key != null) {
            left(key);
            (cause == RemovalCause.EXPIRED ? counters.evictedByTime : counters.evictedBySize).increment();
        }
    }

    long count() {
        return chunks.estimatedSize();
    }

    long weight() {
        return chunks.policy()
                .eviction()
                .map(Policy.Eviction::weightedSize)
                .orElse(OptionalLong.empty())
                .orElse(0);
    }

    void cleanUp() {
        chunks.cleanUp();
        failures.cleanUp();
    }

    int laneCount() {
        return lanes.size();
    }

    int tagCount() {
        return tags.size();
    }

    private record WhileUseful<K, V>() implements Expiry<ChunkKey<K, V>, Chunk<V>> {

        @Override
        public long expireAfterCreate(ChunkKey<K, V> key, Chunk<V> chunk, long now) {
            return chunk.remaining(now);
        }

        @Override
        public long expireAfterUpdate(ChunkKey<K, V> key, Chunk<V> chunk, long now, long currentDuration) {
            return chunk.remaining(now);
        }

        @Override
        public long expireAfterRead(ChunkKey<K, V> key, Chunk<V> chunk, long now, long currentDuration) {
            return currentDuration;
        }
    }
}
