package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HealthMetricsTest {

    private final FakeSurroundings time = new FakeSurroundings();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final ScriptedCheck db = new ScriptedCheck();
    private final HealthRegistry health = time.build(HealthRegistry.builder()
            .startSpread(Duration.ZERO)
            .check(CheckSettings.remote("db").jitter(0).failureThreshold(1).build(), db));
    private final HealthMetrics metrics = new HealthMetrics(health);

    @Test
    void a_status_is_one_series_per_state() {
        metrics.bindTo(meters);
        assertThat(state("tentpole.health.check.status", "check", "db", "starting"))
                .isOne();
        time.tick();
        assertThat(state("tentpole.health.check.status", "check", "db", "starting"))
                .isZero();
        assertThat(state("tentpole.health.check.status", "check", "db", "healthy"))
                .isOne();
        assertThat(state("tentpole.health.status", "group", "ready", "healthy")).isOne();
        assertThat(state("tentpole.health.status", "group", "live", "unknown")).isOne();
        for (GroupReport group : health.report().groups()) {
            double sum = meters
                    .get("tentpole.health.status")
                    .tag("group", group.group().name())
                    .gauges()
                    .stream()
                    .mapToDouble(gauge -> gauge.value())
                    .sum();
            assertThat(sum).isOne();
        }
        time.spend(Duration.ofMinutes(1));
        assertThat(state("tentpole.health.check.status", "check", "db", "stale"))
                .isOne();
    }

    @Test
    void age_duration_score_coverage_and_transitions_are_counted() {
        metrics.bindTo(meters);
        assertThat(meters.get("tentpole.health.score")
                        .tag("group", "ready")
                        .gauge()
                        .value())
                .isZero();
        time.tick();
        db.says(ScriptedCheck.DOWN);
        time.pass(Duration.ofSeconds(10));
        time.pass(Duration.ofSeconds(3));
        assertThat(meters.get("tentpole.health.check.age")
                        .tag("check", "db")
                        .timeGauge()
                        .value(TimeUnit.SECONDS))
                .isCloseTo(3, within(1e-9));
        assertThat(timer("healthy")).isOne();
        assertThat(timer("unhealthy")).isOne();
        assertThat(meters.get("tentpole.health.coverage")
                        .tag("group", "ready")
                        .gauge()
                        .value())
                .isOne();
        assertThat(meters.get("tentpole.health.check.transitions")
                        .tags("check", "db", "from", "healthy", "to", "unhealthy")
                        .counter()
                        .count())
                .isOne();
        assertThat(meters.get("tentpole.health.transitions.dropped")
                        .functionCounter()
                        .count())
                .isZero();
    }

    @Test
    void an_abandoned_run_shows_and_counts_as_a_timeout() {
        metrics.bindTo(meters);
        time.hangNext(1);
        time.pass(Duration.ofSeconds(3));
        assertThat(meters.get("tentpole.health.check.abandoned")
                        .tag("check", "db")
                        .gauge()
                        .value())
                .isOne();
        assertThat(timer("timeout")).isOne();
        time.releaseChecks();
        assertThat(meters.get("tentpole.health.check.abandoned")
                        .tag("check", "db")
                        .gauge()
                        .value())
                .isZero();
        assertThat(timer("timeout")).isOne();
    }

    @Test
    void meters_come_and_go_with_their_check_and_with_the_binder() {
        metrics.bindTo(meters);
        time.tick();
        int before = meters.getMeters().size();
        health.register(CheckSettings.remote("more").build(), CheckResult::healthy);
        time.pass(Duration.ofSeconds(10));
        assertThat(meters.getMeters()).hasSizeGreaterThan(before);
        health.unregister("more");
        assertThat(meters.getMeters()).hasSize(before);
        assertThatThrownBy(() -> metrics.bindTo(meters)).isInstanceOf(IllegalStateException.class);
        metrics.close();
        metrics.close();
        time.pass(Duration.ofSeconds(10));
        health.register(CheckSettings.remote("later").build(), CheckResult::healthy);
        assertThat(meters.getMeters()).isEmpty();
    }

    private double state(String name, String tag, String value, String state) {
        return meters.get(name).tags(tag, value, "state", state).gauge().value();
    }

    private long timer(String outcome) {
        return meters.get("tentpole.health.check.duration")
                .tags("check", "db", "outcome", outcome)
                .timer()
                .count();
    }
}
