package dev.tentpole.health;

import static dev.tentpole.health.ScriptedCheck.DEGRADED;
import static dev.tentpole.health.ScriptedCheck.DOWN;
import static dev.tentpole.health.ScriptedCheck.UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the module promises, one test or more for each promise. Those that need real threads are in ThreadsTest. */
@Timeout(60)
final class PromisesTest {

    private static final HealthCheck UP_CHECK = CheckResult::healthy;

    private final FakeSurroundings time = new FakeSurroundings();

    @Test
    void h1_a_report_shows_age_last_success_last_failure_counts_duration_and_reason() {
        ScriptedCheck db = new ScriptedCheck();
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(remote("db").build(), () -> {
                    time.spend(Duration.ofMillis(40));
                    return db.check();
                }));
        time.tick();
        Instant firstAt = FakeSurroundings.START.plusMillis(40);
        db.says(DOWN);
        time.pass(Duration.ofSeconds(20));
        time.pass(Duration.ofSeconds(2));

        CheckReport shown = health.report().check("db").orElseThrow();
        assertThat(shown.status()).isEqualTo(Status.HEALTHY);
        assertThat(shown.lastSuccessAt()).contains(firstAt);
        assertThat(shown.lastFailureAt()).contains(FakeSurroundings.START.plusMillis(20_040));
        assertThat(shown.lastResultAt()).isEqualTo(shown.lastFailureAt());
        assertThat(shown.age()).contains(Duration.ofSeconds(2));
        assertThat(shown.consecutiveFailures()).isEqualTo(2);
        assertThat(shown.consecutiveSuccesses()).isZero();
        assertThat(shown.lastDuration()).contains(Duration.ofMillis(40));
        assertThat(shown.reason()).isEqualTo(ReasonCategory.CONNECTION);
        assertThat(db.runs()).isEqualTo(3);
    }

    @Test
    void h1_a_report_is_a_snapshot_that_nothing_changes() {
        ScriptedCheck db = new ScriptedCheck();
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(remote("db").failureThreshold(1).build(), db));
        time.tick();
        HealthReport before = health.report();
        assertThat(health.report()).isSameAs(before);
        db.says(DOWN);
        time.pass(Duration.ofSeconds(10));
        assertThat(health.report().status()).isEqualTo(Status.UNHEALTHY);
        assertThat(before.status()).isEqualTo(Status.HEALTHY);
        assertThat(before.check("db").orElseThrow().status()).isEqualTo(Status.HEALTHY);
        assertThatThrownBy(() -> before.checks().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> before.groups().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> before.group(Group.READY).checks().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void h1_h11_reading_allocates_nothing() throws InterruptedException, JMException {
        try (HealthRegistry health = registryOf(50)) {
            int reads = 1_000_000;
            long sequences = read(health, reads) + allocatedBytes();
            long before = allocatedBytes();
            sequences += read(health, reads);
            long allocated = allocatedBytes() - before;
            assertThat(sequences).isPositive();
            assertThat(allocated).as("asking for the figure costs something").isLessThan(reads / 100);
        }
    }

    @Test
    void h2_a_check_that_is_running_is_not_started_again_by_schedule_refresh_or_signal() throws InterruptedException {
        ScriptedCheck db = new ScriptedCheck();
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(remote("db").build(), db));
        time.holdChecks();
        time.tick();
        time.tick();
        health.refresh("db", Duration.ZERO);
        health.refreshAll(Duration.ZERO);
        health.recordFailure("db", ReasonCategory.TIMEOUT, "a query");
        time.pass(Duration.ofMinutes(5));
        health.refresh("db", Duration.ZERO);
        assertThat(time.heldChecks()).isEqualTo(1);
        assertThat(health.abandonedRuns()).isEqualTo(1);
        time.releaseChecks();
        assertThat(health.abandonedRuns()).isZero();
        time.pass(Duration.ofSeconds(10));
        assertThat(db.runs()).isPositive();
    }

    @Test
    void h3_one_hanging_check_of_fifty_costs_the_others_not_one_run() {
        HealthRegistry.Builder builder = HealthRegistry.builder()
                .checkThreads(1)
                .startSpread(Duration.ZERO)
                .check(remote("hangs").build(), UP_CHECK);
        List<ScriptedCheck> others = new ArrayList<>();
        for (int i = 1; i < 50; i++) {
            ScriptedCheck other = new ScriptedCheck();
            others.add(other);
            builder.check(remote("check-" + i).build(), other);
        }
        time.hangNext(1);
        HealthRegistry health = time.build(builder);
        time.pass(Duration.ofMinutes(10).minusSeconds(4));
        CheckReport hanging = health.report().check("hangs").orElseThrow();
        assertThat(hanging.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(hanging.reason()).isEqualTo(ReasonCategory.TIMEOUT);
        assertThat(hanging.isAbandoned()).isTrue();
        assertThat(hanging.lastResult().orElseThrow().message()).contains("not returned");
        assertThat(health.abandonedRuns()).isEqualTo(1);
        assertThat(others)
                .as("they waited for the only thread for one timeout, once")
                .allMatch(other -> other.runs() == 60);
        assertThat(health.report().checks())
                .filteredOn(check -> check.status() == Status.HEALTHY)
                .hasSize(49);
        time.releaseChecks();
        assertThat(health.abandonedRuns()).isZero();
        time.pass(Duration.ofSeconds(10));
        assertThat(health.report().check("hangs").orElseThrow().status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void h3_a_hanging_check_is_unhealthy_after_its_threshold_of_intervals() {
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(remote("db").build(), UP_CHECK));
        time.tick();
        time.hangNext(1);
        time.pass(Duration.ofSeconds(10).plusSeconds(3));
        assertThat(health.report().check("db").orElseThrow().consecutiveFailures())
                .isEqualTo(1);
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
        time.pass(Duration.ofSeconds(20));
        assertThat(health.report().check("db").orElseThrow().consecutiveFailures())
                .isEqualTo(3);
        assertThat(health.report().status()).isEqualTo(Status.UNHEALTHY);
    }

    @Test
    void h3_an_answer_later_than_the_timeout_is_a_timeout_even_if_nobody_noticed_in_time() {
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(remote("db").build(), () -> {
                    time.spend(Duration.ofSeconds(3));
                    return UP;
                }));
        time.tick();
        CheckReport shown = health.report().check("db").orElseThrow();
        assertThat(shown.reason()).isEqualTo(ReasonCategory.TIMEOUT);
        assertThat(shown.lastDuration()).contains(Duration.ofSeconds(3));
        assertThat(shown.isAbandoned()).isFalse();
    }

    @Test
    void h4_status_depends_on_results_and_time_alone_not_on_who_reads_when() {
        List<List<Status>> seen = new ArrayList<>();
        for (boolean reads : new boolean[] {false, true}) {
            FakeSurroundings clock = new FakeSurroundings();
            ScriptedCheck db = new ScriptedCheck();
            HealthRegistry health = clock.build(HealthRegistry.builder()
                    .startSpread(Duration.ZERO)
                    .check(remote("db").build(), db));
            List<Status> statuses = new ArrayList<>();
            CheckResult[] results = {UP, DOWN, DOWN, DEGRADED, UP, DOWN, DOWN, DOWN, UP, UP};
            for (CheckResult result : results) {
                db.says(result);
                for (int i = 0; i < 10; i++) {
                    clock.pass(Duration.ofSeconds(1));
                    if (reads) {
                        health.report();
                    }
                }
                statuses.add(health.report().status());
            }
            seen.add(statuses);
        }
        assertThat(seen.get(1)).isEqualTo(seen.get(0)).contains(Status.HEALTHY, Status.DEGRADED);
    }

    @Test
    void h5_a_result_too_old_is_stale_at_the_very_instant_even_if_the_scheduler_starves() {
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(remote("db").build(), new ScriptedCheck()));
        time.tick();
        time.starveScheduler();
        Duration staleAfter = Duration.ofSeconds(33);
        time.spend(staleAfter.minusNanos(1));
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
        time.spend(Duration.ofNanos(1));
        assertThat(health.report().status()).isEqualTo(Status.STALE);
        assertThat(health.report().check("db").orElseThrow().observed()).isEqualTo(Status.HEALTHY);
        assertThat(health.report().group(Group.FULL).coverage()).isZero();
        assertThat(HealthRenderer.standard().httpStatus(health.report(), Group.READY))
                .isEqualTo(503);
    }

    @Test
    void h5_the_first_result_after_a_stale_time_is_taken_at_its_word() {
        ScriptedCheck db = new ScriptedCheck();
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(remote("db").build(), db));
        time.tick();
        time.spend(Duration.ofMinutes(2));
        assertThat(health.report().status()).isEqualTo(Status.STALE);
        db.says(DOWN);
        time.tick();
        assertThat(health.report().status()).isEqualTo(Status.UNHEALTHY);
    }

    @Test
    void h6_each_transition_is_told_once_in_order_and_off_the_checks_thread() {
        ScriptedCheck db = new ScriptedCheck();
        List<Transition> told = new ArrayList<>();
        TransitionListener listener = told::add;
        time.holdDeliveries();
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .listener(listener)
                .listener(listener)
                .check(remote("db").failureThreshold(2).build(), db));
        health.addListener(listener);
        time.tick();
        db.says(DOWN);
        time.pass(Duration.ofSeconds(20));
        db.says(UP);
        time.pass(Duration.ofSeconds(20));
        assertThat(told).as("nothing is told on the thread of the change").isEmpty();
        assertThat(time.heldDeliveries()).as("one task delivers them all").isEqualTo(1);
        time.releaseDeliveries();
        assertThat(told).extracting(Transition::sequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(told)
                .filteredOn(transition -> transition.scope() == Transition.Scope.CHECK)
                .extracting(Transition::from, Transition::to, Transition::reason)
                .containsExactly(
                        tuple(Status.STARTING, Status.HEALTHY, ReasonCategory.NONE),
                        tuple(Status.HEALTHY, Status.UNHEALTHY, ReasonCategory.CONNECTION),
                        tuple(Status.UNHEALTHY, Status.HEALTHY, ReasonCategory.NONE));
        assertThat(told)
                .filteredOn(transition -> transition.name().equals("ready"))
                .extracting(Transition::to)
                .containsExactly(Status.HEALTHY, Status.UNHEALTHY, Status.HEALTHY);
    }

    @Test
    void h6_a_listener_that_throws_harms_no_other_listener_and_no_later_transition() {
        ScriptedCheck db = new ScriptedCheck();
        List<Transition> told = new ArrayList<>();
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .listener(transition -> {
                    throw new NoClassDefFoundError("on purpose");
                })
                .listener(told::add)
                .check(remote("db").failureThreshold(1).groups().build(), db));
        time.tick();
        db.says(DOWN);
        time.pass(Duration.ofSeconds(10));
        assertThat(told).extracting(Transition::to).contains(Status.HEALTHY, Status.UNHEALTHY);
        assertThat(health.report().status()).isEqualTo(Status.UNHEALTHY);
    }

    @Test
    void h6_transitions_beyond_the_limit_are_dropped_and_counted() {
        ScriptedCheck db = new ScriptedCheck();
        List<Transition> told = new ArrayList<>();
        time.holdDeliveries();
        HealthRegistry health = time.build(HealthRegistry.builder()
                .maxPendingTransitions(2)
                .startSpread(Duration.ZERO)
                .listener(told::add)
                .check(remote("db").build(), db));
        time.tick();
        assertThat(health.droppedTransitions()).isEqualTo(1);
        time.releaseDeliveries();
        assertThat(told).hasSize(2);
    }

    @Test
    void h7_a_check_that_goes_leaves_no_trace_in_the_aggregate() {
        ScriptedCheck bad = new ScriptedCheck().says(DOWN);
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(remote("good").build(), new ScriptedCheck()));
        time.tick();
        GroupReport before = health.report().group(Group.READY);
        health.register(remote("bad").critical(true).weight(100).build(), bad);
        time.pass(Duration.ofSeconds(10));
        assertThat(health.report().status()).isEqualTo(Status.UNHEALTHY);
        assertThat(health.unregister("bad")).isTrue();
        GroupReport after = health.report().group(Group.READY);
        assertThat(after.status()).isEqualTo(before.status());
        assertThat(after.score()).isEqualTo(before.score());
        assertThat(after.coverage()).isEqualTo(before.coverage());
        assertThat(after.rootCauses()).isEmpty();
        assertThat(health.unregister("bad")).isFalse();
        int runs = bad.runs();
        time.pass(Duration.ofMinutes(1));
        assertThat(bad.runs()).isEqualTo(runs);
    }

    @Test
    void h8_live_refuses_remote_checks_without_a_reason() {
        assertThatThrownBy(() -> remote("db").groups(Group.LIVE).build())
                .isInstanceOfSatisfying(HealthException.class, e -> {
                    assertThat(e.problem()).isEqualTo(HealthException.Problem.REMOTE_IN_LIVE);
                    assertThat(e.subject()).isEqualTo("db");
                })
                .hasMessageContaining("groups")
                .hasMessageContaining("liveDespiteRemote");
        CheckSettings allowed = remote("db")
                .groups(Group.LIVE)
                .liveDespiteRemote("the side car dies with us")
                .build();
        assertThat(allowed.liveReason()).contains("the side car dies with us");
        assertThat(CheckSettings.local("heap").groups(Group.LIVE).build().groups())
                .containsExactly(Group.LIVE);
    }

    @Test
    void h8_each_group_is_judged_by_its_own_checks_and_full_by_all() {
        Group writes = new Group("writes");
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .group(writes)
                .check(CheckSettings.local("heap").groups(Group.LIVE).build(), new ScriptedCheck())
                .check(remote("db").groups(Group.READY, writes).build(), new ScriptedCheck().says(DOWN))
                .check(remote("cache").groups().build(), new ScriptedCheck().says(DEGRADED)));
        time.tick();
        HealthReport report = health.report();
        assertThat(report.status(Group.LIVE)).isEqualTo(Status.HEALTHY);
        assertThat(report.status(Group.READY)).isEqualTo(Status.UNHEALTHY);
        assertThat(report.status(writes)).isEqualTo(Status.UNHEALTHY);
        assertThat(report.status(Group.STARTUP)).isEqualTo(Status.UNKNOWN);
        assertThat(report.group(Group.FULL).checks())
                .extracting(CheckReport::name)
                .containsExactly("heap", "db", "cache");
        assertThat(report.group(Group.FULL).score()).hasValue(5_000);
        assertThat(report.status()).isEqualTo(Status.DEGRADED);
        assertThatThrownBy(() -> report.status(new Group("reads")))
                .isInstanceOf(HealthException.class)
                .hasMessageContaining("reads");
    }

    @Test
    void h9_an_override_says_who_why_and_until_and_ends_by_itself() {
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(remote("db").critical(true).build(), new ScriptedCheck().says(DOWN))
                .check(remote("other").build(), new ScriptedCheck()));
        time.tick();
        Instant until = time.wallTime().plusSeconds(60);
        ManualOverride maintenance = new ManualOverride(ManualOverride.Kind.MAINTENANCE, "ann", "upgrade", until);
        health.override("db", maintenance);
        CheckReport shown = health.report().check("db").orElseThrow();
        assertThat(shown.status()).isEqualTo(Status.MAINTENANCE);
        assertThat(shown.observed()).isEqualTo(Status.UNHEALTHY);
        assertThat(shown.override()).contains(maintenance);
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
        assertThat(health.report().group(Group.READY).coverage()).isEqualTo(10_000);

        time.starveScheduler();
        time.spend(Duration.ofSeconds(60).minusNanos(1));
        assertThat(health.report().check("db").orElseThrow().override()).isPresent();
        time.spend(Duration.ofNanos(1));
        assertThat(health.report().check("db").orElseThrow().override()).isEmpty();
    }

    @Test
    void h9_an_override_that_agreed_with_the_results_is_seen_to_end() {
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(remote("db").build(), UP_CHECK));
        time.tick();
        Instant until = time.wallTime().plusSeconds(5);
        health.override("db", new ManualOverride(ManualOverride.Kind.FORCE_UP, "ann", "probe is wrong", until));
        assertThat(health.report().check("db").orElseThrow().override()).isPresent();
        time.spend(Duration.ofSeconds(5));
        assertThat(health.report().check("db").orElseThrow().override()).isEmpty();
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void h9_a_check_can_be_forced_up_and_down_and_let_go() {
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(remote("db").critical(true).build(), new ScriptedCheck().says(DEGRADED)));
        time.tick();
        Instant until = time.wallTime().plusSeconds(60);
        health.override("db", new ManualOverride(ManualOverride.Kind.FORCE_UP, "ann", "probe is wrong", until));
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
        health.override("db", new ManualOverride(ManualOverride.Kind.FORCE_DOWN, "ann", "drill", until));
        assertThat(health.report().status()).isEqualTo(Status.UNHEALTHY);
        health.clearOverride("db");
        assertThat(health.report().status()).isEqualTo(Status.DEGRADED);
        assertThatThrownBy(() -> health.clearOverride("nosuch")).isInstanceOf(HealthException.class);
        assertThatThrownBy(() -> health.override(
                        "db", new ManualOverride(ManualOverride.Kind.FORCE_UP, "ann", "late", time.wallTime())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("until");
    }

    /** Asked through JMX, since the bean's type is in a module that this one has no use for. */
    private static long allocatedBytes() throws JMException {
        return (long) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                        "getThreadAllocatedBytes",
                        new Object[] {Thread.currentThread().getId()},
                        new String[] {long.class.getName()});
    }

    private static long read(HealthRegistry health, int reads) {
        long sequences = 0;
        for (int i = 0; i < reads; i++) {
            sequences += health.report().sequence();
        }
        return sequences;
    }

    private static HealthRegistry registryOf(int checks) throws InterruptedException {
        HealthRegistry.Builder builder = HealthRegistry.builder();
        for (int i = 0; i < checks; i++) {
            builder.check(
                    CheckSettings.local("check-" + i)
                            .interval(Duration.ofHours(1))
                            .build(),
                    CheckResult::healthy);
        }
        HealthRegistry health = builder.build();
        health.refreshAll(Duration.ofSeconds(10));
        return health;
    }

    private static CheckSettings.Builder remote(String name) {
        return CheckSettings.remote(name).jitter(0);
    }
}
