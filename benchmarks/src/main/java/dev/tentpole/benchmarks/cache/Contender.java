package dev.tentpole.benchmarks.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.google.common.cache.CacheBuilder;
import dev.tentpole.cache.QueryCache;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.cache2k.Cache2kBuilder;

/** A cache of values under strings, as a benchmark asks it. */
interface Contender extends AutoCloseable {

    /** What a value weighs where weights count. */
    int WEIGHT = 100;

    Object get(String key);

    @Override
    default void close() {}

    static Object load(String key) {
        return key;
    }

    /**
     * {@return one by its name}
     *
     * @param room for how many entries
     */
    static Contender of(String name, int room) {
        return switch (name) {
            case "tentpole" -> new Tentpole(room);
            case "caffeine-same" ->
                caffeine(Caffeine.newBuilder()
                        .maximumWeight((long) room * WEIGHT)
                        .<String, Object>weigher((key, value) -> WEIGHT)
                        .expireAfter(Expiry.<String, Object>creating((key, value) -> Duration.ofHours(1)))
                        .recordStats()
                        // On the caller's thread, as Tentpole has it.
                        .executor(Runnable::run)
                        .build());
            case "caffeine" -> caffeine(Caffeine.newBuilder().maximumSize(room).build());
            case "cache2k" -> cache2k(room);
            case "guava" -> guava(room);
            case "linked-hash-map" -> linkedHashMap(room);
            default -> concurrentHashMap();
        };
    }

    private static Contender caffeine(com.github.benmanes.caffeine.cache.Cache<String, Object> cache) {
        return key -> cache.get(key, Contender::load);
    }

    private static Contender cache2k(int room) {
        org.cache2k.Cache<String, Object> cache = new Cache2kBuilder<String, Object>() {}.entryCapacity(room)
                .expireAfterWrite(Duration.ofHours(1))
                .loader(Contender::load)
                .build();
        return new Contender() {
            @Override
            public Object get(String key) {
                return cache.get(key);
            }

            @Override
            public void close() {
                cache.close();
            }
        };
    }

    private static Contender guava(int room) {
        // Its segments are filled unevenly: with less room it would lose keys.
        com.google.common.cache.Cache<String, Object> cache = CacheBuilder.newBuilder()
                .maximumSize(2L * room)
                .expireAfterWrite(Duration.ofHours(1))
                .recordStats()
                .build();
        return key -> {
            try {
                return cache.get(key, () -> load(key));
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static Contender linkedHashMap(int room) {
        Map<String, Object> cache = Collections.synchronizedMap(new LeastRecentlyUsed<>(room));
        return key -> {
            Object value = cache.get(key);
            return value == null ? cache.computeIfAbsent(key, Contender::load) : value;
        };
    }

    private static Contender concurrentHashMap() {
        Map<String, Object> cache = new ConcurrentHashMap<>();
        return key -> {
            Object value = cache.get(key);
            return value == null ? cache.computeIfAbsent(key, Contender::load) : value;
        };
    }

    /** The oldest way to make a cache. */
    final class LeastRecentlyUsed<K, V> extends LinkedHashMap<K, V> {

        private static final long serialVersionUID = 1L;
        private static final float LOAD = 0.75f;

        private final int room;

        LeastRecentlyUsed(int room) {
            super(room, LOAD, true);
            this.room = room;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > room;
        }
    }

    /** With a time to live of each entry, weights and statistics. */
    final class Tentpole implements Contender {

        private final QueryCache<String, Object> cache;

        Tentpole(int room) {
            cache = QueryCache.<String, Object>builder()
                    .maximumWeight((long) room * WEIGHT, (key, value) -> WEIGHT)
                    .timeToLive((key, value) -> Duration.ofHours(1))
                    .build();
        }

        @Override
        public Object get(String key) {
            try {
                return cache.get(key, (missing, load) -> Contender.load(missing));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            cache.close();
        }
    }
}
