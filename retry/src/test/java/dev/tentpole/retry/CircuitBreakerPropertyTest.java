package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.retry.CircuitBreaker.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The breaker against a small model that keeps every call in a list. */
final class CircuitBreakerPropertyTest {

    private static final Failure FAILURE = Failure.of(FailureKind.TRANSIENT);
    private static final Failure FAULT = Failure.of(FailureKind.CALLER_FAULT);
    private static final Failure CANCELLED = Failure.of(FailureKind.CANCELLED);
    private static final long SLOW = Duration.ofMillis(100).toNanos();
    private static final double SLOW_SHARE = 0.75;
    private static final long OPEN = Duration.ofSeconds(2).toNanos();
    private static final long PROBE = Duration.ofSeconds(7).toNanos();

    enum Step {
        START,
        GOOD,
        SLOW_GOOD,
        FAIL,
        FAULT,
        CANCEL,
        NOT_MADE,
        PASS_LITTLE,
        PASS_SLICE,
        PASS_MUCH,
        FORCE_OPEN,
        FORCE_CLOSED,
        AUTOMATIC
    }

    private record Call(long at, boolean failed, boolean slow) {}

    /** A stay in a state; calls report to the one that let them in. */
    private static final class Stay {

        private final State state;
        private final Deque<Call> calls = new ArrayDeque<>();
        private long until;
        private int granted;
        private int ended;
        private int failed;
        private int slow;
        private long lastGrant;

        Stay(State state) {
            this.state = state;
        }
    }

    private record UnderWay(BreakerPhase real, Stay model, long started) {}

    private final class Model {

        private final boolean byCount;
        private final int countWindow;
        private final int minimum;
        private final int probes;
        private Stay stay = new Stay(State.CLOSED);
        private long sliceOrigin = now;

        Model(boolean byCount, int countWindow, int minimum, int probes) {
            this.byCount = byCount;
            this.countWindow = countWindow;
            this.minimum = minimum;
            this.probes = probes;
        }

        Stay acquire() {
            if (stay.state == State.OPEN && now >= stay.until) {
                stay = new Stay(State.HALF_OPEN);
                stay.lastGrant = now;
            }
            if (stay.state == State.HALF_OPEN) {
                if (stay.granted >= probes && now - stay.lastGrant >= PROBE) {
                    stay = new Stay(State.HALF_OPEN);
                }
                if (stay.granted >= probes) {
                    return null;
                }
                stay.granted++;
                stay.lastGrant = now;
            }
            return stay.state == State.OPEN || stay.state == State.FORCED_OPEN ? null : stay;
        }

        void ended(UnderWay call, boolean failed) {
            Stay at = call.model;
            boolean slow = now - call.started >= SLOW;
            if (at.state == State.CLOSED) {
                at.calls.add(new Call(now, failed, slow));
                if (at == stay && (failed || slow)) {
                    judge(at);
                }
            } else if (at.state == State.HALF_OPEN) {
                at.ended++;
                at.failed += failed ? 1 : 0;
                at.slow += slow ? 1 : 0;
                if (at == stay && (at.failed >= 0.5 * probes || at.slow >= SLOW_SHARE * probes)) {
                    open();
                } else if (at == stay && at.ended == probes) {
                    stay = new Stay(State.CLOSED);
                    sliceOrigin = now;
                }
            }
        }

        void released(UnderWay call) {
            call.model.granted--;
        }

        private void judge(Stay at) {
            List<Call> window = new ArrayList<>();
            long slice = Duration.ofSeconds(1).toNanos();
            long present = (now - sliceOrigin) / slice;
            List<Call> all = new ArrayList<>(at.calls);
            for (int i = 0; i < all.size(); i++) {
                boolean in =
                        byCount ? i >= all.size() - countWindow : (all.get(i).at - sliceOrigin) / slice > present - 10;
                if (in) {
                    window.add(all.get(i));
                }
            }
            double failed = window.stream().filter(Call::failed).count();
            double slow = window.stream().filter(Call::slow).count();
            int size = window.size();
            if (size >= minimum && (failed / size >= 0.5 || slow / size >= SLOW_SHARE)) {
                open();
            }
        }

