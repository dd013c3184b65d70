package dev.tentpole.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class DeadlineTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

    @Test
    void counts_down_across_the_overflow_of_the_clock() {
        Deadline deadline = Deadline.after(Duration.ofNanos(10), now::get);
        assertThat(deadline.remainingNanos()).isEqualTo(10);
        now.addAndGet(9);
        assertThat(deadline.isExpired()).isFalse();
        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(1));
        now.addAndGet(1);
        assertThat(deadline.isExpired()).isTrue();
        now.addAndGet(1_000);
        assertThat(deadline.remainingNanos()).isZero();
    }

    @Test
    void a_negative_timeout_has_passed_and_a_huge_one_has_not() {
        assertThat(Deadline.after(Duration.ofSeconds(-1), now::get).isExpired()).isTrue();
        assertThat(Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), now::get).remainingNanos())
                .isEqualTo(Long.MAX_VALUE);
    }
}
