package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.cache.Tombstones.Moment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a cache takes back from a second level after invalidations, and what not. */
@Timeout(60)
final class TombstonesTest {

    private final FakeTime time = new FakeTime();
    private final MemoryLevel memory = new MemoryLevel();
    private final AtomicInteger loads = new AtomicInteger();
    private final QueryCache<String, String> one = cache();
    private final QueryCache<String, String> two = cache();

    private QueryCache<String, String> cache() {
        return QueryCache.<String, String>builder()
                .clocks(time, time)
                .jitter(0)
                .maximumEntries(1)
                .timeToLive(Duration.ofDays(1))
                .secondLevel(memory, key -> key, new SecondLevel.Codec<>() {
                    @Override
                    public byte[] encode(String value) {
                        return value.getBytes(StandardCharsets.UTF_8);
                    }

                    @Override
                    public String decode(byte[] bytes) {
                        return new String(bytes, StandardCharsets.UTF_8);
                    }
                })
                .build();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private Answer<String> fetch(QueryCache<String, String> cache, String key) throws InterruptedException {
        Answer<String> answer =
                cache.fetch(key, CacheControl.use(), (missing, load) -> missing + loads.incrementAndGet());
        assertThat(cache.flushSecondLevel(Duration.ofSeconds(20))).isTrue();
        return answer;
    }

    private static boolean covers(Tombstones tombstones, long millis, String... whats) {
        return tombstones.cover(new Moment(millis, 0), false, Set.of(whats));
    }

    @Test
    void forgotten_invalidations_hold_for_everything() {
        Tombstones tombstones = new Tombstones(2);
        tombstones.add("a", new Moment(10, 1));
        tombstones.add("b", new Moment(20, 2));
        assertThat(covers(tombstones, 10, "a")).isTrue();
        assertThat(covers(tombstones, 11, "a")).isFalse();
        assertThat(covers(tombstones, 5, "c")).isFalse();
        tombstones.add("c", new Moment(30, 3));
        assertThat(covers(tombstones, 10, "x")).as("a was forgotten").isTrue();
        assertThat(covers(tombstones, 11, "x")).isFalse();
        tombstones.addAll(new Moment(40, 4));
        assertThat(covers(tombstones, 40)).isTrue();
    }

    @Test
    void an_instance_knows_of_what_it_loaded_itself_whether_it_was_invalidated_since_whatever_the_clock_says()
            throws InterruptedException {
        fetch(one, "k0");
        byte[] old = memory.held.get("k0");
        one.invalidate("k0");
        one.invalidateAll();
        time.setWall(time.instant().minus(Duration.ofHours(1)));
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 10; i++) {
                // Of one entry that there is room for, and from the second level, or loaded in the first round.
                assertThat(fetch(one, "k" + i).value()).isEqualTo("k" + i + (i + 2));
            }
        }
        assertThat(one.stats().secondLevel().hits()).isGreaterThanOrEqualTo(9);
        one.invalidate("k0");
        one.flushSecondLevel(Duration.ofSeconds(20));
        memory.held.put("k0", old);
        assertThat(fetch(one, "k0").value()).as("what was invalidated twice").isEqualTo("k012");
    }

    @Test
    void a_clock_that_was_set_back_takes_nothing_of_others_that_may_have_been_invalidated()
            throws InterruptedException {
        fetch(two, "a");
        one.invalidateAll();
        time.setWall(time.instant().minus(Duration.ofHours(1)));
        assertThat(fetch(one, "a").value()).isEqualTo("a2");
        fetch(two, "b");
        assertThat(fetch(one, "b").value())
                .as("others may have loaded it before")
                .isEqualTo("b4");
        time.setWall(time.instant().plus(Duration.ofHours(2)));
        fetch(two, "c");
        assertThat(fetch(one, "c").value()).isEqualTo("c5");
    }
}
