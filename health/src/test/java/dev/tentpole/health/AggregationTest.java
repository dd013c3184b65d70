package dev.tentpole.health;

import static dev.tentpole.health.ScriptedCheck.DEGRADED;
import static dev.tentpole.health.ScriptedCheck.DOWN;
import static dev.tentpole.health.ScriptedCheck.UP;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** How many become one; the model in RegistryModel covers the mixtures. */
final class AggregationTest {

    private final FakeSurroundings time = new FakeSurroundings();
    private final HealthRegistry.Builder builder = HealthRegistry.builder().startSpread(Duration.ZERO);

    @Test
    void no_checks_are_unknown_with_no_score_and_no_coverage() {
        GroupReport group = time.build(builder).report().group(Group.READY);
        assertThat(group.status()).isEqualTo(Status.UNKNOWN);
        assertThat(group.score()).isEmpty();
        assertThat(group.coverage()).isZero();
    }

    @Test
    void a_critical_check_decides_whatever_it_weighs() {
        add("big", 99, false, UP);
        add("small", 1, true, DOWN);
        GroupReport group = judged();
        assertThat(group.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(group.score()).hasValue(9_900);
        assertThat(group.rootCauses()).containsExactly("small");
    }

    @Test
    void a_critical_check_that_is_degraded_caps_the_group() {
        add("big", 99, false, UP);
        add("small", 1, true, DEGRADED);
        assertThat(judged().status()).isEqualTo(Status.DEGRADED);
    }

    @Test
    void the_limits_are_what_is_just_allowed() {
        add("big", 90, false, UP);
        add("small", 10, false, DOWN);
        assertThat(judged().score()).hasValue(9_000);
        assertThat(judged().status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void half_of_the_weight_down_is_degraded_and_a_thousandth_more_is_unhealthy() {
        add("one", 1, false, UP);
        add("other", 1, false, DOWN);
        assertThat(judged().status()).isEqualTo(Status.DEGRADED);

        FakeSurroundings clock = new FakeSurroundings();
        HealthRegistry health = clock.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(CheckSettings.remote("one").weight(1).build(), () -> UP)
                .check(CheckSettings.remote("other").weight(1.001).build(), () -> DOWN));
        clock.tick();
        assertThat(health.report().group(Group.READY).score()).hasValue(4_997);
        assertThat(health.report().status()).isEqualTo(Status.UNHEALTHY);
    }

    @Test
    void the_limits_can_be_set() {
        builder.degradedBelow(10_000).unhealthyBelow(10_000);
        add("one", 1, false, DEGRADED);
        assertThat(judged().status()).isEqualTo(Status.UNHEALTHY);
    }

    @Test
    void checks_without_weight_count_alike_if_no_other_counts_and_else_not() {
        add("one", 0, false, UP);
        add("other", -0.0, false, DOWN);
        assertThat(judged().score()).hasValue(5_000);

        FakeSurroundings clock = new FakeSurroundings();
        HealthRegistry health = clock.build(HealthRegistry.builder()
                .startSpread(Duration.ZERO)
                .check(CheckSettings.remote("one").build(), () -> UP)
                .check(CheckSettings.remote("other").weight(0).build(), () -> DOWN));
        clock.tick();
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void maintenance_of_all_leaves_nothing_to_know() {
        add("one", 1, true, DOWN);
        HealthRegistry health = time.build(builder);
        time.tick();
        health.override(
                "one",
                new ManualOverride(
                        ManualOverride.Kind.MAINTENANCE,
                        "ann",
                        "upgrade",
                        time.wallTime().plusSeconds(1)));
        assertThat(health.report().status()).isEqualTo(Status.UNKNOWN);
        assertThat(health.report().group(Group.FULL).score()).isEmpty();
    }

    @Test
    void one_stale_check_among_fresh_ones_keeps_the_group_from_healthy() {
        for (int i = 0; i < 20; i++) {
            add("check-" + i, 1, false, UP);
        }
        builder.check(CheckSettings.remote("lone").build(), CheckResult::healthy);
        HealthRegistry health = time.build(builder);
        time.tick();
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
        time.starveScheduler();
        time.spend(Duration.ofSeconds(30));
        for (int i = 0; i < 20; i++) {
            health.recordSuccess("check-" + i);
        }
        time.spend(Duration.ofSeconds(10));
        GroupReport group = health.report().group(Group.READY);
        assertThat(health.report().check("lone").orElseThrow().status()).isEqualTo(Status.STALE);
        assertThat(group.status()).isEqualTo(Status.DEGRADED);
        assertThat(group.score()).hasValue(10_000);
        assertThat(group.coverage()).isEqualTo(9_523);
        assertThat(group.rootCauses()).containsExactly("lone");
    }

    @Test
    void a_lame_duck_takes_no_work_but_is_alive() {
        builder.check(
                CheckSettings.local("heap").groups(Group.LIVE, Group.READY).build(), CheckResult::healthy);
        HealthRegistry health = time.build(builder);
        time.tick();
        health.lameDuck();
        health.lameDuck();
        HealthReport report = health.report();
        assertThat(report.status(Group.READY)).isEqualTo(Status.LAME_DUCK);
        assertThat(report.status(Group.FULL)).isEqualTo(Status.LAME_DUCK);
        assertThat(report.status(Group.LIVE)).isEqualTo(Status.HEALTHY);
        assertThat(report.lameDuckSince()).contains(FakeSurroundings.START);
        assertThat(report.group(Group.READY).score()).hasValue(10_000);
    }

    @Test
    void the_root_cause_is_at_the_end_of_the_chain_of_troubles() {
        builder.check(CheckSettings.remote("app").dependsOn("db", "cache").build(), () -> DOWN)
                .check(CheckSettings.remote("db").groups().dependsOn("vpn").build(), () -> DOWN)
                .check(CheckSettings.remote("cache").groups().dependsOn("vpn").build(), () -> UP)
                .check(CheckSettings.remote("vpn").groups().build(), () -> DEGRADED)
                .check(CheckSettings.remote("mail").dependsOn("cache").build(), () -> DOWN);
        HealthRegistry health = time.build(builder);
        time.tick();
        HealthReport report = health.report();
        assertThat(report.check("app").orElseThrow().rootCauses()).containsExactly("vpn");
        assertThat(report.check("db").orElseThrow().rootCauses()).containsExactly("vpn");
        assertThat(report.check("cache").orElseThrow().rootCauses()).isEmpty();
        assertThat(report.check("vpn").orElseThrow().rootCauses()).containsExactly("vpn");
        assertThat(report.check("mail").orElseThrow().rootCauses()).containsExactly("mail");
        assertThat(report.group(Group.READY).rootCauses()).containsExactly("vpn", "mail");
    }

    @Test
    void a_chain_of_thousands_of_checks_is_no_trouble() {
        int length = 3_000;
        builder.maxChecks(length);
        for (int i = 0; i < length; i++) {
            CheckSettings.Builder check = CheckSettings.remote("check-" + i);
            builder.check((i + 1 < length ? check.dependsOn("check-" + (i + 1)) : check).build(), () -> DOWN);
        }
        HealthRegistry health = time.build(builder);
        health.recordFailure("check-" + (length - 1), ReasonCategory.CONNECTION, "down");
        health.recordFailure("check-" + (length - 2), ReasonCategory.CONNECTION, "down");
        assertThat(health.report().group(Group.FULL).rootCauses()).containsExactly("check-" + (length - 1));
    }

    @Property(tries = 300)
    void the_heaviest_weights_do_not_overflow(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 2) Integer> outcomes) {
        CheckResult[] results = {UP, DEGRADED, DOWN};
        FakeSurroundings clock = new FakeSurroundings();
        HealthRegistry.Builder heavy = HealthRegistry.builder().startSpread(Duration.ZERO);
        int points = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            CheckResult result = results[outcomes.get(i)];
            points += 10_000 - 5_000 * outcomes.get(i);
            heavy.check(CheckSettings.remote("check-" + i).weight(1_000_000).build(), () -> result);
        }
        HealthRegistry health = clock.build(heavy);
        clock.tick();
        assertThat(health.report().group(Group.FULL).score()).hasValue(points / outcomes.size());
    }

    private void add(String name, double weight, boolean critical, CheckResult result) {
        builder.check(
                CheckSettings.remote(name).weight(weight).critical(critical).build(), () -> result);
    }

    private GroupReport judged() {
        HealthRegistry health = time.build(builder);
        time.tick();
        return health.report().group(Group.READY);
    }
}
