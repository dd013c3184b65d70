package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.cache.Entry.Lifetime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class EntryFrontTest {

    private final EntryFront<Object, String> front = new EntryFront<>();

    private static Entry<Object, String> entry(Object key) {
        return new Entry<>(key, "value", null, 1, 0, new Lifetime(0, 1, 1, 0), 1, Set.of(), false);
    }

    /** A key that has the same two slots as all others of its kind. */
    private record Crowding(int number) {

        @Override
        public int hashCode() {
            return 7;
        }
    }

    @Test
    void an_entry_is_found_by_an_equal_key_until_it_is_taken_out() {
        Entry<Object, String> entry = entry(List.of("a"));
        front.put(entry, 1);
        assertThat(front.find(List.of("a"))).isSameAs(entry);

        entry.kill();
        front.remove(entry);
        assertThat(front.find(List.of("a"))).isNull();
    }

    @Test
    void an_entry_that_is_dead_is_not_found_whoever_comes_first() {
        Entry<Object, String> before = entry("before");
        before.kill();
        front.put(before, 1);
        assertThat(front.find("before")).isNull();

        Entry<Object, String> since = entry("since");
        front.put(since, 1);
        since.kill();
        assertThat(front.find("since")).isNull();
    }

    @Test
    void taking_out_an_entry_leaves_the_one_that_replaced_it() {
        Entry<Object, String> old = entry("a");
        Entry<Object, String> young = entry("a");
        front.put(old, 1);
        old.kill();
        front.remove(old);
        front.put(young, 1);
        front.remove(old);
        assertThat(front.find("a")).isSameAs(young);
    }

    @Test
    void one_that_is_asked_for_often_gets_a_slot_at_last() {
        front.put(entry(new Crowding(1)), 3);
        front.put(entry(new Crowding(2)), 3);
        Entry<Object, String> late = entry(new Crowding(3));
        int times = 0;
        while (front.find(late.key) == null && times < 10_000) {
            front.put(late, 3);
            times++;
        }
        assertThat(times).isBetween(1, 9_999);
    }

    @Test
    void most_of_many_entries_are_found() {
        int count = 10_000;
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < count; i++) {
                front.put(entry(i), count);
            }
        }
        int found = 0;
        for (int i = 0; i < count; i++) {
            found += front.find(i) == null ? 0 : 1;
        }
        assertThat(found).isGreaterThan(count * 9 / 10);
    }

    @Property
    void what_is_found_is_what_was_put_last_and_lives(
            @ForAll @Size(max = 200) List<@IntRange(max = 1_000) Integer> steps) {
        EntryFront<Object, String> some = new EntryFront<>();
        Map<Object, Entry<Object, String>> living = new HashMap<>();
        for (int step : steps) {
            Object key = step % 2 == 0 ? new Crowding(step % 10) : Integer.valueOf(step % 50);
            Entry<Object, String> present = living.remove(key);
            if (present != null) {
                present.kill();
                some.remove(present);
            }
            if (step % 3 != 0) {
                Entry<Object, String> next = entry(key);
                living.put(key, next);
                some.put(next, step);
            }
            for (Object each : List.of(key, new Crowding(0), 1)) {
                assertThat(some.find(each)).isIn(living.get(each), null);
            }
        }
    }
}
