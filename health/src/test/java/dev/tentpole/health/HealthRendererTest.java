package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.health.HealthRenderer.Detail;
import dev.tentpole.health.HealthRenderer.GrafanaHealth;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HealthRendererTest {

    private static final String SECRET = "password=hunter2";

    private final HealthRenderer renderer = HealthRenderer.standard();
    private final FakeSurroundings time = new FakeSurroundings();
    private HealthReport report;

    @BeforeEach
    void build() {
        HealthRegistry health = time.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(
                        CheckSettings.remote("db").weight(2.5).jitter(0).build(),
                        () -> CheckResult.degraded(ReasonCategory.LATENCY, "took \"long\"")
                                .withDetail("host", SECRET))
                .check(CheckSettings.remote("queue").dependsOn("vpn").build(), () -> {
                    throw new SQLException("jdbc:queue?" + SECRET, "08001");
                })
                .check(CheckSettings.remote("vpn").groups().build(), () -> {
                    throw new IllegalStateException(SECRET);
                })
                .check(CheckSettings.local("disk").weight(5).build(), CheckResult::healthy)
                .check(CheckSettings.local("upgraded").build(), CheckResult::healthy));
        time.tick();
        health.override(
                "upgraded",
                new ManualOverride(
                        ManualOverride.Kind.MAINTENANCE,
                        "ann " + SECRET,
                        "because " + SECRET,
                        time.wallTime().plusSeconds(60)));
        time.pass(Duration.ofMillis(1_500));
        report = health.report();
    }

    @Test
    void the_public_learns_the_status_and_nothing_else() {
        assertThat(renderer.json(report, Group.READY)).isEqualTo("{\"group\":\"ready\",\"status\":\"DEGRADED\"}");
    }

    @Test
    void the_authorised_learn_figures_and_categories_but_no_exceptions_text_no_details_and_no_names() {
        String json = renderer.json(report, Group.READY, Detail.AUTHORISED);
        assertThat(json)
                .startsWith("{\"group\":\"ready\",\"status\":\"DEGRADED\",\"score\":7352,\"coverage\":10000,"
                        + "\"rootCauses\":[\"db\",\"vpn\",\"upgraded\"],\"checks\":[{\"name\":\"db\","
                        + "\"status\":\"DEGRADED\",\"observed\":\"DEGRADED\",\"kind\":\"REMOTE\",\"critical\":false,"
                        + "\"weight\":2.5,\"reason\":\"LATENCY\",\"message\":\"took \\\"long\\\"\",\"ageSeconds\":1.500,"
                        + "\"durationSeconds\":0.000,\"lastResultAt\":\"2026-01-01T00:00:00Z\","
                        + "\"lastSuccessAt\":\"2026-01-01T00:00:00Z\",\"consecutiveFailures\":0,"
                        + "\"consecutiveSuccesses\":1,\"abandoned\":false,\"rootCauses\":[\"db\"]}")
                .contains("\"reason\":\"CONNECTION\",\"message\":\"threw SQLException\"")
                .contains("\"override\":{\"kind\":\"MAINTENANCE\",\"until\":\"2026-01-01T00:01:00Z\"}")
                .doesNotContain("hunter2");
    }

    @Test
    void only_the_full_report_has_details_exceptions_and_who_overrode_why() {
        assertThat(renderer.json(report, Group.FULL, Detail.FULL))
                .contains("\"details\":{\"host\":\"" + SECRET + "\"}")
                .contains("\"exception\":\"java.sql.SQLException: jdbc:queue?" + SECRET + "\"")
                .contains("\"by\":\"ann " + SECRET + "\",\"reason\":\"because " + SECRET + "\"");
    }

    @Test
    void a_line_says_what_is_wrong_and_why() {
        assertThat(renderer.line(report, Group.READY))
                .isEqualTo("ready DEGRADED score=73.52% coverage=100.00% checks=4: db(DEGRADED LATENCY),"
                        + " queue(UNHEALTHY CONNECTION because of vpn), upgraded(MAINTENANCE)");
        assertThat(renderer.line(report, Group.LIVE)).isEqualTo("live UNKNOWN coverage=0.00% checks=0");
    }

    @Test
    void grafana_sees_degraded_as_ok_with_a_message_that_says_so() {
        GrafanaHealth health = renderer.grafana(report, Group.READY);
        assertThat(health.status()).isEqualTo(GrafanaHealth.Verdict.OK);
        assertThat(health.message())
                .startsWith("Degraded: db(DEGRADED LATENCY)")
                .doesNotContain("hunter2");
        assertThat(health.jsonDetails())
                .isEqualTo(renderer.json(report, Group.READY, Detail.AUTHORISED))
                .doesNotContain("hunter2");
    }

    @Test
    void grafana_is_told_unknown_and_error_as_what_they_are() {
        Map<Status, GrafanaHealth.Verdict> verdicts = new EnumMap<>(Status.class);
        statuses((status, shown) ->
                verdicts.put(status, renderer.grafana(shown, Group.READY).status()));
        assertThat(verdicts)
                .containsEntry(Status.HEALTHY, GrafanaHealth.Verdict.OK)
                .containsEntry(Status.DEGRADED, GrafanaHealth.Verdict.OK)
                .containsEntry(Status.UNHEALTHY, GrafanaHealth.Verdict.ERROR)
                .containsEntry(Status.LAME_DUCK, GrafanaHealth.Verdict.ERROR)
                .containsEntry(Status.STARTING, GrafanaHealth.Verdict.UNKNOWN)
                .containsEntry(Status.STALE, GrafanaHealth.Verdict.UNKNOWN)
                .containsEntry(Status.UNKNOWN, GrafanaHealth.Verdict.UNKNOWN);
    }

    @Test
    void http_statuses_are_those_of_the_table() {
        Map<Status, String> codes = new EnumMap<>(Status.class);
        statuses((status, shown) -> codes.put(
                status,
                renderer.httpStatus(shown, Group.LIVE) + " " + renderer.httpStatus(shown, Group.STARTUP) + " "
                        + renderer.httpStatus(shown, Group.READY)));
        assertThat(codes)
                .containsEntry(Status.HEALTHY, "200 200 200")
                .containsEntry(Status.DEGRADED, "200 200 200")
                .containsEntry(Status.UNKNOWN, "200 200 503")
                .containsEntry(Status.STARTING, "200 503 503")
                .containsEntry(Status.UNHEALTHY, "503 503 503")
                .containsEntry(Status.STALE, "503 503 503")
                .containsEntry(Status.LAME_DUCK, "503 503 503")
                .hasSize(7);
    }

    @Test
    void an_http_status_can_be_changed_for_one_group_and_status() {
        HealthRenderer strict = HealthRenderer.builder()
                .httpStatus(Group.READY, Status.DEGRADED, 429)
                .build();
        assertThat(strict.httpStatus(report, Group.READY)).isEqualTo(429);
        assertThat(strict.httpStatus(report, Group.FULL)).isEqualTo(200);
        assertThatThrownBy(() -> HealthRenderer.builder().httpStatus(Group.READY, Status.DEGRADED, 99))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("httpStatus");
        assertThatThrownBy(() -> renderer.json(report, new Group("nosuch"))).isInstanceOf(HealthException.class);
    }

    private interface Sink {
        void see(Status status, HealthReport report);
    }

    /** Shows a report in which the three groups have each status; live and startup are stale instead of lame. */
    private static void statuses(Sink sink) {
        for (CheckResult result : new CheckResult[] {ScriptedCheck.UP, ScriptedCheck.DEGRADED, ScriptedCheck.DOWN}) {
            FakeSurroundings clock = new FakeSurroundings();
            HealthRegistry health = registry(clock, result);
            sink.see(Status.STARTING, health.report());
            clock.tick();
            sink.see(result.status(), health.report());
            clock.spend(Duration.ofHours(1));
            sink.see(Status.STALE, health.report());
            health.lameDuck();
            sink.see(Status.LAME_DUCK, health.report());
        }
        sink.see(
                Status.UNKNOWN,
                new FakeSurroundings().build(HealthRegistry.builder()).report());
    }

    private static HealthRegistry registry(FakeSurroundings clock, CheckResult result) {
        return clock.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(
                        CheckSettings.local("one")
                                .groups(Group.LIVE, Group.STARTUP, Group.READY)
                                .build(),
                        () -> result));
    }
}
