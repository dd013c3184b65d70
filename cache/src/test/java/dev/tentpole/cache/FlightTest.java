package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is noted on a load that is under way for a long time. */
final class FlightTest {

    private final History history = new History();
    private final Flight<String, String> flight = new Flight<>();
    private final AtomicInteger looks = new AtomicInteger();

    private void invalidateOften() {
        for (int i = 0; i < 10_000; i++) {
            flight.invalidate(new Invalidation<>(history.next(), loaded -> {
                looks.incrementAndGet();
                return false;
            }));
        }
    }

    @Test
    void of_many_invalidations_some_are_remembered_and_the_others_count_for_everything() {
        flight.lead(history);
        long before = history.last();
        invalidateOften();
        assertThat(flight.isOutdated("x", before)).isFalse();
        assertThat(flight.isOutdated("x", before + 1_000)).isFalse();
        assertThat(looks).hasValue(1_000);
        assertThat(flight.isOutdated("x", before + 1_001)).isTrue();
        assertThat(flight.isOutdated("x", Long.MAX_VALUE)).isTrue();
        assertThat(looks).hasValueLessThanOrEqualTo(3_000);
    }

    @Test
    void many_invalidations_before_a_load_began_do_not_count() {
        invalidateOften();
        flight.lead(history);
        assertThat(flight.isOutdated("x", Long.MAX_VALUE)).isFalse();
        flight.invalidate(new Invalidation<>(history.next(), loaded -> false));
        assertThat(flight.isOutdated("x", Long.MAX_VALUE)).isTrue();
    }
}
