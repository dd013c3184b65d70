package dev.tentpole.pool;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Shows a {@link Pool} as Micrometer meters, tagged with its name; needs Micrometer on the class path.
 *
 * <p>All meters read the pool's statistics when they are asked, so that a loan costs nothing more. The names are in the
 * module's README. Bind it once, to one registry, which shows one pool of each name; closing it removes its meters. Safe for
 * use by several threads.
 */
public final class PoolMetrics implements MeterBinder, AutoCloseable {

    /** Of all binders: what a registry has must not change between a look at it and what comes of that. */
    private static final ReentrantLock LOCK = new ReentrantLock();

    private final Pool<?> pool;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();
    private @Nullable MeterRegistry registry;

    /**
     * Makes a binder; nothing is shown before {@link #bindTo}.
     *
     * @param pool what to show
     */
    public PoolMetrics(Pool<?> pool) {
        this.pool = Objects.requireNonNull(pool, "pool");
        this.tags = Tags.of("pool", pool.settings().name());
    }

    /**
     * Adds the meters.
     *
     * @param registry where to
     * @throws IllegalStateException if they have been added already, or the registry has those of another pool of that name
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        LOCK.lock();
        try {
            if (this.registry != null) {
                throw new IllegalStateException("these pool metrics are bound already");
            }
            // By what it has and not by names, which a registry's filters may map.
            Set<Meter> others = Collections.newSetFromMap(new IdentityHashMap<>());
            others.addAll(registry.getMeters());
            this.registry = registry;
            boolean bound = false;
            try {
                addAll(registry);
                bound = Collections.disjoint(meters, others);
            } finally {
                if (!bound) {
                    meters.removeIf(others::contains);
                    removeAll();
                }
            }
            if (!bound) {
                throw new IllegalStateException("the registry shows a pool of the name "
                        + pool.settings().name() + " already: name this one otherwise (PoolSettings.named),"
                        + " or close the other one's metrics first");
            }
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Removes the meters. Closing twice is harmless.
     */
    @Override
    public void close() {
        LOCK.lock();
        try {
            removeAll();
        } finally {
            LOCK.unlock();
        }
    }

    private void removeAll() {
        MeterRegistry from = registry;
        if (from != null) {
            meters.forEach(from::remove);
            meters.clear();
            registry = null;
        }
    }

    private void addAll(MeterRegistry registry) {
        gauge(registry, "active", "Objects that are lent", PoolStatistics::borrowed);
        gauge(registry, "idle", "Objects that can be lent", PoolStatistics::idle);
        gauge(registry, "opening", "Objects that are being opened", PoolStatistics::opening);
        gauge(registry, "closing", "Objects that are being closed", PoolStatistics::closing);
        gauge(registry, "pending", "Borrowers that wait", PoolStatistics::pending);
        gauge(registry, "min", "The minimum in force", PoolStatistics::minSize);
        gauge(registry, "max", "The maximum in force", PoolStatistics::maxSize);
        gauge(registry, "abandoned", "Threads stuck in calls past their timeout", PoolStatistics::abandoned);
        gauge(registry, "circuit.open", "1 while only single openings are tried", now -> now.isCircuitOpen() ? 1 : 0);
        gauge(registry, "suspended", "1 while lending is suspended", now -> now.isSuspended() ? 1 : 0);
        timer(
                registry,
                "acquire",
                "Time that borrowers waited, for an object or for its validation",
                PoolStatistics::acquired,
                PoolStatistics::waitTime);
        timer(
                registry,
                "usage",
                "Time for which objects were lent",
                PoolStatistics::acquired,
                PoolStatistics::usageTime);
        timer(registry, "open", "Time that opening took", PoolStatistics::opened, PoolStatistics::openTime);
        counter(registry, "timeouts", Tags.empty(), "Acquisitions without a lease", PoolStatistics::timeouts);
        counter(registry, "open.failures", Tags.empty(), "Failures to open", PoolStatistics::openFailures);
        counter(registry, "leaks", Tags.of("kind", "held"), "Leases out for too long", PoolStatistics::held);
        counter(registry, "leaks", Tags.of("kind", "lost"), "Leases lost", PoolStatistics::lost);
        for (CloseReason reason : CloseReason.values()) {
            Tags why = Tags.of("reason", reason.name().toLowerCase(Locale.ROOT));
            counter(registry, "closed", why, "Objects closed", now -> now.closed(reason));
        }
    }

    private void gauge(MeterRegistry registry, String name, String what, ToLongFunction<PoolStatistics> value) {
        meters.add(Gauge.builder("tentpole.pool." + name, pool, source -> value.applyAsLong(source.statistics()))
                .tags(tags)
                .description(what)
                .register(registry));
    }

    private void counter(
            MeterRegistry registry, String name, Tags more, String what, ToLongFunction<PoolStatistics> value) {
        meters.add(
                FunctionCounter.builder("tentpole.pool." + name, pool, source -> value.applyAsLong(source.statistics()))
                        .tags(tags.and(more))
                        .description(what)
                        .register(registry));
    }

    private void timer(
            MeterRegistry registry,
            String name,
            String what,
            ToLongFunction<PoolStatistics> count,
            Function<PoolStatistics, Duration> total) {
        meters.add(FunctionTimer.builder(
                        "tentpole.pool." + name,
                        pool,
                        source -> count.applyAsLong(source.statistics()),
                        source -> total.apply(source.statistics()).toNanos(),
                        TimeUnit.NANOSECONDS)
                .tags(tags)
                .description(what)
                .register(registry));
    }
}
