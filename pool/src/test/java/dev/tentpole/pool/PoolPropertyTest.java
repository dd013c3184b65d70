package dev.tentpole.pool;

import java.time.Duration;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.stateful.Action;
import net.jqwik.api.stateful.ActionSequence;

/** Whatever is done in whatever order: what the model checks holds after each step. */
final class PoolPropertyTest {

    @Property(tries = 500)
    void the_pool_keeps_its_promises_whatever_is_done(@ForAll("sequences") ActionSequence<PoolModel> sequence) {
        PoolModel model = new PoolModel();
        sequence.run(model);
        model.assertComesToRest();
    }

    @Provide
    Arbitrary<ActionSequence<PoolModel>> sequences() {
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 9);
        Arbitrary<Action<PoolModel>> borrows = numbers.map(n -> action("borrow", PoolModel::borrow));
        Arbitrary<Action<PoolModel>> waits = Arbitraries.of(0, 15, 120_000, 900_000)
                .map(ms -> action("await " + ms, model -> model.await(Duration.ofMillis(ms))));
        Arbitrary<Action<PoolModel>> interrupts =
                numbers.map(n -> action("interrupt " + n, model -> model.interrupt(n)));
        Arbitrary<Action<PoolModel>> returns = numbers.map(n -> action("give back " + n, model -> model.giveBack(n)));
        Arbitrary<Action<PoolModel>> invalid =
                numbers.map(n -> action("invalidate " + n, model -> model.invalidate(n)));
        Arbitrary<Action<PoolModel>> stale = numbers.map(n -> action("use stale " + n, model -> model.useStale(n)));
        Arbitrary<Action<PoolModel>> calls = numbers.map(n -> action("run call " + n, model -> model.runCall(n)));
        Arbitrary<Action<PoolModel>> passes = Arbitraries.of(1, 20, 500, 2_000, 11_000, 25_000, 70_000)
                .map(ms -> action("pass " + ms, model -> model.pass(Duration.ofMillis(ms))));
        Arbitrary<Action<PoolModel>> allocator = Combinators.combine(
                        Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as((failing, yes) -> action((failing ? "fails " : "lies ") + yes, model -> {
                    if (failing) {
                        model.allocatorFails(yes);
                    } else {
                        model.allocatorLies(yes);
                    }
                }));
        Arbitrary<Action<PoolModel>> sizes = Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(1, 4))
                .as((min, max) -> action("resize " + min + " " + max, model -> model.resize(min, max)));
        Arbitrary<Action<PoolModel>> others = Arbitraries.of(
                action("evict all", model -> model.pool.evictAll()),
                action("suspend", model -> model.pool.suspend()),
                action("resume", model -> model.pool.resume()));
        return Arbitraries.sequences(Arbitraries.frequencyOf(
                        Tuple.of(5, borrows),
                        Tuple.of(3, waits),
                        Tuple.of(1, interrupts),
                        Tuple.of(4, returns),
                        Tuple.of(5, calls),
                        Tuple.of(3, passes),
                        Tuple.of(1, invalid),
                        Tuple.of(1, stale),
                        Tuple.of(1, allocator),
                        Tuple.of(1, sizes),
                        Tuple.of(1, others)))
                .ofSize(60);
    }

    private static Action<PoolModel> action(String name, Consumer<PoolModel> what) {
        return new Action<>() {
            @Override
            public PoolModel run(PoolModel model) {
                what.accept(model);
                model.settleBorrowers();
                model.assertHolds();
                return model;
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
