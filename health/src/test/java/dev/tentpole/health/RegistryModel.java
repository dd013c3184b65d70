package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.health.ManualOverride.Kind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A registry beside what it should be: each check remembers all its results, and every answer is reckoned from scratch. */
final class RegistryModel {

    static final int NAMES = 5;

    private static final double[] WEIGHTS = {1, 0, 2.5, 7, 0.001};
    private static final Map<Status, Integer> POINTS =
            Map.of(Status.HEALTHY, 10_000, Status.DEGRADED, 5_000, Status.UNHEALTHY, 0);

    private final FakeSurroundings time = new FakeSurroundings();
    private final Map<String, Status> told = new HashMap<>();
    private final HealthRegistry registry;
    private final Map<Integer, Modelled> checks = new TreeMap<>();
    private long lastSequence;

    RegistryModel() {
        registry = time.build(HealthRegistry.builder().listener(this::tell));
        registry.report().groups().forEach(group -> told.put(group.group().name(), Status.UNKNOWN));
    }

    HealthRegistry registry() {
        return registry;
    }

    void pass(Duration duration) {
        time.pass(duration);
        assertTransitionsAddUp();
    }

    /** As if the scheduler got no processor: results can only grow old. */
    void passUnscheduled(Duration duration) {
        time.spend(duration);
    }

    void register(int number) {
        if (!checks.containsKey(number)) {
            Modelled check = new Modelled(number);
            checks.put(number, check);
            told.put(check.settings.name(), Status.STARTING);
            registry.register(check.settings, check);
        }
    }

    void unregister(int number) {
        Modelled check = checks.remove(number);
        assertThat(registry.unregister("check-" + number)).isEqualTo(check != null);
        told.remove("check-" + number);
    }

    void says(int number, CheckResult result) {
        Modelled check = checks.get(number);
        if (check != null) {
            check.script = result;
        }
    }

    void signal(int number, boolean success) {
        Modelled check = checks.get(number);
        CheckResult result = success ? ScriptedCheck.UP : ScriptedCheck.DOWN;
        if (check != null && !check.isRepetition(result)) {
            check.remember(result);
        }
        boolean known = success
                ? registry.recordSuccess("check-" + number)
                : registry.recordFailure("check-" + number, ReasonCategory.CONNECTION, "down");
        assertThat(known).isEqualTo(check != null);
    }

    void override(int number, Kind kind, Duration duration) {
        Modelled check = checks.get(number);
        if (check != null) {
            check.override = kind;
            check.overrideEnd = time.elapsed().plus(duration);
            registry.override(
                    check.settings.name(),
                    new ManualOverride(kind, "ops", "test", time.wallTime().plus(duration)));
        }
    }

    void lift(int number) {
        Modelled check = checks.get(number);
        if (check != null) {
            check.overrideEnd = Duration.ZERO;
            registry.clearOverride(check.settings.name());
        }
    }

    void assertAgrees() {
        HealthReport report = registry.report();
        assertThat(report.sequence()).isGreaterThanOrEqualTo(lastSequence);
        lastSequence = report.sequence();
        assertThat(report.checks()).hasSize(checks.size());
        for (Modelled check : checks.values()) {
            CheckReport shown = report.check(check.settings.name()).orElseThrow();
            assertThat(shown.status()).as(shown.name()).isEqualTo(check.status());
            assertThat(shown.age()).isEqualTo(check.age());
        }
        for (GroupReport group : report.groups()) {
            assertGroupAgrees(group);
        }
    }

    /** Each transition starts where the one before it ended, and together they end where the report is. */
    void assertTransitionsAddUp() {
        time.tick();
        HealthReport report = registry.report();
        report.checks().forEach(check -> assertThat(told).containsEntry(check.name(), check.status()));
        report.groups()
                .forEach(group -> assertThat(told).containsEntry(group.group().name(), group.status()));
    }

    private void tell(Transition transition) {
        assertThat(transition.from()).isNotEqualTo(transition.to());
        assertThat(told.put(transition.name(), transition.to()))
                .as("%s", transition)
                .isEqualTo(transition.from());
    }

