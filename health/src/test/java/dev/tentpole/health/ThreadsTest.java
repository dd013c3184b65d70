package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The promises that only real threads can break. */
@Timeout(30)
final class ThreadsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @AfterEach
    @Timeout(30)
    void no_thread_is_left() {
        Until.holds(() -> ownThreads().isEmpty());
    }

    @Test
    void h2_h11_refreshes_of_many_threads_share_one_run() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (HealthRegistry health = HealthRegistry.builder()
                .check(late("db").build(), () -> {
                    runs.incrementAndGet();
                    entered.countDown();
                    release.await();
                    return CheckResult.healthy();
                })
                .build()) {
            List<CheckReport> answers = new ArrayList<>();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Thread caller = new Thread(() -> {
                    try {
                        CheckReport answer = health.refresh("db", LONG);
                        synchronized (answers) {
                            answers.add(answer);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                callers.add(caller);
                caller.start();
            }
            entered.await();
            callers.forEach(ThreadsTest::awaitWaiting);
            release.countDown();
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(runs).hasValue(1);
            assertThat(answers).hasSize(20).allMatch(answer -> answer.status() == Status.HEALTHY);
            assertThat(health.refresh("db", LONG).status()).isEqualTo(Status.HEALTHY);
            assertThat(runs).as("within the cool-down nothing is run").hasValue(1);
        }
    }

    @Test
    void h3_one_hanging_check_of_fifty_stops_no_other() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(49 * 5);
        HealthRegistry.Builder builder =
                HealthRegistry.builder().checkThreads(2).startSpread(Duration.ZERO);
        builder.check(quick("hangs").build(), ScriptedCheck.deaf(entered, release));
        for (int i = 1; i < 50; i++) {
            builder.check(quick("check-" + i).build(), () -> {
                others.countDown();
                return CheckResult.healthy();
            });
        }
        try (HealthRegistry health = builder.closeTimeout(Duration.ZERO).build()) {
            others.await();
            CheckReport hanging = health.report().check("hangs").orElseThrow();
            assertThat(hanging.reason()).isEqualTo(ReasonCategory.TIMEOUT);
            assertThat(hanging.status()).isEqualTo(Status.UNHEALTHY);
            assertThat(hanging.isAbandoned()).isTrue();
        } finally {
            release.countDown();
        }
    }

    @Test
    void h3_a_check_that_hangs_is_interrupted_and_runs_again_once_it_has_returned() throws InterruptedException {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        AtomicBoolean hang = new AtomicBoolean(true);
        try (HealthRegistry health = HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(quick("db").build(), () -> {
                    if (hang.getAndSet(false)) {
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            events.add("interrupted");
                            throw e;
                        }
                    }
                    events.add(Thread.currentThread().isInterrupted() ? "tainted" : "clean");
                    return CheckResult.healthy();
                })
                .build()) {
            assertThat(events.take()).isEqualTo("interrupted");
            assertThat(events.take()).as("the next run's thread is clean").isEqualTo("clean");
            awaitAbandoned(health, 0);
        }
    }

    @Test
    void h3_an_interruption_does_not_reach_the_next_check_on_the_same_thread() throws InterruptedException {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (HealthRegistry health = HealthRegistry.builder()
                .checkThreads(1)
                .maxAbandoned(0)
                .startSpread(Duration.ZERO)
                .check(
                        CheckSettings.local("hangs")
                                .timeout(Duration.ofSeconds(1))
                                .build(),
                        () -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                LockSupport.parkNanos(1_000_000);
                            }
                            events.add("interrupted " + Thread.currentThread().getName());
                            return CheckResult.healthy();
                        })
                .check(CheckSettings.local("next").build(), () -> {
                    String how = Thread.currentThread().isInterrupted() ? "tainted " : "clean ";
                    events.add(how + Thread.currentThread().getName());
                    return CheckResult.healthy();
                })
                .build()) {
            String first = events.take();
            assertThat(first).startsWith("interrupted ");
            assertThat(events.take()).isEqualTo(first.replace("interrupted", "clean"));
            assertThat(health.report().checks()).hasSize(2);
        }
    }

    @Test
    void h3_lost_threads_are_capped_and_checks_without_a_thread_go_stale_instead_of_healthy()
            throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(3);
        CountDownLatch release = new CountDownLatch(1);
        HealthRegistry.Builder builder = HealthRegistry.builder()
                .checkThreads(1)
                .maxAbandoned(2)
                .closeTimeout(Duration.ZERO)
                .startSpread(Duration.ZERO)
                .check(quick("well").build(), CheckResult::healthy);
        for (int i = 0; i < 5; i++) {
            builder.check(quick("hangs-" + i).build(), ScriptedCheck.deaf(entered, release));
        }
        try (HealthRegistry health = builder.build()) {
            entered.await();
            awaitAbandoned(health, 3);
            Until.holds(() -> health.report().check("well").orElseThrow().status() == Status.STALE);
            assertThat(health.abandonedRuns()).isEqualTo(3);
            assertThat(ownThreads())
                    .filteredOn(name -> name.contains("-check-"))
                    .hasSizeLessThanOrEqualTo(3);
            release.countDown();
            Until.holds(() -> health.report().check("well").orElseThrow().status() == Status.HEALTHY);
            awaitAbandoned(health, 0);
        } finally {
            release.countDown();
        }
    }

    @Test
    void h6_listeners_are_called_on_a_thread_of_their_own_and_a_slow_one_delays_no_check() throws InterruptedException {
        BlockingQueue<String> threads = new LinkedBlockingQueue<>();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch runs = new CountDownLatch(5);
        try (HealthRegistry health = HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .listener(transition -> {
                    threads.add(Thread.currentThread().getName());
                    awaitQuietly(release);
                })
                .check(quick("db").build(), () -> {
                    runs.countDown();
                    return CheckResult.healthy();
                })
                .build()) {
            assertThat(threads.take()).startsWith("tentpole-health-listener-");
            runs.await();
            assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
            release.countDown();
        }
    }

    @Test
    void h10_close_returns_within_its_bound_although_a_check_and_a_listener_hang() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        HealthRegistry health = HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .closeTimeout(Duration.ofMillis(100))
                .listener(transition -> {
                    told.countDown();
                    awaitDeaf(release);
                })
                .check(CheckSettings.remote("hangs").build(), ScriptedCheck.deaf(entered, release))
                .build();
        entered.await();
        health.lameDuck();
        told.await();
        try {
            long start = System.nanoTime();
            health.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(100), Duration.ofSeconds(10));
            assertThat(health.abandonedRuns()).isEqualTo(1);
            health.close();
        } finally {
            release.countDown();
        }
    }

    @Test
    void h10_close_interrupts_checks_ends_all_threads_and_leaves_reports_readable() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        HealthRegistry health = HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(CheckSettings.remote("waits").build(), () -> {
                    entered.countDown();
                    new CountDownLatch(1).await();
                    return CheckResult.healthy();
                })
                .build();
        entered.await();
        health.close();
        assertThat(ownThreads()).filteredOn(name -> name.contains("health")).isEmpty();
        assertThat(health.report().status()).isEqualTo(Status.LAME_DUCK);
        assertThat(health.report().status(Group.LIVE)).isEqualTo(Status.UNKNOWN);
        assertThat(health.recordSuccess("waits")).isTrue();
        assertThatThrownBy(() -> health.refresh("waits", LONG))
                .isInstanceOfSatisfying(
                        HealthException.class, e -> assertThat(e.problem()).isEqualTo(HealthException.Problem.CLOSED));
        assertThatThrownBy(() -> health.register(late("more").build(), CheckResult::healthy))
                .isInstanceOf(HealthException.class);
    }

    @Test
    void h10_a_check_and_a_listener_may_close_the_registry() throws InterruptedException {
        for (boolean fromCheck : new boolean[] {true, false}) {
            CountDownLatch closed = new CountDownLatch(1);
            BlockingQueue<HealthRegistry> self = new LinkedBlockingQueue<>();
            HealthRegistry health = HealthRegistry.builder()
                    .startSpread(Duration.ZERO)
                    .listener(transition -> {
                        if (!fromCheck && closed.getCount() > 0) {
                            take(self).close();
                            closed.countDown();
                        }
                    })
                    .check(CheckSettings.local("closes").build(), () -> {
                        if (fromCheck) {
                            take(self).close();
                            closed.countDown();
                        }
                        return CheckResult.healthy();
                    })
                    .build();
            self.add(health);
            closed.await();
            Until.holds(() -> ownThreads().isEmpty());
        }
    }

    @Test
    void a_refresh_gives_up_waiting_and_is_cancelled_by_interruption_while_the_run_goes_on()
            throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        try (HealthRegistry health = HealthRegistry.builder()
                .check(late("db").build(), () -> {
                    release.await();
                    ended.countDown();
                    return CheckResult.healthy();
                })
                .build()) {
            assertThat(health.refresh("db", Duration.ofMillis(1)).status()).isEqualTo(Status.STARTING);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> health.refreshAll(LONG)).isInstanceOf(InterruptedException.class);
            release.countDown();
            ended.await();
            assertThat(health.refreshAll(LONG).status()).isEqualTo(Status.HEALTHY);
        }
    }

    private static CheckSettings.Builder quick(String name) {
        return CheckSettings.local(name)
                .interval(Duration.ofMillis(100))
                .timeout(Duration.ofMillis(50))
                .failureThreshold(1);
    }

    /** A check that does not run by itself for the length of a test. */
    private static CheckSettings.Builder late(String name) {
        return CheckSettings.local(name)
                .interval(Duration.ofDays(1))
                .intervalWhenFailing(Duration.ofDays(1))
                .timeout(Duration.ofMinutes(1));
    }

    private static Set<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("tentpole-"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void awaitAbandoned(HealthRegistry health, int runs) {
        Until.holds(() -> health.abandonedRuns() == runs);
    }

    private static void awaitWaiting(Thread thread) {
        Until.holds(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }

    private static HealthRegistry take(BlockingQueue<HealthRegistry> self) {
        try {
            HealthRegistry registry = self.poll(1, TimeUnit.MINUTES);
            self.add(registry);
            return registry;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitDeaf(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
            Thread.interrupted();
        }
    }
}
