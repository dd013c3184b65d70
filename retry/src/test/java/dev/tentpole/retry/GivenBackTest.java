package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A permit that comes back to a rate limit while others fill and empty the bucket: nobody gets one more for it. */
@Timeout(60)
final class GivenBackTest {

    private static final Operation READ = Operation.idempotent("orders.read");
    private static final int BURST = 5;

    private final FakeTime time = new FakeTime();
    /** What happens right before and right after a reading of the coarse clock, one for each. */
    private final Deque<Runnable> before = new ArrayDeque<>();

    private final Deque<Runnable> after = new ArrayDeque<>();
    private final RateLimiter limiter = RateLimiter.builder("l")
            .permits(10, Duration.ofSeconds(1))
            .burst(BURST)
            .build(new FakeTime.OtherCoarseClock(time, this::reading));

    private long reading() {
        happen(before);
        long reading = time.clock().nanoTime();
        happen(after);
        return reading;
    }

    private static void happen(Deque<Runnable> actions) {
        if (!actions.isEmpty()) {
            actions.poll().run();
        }
    }

    private void othersTakeAllOfAFullBucket() {
        time.pass(Duration.ofSeconds(1));
        int granted = 0;
        while (limiter.tryAcquire()) {
            granted++;
        }
        assertThat(granted).isEqualTo(BURST);
    }

    @Test
    void after_it_was_asked_whether_it_is_in_time() {
        assertThat(limiter.tryAcquire()).isTrue();
        long takenAt = limiter.now();
        after.add(this::othersTakeAllOfAFullBucket);
        limiter.putBack(takenAt);
        assertThat(limiter.tryAcquire()).isFalse();
        assertThat(after).isEmpty();
    }

    @Test
    void by_a_call_that_was_delayed_right_after_it_had_taken_it() {
        Bulkhead bulkhead = Bulkhead.builder("h").permits(1).build(time);
        Resilience all = Resilience.builder("orders")
                .policy(Policy.none())
                .rateLimit(limiter, Duration.ZERO)
                .bulkhead(bulkhead)
                .build(time, false);
        bulkhead.acquire();
        before.add(() -> {});
        before.add(this::othersTakeAllOfAFullBucket);
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> all.call(READ, () -> 1))
                .satisfies(thrown -> assertThat(thrown.reason()).isEqualTo(CallRejectedException.Reason.BULKHEAD_FULL));
        assertThat(before).isEmpty();
        assertThat(limiter.tryAcquire()).isFalse();
    }
}
