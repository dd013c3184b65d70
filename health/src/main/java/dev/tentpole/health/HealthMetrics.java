package dev.tentpole.health;

import dev.tentpole.health.Transition.Scope;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Shows a {@link HealthRegistry} as Micrometer meters; needs Micrometer on the class path.
 *
 * <p>Statuses are shown as OpenTelemetry's convention for them has it: one series per state, 1 for the present one and 0
 * for the others. Meters of a check come and go with the check. The names are in the module's README. Bind it once, to
 * one registry; closing it removes its meters. Safe for use by several threads.
 */
public final class HealthMetrics implements MeterBinder, AutoCloseable {

    private static final double BASIS_POINTS = Aggregation.FULL_SCORE;

    private final HealthRegistry health;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, List<Meter>> metersOfChecks = new HashMap<>();
    private final List<Meter> otherMeters = new ArrayList<>();
    private final List<Runnable> unbinders = new ArrayList<>();

    /**
     * Makes a binder; nothing is shown before {@link #bindTo}.
     *
     * @param health what to show
     */
    public HealthMetrics(HealthRegistry health) {
        this.health = Objects.requireNonNull(health, "health");
    }

    /**
     * Adds the meters.
     *
     * @param registry where to
     * @throws IllegalStateException if they have been added already
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        lock.lock();
        try {
            if (!unbinders.isEmpty()) {
                throw new IllegalStateException("these health metrics are bound already");
            }
            Watcher watcher = new Watcher(registry);
            health.engine().addObserver(watcher);
            health.addListener(watcher);
            unbinders.add(() -> health.engine().removeObserver(watcher));
            unbinders.add(() -> health.removeListener(watcher));
            unbinders.add(() -> otherMeters.forEach(registry::remove));
            unbinders.add(() -> metersOfChecks.values().forEach(meters -> meters.forEach(registry::remove)));
            health.report().groups().forEach(group -> addGroup(registry, group.group()));
            otherMeters.add(FunctionCounter.builder(
                            "tentpole.health.transitions.dropped", health, HealthRegistry::droppedTransitions)
                    .description("Transitions that no listener was told of")
                    .register(registry));
            watcher.checksChanged();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes the meters. Closing twice is harmless.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            unbinders.forEach(Runnable::run);
            unbinders.clear();
            otherMeters.clear();
            metersOfChecks.clear();
        } finally {
            lock.unlock();
        }
    }

    private void addGroup(MeterRegistry registry, Group group) {
        Tags tags = Tags.of("group", group.name());
        addStates(registry, otherMeters, "tentpole.health.status", tags, report -> report.status(group));
        otherMeters.add(gauge(
                        "tentpole.health.score",
                        report -> report.group(group).score().orElse(0) / BASIS_POINTS)
                .tags(tags)
                .description("Weighted score, 0 to 1; 0 while nothing is known, see coverage")
                .register(registry));
        otherMeters.add(
                gauge("tentpole.health.coverage", report -> report.group(group).coverage() / BASIS_POINTS)
                        .tags(tags)
                        .description("Part of the weight that has a believable result, 0 to 1")
                        .register(registry));
    }

    private List<Meter> addCheck(MeterRegistry registry, String check) {
        List<Meter> meters = new ArrayList<>();
        Tags tags = Tags.of("check", check);
        addStates(
                registry,
                meters,
                "tentpole.health.check.status",
                tags,
                report -> report.check(check).map(CheckReport::status).orElse(Status.UNKNOWN));
        meters.add(TimeGauge.builder(
                        "tentpole.health.check.age",
                        health,
                        TimeUnit.NANOSECONDS,
                        source -> source.report()
                                .check(check)
                                .flatMap(CheckReport::age)
                                .orElse(Duration.ZERO)
                                .toNanos())
                .tags(tags)
                .description("Age of the last result; 0 before the first")
                .register(registry));
        meters.add(gauge(
                        "tentpole.health.check.abandoned",
                        report -> report.check(check)
                                        .filter(CheckReport::isAbandoned)
                                        .isPresent()
                                ? 1
                                : 0)
                .tags(tags)
                .description("Runs that passed their timeout and have not returned")
                .register(registry));
        return meters;
    }

    private void addStates(
            MeterRegistry registry,
            List<Meter> meters,
            String name,
            Tags tags,
            Function<HealthReport, Status> current) {
        for (Status state : Status.values()) {
            meters.add(gauge(name, report -> current.apply(report) == state ? 1 : 0)
                    .tags(tags.and("state", lower(state)))
                    .description("1 for the present state, 0 for the others")
                    .register(registry));
        }
    }

    private Gauge.Builder<HealthRegistry> gauge(String name, ToDoubleFunction<HealthReport> value) {
        return Gauge.builder(name, health, source -> value.applyAsDouble(source.report()));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private final class Watcher implements Engine.Observer, TransitionListener {

        private final MeterRegistry registry;

        private Watcher(MeterRegistry registry) {
            this.registry = registry;
        }

        @Override
        public void checksChanged() {
            lock.lock();
            try {
                if (unbinders.isEmpty()) {
                    return;
                }
                Set<String> present = new HashSet<>();
                health.report().checks().forEach(check -> present.add(check.name()));
                metersOfChecks.forEach((check, meters) -> {
                    if (!present.contains(check)) {
                        meters.forEach(registry::remove);
                    }
                });
                metersOfChecks.keySet().retainAll(present);
                present.forEach(check -> metersOfChecks.computeIfAbsent(check, name -> addCheck(registry, name)));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void ran(String check, CheckResult result, Duration duration) {
            ReasonCategory reason = result.reason();
            String outcome = reason == ReasonCategory.TIMEOUT ? lower(reason) : lower(result.status());
            ofCheck(
                    check,
                    () -> Timer.builder("tentpole.health.check.duration")
                            .tags("check", check, "outcome", outcome)
                            .description("Time that runs took")
                            .register(registry),
                    timer -> timer.record(duration));
        }

        @Override
        public void onTransition(Transition transition) {
            if (transition.scope() == Scope.CHECK) {
                ofCheck(
                        transition.name(),
                        () -> Counter.builder("tentpole.health.check.transitions")
                                .tags(
                                        "check", transition.name(),
                                        "from", lower(transition.from()),
                                        "to", lower(transition.to()))
                                .description("Changes of status")
                                .register(registry),
                        Counter::increment);
            }
        }

        /** Makes the meter on first use and sees to it that it goes with its check; a check that has gone counts no more. */
        private <M extends Meter> void ofCheck(String check, Supplier<M> meter, Consumer<M> use) {
            lock.lock();
            try {
                List<Meter> meters = metersOfChecks.get(check);
                if (meters != null) {
                    M made = meter.get();
                    if (!meters.contains(made)) {
                        meters.add(made);
                    }
                    use.accept(made);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
