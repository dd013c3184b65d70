package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers against writers, in the order that would hurt. */
@Timeout(60)
final class InterleavingTest {

    private final FakeSurroundings time = new FakeSurroundings();

    /** The writer stops in the middle of a change, with the lock in its hand. */
    @Test
    void a_reader_waits_for_nobody_and_is_right_while_a_writer_holds_the_lock() throws InterruptedException {
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(CheckSettings.remote("db").jitter(0).build(), CheckResult::healthy));
        time.tick();
        HealthReport fresh = health.report();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread writer = new Thread(() -> health.recordFailure("db", ReasonCategory.CONNECTION, "down"));
        time.onWallTime(() -> {
            if (Thread.currentThread() == writer) {
                inside.countDown();
                await(release);
            }
        });
        writer.start();
        inside.await();
        assertThat(health.report()).as("nothing is half done").isSameAs(fresh);
        time.spend(Duration.ofMinutes(1));
        assertThat(health.report().status()).isEqualTo(Status.STALE);
        assertThat(health.report().sequence()).isEqualTo(fresh.sequence());
        assertThat(fresh.status()).isEqualTo(Status.HEALTHY);
        release.countDown();
        writer.join();
        assertThat(health.report().sequence()).isGreaterThan(fresh.sequence());
    }

    /** A result and the tick that gives up on it meet: exactly one of them counts, whoever comes first. */
    @Test
    void a_result_that_meets_its_timeout_counts_once() {
        for (boolean tickFirst : new boolean[] {true, false}) {
            FakeSurroundings clock = new FakeSurroundings();
            HealthRegistry health = clock.build(HealthRegistry.builder()
                    .startSpread(Duration.ZERO)
                    .check(CheckSettings.remote("db").jitter(0).build(), CheckResult::healthy));
            clock.hangNext(1);
            clock.tick();
            clock.spend(Duration.ofSeconds(3));
            if (tickFirst) {
                clock.tick();
                assertThat(health.abandonedRuns()).isEqualTo(1);
            }
            clock.releaseChecks();
            clock.tick();
            CheckReport shown = health.report().check("db").orElseThrow();
            assertThat(shown.consecutiveFailures()).isEqualTo(1);
            assertThat(shown.reason()).isEqualTo(ReasonCategory.TIMEOUT);
            assertThat(health.abandonedRuns()).isZero();
        }
    }

    /** The check goes while its run is under way: what the run brings is not used. */
    @Test
    void a_result_of_a_check_that_has_gone_changes_nothing() {
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(CheckSettings.remote("db").jitter(0).build(), () -> ScriptedCheck.DOWN));
        time.hangNext(1);
        time.tick();
        assertThat(health.unregister("db")).isTrue();
        assertThat(health.abandonedRuns()).isEqualTo(1);
        health.register(CheckSettings.remote("db").build(), CheckResult::healthy);
        time.releaseChecks();
        assertThat(health.abandonedRuns()).isZero();
        assertThat(health.report().status()).isEqualTo(Status.STARTING);
        time.pass(Duration.ofSeconds(10));
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void every_report_read_while_updates_go_on_is_whole_and_none_goes_back() throws InterruptedException {
        int flips = 20_000;
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(
                        CheckSettings.remote("db")
                                .critical(true)
                                .failureThreshold(1)
                                .successThreshold(1)
                                .build(),
                        CheckResult::healthy)
                .check(CheckSettings.remote("dependent").dependsOn("db").build(), CheckResult::healthy));
        time.tick();
        AtomicReference<String> broken = new AtomicReference<>();
        AtomicLong seen = new AtomicLong();
        CountDownLatch reading = new CountDownLatch(2);
        CountDownLatch over = new CountDownLatch(1);
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread reader = new Thread(() -> {
                long last = 0;
                reading.countDown();
                do {
                    HealthReport report = health.report();
                    boolean down = report.check("db").orElseThrow().status() == Status.UNHEALTHY;
                    boolean whole = down == (report.status() == Status.UNHEALTHY)
                            && down == report.group(Group.READY).rootCauses().equals(List.of("db"));
                    if (!whole || report.sequence() < last) {
                        broken.set(report.toString());
                    }
                    last = report.sequence();
                    seen.incrementAndGet();
                } while (over.getCount() > 0);
            });
            readers.add(reader);
            reader.start();
        }
        reading.await();
        for (int i = 0; i < flips; i++) {
            health.recordFailure("db", ReasonCategory.CONNECTION, "down");
            health.recordSuccess("db");
        }
        over.countDown();
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(broken.get()).isNull();
        assertThat(seen.get()).isGreaterThanOrEqualTo(2);
        assertThat(health.report().sequence()).isGreaterThan(2L * flips);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
