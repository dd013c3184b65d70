package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** No two different inputs share a form, and the same input has one form however it is ordered. */
final class CacheKeyPropertyTest {

    @Property(tries = 1_000)
    void two_inputs_share_a_key_only_if_they_are_equal(
            @ForAll("parts") List<Object> one, @ForAll("parts") List<Object> other) {
        assertThat(key(one).equals(key(other))).isEqualTo(one.equals(other));
    }

    @Property(tries = 500)
    void moving_a_border_between_texts_makes_another_key(
            @ForAll("text") String one, @ForAll("text") String two, @ForAll("text") String three) {
        List<Object> left = List.of(one + two, three);
        List<Object> right = List.of(one, two + three);
        assertThat(key(left).equals(key(right))).isEqualTo(left.equals(right));
        assertThat(key(List.of(one, two))).isNotEqualTo(key(List.of(List.of(one, two))));
    }

    @Property(tries = 500)
    void a_form_is_no_prefix_of_another(@ForAll("tree") Object one, @ForAll("tree") Object other) {
        byte[] first = KeyForm.of(one);
        byte[] second = KeyForm.of(other);
        if (!Objects.equals(one, other)) {
            int mismatch = java.util.Arrays.mismatch(first, second);
            assertThat(mismatch).isBetween(0, Math.min(first.length, second.length) - 1);
        }
    }

    @Property(tries = 300)
    void the_order_of_a_map_does_not_count(@ForAll("map") Map<String, Object> map, @ForAll long seed) {
        List<Map.Entry<String, Object>> entries = new ArrayList<>(map.entrySet());
        Collections.shuffle(entries, new Random(seed));
        Map<String, Object> shuffled = new LinkedHashMap<>();
        entries.forEach(entry -> shuffled.put(entry.getKey(), entry.getValue()));
        assertThat(key(List.of(shuffled))).isEqualTo(key(List.of(map)));
    }

    private static CacheKey key(List<Object> parts) {
        CacheKey.Builder builder = CacheKey.builder("s");
        parts.forEach(builder::part);
        return builder.build();
    }

    @Provide
    Arbitrary<List<Object>> parts() {
        return tree().list().ofMaxSize(3);
    }

    @Provide
    Arbitrary<String> text() {
        return Arbitraries.strings().withChars("ab\u0000\u00e9\u65e5\ud800").ofMaxLength(4);
    }

    @Provide
    Arbitrary<Map<String, Object>> map() {
        return Arbitraries.maps(text(), tree()).ofMaxSize(6);
    }

    @Provide
    Arbitrary<Object> tree() {
        return Arbitraries.recursive(
                this::leaf,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(3).map(x -> (Object) x),
                        inner.set().ofMaxSize(3).map(x -> (Object) x),
                        Arbitraries.maps(text(), inner).ofMaxSize(3).map(x -> (Object) x)),
                0,
                3);
    }

    private Arbitrary<Object> leaf() {
        return Arbitraries.oneOf(
                text().map(x -> (Object) x),
                Arbitraries.longs().between(-2, 2).map(x -> (Object) x),
                Arbitraries.of(0.0, 1.0, 1.5, -1.0).map(x -> (Object) x),
                Arbitraries.of(true, false).map(x -> (Object) x),
                Arbitraries.longs().between(0, 2).map(x -> (Object) Instant.ofEpochSecond(x)),
                Arbitraries.longs().between(0, 2).map(x -> (Object) Duration.ofSeconds(x)));
    }
}
