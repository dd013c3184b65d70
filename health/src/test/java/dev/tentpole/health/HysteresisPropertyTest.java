package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

final class HysteresisPropertyTest {

    @Property(tries = 2_000)
    void it_agrees_with_the_model_after_each_result(
            @ForAll("outcomes") List<Status> outcomes,
            @ForAll @IntRange(min = 1, max = 4) int failures,
            @ForAll @IntRange(min = 1, max = 4) int successes) {
        Hysteresis hysteresis = new Hysteresis(failures, successes);
        Model model = new Model(failures, successes);
        for (Status outcome : outcomes) {
            if (model.seen.isEmpty()) {
                hysteresis.restart(outcome);
            } else {
                hysteresis.accept(outcome);
            }
            assertThat(hysteresis.status()).isEqualTo(model.next(outcome));
        }
    }

    @Provide
    Arbitrary<List<Status>> outcomes() {
        return Arbitraries.of(Status.HEALTHY, Status.DEGRADED, Status.UNHEALTHY)
                .list()
                .ofMaxSize(40);
    }

    /** Looks at the last results instead of counting. Results are ordered from good to bad as the constants are. */
    static final class Model {
        final List<Status> seen = new ArrayList<>();
        private final int failures;
        private final int successes;
        private Status status = Status.STARTING;

        Model(int failures, int successes) {
            this.failures = failures;
            this.successes = successes;
        }

        Status next(Status outcome) {
            status = seen.isEmpty() ? outcome : status;
            seen.add(outcome);
            Status best = Collections.min(last(failures), Comparator.naturalOrder());
            Status worst = Collections.max(last(successes), Comparator.naturalOrder());
            if (seen.size() >= failures && best.compareTo(status) > 0) {
                status = best;
            } else if (seen.size() >= successes && worst.compareTo(status) < 0) {
                status = worst;
            }
            return status;
        }

        private List<Status> last(int count) {
            return seen.subList(Math.max(0, seen.size() - count), seen.size());
        }
    }
}
