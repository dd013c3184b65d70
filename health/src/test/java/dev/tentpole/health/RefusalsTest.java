package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.health.HealthException.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input is refused at the door, with the setting's name. */
final class RefusalsTest {

    private static final HealthCheck UP = CheckResult::healthy;

    static Stream<Arguments> badChecks() {
        return Stream.of(
                bad("weight", check -> check.weight(-1)),
                bad("weight", check -> check.weight(-0.5)),
                bad("weight", check -> check.weight(Double.NaN)),
                bad("weight", check -> check.weight(Double.POSITIVE_INFINITY)),
                bad("weight", check -> check.weight(0.0001)),
                bad("timeout", check -> check.timeout(Duration.ofSeconds(11))),
                bad("timeout", check -> check.timeout(Duration.ZERO)),
                bad(
                        "timeout",
                        check ->
                                check.intervalWhenFailing(Duration.ofSeconds(1)).timeout(Duration.ofSeconds(2))),
                bad("interval", check -> check.interval(Duration.ZERO)),
                bad("interval", check -> check.interval(Duration.ofDays(2))),
                bad("intervalWhenFailing", check -> check.intervalWhenFailing(Duration.ofNanos(1))),
                bad("staleAfter", check -> check.staleAfter(Duration.ofSeconds(10))),
                bad("jitter", check -> check.jitter(Double.NaN)),
                bad("jitter", check -> check.jitter(0.6)),
                bad("failureThreshold", check -> check.failureThreshold(0)),
                bad("successThreshold", check -> check.successThreshold(-1)));
    }

    private static Arguments bad(String setting, UnaryOperator<CheckSettings.Builder> change) {
        return Arguments.of(setting, change);
    }

