package dev.tentpole.retry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Shows retries, budget, breaker, rate limit and bulkhead as Micrometer meters, those of a {@link Resilience} or {@link
 * Retryer} or one that is used alone; needs Micrometer on the class path.
 *
 * <p>Meters of an operation come with its first call. Keys have no meters of their own, so that there are never more of
 * them. The names are in the module's README. Bind it once, to one registry; closing it removes its meters. Safe for use by
 * several threads.
 */
public final class RetryMetrics implements MeterBinder, AutoCloseable {

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final String PREFIX = "tentpole.retry.";
    private static final String BUDGET = PREFIX + "budget";
    private static final String BREAKER = PREFIX + "breaker.";
    private static final String LIMITER = PREFIX + "limiter.";
    private static final String KEYED = PREFIX + "keyed.";
    private static final String BULKHEAD = PREFIX + "bulkhead.";
    private static final String OPERATIONS = PREFIX + "operations";
    private static final String ASYNC = PREFIX + "async.";
    private static final String THREADS = PREFIX + "threads.";
    private static final String NAME = "name";

    /** Of all binders: what a registry has must not change between a look at it and what comes of that. */
    private static final ReentrantLock LOCK = new ReentrantLock();

    private final Tags tags;
    /** What the names of these meters begin with, of which the registry may have none of that name. */
    private final String prefix;

    /** Whose operations are shown; null if there are none. */
    private final @Nullable Engine engine;

    private final Consumer<RetryMetrics> parts;
    private final List<Meter> meters = new ArrayList<>();

    /** What the registry had before these meters, or before those of the latest operation. */
    private final Set<Meter> others = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Consumer<OperationState> onOperation = this::addOperation;
    private @Nullable MeterRegistry registry;

    private RetryMetrics(String name, String prefix, @Nullable Engine engine, Consumer<RetryMetrics> parts) {
        this.tags = Tags.of(NAME, Objects.requireNonNull(name, "name"));
        this.prefix = prefix;
        this.engine = engine;
        this.parts = parts;
    }

    /**
     * Makes a binder; nothing is shown before {@link #bindTo}.
     *
     * @param name the tag {@code name} of all meters, such as the backend's name
     * @param retryer what to show
     */
    public RetryMetrics(String name, Retryer retryer) {
        this(name, PREFIX, retryer.engine(), metrics -> metrics.addRetryer(retryer));
    }

    /**
     * Makes a binder; nothing is shown before {@link #bindTo}. The tag {@code name} of all meters is the name of what is shown.
     *
     * @param shown what to show
     */
    public RetryMetrics(Resilience shown) {
        this(shown.name(), PREFIX, shown.engine(), metrics -> metrics.addAll(shown));
    }

    /**
     * Makes a binder of a budget that is shared, or not that of a retryer; nothing is shown before {@link #bindTo}.
     *
     * @param name the tag {@code name} of all meters, such as the backend's name
     * @param budget what to show
     */
    public RetryMetrics(String name, RetryBudget budget) {
        this(name, BUDGET, null, metrics -> metrics.addBudget(budget));
        Objects.requireNonNull(budget, "budget");
    }

    /**
     * Makes a binder of a breaker that is used alone; nothing is shown before {@link #bindTo}. The tag {@code name} of all
     * meters is the breaker's name.
     *
     * @param breaker what to show
     */
    public RetryMetrics(CircuitBreaker breaker) {
        this(breaker.name(), BREAKER, null, metrics -> metrics.addBreaker(breaker));
    }

    /**
     * Makes a binder of a rate limit that is used alone; nothing is shown before {@link #bindTo}. The tag {@code name} of all
     * meters is the limiter's name.
     *
     * @param limiter what to show
     */
    public RetryMetrics(RateLimiter limiter) {
        this(limiter.name(), LIMITER, null, metrics -> metrics.addLimiter(limiter));
    }

    /**
     * Makes a binder of the rate limits of many keys, which it shows together; nothing is shown before {@link #bindTo}. The
     * tag {@code name} of all meters is the limiter's name.
     *
     * @param limiter what to show
     */
    public RetryMetrics(KeyedRateLimiter<?> limiter) {
        this(limiter.name(), KEYED, null, metrics -> metrics.addKeyed(limiter));
    }

    /**
     * Makes a binder of a bulkhead that is used alone; nothing is shown before {@link #bindTo}. The tag {@code name} of all
     * meters is the bulkhead's name.
     *
     * @param bulkhead what to show
     */
    public RetryMetrics(Bulkhead bulkhead) {
        this(bulkhead.name(), BULKHEAD, null, metrics -> metrics.addBulkhead(bulkhead));
    }

    /**
     * Adds the meters. If the registry refuses one of them, none is left, and what it threw comes out.
     *
     * @param target where to
     * @throws IllegalStateException if they have been added already, or the registry has those of another one of that name
     *     (of that kind, if it is used alone), or of whatever its filters give the same name, since it would go on to
     *     show the other one's
     */
    @Override
    public void bindTo(MeterRegistry target) {
        LOCK.lock();
        try {
            if (registry != null) {
                throw new IllegalStateException("these retry metrics are bound already");
            }
            boolean taken = target.getMeters().stream()
                    .map(Meter::getId)
                    .anyMatch(id -> id.getName().startsWith(prefix) && name().equals(id.getTag(NAME)));
            if (taken) {
                throw taken();
            }
            registry = target;
            look(target);
            boolean bound = false;
            try {
                parts.accept(this);
                if (engine != null) {
                    engine.addOperationListener(onOperation);
                }
                bound = true;
            } finally {
                if (!bound) {
                    close();
                }
            }
        } finally {
            LOCK.unlock();
        }
    }

