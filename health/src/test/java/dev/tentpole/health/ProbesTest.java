package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hundred orchestrators that ask three times a second: what reaches the dependencies is what the schedule says. */
@Timeout(60)
final class ProbesTest {

    private static final int CHECKS = 20;
    private static final int PROBES_PER_SECOND = 300;
    private static final int SECONDS = 600;
    private static final int INTERVAL_SECONDS = 10;
    private static final Duration BETWEEN_PROBES = Duration.ofSeconds(1).dividedBy(PROBES_PER_SECOND);

    private final FakeSurroundings time = new FakeSurroundings();
    private final List<ScriptedCheck> checks = new ArrayList<>();

    @Test
    void h11_300_probes_a_second_cause_exactly_the_scheduled_runs() {
        HealthRegistry health = time.build(builder(0));
        int probes = 0;
        for (int i = 0; i < SECONDS * PROBES_PER_SECOND; i++) {
            time.pass(BETWEEN_PROBES);
            HealthReport report = health.report();
            probes += HealthRenderer.standard().httpStatus(report, Group.READY) > 0 ? 1 : 0;
        }
        assertThat(probes).isEqualTo(180_000);
        assertThat(checks).allMatch(check -> check.runs() == SECONDS / INTERVAL_SECONDS);
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void h11_with_jitter_the_runs_are_as_many_as_the_same_schedule_makes_without_a_probe() {
        List<Integer> runs = new ArrayList<>();
        for (boolean probed : new boolean[] {false, true}) {
            checks.clear();
            FakeSurroundings clock = new FakeSurroundings();
            clock.random(0.9);
            HealthRegistry health = clock.build(builder(0.1));
            for (int i = 0; i < SECONDS * PROBES_PER_SECOND; i++) {
                clock.pass(BETWEEN_PROBES);
                if (probed) {
                    health.report();
                }
            }
            runs.add(checks.stream().mapToInt(ScriptedCheck::runs).sum());
        }
        assertThat(runs.get(1)).isEqualTo(runs.get(0)).isBetween(1_090, 1_200);
    }

    @Test
    void h11_probes_that_refresh_are_held_to_the_cool_down() throws InterruptedException {
        HealthRegistry health = time.build(builder(0).refreshCooldown(Duration.ofSeconds(1)));
        for (int i = 0; i < 60 * PROBES_PER_SECOND; i++) {
            time.pass(BETWEEN_PROBES);
            health.refreshAll(Duration.ZERO);
        }
        assertThat(checks).allMatch(check -> check.runs() <= 61, "at most one run a second");
    }

    @Test
    void first_runs_are_spread_over_the_interval_and_never_fall_together() {
        FakeSurroundings clock = new FakeSurroundings();
        List<Duration> starts = new ArrayList<>();
        HealthRegistry.Builder builder = HealthRegistry.builder();
        for (int i = 0; i < CHECKS; i++) {
            builder.check(CheckSettings.remote("check-" + i).build(), () -> {
                starts.add(clock.elapsed());
                return CheckResult.healthy();
            });
        }
        clock.build(builder);
        clock.pass(Duration.ofSeconds(INTERVAL_SECONDS).minusNanos(1));
        assertThat(starts).hasSize(CHECKS);
        for (int i = 1; i < CHECKS; i++) {
            assertThat(starts.get(i).minus(starts.get(i - 1)))
                    .as("evenly: the mean gap is half a second")
                    .isBetween(Duration.ofMillis(200), Duration.ofSeconds(1));
        }
    }

    @Test
    void each_interval_is_jittered_by_its_tenth() {
        List<Duration> starts = new ArrayList<>();
        time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(CheckSettings.remote("db").build(), () -> {
                    starts.add(time.elapsed());
                    return CheckResult.healthy();
                }));
        time.random(0);
        time.tick();
        time.pass(Duration.ofSeconds(9));
        time.random(1);
        time.pass(Duration.ofSeconds(9));
        time.pass(Duration.ofSeconds(11));
        assertThat(starts)
                .containsExactly(Duration.ZERO, Duration.ofSeconds(9), Duration.ofSeconds(18), Duration.ofSeconds(29));
    }

    private HealthRegistry.Builder builder(double jitter) {
        HealthRegistry.Builder builder = HealthRegistry.builder();
        for (int i = 0; i < CHECKS; i++) {
            ScriptedCheck check = new ScriptedCheck();
            checks.add(check);
            builder.check(
                    CheckSettings.remote("check-" + i)
                            .interval(Duration.ofSeconds(INTERVAL_SECONDS))
                            .jitter(jitter)
                            .build(),
                    check);
        }
        return builder;
    }
}
