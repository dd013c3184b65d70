package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.tentpole.pool.AcquireException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

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

    /** It may write by the pool, and wait for whoever needs the lock to give back. */
    @Test
    void nothing_is_logged_under_the_lock() {
        List<Boolean> held = whenLogging(engines -> {
            maker.failure = new IllegalStateException("down");
            Pool<Thing> pool = time.open(PoolSettings.named("logs").size(1, 1), maker);
            engines.add(pool.engine());
            time.pass(Duration.ofSeconds(1));
            maker.failure = null;
            time.pass(Duration.ofSeconds(2));
            assertThat(pool.statistics().idle()).isOne();
        });
        assertThat(held).hasSizeGreaterThanOrEqualTo(2).doesNotContain(true);
    }

    @Test
    void a_machine_without_threads_is_told_of_without_the_lock() {
        List<Boolean> held = whenLogging(engines -> {
            Pool<Thing> pool = time.open(PoolSettings.named("logs").size(0, 1).circuitAfter(1), maker);
            engines.add(pool.engine());
            time.refusesCalls = true;
            assertThat(pool.tryAcquire()).isEmpty();
            time.tick();
            assertThat(pool.statistics().openFailures()).isOne();
            assertThat(pool.statistics().lastOpenFailure()).containsInstanceOf(OutOfMemoryError.class);
            assertThat(pool.statistics().opening()).isZero();
            time.refusesCalls = false;
            time.pass(Duration.ofSeconds(2));
            assertThat(pool.statistics().idle()).isOne();
        });
        assertThat(held).isNotEmpty().doesNotContain(true);
    }

    @Test
    void what_is_too_many_is_closed_without_the_lock_also_where_there_is_no_thread() {
        Pool<Thing> pool = time.open(PoolSettings.named("shrinks").size(3, 3), maker);
        time.settle();
        Lease<Thing> lease = pool.acquire();
        List<Boolean> held = new ArrayList<>();
        maker.before = () -> held.add(pool.engine().lock().isHeldByCurrentThread());
        time.refusesCalls = true;
        pool.resize(0, 2);
        pool.resize(0, 1);
        assertThat(maker.open.get()).isOne();
        lease.close();
        assertThat(held).containsExactly(false, false);
    }

    /** Whether the lock was held by whoever logged. */
    private static List<Boolean> whenLogging(Consumer<List<Engine<Thing>>> work) {
        List<Boolean> held = new CopyOnWriteArrayList<>();
        List<Engine<Thing>> engines = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                engines.forEach(engine -> held.add(engine.lock().isHeldByCurrentThread()));
            }
        };
        Logger logger = (Logger) LoggerFactory.getLogger(Pool.class);
        Level level = logger.getLevel();
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.INFO);
        try {
            work.accept(engines);
        } finally {
            logger.setLevel(level);
            logger.detachAppender(appender);
        }
        return held;
    }

    @Test
    void a_failure_whose_words_are_gone_is_told_by_its_name() {
        assertThat(AcquireException.words(new IllegalStateException() {
                    @Override
                    public String getMessage() {
                        throw new NoClassDefFoundError("gone");
                    }
                }))
                .contains("UsersCodeTest");
    }

    private static void assertRefused(Pool<Thing> pool, Reason reason) {
        assertThatThrownBy(() -> pool.acquire(Duration.ZERO))
                .isInstanceOfSatisfying(
                        AcquireException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining("slow");
    }
}