    private String name() {
        return tags.stream().findFirst().map(Tag::getValue).orElseThrow();
    }

    private IllegalStateException taken() {
        return new IllegalStateException(
                "the registry has retry metrics of name = " + name() + " already; give one of them another name");
    }

    private void look(MeterRegistry target) {
        others.clear();
        others.addAll(target.getMeters());
        meters.forEach(others::remove);
    }

    /**
     * Removes the meters. Closing twice is harmless.
     */
    @Override
    public void close() {
        if (engine != null) {
            engine.removeOperationListener(onOperation);
        }
        LOCK.lock();
        try {
            MeterRegistry from = registry;
            if (from != null) {
                meters.forEach(from::remove);
            }
            registry = null;
            meters.clear();
            others.clear();
        } finally {
            LOCK.unlock();
        }
    }

    private void addAll(Resilience shown) {
        addRetryer(shown.retryer());
        gauge(PREFIX + "abandoned", shown, Resilience::abandoned, "Attempts given up that have not ended");
        counter(PREFIX + "hedges", tags, shown, Resilience::hedges, "Second attempts beside slow ones");
        counter(PREFIX + "fallbacks", tags, shown, Resilience::fallbacks, "Calls that ended with their fallback");
        if (shown.breaker != null) {
            addBreaker(shown.breaker);
        }
        if (shown.limiter != null) {
            addLimiter(shown.limiter);
        }
        if (shown.bulkhead != null) {
            addBulkhead(shown.bulkhead);
        }
    }

    private void addRetryer(Retryer retryer) {
        addBudget(retryer.engine().budget());
        Engine of = retryer.engine();
        gauge(OPERATIONS, of, Engine::operationCount, "Operations that were called");
        counter(OPERATIONS + ".refused", tags, of, Engine::refusedOperations, "Calls of operations that were too many");
        AsyncCalls calls = retryer.asyncCalls();
        gauge(ASYNC + "calls", calls, AsyncCalls::count, "Asynchronous calls that are under way");
        counter(ASYNC + "refused", tags, calls, AsyncCalls::refused, "Asynchronous calls that were too many");
        if (calls.threads().areOwn()) {
            gauge(THREADS + "busy", calls.threads(), Threads::busy, "Threads that have a call");
            counter(THREADS + "refused", tags, calls.threads(), Threads::refused, "Attempts for which none was free");
        }
    }

    private void addBudget(@Nullable RetryBudget budget) {
        if (budget != null) {
            gauge(BUDGET, budget, RetryBudget::available, "Retries that could be made now");
            counter(BUDGET + ".spent", tags, budget, RetryBudget::spent, "Retries that were paid for and made");
            counter(BUDGET + ".refused", tags, budget, RetryBudget::refused, "Retries that were too many");
        }
    }

    private void addBreaker(CircuitBreaker breaker) {
        for (CircuitBreaker.State state : CircuitBreaker.State.values()) {
            gauge(
                    BREAKER + "state",
                    tags.and("state", state.name().toLowerCase(Locale.ROOT)),
                    breaker,
                    source -> source.state() == state ? 1 : 0,
                    "1 for the present state, 0 for the others");
        }
        gauge(BREAKER + "failure.rate", breaker, CircuitBreaker::failureRate, "0 to 1");
        counter(BREAKER + "refused", tags, breaker, CircuitBreaker::refused, "Attempts not let through");
        counter(BREAKER + "probes.lost", tags, breaker, CircuitBreaker::lostProbes, "Probes given up");
    }

    private void addLimiter(RateLimiter limiter) {
        gauge(LIMITER + "permits", limiter, RateLimiter::available, "Permits that there are now");
        gauge(LIMITER + "waiting", limiter, RateLimiter::waiting, "Threads that wait");
        counter(LIMITER + "refused", tags, limiter, RateLimiter::refused, "Attempts without a permit");
    }

    private void addKeyed(KeyedRateLimiter<?> limiter) {
        gauge(KEYED + "keys", limiter, KeyedRateLimiter::keys, "Keys that have a bucket");
        counter(KEYED + "refused", tags, limiter, KeyedRateLimiter::refused, "Attempts without a permit of their key");
        counter(
                KEYED + "overflows",
                tags,
                limiter,
                KeyedRateLimiter::overflows,
                "Attempts that asked the shared bucket, all others being in use");
    }

    private void addBulkhead(Bulkhead bulkhead) {
        gauge(BULKHEAD + "permits", bulkhead, Bulkhead::available, "Places that are free");
        gauge(BULKHEAD + "waiting", bulkhead, Bulkhead::waiting, "Threads that wait");
        counter(BULKHEAD + "refused", tags, bulkhead, Bulkhead::refused, "Calls without a place");
    }

    private void addOperation(OperationState state) {
        LOCK.lock();
        try {
            if (registry != null) {
                look(registry);
                addMetersOf(state);
            }
        } finally {
            LOCK.unlock();
        }
    }

    private void addMetersOf(OperationState state) {
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

    private <S> void gauge(String name, S source, ToDoubleFunction<S> value, String description) {
        gauge(name, tags, source, value, description);
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

    /** By what the registry had, and not by names, which its filters may map. */
    private void add(Function<MeterRegistry, Meter> maker) {
        Meter meter = maker.apply(Objects.requireNonNull(registry));
        if (others.contains(meter)) {
            throw taken();
        }
        meters.add(meter);
    }
}
