package dev.tentpole.health;

import static dev.tentpole.health.ScriptedCheck.DEGRADED;
import static dev.tentpole.health.ScriptedCheck.DOWN;
import static dev.tentpole.health.ScriptedCheck.UP;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What other health libraries were measured to get wrong, or were read to, and how it comes out here. */
final class PeerCounterExamplesTest {

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final FakeSurroundings time = new FakeSurroundings();

    /** Dropwizard health 4 and 5, failureAttempts = 3, trips at the third F, although four successes lie between any two. */
    @Test
    void dropwizard_failures_that_are_not_consecutive_do_not_add_up() {
        ScriptedCheck db = new ScriptedCheck();
        HealthRegistry health = time.build(builder().check(remote("db").build(), db));
        time.tick();
        for (char result : "FSSSSFSSSSF".toCharArray()) {
            db.says(result == 'F' ? DOWN : UP);
            time.pass(INTERVAL);
            assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
        }
    }

    /** The same library needs successAttempts successes in all, not in a row. */
    @Test
    void dropwizard_successes_that_are_not_consecutive_do_not_add_up() {
        ScriptedCheck db = new ScriptedCheck().says(DOWN);
        HealthRegistry health = time.build(builder().check(remote("db").build(), db));
        time.tick();
        for (char result : "SFSFSFSF".toCharArray()) {
            db.says(result == 'F' ? DOWN : UP);
            time.pass(Duration.ofSeconds(5));
            assertThat(health.report().status()).isEqualTo(Status.UNHEALTHY);
        }
    }

    /** Dropwizard health calls each listener twice for each transition. */
    @Test
    void dropwizard_a_transition_is_told_once() {
        List<Transition> told = new ArrayList<>();
        ScriptedCheck db = new ScriptedCheck();
        time.build(builder()
                .listener(told::add)
                .check(remote("db").failureThreshold(1).build(), db));
        time.tick();
        db.says(DOWN);
        time.pass(INTERVAL);
        assertThat(told)
                .filteredOn(transition -> transition.name().equals("db"))
                .extracting(Transition::to)
                .containsExactly(Status.HEALTHY, Status.UNHEALTHY);
    }

    /** Dropwizard health stays unhealthy for good when an unhealthy critical check is removed. */
    @Test
    void dropwizard_an_unhealthy_critical_check_that_is_removed_is_gone() {
        HealthRegistry health = time.build(builder()
                .check(remote("well").build(), new ScriptedCheck())
                .check(remote("db").critical(true).build(), new ScriptedCheck().says(DOWN)));
        time.tick();
        assertThat(health.report().status()).isEqualTo(Status.UNHEALTHY);
        health.unregister("db");
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
    }

    /** An asynchronous check of Dropwizard's that can't run any more stays healthy for ever. */
    @Test
    void dropwizard_a_check_that_can_not_run_does_not_stay_healthy() {
        HealthRegistry health = time.build(builder().check(remote("db").build(), new ScriptedCheck()));
        time.tick();
        time.starveScheduler();
        time.pass(Duration.ofHours(1));
        assertThat(health.report().status()).isEqualTo(Status.STALE);
    }

    /** Spring Boot: UP and a status DEGRADED that is not in the configured order make UP. */
    @Test
    void spring_healthy_and_degraded_make_degraded() {
        HealthRegistry health = time.build(builder()
                .check(remote("one").build(), new ScriptedCheck())
                .check(remote("other").build(), new ScriptedCheck().says(DEGRADED)));
        time.tick();
        assertThat(health.report().status()).isEqualTo(Status.DEGRADED);
        assertThat(health.report().group(Group.FULL).score()).hasValue(7_500);
    }

    /** Spring Boot: DEGRADED alone makes UNKNOWN. */
    @Test
    void spring_degraded_alone_is_degraded() {
        HealthRegistry health = time.build(builder().check(remote("one").build(), new ScriptedCheck().says(DEGRADED)));
        time.tick();
        assertThat(health.report().status()).isEqualTo(Status.DEGRADED);
    }

    /** Spring Boot: UP and UNKNOWN make UP. */
    @Test
    void spring_healthy_and_unknown_do_not_hide_the_unknown() {
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(remote("one").build(), new ScriptedCheck())
                .check(remote("other").critical(true).build(), new ScriptedCheck()));
        health.recordSuccess("one");
        assertThat(health.report().status()).isEqualTo(Status.STARTING);
        assertThat(health.report().group(Group.FULL).coverage()).isEqualTo(5_000);
    }

    /** Spring Boot catches exceptions only: a missing class in one check takes the whole endpoint down. */
    @Test
    void spring_an_error_in_one_check_is_that_checks_result() {
        HealthRegistry health = time.build(builder()
                .check(remote("well").build(), new ScriptedCheck())
                .check(remote("broken").build(), () -> {
                    throw new NoClassDefFoundError("com/example/Driver");
                })
                .check(remote("deep").build(), () -> {
                    throw new StackOverflowError();
                }));
        time.tick();
        assertThat(health.report().check("well").orElseThrow().status()).isEqualTo(Status.HEALTHY);
        CheckReport broken = health.report().check("broken").orElseThrow();
        assertThat(broken.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(broken.reason()).isEqualTo(ReasonCategory.EXCEPTION);
        assertThat(broken.lastResult().orElseThrow().message()).isEqualTo("threw NoClassDefFoundError");
        assertThat(health.report().check("deep").orElseThrow().status()).isEqualTo(Status.UNHEALTHY);
    }

    /** SmallRye keys checks by their class: the second instance overwrites the first. */
    @Test
    void smallrye_two_checks_of_one_class_are_two_checks() {
        HealthRegistry health = time.build(builder()
                .check(remote("one").build(), new ScriptedCheck())
                .check(remote("other").build(), new ScriptedCheck().says(DOWN)));
        time.tick();
        assertThat(health.report().checks())
                .extracting(CheckReport::status)
                .containsExactly(Status.HEALTHY, Status.UNHEALTHY);
    }

    /** alexliesenfeld/health says "up" on a first failure that is below the threshold. */
    @Test
    void go_a_first_failure_is_not_up() {
        HealthRegistry health =
                time.build(builder().check(remote("db").failureThreshold(3).build(), new ScriptedCheck().says(DOWN)));
        assertThat(health.report().status()).isEqualTo(Status.STARTING);
        time.tick();
        assertThat(health.report().status()).isEqualTo(Status.UNHEALTHY);
    }

    /** The same library starts a check anew although its last run hangs: one thread more is lost with each interval. */
    @Test
    void go_a_hanging_check_loses_one_thread_however_long_it_hangs() {
        ScriptedCheck db = new ScriptedCheck();
        HealthRegistry health = time.build(builder().check(remote("db").build(), db));
        time.holdChecks();
        time.pass(Duration.ofHours(1));
        assertThat(time.heldChecks()).isEqualTo(1);
        assertThat(health.abandonedRuns()).isEqualTo(1);
    }

    private static HealthRegistry.Builder builder() {
        return HealthRegistry.builder().startSpread(Duration.ZERO);
    }

    private static CheckSettings.Builder remote(String name) {
        return CheckSettings.remote(name).jitter(0);
    }
}
