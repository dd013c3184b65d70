package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.pool.AcquireException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user's code does to the pool that calls it. */
@Timeout(60)
final class UsersCodeTest {

    private final FakeSurroundings time = new FakeSurroundings();
    private final Thing.Maker maker = new Thing.Maker();

    @Test
    void an_error_of_who_hears_of_leaks_ends_neither_the_round_nor_housekeeping() {
        AtomicInteger heard = new AtomicInteger();
        Pool<Thing> pool = time.open(
                PoolSettings.named("leaks")
                        .size(3, 3)
                        .leakThreshold(Duration.ofSeconds(1))
                        .onLeak(leak -> {
                            heard.incrementAndGet();
                            throw new AssertionError("of the one who hears");
                        }),
                maker);
        time.settle();
        List<Lease<Thing>> leases = List.of(pool.acquire(), pool.acquire(), pool.acquire());
        time.pass(Duration.ofSeconds(3));
        assertThat(heard.get()).isEqualTo(3);
        assertThat(pool.statistics().held()).isEqualTo(3);
        leases.forEach(Lease::close);
    }

    /** Its words may take long, and everybody else needs the lock to give back. */
    @Test
    void a_failure_is_asked_for_its_words_without_the_lock() {
        List<Boolean> asked = new ArrayList<>();
        List<Engine<Thing>> engines = new ArrayList<>();
        maker.failure = new IllegalStateException() {
            @Override
            public String getMessage() {
                engines.forEach(engine -> asked.add(engine.lock().isHeldByCurrentThread()));
                return "slow";
            }
        };
        Pool<Thing> pool = time.open(PoolSettings.named("words").size(1, 1).maxPending(1), maker);
        Engine<Thing> engine = pool.engine();
        time.settle();
        engines.add(engine);
        engine.lock().lock();
        try {
            engine.waiters().add(new Waiter<>(engine.clock().nanoTime(), new Thread(() -> {}, "waits")));
        } finally {
            engine.lock().unlock();
        }
        assertRefused(pool, Reason.TOO_MANY_WAITING);
        RunsCalls.during(time, () -> pool.close(Duration.ZERO));
        assertRefused(pool, Reason.CLOSED);
        assertThatThrownBy(pool::tryAcquire).isInstanceOf(AcquireException.class);
        assertThat(asked).hasSizeGreaterThanOrEqualTo(3).doesNotContain(true);
    }

    private static void assertRefused(Pool<Thing> pool, Reason reason) {
        assertThatThrownBy(() -> pool.acquire(Duration.ZERO))
                .isInstanceOfSatisfying(
                        AcquireException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining("slow");
    }
}
