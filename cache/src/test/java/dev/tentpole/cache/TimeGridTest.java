package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Grids at the ends of what is allowed. */
final class TimeGridTest {

    private static final long FARTHEST = 1_000_000_000_000_000L;
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void times_and_steps_that_are_too_far_are_refused() {
        for (Instant far :
                List.of(Instant.MIN, Instant.MAX.minusNanos(999_999_999), Instant.ofEpochMilli(-FARTHEST - 1))) {
            assertThatIllegalArgumentException().isThrownBy(() -> TimeGrid.of(far, far, DAY));
            assertThatIllegalArgumentException().isThrownBy(() -> TimeGrid.of(Instant.EPOCH, far, DAY));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeGrid.of(Instant.EPOCH, Instant.EPOCH, Duration.ofSeconds(Long.MAX_VALUE)));
        assertThatIllegalArgumentException().isThrownBy(() -> new TimeGrid(7, 8, FARTHEST / 8, 1));
    }

    @Test
    void the_farthest_points_are_allowed_with_every_step() {
        for (long step : List.of(1L, 7L, 1_000L, 31_556_952_000L, 3_155_760_000_000L)) {
            TimeGrid all = TimeGrid.ofMillis(-FARTHEST, FARTHEST, step);
            assertThat(all.timeMillis(0)).isEqualTo(-FARTHEST);
            assertThat(all.timeMillis(all.count() - 1)).isBetween(FARTHEST - step + 1, FARTHEST);
            assertThat(TimeGrid.ofMillis(FARTHEST, FARTHEST, step).timeMillis(0))
                    .isEqualTo(FARTHEST);
        }
    }
}
