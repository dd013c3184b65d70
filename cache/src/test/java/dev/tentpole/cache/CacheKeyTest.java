package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is one key and what are two. */
final class CacheKeyTest {

    @Test
    void the_quick_way_and_the_builder_make_the_same_key() {
        for (String text :
                List.of("", "up", "rate(x[5m])", "é", "日本語", "\ud800", "x".repeat(5_000), "語".repeat(3_000))) {
            assertThat(CacheKey.of("prom", text))
                    .isEqualTo(CacheKey.builder("prom").part(text).build())
                    .isEqualTo(
                            CacheKey.builder("prom").part(CharBuffer.wrap(text)).build());
        }
    }

    @Test
    void a_key_is_a_digest_that_shows_its_scope_and_nothing_of_its_parts() {
        CacheKey key = CacheKey.of("prom", "secret");
        assertThat(key.scope()).isEqualTo("prom");
        assertThat(key.digest()).hasSize(32);
        assertThat(key.text()).matches("prom:[0-9a-f]{64}");
        assertThat(key.text()).startsWith(key.toString());
        assertThat(key.toString()).matches("prom:[0-9a-f]{16}");
    }

    @Test
    void the_form_is_sha_256_of_what_is_written_down_here() throws Exception {
        byte[] form = {1, 1, 's', 2, 7, 2, 'u', 'p', 3, 0, 0, 0, 0, 0, 0, 1, 2};
        assertThat(CacheKey.builder("s").part("up").part(258).build().digest()).isEqualTo(sha256(form));
        java.io.ByteArrayOutputStream longer = new java.io.ByteArrayOutputStream();
        longer.writeBytes(new byte[] {1, 1, 's', 1, 7, (byte) (300 | 0x80), 300 >>> 7});
        longer.writeBytes("a".repeat(300).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(CacheKey.of("s", "a".repeat(300)).digest()).isEqualTo(sha256(longer.toByteArray()));
    }

    private static byte[] sha256(byte[] form) throws java.security.NoSuchAlgorithmException {
        return java.security.MessageDigest.getInstance("SHA-256").digest(form);
    }

    @Test
    void different_types_and_places_make_different_keys() {
        Instant time = Instant.parse("2026-01-01T00:00:00Z");
        List<Object> parts = new ArrayList<>(List.of(
                "", "1", 1L, 1.0, true, false, new BigDecimal("1"), new BigDecimal("1.0"), 0.0, -0.0, Double.NaN));
        parts.addAll(List.of(
                BigInteger.TWO.pow(70), time, Duration.ofSeconds(time.getEpochSecond()), DayOfWeek.MONDAY, "MONDAY"));
        parts.addAll(List.of(
                List.of(), Set.of(), Map.of(), List.of("1"), Set.of("1"), Map.of("1", "1"), List.of(List.of("1"))));
        parts.addAll(List.of(new byte[] {1}, new byte[] {1, 2}, CacheKey.of("a", "1"), CacheKey.of("b", "1")));
        Set<CacheKey> keys = new LinkedHashSet<>();
        parts.forEach(part -> keys.add(CacheKey.builder("a").part(part).build()));
        keys.add(CacheKey.builder("a").part(null).build());
        keys.add(CacheKey.builder("a").build());
        keys.add(CacheKey.builder("a").part("1").part("").build());
        keys.add(CacheKey.builder("a").part("").part("1").build());
        keys.add(CacheKey.builder("b").part("1").build());
        assertThat(keys).hasSize(parts.size() + 5);
    }

    @Test
    void the_same_input_in_another_order_or_width_makes_the_same_key() {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("a", List.of(1, 2));
        one.put("b", Map.of("x", true));
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("b", Map.of("x", true));
        other.put("a", List.of(1L, (short) 2));
        assertThat(CacheKey.builder("s").part(one).build())
                .isEqualTo(CacheKey.builder("s").part(other).build())
                .hasSameHashCodeAs(CacheKey.builder("s").part(other).build());
        assertThat(CacheKey.builder("s").part(1.5f).build())
                .isEqualTo(CacheKey.builder("s").part(1.5).build());
        assertThat(CacheKey.builder("s").part(BigInteger.ONE).build())
                .isEqualTo(CacheKey.builder("s").part(1).build());
    }

    @Test
    void a_range_makes_a_key_of_its_own() {
        CacheKey key = CacheKey.of("prom", "up");
        assertThat(Set.of(
                        key,
                        key.range(1, 2),
                        key.range(2, 1),
                        key.range(1, 3),
                        CacheKey.of("prom", "up2").range(1, 2)))
                .hasSize(5);
        assertThat(key.range(1, 2)).isEqualTo(CacheKey.of("prom", "up").range(1, 2));
        assertThat(key.range(1, 2).scope()).isEqualTo("prom");
    }

    @Test
    void what_can_not_be_a_part_is_refused_and_leaves_no_trace() {
        CacheKey before = CacheKey.of("s", "x");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> CacheKey.builder("s").part("y").part(new Object()).build())
                .withMessageContaining("java.lang.Object");
        List<Object> circle = new ArrayList<>();
        circle.add(circle);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheKey.builder("s").part(circle).build())
                .withMessageContaining("100 levels");
        assertThatIllegalArgumentException().isThrownBy(() -> CacheKey.of("a scope", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> CacheKey.builder("x".repeat(41)));
        assertThat(CacheKey.of("s", "x")).isEqualTo(before);
    }

    @Test
    void threads_make_the_same_keys() throws Exception {
        try (Workers workers = new Workers()) {
            List<Workers.Job<Set<CacheKey>>> jobs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                jobs.add(workers.start(() -> {
                    Set<CacheKey> keys = new LinkedHashSet<>();
                    for (int k = 0; k < 20_000; k++) {
                        keys.add(CacheKey.of("s", "query " + k % 50).range(0, k % 50));
                    }
                    return keys;
                }));
            }
            Set<CacheKey> all = new LinkedHashSet<>();
            for (Workers.Job<Set<CacheKey>> job : jobs) {
                all.addAll(job.result());
            }
            assertThat(all).hasSize(50);
        }
    }

    @Test
    void a_part_that_is_in_itself_many_times_over_is_refused_in_short_time() {
        Object doubled = "x";
        for (int i = 0; i < 90; i++) {
            doubled = List.of(doubled, doubled);
        }
        CacheKey.Builder builder = CacheKey.builder("scope").part(doubled);
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("1,000,000");
    }

    @Test
    void a_map_of_which_two_keys_have_one_form_is_refused() {
        CacheKey.Builder builder = CacheKey.builder("scope").part(Map.of(1, "a", 1L, "b"));
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("two keys of a map");
    }
}
