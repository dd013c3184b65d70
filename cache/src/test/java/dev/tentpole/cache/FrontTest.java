package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table before a cache, alone and in a cache. */
final class FrontTest {

    private final Counters counters = new Counters();
    private final Front<Object, String> front = new Front<>(counters);

    /** A key that has its place in common with all others of its kind. */
    private record Crowded(int number) {
        @Override
        public int hashCode() {
            return 0;
        }
    }

    private static Entry<Object, String> entry(Object key) {
        return new Entry<>(key, "v", null, 1, 0, new Entry.Lifetime(0, 1, 1, 0), 1, Set.of(), false);
    }

    private Entry<Object, String> put(Object key) {
        Entry<Object, String> entry = entry(key);
        front.put(entry);
        return entry;
    }

    @Test
    void the_last_two_of_one_place_are_found() {
        Entry<Object, String> first = put(new Crowded(1));
        Entry<Object, String> second = put(new Crowded(2));
        assertThat(front.find(new Crowded(1))).isSameAs(first);
        assertThat(front.find(new Crowded(2))).isSameAs(second);
        Entry<Object, String> third = put(new Crowded(3));
        assertThat(front.find(new Crowded(1))).isNull();
        assertThat(front.find(new Crowded(2))).isSameAs(second);
        assertThat(front.find(new Crowded(3))).isSameAs(third);
    }

    @Test
    void the_dead_are_not_found_and_not_kept() {
        Entry<Object, String> first = put(new Crowded(1));
        Entry<Object, String> second = put(new Crowded(2));
        first.kill();
        second.kill();
        assertThat(front.find(new Crowded(1))).isNull();
        assertThat(front.find(new Crowded(2))).isNull();
        front.clear(first);
        front.clear(second);
        assertThat(front.held()).isZero();
    }

    @Test
    void who_puts_or_moves_an_entry_that_was_killed_lets_go_of_it() {
        Entry<Object, String> late = entry(new Crowded(1));
        late.kill();
        front.put(late);
        assertThat(front.held()).isZero();
        Entry<Object, String> moved = put(new Crowded(2));
        moved.kill();
        put(new Crowded(3));
        assertThat(front.held()).isEqualTo(1);
    }

    @Test
    void it_grows_with_the_cache_and_then_finds_what_is_put_anew() {
        Entry<Object, String> early = put("a");
        front.fit(10);
        assertThat(front.find("a")).isSameAs(early);
        front.fit(1_000);
        assertThat(front.find("a")).isNull();
        IntStream.range(0, 1_000).forEach(this::put);
        long found =
                IntStream.range(0, 1_000).filter(i -> front.find(i) != null).count();
        assertThat(found).isGreaterThan(700);
    }

    @Test
    void an_eviction_sets_it_aside_until_many_hits_went_without_one() {
        Entry<Object, String> entry = put("a");
        evict();
        assertThat(front.find("a")).isNull();
        hits(Front.QUIET_HITS - 1);
        evict();
        hits(Front.QUIET_HITS - 1);
        assertThat(front.find("a")).isNull();
        hits(2_048);
        assertThat(front.find("a")).isSameAs(entry);
    }

    private void evict() {
        counters.evictedBySize.increment();
        front.evicting();
    }

    private void hits(long count) {
        for (long i = 0; i < count; i++) {
            front.missed(counters.hits.increment());
        }
    }

    @Test
    void the_cache_behind_hears_of_one_in_sixteen_hits() {
        int told = 0;
        for (long number = 0; number < 160_000; number++) {
            told += Front.isTold(number) ? 1 : 0;
        }
        assertThat(told).isBetween(9_900, 10_100);
    }

    @Test
    void hits_are_counted_wherever_they_are_found() throws InterruptedException {
        try (QueryCache<String, Integer> cache = QueryCache.<String, Integer>builder()
                .clocks(() -> 0, InstantSource.system())
                .maximumEntries(10)
                .build()) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(cache.get("k" + i % 10, (key, load) -> 7)).isEqualTo(7);
            }
            assertThat(cache.stats().hits()).isEqualTo(990);
            assertThat(cache.stats().misses()).isEqualTo(10);
        }
    }
}