    @ParameterizedTest
    @MethodSource("badChecks")
    void a_check_setting_out_of_range_is_refused_by_name(String setting, UnaryOperator<CheckSettings.Builder> change) {
        assertThatThrownBy(() -> change.apply(CheckSettings.remote("db")).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(setting + " = ");
    }

    static Stream<Arguments> badRegistries() {
        return Stream.of(
                badRegistry("degradedBelow", health -> health.degradedBelow(10_001)),
                badRegistry("degradedBelow", health -> health.degradedBelow(4_000)),
                badRegistry("unhealthyBelow", health -> health.unhealthyBelow(-1)),
                badRegistry("minimumCoverage", health -> health.minimumCoverage(10_001)),
                badRegistry("checkThreads", health -> health.checkThreads(0)),
                badRegistry("maxAbandoned", health -> health.maxAbandoned(-1)),
                badRegistry("maxChecks", health -> health.maxChecks(0)),
                badRegistry("maxPendingTransitions", health -> health.maxPendingTransitions(0)),
                badRegistry("startSpread", health -> health.startSpread(Duration.ofSeconds(-1))),
                badRegistry("refreshCooldown", health -> health.refreshCooldown(Duration.ofDays(1))),
                badRegistry("closeTimeout", health -> health.closeTimeout(Duration.ofDays(1))));
    }

    private static Arguments badRegistry(String setting, UnaryOperator<HealthRegistry.Builder> change) {
        return Arguments.of(setting, change);
    }

    @ParameterizedTest
    @MethodSource("badRegistries")
    void a_registry_setting_out_of_range_is_refused_by_name(
            String setting, UnaryOperator<HealthRegistry.Builder> change) {
        assertThatThrownBy(() -> change.apply(HealthRegistry.builder()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(setting + " = ");
    }

    @Test
    void the_longest_timeout_and_the_shortest_trust_are_allowed() {
        CheckSettings settings = CheckSettings.remote("db")
                .timeout(Duration.ofSeconds(5))
                .staleAfter(Duration.ofSeconds(16))
                .build();
        assertThat(settings.timeout()).isEqualTo(settings.intervalWhenFailing());
        assertThat(settings.staleAfter()).isEqualTo(Duration.ofSeconds(11).plus(settings.timeout()));
    }

    @Test
    void defaults_fit_each_other_whatever_the_interval() {
        CheckSettings settings =
                CheckSettings.remote("db").interval(Duration.ofMillis(100)).build();
        assertThat(settings.intervalWhenFailing()).isEqualTo(Duration.ofMillis(100));
        assertThat(settings.timeout()).isEqualTo(Duration.ofMillis(100));
        assertThat(settings.staleAfter()).isEqualTo(Duration.ofMillis(400));
        assertThat(CheckSettings.local("disk").build().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(CheckSettings.remote("db").build().timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(CheckSettings.remote("db").build().staleAfter()).isEqualTo(Duration.ofSeconds(33));
    }

    @Test
    void names_that_would_break_a_line_or_a_metric_are_refused() {
        for (String name : new String[] {"", " ", "a b", "a\nb", "a\"b", "x".repeat(101)}) {
            assertThatThrownBy(() -> CheckSettings.local(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("name");
            assertThatThrownBy(() -> new Group(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("group");
        }
    }

    @Test
    void two_checks_of_one_name_are_refused() {
        HealthRegistry.Builder builder = HealthRegistry.builder()
                .check(CheckSettings.local("db").build(), UP)
                .check(CheckSettings.remote("db").build(), UP);
        assertProblem(builder, Problem.DUPLICATE_NAME, "db");
    }

    @Test
    void an_unknown_group_is_refused() {
        Group writes = new Group("writes");
        HealthRegistry.Builder builder = HealthRegistry.builder()
                .check(CheckSettings.local("db").groups(writes).build(), UP);
        assertProblem(builder, Problem.UNKNOWN_GROUP, "writes");
        builder.group(writes).build().close();
    }

    @Test
    void an_unknown_dependency_is_refused() {
        HealthRegistry.Builder builder = HealthRegistry.builder()
                .check(CheckSettings.local("db").dependsOn("vpn").build(), UP);
        assertProblem(builder, Problem.UNKNOWN_DEPENDENCY, "db");
        builder.check(CheckSettings.local("vpn").build(), UP).build().close();
    }

    @Test
    void a_circle_of_dependencies_is_refused_and_spelt_out() {
        HealthRegistry.Builder builder = HealthRegistry.builder()
                .check(CheckSettings.local("entry").dependsOn("a").build(), UP)
                .check(CheckSettings.local("a").dependsOn("b").build(), UP)
                .check(CheckSettings.local("b").dependsOn("leaf", "c").build(), UP)
                .check(CheckSettings.local("c").dependsOn("a").build(), UP)
                .check(CheckSettings.local("leaf").build(), UP);
        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        HealthException.class, e -> assertThat(e.problem()).isEqualTo(Problem.DEPENDENCY_CYCLE))
                .hasMessage("dependsOn makes a circle: a -> b -> c -> a");
        assertProblem(
                HealthRegistry.builder()
                        .check(CheckSettings.local("self").dependsOn("self").build(), UP),
                Problem.DEPENDENCY_CYCLE,
                "self");
    }

    @Test
    void what_is_refused_at_run_time_changes_nothing() {
        FakeSurroundings time = new FakeSurroundings();
        HealthRegistry health = time.build(HealthRegistry.builder()
                .maxChecks(2)
                .startSpread(Duration.ZERO)
                .check(CheckSettings.remote("vpn").build(), UP)
                .check(CheckSettings.remote("db").dependsOn("vpn").build(), UP));
        HealthReport before = health.report();
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> health.register(CheckSettings.remote("more").build(), () -> {
                    runs.incrementAndGet();
                    return CheckResult.healthy();
                }))
                .isInstanceOfSatisfying(
                        HealthException.class, e -> assertThat(e.problem()).isEqualTo(Problem.TOO_MANY_CHECKS))
                .hasMessageContaining("maxChecks = 2");
        assertThatThrownBy(() -> health.unregister("vpn"))
                .isInstanceOfSatisfying(
                        HealthException.class, e -> assertThat(e.problem()).isEqualTo(Problem.STILL_NEEDED))
                .hasMessageContaining("db");
        assertThat(health.unregister("db")).isTrue();
        assertThatThrownBy(() -> health.register(
                        CheckSettings.remote("db").dependsOn("nosuch").build(), UP))
                .isInstanceOf(HealthException.class);
        assertThatThrownBy(() -> health.register(CheckSettings.remote("vpn").build(), UP))
                .isInstanceOf(HealthException.class);
        assertThat(health.report().checks()).extracting(CheckReport::name).containsExactly("vpn");
        health.register(CheckSettings.remote("db").dependsOn("vpn").build(), UP);
        assertThat(health.report().checks()).hasSameSizeAs(before.checks());
        time.pass(Duration.ofSeconds(1));
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
        assertThat(runs).hasValue(0);
    }

    @Test
    void a_builder_that_goes_on_to_change_changes_no_registry_that_it_built() {
        FakeSurroundings time = new FakeSurroundings();
        HealthRegistry.Builder builder = HealthRegistry.builder();
        HealthRegistry health = time.build(builder);
        builder.maxChecks(1).check(CheckSettings.local("one").build(), UP);
        health.register(CheckSettings.local("one").build(), UP);
        health.register(CheckSettings.local("two").build(), UP);
        assertThat(health.report().checks()).hasSize(2);
    }

    @Test
    void an_override_needs_a_person_a_reason_and_an_end_not_too_far() {
        Instant until = FakeSurroundings.START.plus(Duration.ofDays(31));
        assertThatThrownBy(() -> new ManualOverride(ManualOverride.Kind.FORCE_UP, " ", "why", until))
                .hasMessageContaining("by");
        assertThatThrownBy(() -> new ManualOverride(ManualOverride.Kind.FORCE_UP, "ann", "", until))
                .hasMessageContaining("reason");
        HealthRegistry health = new FakeSurroundings()
                .build(HealthRegistry.builder().check(CheckSettings.local("db").build(), UP));
        assertThatThrownBy(() ->
                        health.override("db", new ManualOverride(ManualOverride.Kind.FORCE_UP, "ann", "why", until)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("until");
    }

    @Test
    void a_results_time_to_live_and_details_are_bounded_and_long_texts_are_cut() {
        assertThatThrownBy(() -> CheckResult.healthy().withTimeToLive(Duration.ZERO))
                .hasMessageContaining("timeToLive");
        CheckResult full = CheckResult.healthy();
        for (int i = 0; i < 32; i++) {
            full = full.withDetail("detail-" + i, i);
        }
        CheckResult result = full;
        assertThatThrownBy(() -> result.withDetail("one more", 1)).hasMessageContaining("details");
        assertThat(result.withDetail("detail-0", "again").details()).containsEntry("detail-0", "again");
        String astral = "\uD83D\uDE00".repeat(1_000);
        assertThat(CheckResult.healthy("x" + astral).message()).hasSize(1_023).endsWith("\uDE00");
        Throwable loop = new IllegalStateException("x".repeat(5_000), new RuntimeException("cause"));
        assertThat(CheckResult.failed(loop).exceptionText().orElseThrow()).hasSize(1_024);
    }

    private static void assertProblem(HealthRegistry.Builder builder, Problem problem, String subject) {
        assertThatThrownBy(builder::build).isInstanceOfSatisfying(HealthException.class, e -> {
            assertThat(e.problem()).isEqualTo(problem);
            assertThat(e.subject()).isEqualTo(subject);
            assertThat(e).hasMessageContaining(subject);
        });
    }
}
