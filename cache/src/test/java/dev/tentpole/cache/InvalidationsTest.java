package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.cache.Invalidations.Times;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What loads that are under way are told of invalidations. */
final class InvalidationsTest {

    private final Invalidations<String> invalidations = new Invalidations<>();

    private boolean covers(String key, long after, long asOf) {
        return invalidations.cover(key, Set.of("tag"), Times.ALL, after, asOf);
    }

    @Test
    void an_invalidation_counts_for_what_it_names_and_between_two_moments() {
        invalidations.addKey("a", Times.ALL, 10);
        invalidations.addKey("a", Times.ALL, 20);
        assertThat(covers("a", 9, 10)).isTrue();
        assertThat(covers("a", 10, 19)).isFalse();
        assertThat(covers("a", 10, Long.MAX_VALUE)).isTrue();
        assertThat(covers("a", 20, Long.MAX_VALUE)).isFalse();
        assertThat(covers("b", 0, Long.MAX_VALUE)).isFalse();
        invalidations.addTag("another", Times.ALL, 21);
        assertThat(covers("b", 0, Long.MAX_VALUE)).isFalse();
        invalidations.addTag("tag", Times.ALL, 22);
        assertThat(covers("b", 0, 21)).isFalse();
        assertThat(covers("b", 0, 22)).isTrue();
        invalidations.addAll(Times.ALL, 23);
        assertThat(covers("c", 22, 23)).isTrue();
    }

    @Test
    void an_invalidation_of_some_times_counts_for_what_overlaps_them() {
        invalidations.addTag("tag", new Times(100, 200), 10);
        invalidations.addTag("tag", new Times(500, 500), 11);
        for (long[] inside : new long[][] {{0, 100}, {150, 160}, {200, 300}, {0, 1_000}, {500, 501}}) {
            assertThat(covers(new Times(inside[0], inside[1]), Long.MAX_VALUE)).isTrue();
        }
        for (long[] outside : new long[][] {{0, 99}, {201, 499}, {501, 600}}) {
            assertThat(covers(new Times(outside[0], outside[1]), Long.MAX_VALUE))
                    .isFalse();
        }
        assertThat(covers(new Times(500, 500), 10)).isFalse();
    }

    private boolean covers(Times times, long asOf) {
        return invalidations.cover("a", Set.of("tag"), times, 9, asOf);
    }

    @Test
    void one_that_is_forgotten_counts_for_everything() {
        for (long number = 1; number <= 2L * Invalidations.REMEMBERED; number++) {
            invalidations.addKey("k" + number % 100, Times.ALL, number);
        }
        assertThat(covers("x", Invalidations.REMEMBERED - 1, Long.MAX_VALUE)).isTrue();
        assertThat(covers("x", Invalidations.REMEMBERED, Long.MAX_VALUE)).isFalse();
        assertThat(covers("k1", Invalidations.REMEMBERED, Long.MAX_VALUE)).isTrue();
    }
}
