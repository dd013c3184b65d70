package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A target that lets objects be opened that are of no use. */
@Timeout(60)
final class UselessObjectTest {

    private final FakeSurroundings time = new FakeSurroundings();
    private final Thing.Maker maker = new Thing.Maker();

    private Pool<Thing> pool() {
        return time.open(
                PoolSettings.named("useless")
                        .size(0, 1)
                        .validateAfterIdle(Duration.ZERO)
                        .backoff(Duration.ofMillis(100), Duration.ofSeconds(1))
                        .circuitAfter(5),
                maker);
    }

    private void tryFor(Pool<Thing> pool, Duration longest) {
        Duration end = time.elapsed().plus(longest);
        while (time.elapsed().compareTo(end) < 0) {
            RunsCalls.during(time, () -> assertThat(pool.tryAcquire()).isEmpty());
            time.pass(Duration.ofMillis(10));
        }
    }

    @Test
    void what_fails_its_first_validation_is_not_opened_again_and_again() {
        Pool<Thing> pool = pool();
        maker.liesThatInvalid = true;
        tryFor(pool, Duration.ofSeconds(10));
        assertThat(maker.opened.get()).isBetween(5, 40);
        assertThat(pool.statistics().isCircuitOpen()).isTrue();
        assertThat(pool.statistics().lastOpenFailure()).isPresent();
    }

    @Test
    void the_first_one_that_is_of_use_ends_it() {
        Pool<Thing> pool = pool();
        maker.liesThatInvalid = true;
        tryFor(pool, Duration.ofSeconds(10));
        maker.liesThatInvalid = false;
        time.pass(Duration.ofSeconds(2));
        RunsCalls.during(time, () -> {
            while (pool.tryAcquire().isEmpty()) {
                Thread.onSpinWait();
            }
        });
        assertThat(pool.statistics().isCircuitOpen()).isFalse();
        assertThat(pool.statistics().lastOpenFailure()).isEmpty();
    }

    private void borrowAndGiveBack(Pool<Thing> pool) {
        RunsCalls.during(time, () -> {
            Optional<Lease<Thing>> lease = pool.tryAcquire();
            while (lease.isEmpty()) {
                lease = pool.tryAcquire();
                Thread.onSpinWait();
            }
            lease.orElseThrow().close();
        });
    }

    @Test
    void what_is_opened_while_in_doubt_is_validated_before_it_is_lent_and_ends_the_doubt() {
        Pool<Thing> pool = time.open(
                PoolSettings.named("doubt")
                        .size(0, 1)
                        .backoff(Duration.ofMillis(100), Duration.ofSeconds(1))
                        .validateAfterIdle(Duration.ofMillis(500)),
                maker);
        maker.liesThatInvalid = true;
        assertThat(pool.tryAcquire()).isEmpty();
        time.settle();
        time.spend(Duration.ofMillis(600));
        RunsCalls.during(time, () -> assertThat(pool.tryAcquire()).isEmpty());
        assertThat(pool.statistics().lastOpenFailure()).isPresent();
        maker.liesThatInvalid = false;
        time.pass(Duration.ofSeconds(1));
        borrowAndGiveBack(pool);
        assertThat(pool.statistics().lastOpenFailure()).isEmpty();
    }

    @Test
    void how_long_a_validation_takes_to_fail_does_not_matter() {
        Pool<Thing> pool = pool();
        maker.liesThatInvalid = true;
        assertThat(pool.tryAcquire()).isEmpty();
        time.settle();
        maker.before = () -> time.spend(Duration.ofSeconds(2));
        RunsCalls.during(time, () -> assertThat(pool.tryAcquire()).isEmpty());
        assertThat(pool.statistics().lastOpenFailure()).isPresent();
    }

    @Test
    void while_in_doubt_the_next_one_is_opened_after_a_pause() {
        Pool<Thing> pool = time.open(
                PoolSettings.named("storm")
                        .size(0, 20)
                        .circuitAfter(2)
                        .validateAfterIdle(Duration.ZERO)
                        .backoff(Duration.ofMillis(100), Duration.ofSeconds(1)),
                maker);
        maker.liesThatInvalid = true;
        tryFor(pool, Duration.ofSeconds(1));
        time.pass(Duration.ofSeconds(2));
        maker.opened.set(0);
        CompletableFuture<Boolean> warm = CompletableFuture.supplyAsync(() -> {
            try {
                return pool.warmUp(20, Duration.ofDays(1));
            } catch (InterruptedException e) {
                return false;
            }
        });
        Until.holds(() -> time.heldCalls() > 0);
        time.pass(Duration.ofSeconds(3));
        assertThat(maker.opened.get()).isBetween(2, 8);
        assertThat(warm).isNotDone();
    }

    @Test
    void the_next_attempt_comes_when_the_pause_is_over_and_not_at_the_next_round() {
        Pool<Thing> pool = pool();
        maker.liesThatInvalid = true;
        assertThat(pool.tryAcquire()).isEmpty();
        time.settle();
        time.tick();
        int before = time.wakes.get();
        RunsCalls.during(time, () -> assertThat(pool.tryAcquire()).isEmpty());
        assertThat(time.wakes.get()).isGreaterThan(before);
    }

    @Test
    void what_breaks_after_it_was_lent_says_nothing_about_opening() {
        Pool<Thing> pool = pool();
        RunsCalls.during(time, () -> {
            try (Lease<Thing> lease = pool.acquire()) {
                lease.get().isValid = false;
            }
        });
        RunsCalls.during(time, () -> pool.acquire().close());
        assertThat(pool.statistics().closed(CloseReason.INVALID)).isOne();
        assertThat(pool.statistics().lastOpenFailure()).isEmpty();
    }

    @Test
    void whoever_waits_is_told_what_failed() {
        Pool<Thing> pool = pool();
        maker.liesThatInvalid = true;
        RunsCalls.during(time, () -> assertThat(pool.tryAcquire()).isEmpty());
        time.settle();
        RunsCalls.during(time, () -> assertThat(pool.tryAcquire()).isEmpty());
        RunsCalls.during(
                time,
                () -> assertThatThrownBy(() -> pool.acquire(Duration.ZERO))
                        .isInstanceOf(AcquireException.class)
                        .hasMessageContaining("not valid"));
    }
}
