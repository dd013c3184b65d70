package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What loads that are under way are told of invalidations. */
final class InvalidationsTest {

    private final Invalidations<String> invalidations = new Invalidations<>();

    private boolean covers(String key, long after, long asOf) {
        return invalidations.cover(key, Set.of("tag"), after, asOf);
    }

    @Test
    void an_invalidation_counts_for_what_it_names_and_between_two_moments() {
        invalidations.addKey("a", 10);
        invalidations.addKey("a", 20);
        assertThat(covers("a", 9, 10)).isTrue();
        assertThat(covers("a", 10, 19)).isFalse();
        assertThat(covers("a", 10, Long.MAX_VALUE)).isTrue();
        assertThat(covers("a", 20, Long.MAX_VALUE)).isFalse();
        assertThat(covers("b", 0, Long.MAX_VALUE)).isFalse();
        invalidations.addTag("another", 21);
        assertThat(covers("b", 0, Long.MAX_VALUE)).isFalse();
        invalidations.addTag("tag", 22);
        assertThat(covers("b", 0, 21)).isFalse();
        assertThat(covers("b", 0, 22)).isTrue();
        invalidations.addAll(23);
        assertThat(covers("c", 22, 23)).isTrue();
    }

    @Test
    void one_that_is_forgotten_counts_for_everything() {
        for (long number = 1; number <= 2L * Invalidations.REMEMBERED; number++) {
            invalidations.addKey("k" + number % 100, number);
        }
        assertThat(covers("x", Invalidations.REMEMBERED - 1, Long.MAX_VALUE)).isTrue();
        assertThat(covers("x", Invalidations.REMEMBERED, Long.MAX_VALUE)).isFalse();
        assertThat(covers("k1", Invalidations.REMEMBERED, Long.MAX_VALUE)).isTrue();
    }
}
