package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.pool.Call.Kind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that never return are bounded, and don't end all opening. */
@Timeout(60)
final class AbandonedTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Abandoned abandoned = new Abandoned(2, Duration.ofSeconds(1));

    @Test
    void beyond_the_limit_openings_alone_are_left_behind_ever_more_rarely() {
        long now = Long.MAX_VALUE - SECOND;
        assertThat(abandoned.tryAdd(Kind.OPEN, false, now)).isTrue();
        assertThat(abandoned.tryAdd(Kind.RESET, false, now)).isTrue();
        assertThat(abandoned.tryAdd(Kind.RESET, false, now)).isFalse();
        assertThat(abandoned.tryAdd(Kind.OPEN, false, now)).isTrue();
        for (int seconds = 1; seconds <= 64; seconds *= 2) {
            assertThat(abandoned.tryAdd(Kind.OPEN, false, now + seconds * SECOND - 1))
                    .isFalse();
            now += seconds * SECOND;
            assertThat(abandoned.tryAdd(Kind.OPEN, false, now)).isTrue();
        }
    }

    @Test
    void however_long_it_lasts_they_are_few() {
        int added = 0;
        long now = 0;
        for (int i = 0; i < 10_000; i++) {
            now += Duration.ofDays(365).toNanos();
            added += abandoned.tryAdd(Kind.OPEN, false, now) ? 1 : 0;
        }
        assertThat(added).isLessThanOrEqualTo(50);
    }

    @Test
    void where_none_may_be_left_behind_the_pause_is_short_again_once_there_is_none() {
        Abandoned none = new Abandoned(0, Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            assertThat(none.tryAdd(Kind.OPEN, false, i * SECOND)).isTrue();
            none.returned();
        }
    }

    @Test
    void once_there_are_fewer_than_the_limit_the_pause_is_short_again() {
        for (int i = 0; i < 5; i++) {
            abandoned.tryAdd(Kind.CLOSE, true, 0);
        }
        assertThat(abandoned.tryAdd(Kind.OPEN, false, 0)).isTrue();
        assertThat(abandoned.tryAdd(Kind.OPEN, false, SECOND)).isTrue();
        assertThat(abandoned.tryAdd(Kind.OPEN, false, 2 * SECOND)).isFalse();
        while (abandoned.count() > 0) {
            abandoned.returned();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(abandoned.tryAdd(Kind.OPEN, false, 2 * SECOND)).isTrue();
        }
        assertThat(abandoned.tryAdd(Kind.OPEN, false, 2 * SECOND)).isFalse();
    }

    @Test
    void a_target_that_is_well_again_is_found_although_nothing_returns() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger hanging = new AtomicInteger(4);
        Thing.Maker maker = new Thing.Maker() {
            @Override
            public Thing open() throws Exception {
                if (hanging.getAndDecrement() > 0) {
                    awaitDeafly(never);
                }
                return super.open();
            }
        };
        PoolSettings settings = PoolSettings.named("hangs")
                .size(1, 1)
                .openTimeout(Duration.ofMillis(20))
                .backoff(Duration.ofMillis(1), Duration.ofMillis(10))
                .maxAbandoned(2)
                .build();
        try (Pool<Thing> pool = Pool.open(settings, maker);
                Lease<Thing> lease = pool.acquire(Duration.ofSeconds(20))) {
            assertThat(lease.isOpen()).isTrue();
            assertThat(pool.statistics().abandoned()).isEqualTo(4);
        } finally {
            never.countDown();
        }
    }

    private static void awaitDeafly(CountDownLatch latch) {
        boolean isInterrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
