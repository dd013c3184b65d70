package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.health.ManualOverride.Kind;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.stateful.Action;
import net.jqwik.api.stateful.ActionSequence;

/** Whatever happens in whatever order, the registry says what {@link RegistryModel} says. */
final class RegistryPropertyTest {

    private static final List<CheckResult> RESULTS = List.of(
            ScriptedCheck.UP,
            ScriptedCheck.UP,
            ScriptedCheck.DEGRADED,
            ScriptedCheck.DOWN,
            ScriptedCheck.DOWN,
            ScriptedCheck.UP.withTimeToLive(Duration.ofMillis(200)),
            ScriptedCheck.UP.withTimeToLive(Duration.ofMinutes(1)));

    @Property(tries = 400)
    void the_registry_agrees_with_the_model(@ForAll("histories") ActionSequence<RegistryModel> history) {
        RegistryModel end = history.run(new RegistryModel());
        end.assertTransitionsAddUp();
        end.registry().close();
    }

    @Provide
    Arbitrary<ActionSequence<RegistryModel>> histories() {
        Arbitrary<Integer> checks = Arbitraries.integers().between(0, RegistryModel.NAMES - 1);
        Arbitrary<CheckResult> results = Arbitraries.of(RESULTS);
        Arbitrary<Long> times = Arbitraries.oneOf(
                Arbitraries.longs().between(1, 700),
                Arbitraries.longs().between(1, Duration.ofSeconds(90).toMillis()));
        Arbitrary<Action<RegistryModel>> passes =
                times.map(time -> action("pass " + time, model -> model.pass(Duration.ofMillis(time))));
        Arbitrary<Action<RegistryModel>> starving = times.map(
                time -> action("pass unscheduled " + time, model -> model.passUnscheduled(Duration.ofMillis(time))));
        Arbitrary<Action<RegistryModel>> registers =
                checks.map(check -> action("register " + check, model -> model.register(check)));
        Arbitrary<Action<RegistryModel>> unregisters =
                checks.map(check -> action("unregister " + check, model -> model.unregister(check)));
        Arbitrary<Action<RegistryModel>> scripts = Combinators.combine(checks, results)
                .as((check, result) -> action(check + " says " + result, model -> model.says(check, result)));
        Arbitrary<Action<RegistryModel>> signals = Combinators.combine(checks, Arbitraries.of(true, false))
                .as((check, up) -> action(check + " signals " + up, model -> model.signal(check, up)));
        Arbitrary<Action<RegistryModel>> overrides = Combinators.combine(checks, Arbitraries.of(Kind.values()), times)
                .as((check, kind, time) ->
                        action(kind + " " + check, model -> model.override(check, kind, Duration.ofMillis(time))));
        Arbitrary<Action<RegistryModel>> lifts =
                checks.map(check -> action("lift " + check, model -> model.lift(check)));
        return Arbitraries.sequences(
                        Arbitraries.oneOf(registers, passes, scripts, signals, unregisters, overrides, lifts, starving))
                .ofSize(80);
    }

    private static Action<RegistryModel> action(String name, Consumer<RegistryModel> what) {
        return new Action<>() {
            @Override
            public RegistryModel run(RegistryModel model) {
                what.accept(model);
                model.assertAgrees();
                assertThat(model.registry().abandonedRuns()).isZero();
                return model;
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
