package dev.tentpole.health;

import static dev.tentpole.health.ScriptedCheck.DOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Passive signals, refreshes, and results that say themselves how long they live. */
final class SignalsTest {

    private final FakeSurroundings time = new FakeSurroundings();
    private final ScriptedCheck db = new ScriptedCheck();
    private HealthRegistry health;

    @BeforeEach
    void build() {
        health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(CheckSettings.remote("db").jitter(0).build(), db));
        time.tick();
    }

    @Test
    void traffic_that_succeeds_spares_all_probes() {
        for (int i = 0; i < 600; i++) {
            time.pass(Duration.ofSeconds(1));
            assertThat(health.recordSuccess("db")).isTrue();
        }
        assertThat(db.runs()).isEqualTo(1);
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
        time.pass(Duration.ofSeconds(10));
        assertThat(db.runs()).as("without traffic it is probed again").isEqualTo(2);
    }

    @Test
    void failures_of_traffic_count_and_bring_the_next_probe_forward() {
        time.pass(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            health.recordFailure("db", ReasonCategory.OVERLOAD, "refused");
        }
        CheckReport shown = health.report().check("db").orElseThrow();
        assertThat(shown.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(shown.reason()).isEqualTo(ReasonCategory.OVERLOAD);
        assertThat(shown.lastDuration()).as("of the last run").contains(Duration.ZERO);
        time.pass(Duration.ofSeconds(5));
        assertThat(db.runs()).isEqualTo(2);
    }

    @Test
    void a_success_that_repeats_a_young_one_is_not_counted_and_an_older_one_is() {
        time.pass(Duration.ofMillis(999));
        HealthReport before = health.report();
        health.recordSuccess("db");
        assertThat(health.report()).isSameAs(before);
        time.pass(Duration.ofMillis(1));
        health.recordSuccess("db");
        assertThat(health.report().check("db").orElseThrow().consecutiveSuccesses())
                .isEqualTo(2);
    }

    @Test
    void a_success_right_after_a_failure_counts() {
        health.recordFailure("db", ReasonCategory.TIMEOUT, "slow");
        health.recordSuccess("db");
        health.recordFailure("db", ReasonCategory.TIMEOUT, "slow");
        health.recordFailure("db", ReasonCategory.TIMEOUT, "slow");
        assertThat(health.report().check("db").orElseThrow().consecutiveFailures())
                .isEqualTo(2);
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void a_signal_for_a_check_that_is_not_there_is_no_fault() {
        assertThat(health.recordSuccess("nosuch")).isFalse();
        assertThat(health.recordFailure("nosuch", ReasonCategory.TIMEOUT, "")).isFalse();
    }

    @Test
    void a_passive_success_renews_a_result_that_lived_shortly() {
        db.says(CheckResult.healthy().withTimeToLive(Duration.ofMillis(100)));
        time.pass(Duration.ofSeconds(10));
        time.starveScheduler();
        time.spend(Duration.ofMillis(100).plusSeconds(3));
        assertThat(health.report().status()).isEqualTo(Status.STALE);
        health.recordSuccess("db");
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void a_success_renews_a_stale_result_however_young_it_is() {
        FakeSurroundings clock = new FakeSurroundings();
        HealthRegistry shortLived = clock.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(
                        CheckSettings.remote("db")
                                .timeout(Duration.ofMillis(100))
                                .build(),
                        () -> CheckResult.healthy().withTimeToLive(Duration.ofMillis(100))));
        clock.tick();
        clock.spend(Duration.ofMillis(200));
        assertThat(shortLived.report().status()).isEqualTo(Status.STALE);
        shortLived.recordSuccess("db");
        assertThat(shortLived.report().status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void a_refresh_runs_a_check_at_once_but_not_within_the_cool_down() throws InterruptedException {
        time.pass(Duration.ofMillis(999));
        health.refresh("db", Duration.ZERO);
        assertThat(db.runs()).isEqualTo(1);
        time.pass(Duration.ofMillis(1));
        db.says(DOWN);
        CheckReport shown = health.refresh("db", Duration.ZERO);
        assertThat(db.runs()).isEqualTo(2);
        assertThat(shown.consecutiveFailures()).isEqualTo(1);
        time.pass(Duration.ofSeconds(9));
        assertThat(db.runs()).as("the schedule goes on from the refresh").isEqualTo(2);
        time.pass(Duration.ofSeconds(1));
        assertThat(db.runs()).isEqualTo(3);
    }

    @Test
    void a_result_lives_as_long_as_it_says_and_a_timeout_more() {
        db.says(CheckResult.healthy().withTimeToLive(Duration.ofMinutes(1)));
        time.pass(Duration.ofSeconds(10));
        assertThat(db.runs()).isEqualTo(2);
        time.pass(Duration.ofMinutes(1).minusNanos(1));
        assertThat(db.runs()).isEqualTo(2);
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
        time.starveScheduler();
        time.spend(Duration.ofSeconds(3));
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
        time.spend(Duration.ofNanos(1));
        assertThat(health.report().status()).isEqualTo(Status.STALE);
    }

    @Test
    void a_result_that_lives_shorter_than_the_timeout_wakes_the_scheduler_in_time() {
        db.says(CheckResult.healthy().withTimeToLive(Duration.ofMillis(100)));
        time.pass(Duration.ofSeconds(10));
        int runs = db.runs();
        time.pass(Duration.ofSeconds(1));
        assertThat(db.runs()).isEqualTo(runs + 10);
    }

    @Test
    void a_check_that_returns_null_or_throws_is_unhealthy() {
        db.says(null);
        time.pass(Duration.ofSeconds(10));
        CheckReport shown = health.report().check("db").orElseThrow();
        assertThat(shown.reason()).isEqualTo(ReasonCategory.INVALID_RESPONSE);
        assertThat(shown.consecutiveFailures()).isEqualTo(1);
    }

    @Test
    void a_check_that_fails_is_run_sooner() {
        db.says(DOWN);
        time.pass(Duration.ofSeconds(30));
        assertThat(health.report().status()).isEqualTo(Status.UNHEALTHY);
        int runs = db.runs();
        time.pass(Duration.ofSeconds(10));
        assertThat(db.runs()).isEqualTo(runs + 2);
    }
}
