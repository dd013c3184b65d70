package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.pool.AcquireException.Reason;
import dev.tentpole.pool.PoolSettings.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the pool promises, with time and calls in the test's hand. */
@Timeout(60)
final class PromisesTest {

    private final FakeSurroundings time = new FakeSurroundings();
    private final Thing.Maker maker = new Thing.Maker();

    private Pool<Thing> pool(int min, int max) {
        return settled(settings(min, max));
    }

    private static PoolSettings.Builder settings(int min, int max) {
        return PoolSettings.named("things").size(min, max).validateAfterIdle(Duration.ofDays(1));
    }

    private Pool<Thing> settled(PoolSettings.Builder settings) {
        Pool<Thing> pool = time.open(settings, maker);
        time.settle();
        return pool;
    }

    @Test
    void an_object_is_lent_and_comes_back() {
        Pool<Thing> pool = pool(1, 1);
        Thing thing;
        try (Lease<Thing> lease = pool.acquire()) {
            thing = lease.get();
            assertThat(pool.statistics().borrowed()).isOne();
            assertThat(pool.tryAcquire()).isEmpty();
        }
        assertThat(pool.statistics().idle()).isOne();
        assertThat(pool.acquire().get()).isSameAs(thing);
    }

    @Test
    void closing_twice_is_harmless_and_use_after_close_is_refused_even_while_the_object_is_lent_again() {
        Pool<Thing> pool = pool(1, 1);
        Lease<Thing> stale = pool.acquire();
        stale.close();
        stale.close();
        Lease<Thing> other = pool.acquire();
        stale.close();
        stale.invalidate(new IllegalStateException());
        assertThatThrownBy(stale::get).isInstanceOf(LeaseClosedException.class).hasMessageContaining("pool things");
        assertThat(other.get().isClosed).isFalse();
        assertThat(pool.statistics().borrowed()).isOne();
        assertThat(pool.tryAcquire()).isEmpty();
    }

    @Test
    void an_invalidated_object_is_closed_and_its_place_is_free() {
        Pool<Thing> pool = pool(1, 1);
        Lease<Thing> lease = pool.acquire();
        Thing thing = lease.get();
        lease.invalidate(new IllegalStateException("broken"));
        assertThatThrownBy(lease::get).isInstanceOf(LeaseClosedException.class);
        assertThat(pool.statistics().closing()).isOne();
        time.settle();
        assertThat(thing.isClosed).isTrue();
        assertThat(pool.acquire().get()).isNotSameAs(thing);
        assertThat(pool.statistics().closed(CloseReason.INVALIDATED)).isOne();
    }

    @Test
    void one_found_broken_makes_the_idle_ones_suspects() {
        Pool<Thing> pool = pool(3, 3);
        Lease<Thing> lease = pool.acquire();
        lease.invalidate(new IllegalStateException("the server is gone"));
        assertThat(maker.validated.get()).isZero();
        time.holdCalls();
        assertThatThrownBy(() -> pool.acquire(Duration.ZERO)).isInstanceOf(AcquireException.class);
        time.runCalls();
        assertThat(maker.validated.get()).isPositive();
    }