        private void open() {
            stay = new Stay(State.OPEN);
            stay.until = now + OPEN;
        }

        void force(State state) {
            stay = new Stay(state);
            sliceOrigin = now;
        }
    }

    private long now;

    @Property(tries = 2_000)
    void it_does_what_the_model_does(
            @ForAll("steps") List<Step> steps,
            @ForAll boolean byCount,
            @ForAll @IntRange(min = 1, max = 12) int countWindow,
            @ForAll @IntRange(min = 1, max = 8) int minimum,
            @ForAll @IntRange(min = 1, max = 4) int probes) {
        now = 0;
        FakeTime time = new FakeTime();
        int least = byCount ? Math.min(minimum, countWindow) : minimum;
        CircuitBreaker.Builder builder = CircuitBreaker.builder("b")
                .failureRate(0.5)
                .slowCalls(Duration.ofNanos(SLOW), SLOW_SHARE)
                .minimumCalls(least)
                .openFor(Duration.ofNanos(OPEN))
                .openJitter(0)
                .probes(probes)
                .probeTimeout(Duration.ofNanos(PROBE));
        CircuitBreaker breaker =
                (byCount ? builder.countWindow(countWindow) : builder.timeWindow(Duration.ofSeconds(10))).build(time);
        Model model = new Model(byCount, countWindow, least, probes);
        Deque<UnderWay> calls = new ArrayDeque<>();
        for (Step step : steps) {
            perform(step, time, breaker, model, calls);
            assertThat(breaker.state()).isEqualTo(model.stay.state);
        }
    }

    private void perform(Step step, FakeTime time, CircuitBreaker breaker, Model model, Deque<UnderWay> calls) {
        switch (step) {
            case PASS_LITTLE -> pass(time, 30_000_000);
            case PASS_SLICE -> pass(time, 1_100_000_000);
            case PASS_MUCH -> pass(time, 8_000_000_000L);
            case FORCE_OPEN -> {
                breaker.forceOpen();
                model.force(State.FORCED_OPEN);
            }
            case FORCE_CLOSED -> {
                breaker.forceClosed();
                model.force(State.FORCED_CLOSED);
            }
            case AUTOMATIC -> {
                breaker.automatic();
                model.force(State.CLOSED);
            }
            case START -> start(breaker, model, calls);
            default -> {
                if (calls.isEmpty()) {
                    start(breaker, model, calls);
                }
                UnderWay call = calls.poll();
                if (call != null) {
                    end(step, time, call, model);
                }
            }
        }
    }

    private void start(CircuitBreaker breaker, Model model, Deque<UnderWay> calls) {
        BreakerPhase real = breaker.acquire();
        Stay expected = model.acquire();
        assertThat(real == null).isEqualTo(expected == null);
        if (real != null) {
            calls.add(new UnderWay(real, expected, now));
        }
    }

    private void end(Step step, FakeTime time, UnderWay call, Model model) {
        if (step == Step.SLOW_GOOD) {
            pass(time, SLOW);
        }
        long real = time.clock().nanoTime();
        long started = real - (now - call.started);
        switch (step) {
            case GOOD, SLOW_GOOD -> {
                call.real.succeeded(real, started);
                model.ended(call, false);
            }
            case FAULT -> {
                call.real.failed(real, started, FAULT);
                model.ended(call, false);
            }
            case FAIL -> {
                call.real.failed(real, started, FAILURE);
                model.ended(call, true);
            }
            case CANCEL -> {
                call.real.failed(real, started, CANCELLED);
                model.released(call);
            }
            default -> {
                call.real.released();
                model.released(call);
            }
        }
    }

    private void pass(FakeTime time, long nanos) {
        time.passNanos(nanos);
        now += nanos;
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(4, Arbitraries.of(Step.FAIL)),
                        net.jqwik.api.Tuple.of(4, Arbitraries.of(Step.GOOD)),
                        net.jqwik.api.Tuple.of(12, Arbitraries.of(Step.class)))
                .list()
                .ofMaxSize(120);
    }
}
