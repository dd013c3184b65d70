package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A maximum that becomes smaller holds for what there is, wherever that is. */
@Timeout(60)
final class ShrinkTest {

    private final FakeSurroundings time = new FakeSurroundings();
    private final Thing.Maker maker = new Thing.Maker();

    private Pool<Thing> pool(int min, int max) {
        Pool<Thing> pool =
                time.open(PoolSettings.named("shrinks").size(min, max).validateAfterIdle(Duration.ofDays(1)), maker);
        time.settle();
        return pool;
    }

    private static List<Lease<Thing>> take(Pool<Thing> pool, int count) {
        List<Lease<Thing>> leases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leases.add(pool.tryAcquire().orElseThrow());
        }
        return leases;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void those_that_come_back_first_are_closed_whichever_they_are(int first) {
        Pool<Thing> pool = pool(4, 4);
        List<Lease<Thing>> leases = take(pool, 4);
        pool.resize(0, 2);
        leases.remove(first).close();
        leases.remove(first).close();
        time.settle();
        assertThat(maker.open.get()).isEqualTo(2);
        assertThat(pool.tryAcquire()).isEmpty();
        leases.forEach(Lease::close);
        time.settle();
        assertThat(pool.statistics().idle()).isEqualTo(2);
        assertThat(pool.statistics().closed(CloseReason.SHRUNK)).isEqualTo(2);
        assertThat(take(pool, 2)).hasSize(2);
    }

    @Test
    void what_is_not_too_many_stays_wherever_it_is() {
        Pool<Thing> pool = pool(3, 3);
        List<Lease<Thing>> leases = take(pool, 3);
        pool.resize(0, 3);
        leases.get(0).invalidate(new IllegalStateException());
        leases.get(1).invalidate(new IllegalStateException());
        Thing left = leases.get(2).get();
        leases.get(2).close();
        time.settle();
        pool.resize(0, 1);
        time.settle();
        assertThat(pool.statistics().closed(CloseReason.SHRUNK)).isZero();
        assertThat(pool.acquire().get()).isSameAs(left);
    }

    @Test
    void a_maximum_that_has_grown_again_spares_what_was_to_be_closed() {
        Pool<Thing> pool = pool(3, 3);
        List<Lease<Thing>> leases = take(pool, 3);
        pool.resize(1, 1);
        pool.resize(3, 3);
        leases.forEach(Lease::close);
        time.settle();
        assertThat(pool.statistics().closed(CloseReason.SHRUNK)).isZero();
        assertThat(take(pool, 3)).hasSize(3);
    }

    /** As an object is left whose borrower looked for flags just before it had one, and gave it back just after. */
    @Test
    void what_is_too_many_and_nobody_borrows_again_is_closed_in_housekeeping() {
        Pool<Thing> pool = pool(2, 2);
        take(pool, 2);
        pool.resize(0, 1);
        Engine<Thing> engine = pool.engine();
        for (Slot<Thing> slot : engine.slots().all()) {
            slot.token = new Token();
            engine.giveBack(slot, slot.leaseStamp);
        }
        assertThat(pool.statistics().idle()).isEqualTo(2);
        time.pass(Duration.ofSeconds(1));
        assertThat(pool.statistics().idle()).isOne();
        assertThat(pool.statistics().closed(CloseReason.SHRUNK)).isOne();
    }

    @Test
    void what_is_opened_when_there_are_too_many_is_closed() {
        Pool<Thing> pool = pool(1, 3);
        time.holdCalls();
        Lease<Thing> lease = pool.acquire();
        pool.resize(3, 3);
        pool.resize(0, 1);
        time.runCalls();
        assertThat(maker.open.get()).isOne();
        lease.close();
        time.runCalls();
        assertThat(pool.statistics().idle()).isOne();
    }
}