    @Test
    void the_exception_says_how_long_it_waited_how_the_pool_is_and_what_to_look_at() {
        Pool<Thing> pool = pool(1, 1);
        Lease<Thing> lease = pool.acquire();
        assertThatThrownBy(() -> pool.acquire(Duration.ZERO))
                .isInstanceOfSatisfying(AcquireException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.TIMEOUT);
                    assertThat(e.statistics().borrowed()).isOne();
                    assertThat(e.pool()).isEqualTo("things");
                })
                .hasMessageContaining("waited 0.000 s; total 1 of 1, in use 1, idle 0, opening 0, pending 0")
                .hasMessageContaining("maxSize = 1");
        lease.invalidate(new IllegalStateException());
        maker.failure = new IllegalStateException("connection refused");
        time.settle();
        assertThatThrownBy(() -> pool.acquire(Duration.ZERO))
                .hasMessageContaining(
                        "failed at 2026-01-01T00:00:00Z: java.lang.IllegalStateException: connection refused")
                .hasMessageContaining("backoff up to PT1S")
                .hasRootCauseMessage("connection refused");
        assertThat(pool.statistics().timeouts()).isEqualTo(2);
        pool.suspend();
        assertThatThrownBy(() -> pool.acquire(Duration.ZERO))
                .hasMessageContaining("suspended")
                .hasMessageContaining("resume");
    }

    @Test
    void a_lazy_pool_opens_nothing_before_the_first_borrower_and_has_its_minimum_from_then_on() {
        Pool<Thing> pool = settled(settings(2, 5).start(Start.LAZY));
        time.pass(Duration.ofMinutes(1));
        assertThat(maker.attempts.get()).isZero();
        assertThat(pool.tryAcquire()).isEmpty();
        time.pass(Duration.ofSeconds(1));
        assertThat(pool.statistics().idle()).isEqualTo(2);
    }

    @Test
    void a_burst_of_borrowers_never_opens_more_than_allowed() {
        time.holdCalls();
        Pool<Thing> pool = settled(settings(10, 10).maxOpening(3));
        assertThat(pool.statistics().opening()).isEqualTo(3);
        for (int i = 0; i < 50; i++) {
            assertThat(pool.tryAcquire()).isEmpty();
        }
        assertThat(pool.statistics().opening()).isEqualTo(3);
        time.runCalls();
        assertThat(pool.statistics().idle()).isEqualTo(10);
        assertThat(maker.attempts.get()).isEqualTo(10);
    }

    @Test
    void failures_to_open_are_spaced_by_a_backoff_that_doubles_up_to_its_limit_whoever_asks() {
        maker.failure = new IllegalStateException("refused");
        Pool<Thing> pool =
                settled(settings(5, 10).maxOpening(1).backoff(Duration.ofMillis(100), Duration.ofSeconds(2)));
        assertThat(maker.attempts.get()).isOne();
        List<Long> times = new ArrayList<>();
        int seen = 1;
        for (int ms = 0; ms < 8_000; ms += 5) {
            time.pass(Duration.ofMillis(5));
            assertThat(pool.tryAcquire()).isEmpty();
            if (maker.attempts.get() > seen) {
                seen++;
                assertThat(maker.attempts.get()).isEqualTo(seen);
                times.add(time.elapsed().toMillis());
            }
        }
        assertThat(times.get(0)).isBetween(75L, 85L);
        assertThat(times.get(1) - times.get(0)).isBetween(145L, 160L);
        assertThat(times.get(times.size() - 1) - times.get(times.size() - 2)).isBetween(1_495L, 1_510L);
        assertThat(pool.statistics().openFailures()).isEqualTo(seen);
        assertThat(pool.statistics().isCircuitOpen()).isTrue();
        maker.failure = null;
        time.pass(Duration.ofSeconds(2));
        assertThat(pool.statistics().isCircuitOpen()).isFalse();
        assertThat(pool.statistics().idle()).isEqualTo(5);
        assertThat(pool.statistics().lastOpenFailure()).isEmpty();
    }

    @Test
    void with_the_circuit_open_one_attempt_is_made_at_a_time() {
        maker.failure = new IllegalStateException("refused");
        Pool<Thing> pool = settled(settings(8, 8).maxOpening(4).circuitAfter(4));
        assertThat(maker.attempts.get()).isEqualTo(4);
        time.holdCalls();
        time.pass(Duration.ofSeconds(10));
        assertThat(pool.statistics().opening()).isOne();
        maker.failure = null;
        time.runCalls();
        assertThat(pool.statistics().idle()).isEqualTo(8);
    }

    @Test
    void an_open_that_hangs_is_given_up_in_time_its_place_is_free_and_what_it_brings_later_is_closed() {
        time.holdCalls();
        Pool<Thing> pool = settled(settings(1, 1).openTimeout(Duration.ofSeconds(1)));
        HangingCall call = new HangingCall();
        call.begin(() -> time.runCall(0), maker);
        time.pass(Duration.ofSeconds(1));
        assertThat(pool.statistics().openFailures()).isOne();
        assertThat(pool.statistics().abandoned()).isOne();
        assertThat(pool.statistics().lastOpenFailure().orElseThrow()).hasMessageContaining("open of the allocator");
        call.end();
        assertThat(maker.closed).hasSize(1);
        assertThat(pool.statistics().lateOpens()).isOne();
        assertThat(pool.statistics().abandoned()).isZero();
    }

    @Test
    void what_is_idle_for_too_long_is_closed_down_to_the_minimum() throws InterruptedException {
        Pool<Thing> pool = pool(2, 6);
        List<Lease<Thing>> leases = borrow(pool, 6);
        leases.forEach(Lease::close);
        time.pass(Duration.ofMinutes(9));
        assertThat(pool.statistics().idle()).isEqualTo(6);
        time.pass(Duration.ofMinutes(2));
        assertThat(pool.statistics().idle()).isEqualTo(2);
        assertThat(pool.statistics().closed(CloseReason.IDLE)).isEqualTo(4);
    }

    @Test
    void a_lifetime_ends_with_jitter_and_never_while_the_object_is_lent() {
        Pool<Thing> pool = settled(settings(0, 1)
                .maxLifetime(Duration.ofMinutes(30))
                .keepAlive(Duration.ZERO)
                .lifetimeJitter(0.2));
        pool.tryAcquire();
        time.settle();
        Lease<Thing> lease = pool.acquire();
        Thing thing = lease.get();
        time.pass(Duration.ofMinutes(40));
        assertThat(lease.get().isClosed).isFalse();
        lease.close();
        time.settle();
        assertThat(thing.isClosed).isTrue();
        assertThat(pool.statistics().closed(CloseReason.LIFETIME)).isOne();
    }

    @Test
    void an_object_is_replaced_before_its_lifetime_ends_so_that_nobody_waits_for_opening() {
        Pool<Thing> pool =
                settled(settings(1, 2).maxLifetime(Duration.ofMinutes(10)).lifetimeJitter(0));
        for (int second = 0; second < 3_600; second += 5) {
            time.pass(Duration.ofSeconds(5));
            pool.acquire(Duration.ZERO).close();
        }
        assertThat(pool.statistics().closed(CloseReason.LIFETIME)).isGreaterThanOrEqualTo(5);
        assertThat(pool.statistics().waited()).isZero();
    }

    @Test
    void without_room_for_one_more_idle_objects_are_replaced_one_at_a_time() {
        Pool<Thing> pool =
                settled(settings(3, 3).maxLifetime(Duration.ofMinutes(10)).lifetimeJitter(0));
        for (int second = 0; second < 3_600; second += 5) {
            time.pass(Duration.ofSeconds(5));
            pool.acquire(Duration.ZERO).close();
        }
        assertThat(maker.mostOpen.get()).isEqualTo(3);
        assertThat(pool.statistics().closed(CloseReason.LIFETIME)).isGreaterThanOrEqualTo(15);
    }

    @Test
    void idle_objects_are_validated_in_background_and_bad_ones_are_replaced() {
        Pool<Thing> pool = pool(1, 1);
        Thing thing;
        try (Lease<Thing> lease = pool.acquire()) {
            thing = lease.get();
        }
        time.pass(Duration.ofMinutes(5));
        assertThat(maker.validated.get()).isEqualTo(2);
        thing.isValid = false;
        time.pass(Duration.ofMinutes(3));
        assertThat(thing.isClosed).isTrue();
        assertThat(pool.statistics().closed(CloseReason.INVALID)).isOne();
        assertThat(pool.acquire().get().isClosed).isFalse();
    }

    @Test
    void a_dirty_object_is_reset_before_anyone_gets_it() {
        Pool<Thing> pool = pool(1, 1);
        Lease<Thing> lease = pool.acquire();
        Thing thing = lease.get();
        thing.isDirty = true;
        RunsCalls.during(time, lease::close);
        assertThat(thing.resets.get()).isOne();
        assertThat(pool.acquire().get()).isSameAs(thing);
    }

    @Test
    void evict_all_closes_idle_objects_now_lent_ones_at_return_and_those_being_opened_on_arrival() {
        Pool<Thing> pool = pool(3, 4);
        Lease<Thing> lease = pool.acquire();
        Thing lent = lease.get();
        time.holdCalls();
        pool.resize(4, 4);
        assertThat(pool.statistics().opening()).isOne();
        pool.evictAll();
        time.runCalls();
        assertThat(lent.isClosed).isFalse();
        lease.close();
        time.runCalls();
        assertThat(lent.isClosed).isTrue();
        assertThat(pool.statistics().closed(CloseReason.EVICTED)).isEqualTo(4);
        assertThat(pool.statistics().idle()).isEqualTo(4);
        assertThat(maker.mostOpen.get()).isLessThanOrEqualTo(4);
    }

    @Test
    void evict_all_forgets_failures_so_that_a_target_that_was_put_right_is_tried_at_once() {
        maker.failure = new IllegalStateException("wrong password");
        Pool<Thing> pool = settled(settings(1, 1));
        time.pass(Duration.ofMinutes(1));
        maker.failure = null;
        pool.evictAll();
        time.settle();
        assertThat(pool.statistics().idle()).isOne();
    }

    @Test
    void both_sizes_change_while_it_runs() {
        Pool<Thing> pool = pool(1, 2);
        pool.resize(5, 8);
        time.settle();
        assertThat(pool.statistics().idle()).isEqualTo(5);
        List<Lease<Thing>> leases = borrow(pool, 8);
        pool.resize(0, 2);
        assertThat(pool.statistics().borrowed()).isEqualTo(8);
        leases.forEach(Lease::close);
        time.settle();
        assertThat(pool.statistics().total()).isEqualTo(2);
        assertThat(pool.statistics().closed(CloseReason.SHRUNK)).isEqualTo(6);
        assertThatThrownBy(() -> pool.resize(3, 2)).hasMessage("minSize = 3 is not in 0..2");
    }

    @Test
    void while_suspended_nothing_is_lent_and_leases_come_back() {
        Pool<Thing> pool = pool(2, 2);
        Lease<Thing> lease = pool.acquire();
        pool.suspend();
        assertThat(pool.tryAcquire()).isEmpty();
        lease.close();
        assertThat(pool.statistics().idle()).isEqualTo(2);
        assertThat(pool.statistics().isSuspended()).isTrue();
        pool.resume();
        assertThat(pool.tryAcquire()).isPresent();
    }

    @Test
    void a_lease_that_is_held_for_too_long_is_reported_once_with_the_place_where_it_was_taken() {
        List<Leak> leaks = new ArrayList<>();
        Pool<Thing> pool = settled(settings(1, 1)
                .leakThreshold(Duration.ofSeconds(10))
                .traceLeases(1)
                .onLeak(leaks::add));
        Lease<Thing> lease = pool.acquire();
        time.pass(Duration.ofSeconds(9));
        assertThat(leaks).isEmpty();
        time.pass(Duration.ofMinutes(2));
        assertThat(leaks).hasSize(1);
        assertThat(leaks.get(0).kind()).isEqualTo(Leak.Kind.HELD);
        assertThat(leaks.get(0).taken().orElseThrow().getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(PromisesTest.class.getName()));
        lease.close();
        assertThat(pool.acquire().get().isClosed).isFalse();
        assertThat(pool.statistics().held()).isOne();
    }

    @Test
    void the_parts_of_a_snapshot_add_up_to_the_total() {
        Pool<Thing> pool = pool(3, 5);
        pool.acquire();
        time.holdCalls();
        pool.resize(5, 5);
        PoolStatistics now = pool.statistics();
        assertThat(now.borrowed()).isOne();
        assertThat(now.idle()).isEqualTo(2);
        assertThat(now.opening()).isEqualTo(2);
        assertThat(now.total()).isEqualTo(5);
    }

    @Test
    void a_closed_pool_lends_nothing_and_closes_everything() {
        Pool<Thing> pool = pool(3, 3);
        RunsCalls.during(time, pool::close);
        pool.close();
        assertThat(maker.open.get()).isZero();
        assertThat(pool.statistics().closed(CloseReason.POOL_CLOSED)).isEqualTo(3);
        assertThatThrownBy(pool::acquire)
                .isInstanceOfSatisfying(
                        AcquireException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
        assertThatThrownBy(pool::tryAcquire).isInstanceOf(AcquireException.class);
    }

    private List<Lease<Thing>> borrow(Pool<Thing> pool, int count) {
        List<Lease<Thing>> leases = new ArrayList<>();
        while (leases.size() < count) {
            pool.tryAcquire().ifPresent(leases::add);
            time.settle();
        }
        return leases;
    }
}
