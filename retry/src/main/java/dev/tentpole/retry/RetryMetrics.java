package dev.tentpole.retry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Shows retries, budget, breaker, rate limit and bulkhead as Micrometer meters; needs Micrometer on the class path.
 *
 * <p>Meters of an operation come with its first call. The names are in the module's README. Bind it once, to one registry;
 * closing it removes its meters. Safe for use by several threads.
 */
public final class RetryMetrics implements MeterBinder, AutoCloseable {

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final String PREFIX = "tentpole.retry.";
    private static final String NAME = "name";

    private final Tags tags;
    private final Engine engine;
    private final @Nullable Resilience resilience;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Meter> meters = new ArrayList<>();
    private final Consumer<OperationState> onOperation = this::addOperation;
    private @Nullable MeterRegistry registry;

    /**
     * Makes a binder; nothing is shown before {@link #bindTo}.
     *
     * @param name the tag {@code name} of all meters, such as the backend's name
     * @param retryer what to show
     */
    public RetryMetrics(String name, Retryer retryer) {
        tags = Tags.of(NAME, Objects.requireNonNull(name, "name"));
        engine = retryer.engine();
        resilience = null;
    }

    /**
     * Makes a binder; nothing is shown before {@link #bindTo}. The tag {@code name} of all meters is the name of what is shown.
     *
     * @param shown what to show
     */
    public RetryMetrics(Resilience shown) {
        tags = Tags.of(NAME, shown.name());
        engine = shown.engine();
        resilience = shown;
    }

    /**
     * Adds the meters. If the registry refuses one of them, none is left, and what it threw comes out.
     *
     * @param target where to
     * @throws IllegalStateException if they have been added already, or the registry has those of another one of that name,
     *     since it would go on to show the other one's
     */
    @Override
    public void bindTo(MeterRegistry target) {
        lock.lock();
        try {
            if (registry != null) {
                throw new IllegalStateException("these retry metrics are bound already");
            }
            String name = tags.stream().findFirst().map(Tag::getValue).orElseThrow();
            boolean taken = target.getMeters().stream()
                    .map(Meter::getId)
                    .anyMatch(id -> id.getName().startsWith(PREFIX) && name.equals(id.getTag(NAME)));
            if (taken) {
                throw new IllegalStateException(
                        "the registry has retry metrics of name = " + name + " already; give one of them another name");
            }
            registry = target;
        } finally {
            lock.unlock();
        }
        try {
            addAll();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void addAll() {
        RetryBudget budget = engine.budget();
        if (budget != null) {
            gauge("tentpole.retry.budget", tags, budget, RetryBudget::available, "Retries that could be made now");
            counter(
                    "tentpole.retry.budget.spent",
                    tags,
                    budget,
                    RetryBudget::spent,
                    "Retries that were paid for and made");
            counter("tentpole.retry.budget.refused", tags, budget, RetryBudget::refused, "Retries that were too many");
        }
        if (resilience != null) {
            addGuards(resilience);
        }
        engine.addOperationListener(onOperation);
    }

    /**
     * Removes the meters. Closing twice is harmless.
     */
    @Override
    public void close() {
        engine.removeOperationListener(onOperation);
        lock.lock();
        try {
            MeterRegistry from = registry;
            if (from != null) {
                meters.forEach(from::remove);
            }
            registry = null;
            meters.clear();
        } finally {
            lock.unlock();
        }
    }

    private void addGuards(Resilience shown) {
        gauge("tentpole.retry.abandoned", tags, shown, Resilience::abandoned, "Attempts given up that have not ended");
        counter("tentpole.retry.hedges", tags, shown, Resilience::hedges, "Second attempts beside slow ones");
        counter("tentpole.retry.fallbacks", tags, shown, Resilience::fallbacks, "Calls that ended with their fallback");
        CircuitBreaker breaker = shown.breaker;
        if (breaker != null) {
            for (CircuitBreaker.State state : CircuitBreaker.State.values()) {
                gauge(
                        "tentpole.retry.breaker.state",
                        tags.and("state", state.name().toLowerCase(Locale.ROOT)),
                        breaker,
                        source -> source.state() == state ? 1 : 0,
                        "1 for the present state, 0 for the others");
            }
            gauge("tentpole.retry.breaker.failure.rate", tags, breaker, CircuitBreaker::failureRate, "0 to 1");
            counter(
                    "tentpole.retry.breaker.refused",
                    tags,
                    breaker,
                    CircuitBreaker::refused,
                    "Attempts not let through");
            counter("tentpole.retry.breaker.probes.lost", tags, breaker, CircuitBreaker::lostProbes, "Probes given up");
        }
        RateLimiter limiter = shown.limiter;
        if (limiter != null) {
            gauge(
                    "tentpole.retry.limiter.permits",
                    tags,
                    limiter,
                    RateLimiter::available,
                    "Permits that there are now");
            gauge("tentpole.retry.limiter.waiting", tags, limiter, RateLimiter::waiting, "Threads that wait");
            counter("tentpole.retry.limiter.refused", tags, limiter, RateLimiter::refused, "Attempts without a permit");
        }
        Bulkhead bulkhead = shown.bulkhead;
        if (bulkhead != null) {
            gauge("tentpole.retry.bulkhead.permits", tags, bulkhead, Bulkhead::available, "Places that are free");
            gauge("tentpole.retry.bulkhead.waiting", tags, bulkhead, Bulkhead::waiting, "Threads that wait");
            counter("tentpole.retry.bulkhead.refused", tags, bulkhead, Bulkhead::refused, "Calls without a place");
        }
    }

    private void addOperation(OperationState state) {
        Tags of = tags.and("operation", state.operation.name(), "idempotent", "" + state.operation.isIdempotent());
        counter(
                "tentpole.retry.calls",
                of.and("outcome", "success"),
                state,
                OperationState::succeeded,
                "Calls that ended");
        for (FailureKind kind : FailureKind.values()) {
            counter(
                    "tentpole.retry.calls",
                    of.and("outcome", kind.tag()),
                    state,
                    source -> source.failed(kind),
                    "Calls that ended");
            counter(
                    "tentpole.retry.attempts.failed",
                    of.and("kind", kind.tag()),
                    state,
                    source -> source.failedAttempts(kind),
                    "Attempts that failed");
        }
        counter("tentpole.retry.attempts", of, state, OperationState::attempts, "Attempts that ended");
        counter("tentpole.retry.retries", of, state, OperationState::retries, "Attempts but the first of each call");
        counter("tentpole.retry.exhausted", of, state, OperationState::exhausted, "Calls that retries did not save");
        counter("tentpole.retry.rejected", of, state, OperationState::rejected, "Calls that were not made");
        add(target -> FunctionCounter.builder(
                        "tentpole.retry.wait", state, source -> source.waitedNanos() / NANOS_PER_SECOND)
                .tags(of)
                .baseUnit("seconds")
                .description("Waits between attempts")
                .register(target));
    }

    private <S> void gauge(String name, Tags of, S source, ToDoubleFunction<S> value, String description) {
        add(target -> Gauge.builder(name, source, value)
                .tags(of)
                .description(description)
                .register(target));
    }

    private <S> void counter(String name, Tags of, S source, ToDoubleFunction<S> value, String description) {
        add(target -> FunctionCounter.builder(name, source, value)
                .tags(of)
                .description(description)
                .register(target));
    }

    /** After it was closed nothing more is added. */
    private void add(java.util.function.Function<MeterRegistry, Meter> maker) {
        lock.lock();
        try {
            if (registry != null) {
                meters.add(maker.apply(registry));
            }
        } finally {
            lock.unlock();
        }
    }
}