    private void assertGroupAgrees(GroupReport group) {
        List<Modelled> members = new ArrayList<>();
        for (Modelled check : checks.values()) {
            boolean member =
                    group.group().equals(Group.FULL) || check.settings.groups().contains(group.group());
            if (member && check.status() != Status.MAINTENANCE) {
                members.add(check);
            }
        }
        boolean weightless = members.stream().allMatch(check -> check.settings.weight() == 0);
        BigDecimal total = BigDecimal.ZERO;
        BigDecimal known = BigDecimal.ZERO;
        BigDecimal earned = BigDecimal.ZERO;
        for (Modelled check : members) {
            BigDecimal weight = weightless ? BigDecimal.ONE : BigDecimal.valueOf(check.settings.weight());
            total = total.add(weight);
            if (POINTS.containsKey(check.status())) {
                known = known.add(weight);
                earned = earned.add(weight.multiply(BigDecimal.valueOf(POINTS.get(check.status()))));
            }
        }
        int coverage = total.signum() == 0 ? 0 : whole(known.multiply(BigDecimal.valueOf(10_000)), total);
        int score = known.signum() == 0 ? -1 : whole(earned, known);
        assertThat(group.coverage()).isEqualTo(coverage);
        assertThat(group.score().orElse(-1)).isEqualTo(score);
        assertThat(group.status()).as("%s", group).isEqualTo(status(members, score, coverage));
    }

    private static Status status(List<Modelled> members, int score, int coverage) {
        boolean judged = score >= 0 && coverage >= 5_000;
        if (members.isEmpty()) {
            return Status.UNKNOWN;
        }
        if (anyCritical(members, Status.UNHEALTHY) || (judged && score < 5_000)) {
            return Status.UNHEALTHY;
        }
        if (anyCritical(members, Status.STALE) || (!judged && any(members, Status.STALE))) {
            return Status.STALE;
        }
        if (anyCritical(members, Status.STARTING) || (!judged && any(members, Status.STARTING))) {
            return Status.STARTING;
        }
        if (score < 9_000 || anyCritical(members, Status.DEGRADED) || any(members, Status.STALE)) {
            return Status.DEGRADED;
        }
        return Status.HEALTHY;
    }

    private static boolean any(List<Modelled> members, Status status) {
        return members.stream().anyMatch(check -> check.status() == status);
    }

    private static boolean anyCritical(List<Modelled> members, Status status) {
        return any(members.stream().filter(check -> check.settings.isCritical()).toList(), status);
    }

    private static int whole(BigDecimal part, BigDecimal of) {
        return part.divide(of, 0, RoundingMode.FLOOR).intValueExact();
    }

    /** A check that writes down what it says. */
    private final class Modelled implements HealthCheck {

        private final CheckSettings settings;
        private CheckResult script = ScriptedCheck.UP;
        private HysteresisPropertyTest.Model hysteresis;
        private Status judged = Status.STARTING;
        private CheckResult last;
        private Duration lastAt;
        private Kind override;
        private Duration overrideEnd = Duration.ZERO;

        private Modelled(int number) {
            settings = CheckSettings.local("check-" + number)
                    .weight(WEIGHTS[number])
                    .critical(number == 0)
                    .interval(Duration.ofSeconds(2 + number))
                    .timeout(Duration.ofMillis(100))
                    .failureThreshold(1 + number % 3)
                    .successThreshold(1 + number % 2)
                    .groups(number < 3 ? new Group[] {Group.LIVE, Group.READY} : new Group[] {Group.READY})
                    .build();
            hysteresis = newHysteresis();
        }

        @Override
        public CheckResult check() {
            remember(script);
            return script;
        }

        private void remember(CheckResult result) {
            if (isTooOld()) {
                hysteresis = newHysteresis();
            }
            judged = hysteresis.next(result.status());
            last = result;
            lastAt = time.elapsed();
        }

        /** A passive signal that says again what was just said does not count. */
        private boolean isRepetition(CheckResult signal) {
            return last != null
                    && judged == signal.status()
                    && last.status() == signal.status()
                    && !isTooOld()
                    && time.elapsed()
                                    .minus(lastAt)
                                    .compareTo(settings.interval().dividedBy(10))
                            < 0;
        }

        private boolean isTooOld() {
            return last != null && time.elapsed().minus(lastAt).compareTo(believed()) >= 0;
        }

        private Duration believed() {
            return last.timeToLive()
                    .map(ttl -> ttl.plus(settings.timeout()))
                    .orElse(settings.interval().multipliedBy(3).plus(settings.timeout()));
        }

        private Status status() {
            if (time.elapsed().compareTo(overrideEnd) < 0) {
                return override == Kind.FORCE_UP
                        ? Status.HEALTHY
                        : override == Kind.FORCE_DOWN ? Status.UNHEALTHY : Status.MAINTENANCE;
            }
            return last == null ? Status.STARTING : isTooOld() ? Status.STALE : judged;
        }

        private Optional<Duration> age() {
            return last == null ? Optional.empty() : Optional.of(time.elapsed().minus(lastAt));
        }

        private HysteresisPropertyTest.Model newHysteresis() {
            return new HysteresisPropertyTest.Model(settings.failureThreshold(), settings.successThreshold());
        }
    }
}
