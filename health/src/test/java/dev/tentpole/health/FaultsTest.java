package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Faults at the edges: no thread to be had, exceptions that break, a check that goes while others wait. */
final class FaultsTest {

    private final FakeSurroundings time = new FakeSurroundings();

    private HealthRegistry.Builder oneThread() {
        return HealthRegistry.builder().startSpread(Duration.ZERO).checkThreads(1);
    }

    private static CheckSettings steady(String name) {
        return CheckSettings.remote(name).jitter(0).build();
    }

    @Test
    void a_run_that_gets_no_thread_gives_its_place_to_one_that_is_started() {
        ScriptedCheck second = new ScriptedCheck();
        HealthRegistry health = time.build(
                oneThread().check(steady("first"), CheckResult::healthy).check(steady("second"), second));
        time.refuseNext(1);
        time.tick();
        assertThat(second.runs()).isEqualTo(1);
        assertThat(health.report().check("first").orElseThrow().reason()).isEqualTo(ReasonCategory.OVERLOAD);
        health.close();
        assertThat(health.abandonedRuns()).isZero();
    }

    @Test
    void a_running_check_that_is_unregistered_makes_room_for_one_that_waits_at_once() {
        HealthRegistry health = time.build(
                oneThread().check(steady("hangs"), CheckResult::healthy).check(steady("waits"), CheckResult::healthy));
        time.holdChecks();
        time.tick();
        assertThat(time.heldChecks()).isEqualTo(1);
        health.unregister("hangs");
        assertThat(time.heldChecks()).isEqualTo(2);
    }

    @Test
    void an_exception_that_breaks_when_it_is_looked_at_is_a_failure_like_others() {
        HealthRegistry health = time.build(oneThread().check(steady("db"), () -> {
            throw new IllegalStateException() {
                @Override
                public String getMessage() {
                    throw new NoClassDefFoundError("Messages");
                }
            };
        }));
        time.holdChecks();
        time.tick();
        Throwable thrown = catchThrowable(time::releaseChecks);
        assertThat(thrown).isNull();
        CheckReport shown = health.report().check("db").orElseThrow();
        assertThat(shown.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(shown.reason()).isEqualTo(ReasonCategory.EXCEPTION);
    }

    @Test
    void a_signal_before_the_first_run_shows_no_negative_duration() {
        HealthRegistry health = time.build(oneThread().check(steady("db"), CheckResult::healthy));
        health.recordSuccess("db");
        assertThat(health.report().check("db").orElseThrow().lastDuration()).contains(Duration.ZERO);
    }

    @Test
    void transitions_after_close_are_counted_as_dropped() {
        HealthRegistry health = time.build(oneThread().check(steady("db"), CheckResult::healthy));
        time.tick();
        health.close();
        long before = health.droppedTransitions();
        time.spend(Duration.ofHours(1));
        assertThat(health.report().check("db").orElseThrow().status()).isEqualTo(Status.STALE);
        assertThat(health.droppedTransitions()).isGreaterThan(before);
    }

    @Test
    void one_failure_of_traffic_brings_a_probe_within_the_interval_for_failing_checks() {
        ScriptedCheck db = new ScriptedCheck();
        HealthRegistry health = time.build(oneThread().check(steady("db"), db));
        time.tick();
        health.recordFailure("db", ReasonCategory.CONNECTION, "reset");
        time.pass(Duration.ofSeconds(5));
        assertThat(db.runs()).isEqualTo(2);
    }
}
