package dev.tentpole.cache;

import dev.tentpole.base.Args;
import dev.tentpole.cache.Answer.Reason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Shows a {@link QueryCache} as Micrometer meters; needs Micrometer on the class path.
 *
 * <p>The names are in the module's README; each meter carries the tag {@code cache} with the cache's name. The registry
 * keeps no hold on the cache. Immutable and safe for use by several threads.
 */
public final class CacheMetrics implements MeterBinder {

    private static final String PREFIX = "tentpole.cache.";

    private final Tags tags;
    private final Meters meters;

    private CacheMetrics(String name, Meters meters) {
        this.tags = Tags.of("cache", Args.notBlank("name", name));
        this.meters = Objects.requireNonNull(meters, "meters");
    }

    /**
     * {@return a binder that shows a query cache}
     *
     * @param name what to call it: the value of the tag {@code cache}
     * @param cache what to show
     * @throws IllegalArgumentException if the name is blank
     */
    public static CacheMetrics of(String name, QueryCache<?, ?> cache) {
        Objects.requireNonNull(cache, "cache");
        return new CacheMetrics(name, (registry, tags) -> bind(registry, tags, cache));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        meters.bind(registry, tags);
    }

    private static void bind(MeterRegistry registry, Tags tags, QueryCache<?, ?> cache) {
        Binding<QueryCache<?, ?>> binding = new Binding<>(registry, cache);
        requests(binding, tags, "hit", c -> c.counters().hits.sum());
        requests(binding, tags, "stale", c -> c.counters().staleRefreshing.sum());
        requests(binding, tags, "stale-on-error", c -> c.counters().staleOnError.sum());
        requests(binding, tags, "miss", c -> c.counters().misses.sum());
        requests(binding, tags, "negative", c -> c.counters().negativeHits.sum());
        requests(binding, tags, "bypass", c -> c.counters().bypasses.sum());
        binding.counter(
                "shared",
                tags,
                "Requests that took the result of somebody else's load",
                c -> c.counters().shared.sum());
        loads(binding, tags, "success", c -> c.counters().loads.sum());
        loads(binding, tags, "failure", c -> c.counters().loadFailures.sum());
        loads(binding, tags, "abandoned", c -> c.counters().loadsAbandoned.sum());
        FunctionTimer.builder(
                        PREFIX + "load.duration",
                        cache,
                        c -> c.counters().loads.sum()
                                + c.counters().loadFailures.sum()
                                + c.counters().loadsAbandoned.sum(),
                        c -> c.counters().loadNanos.sum(),
                        TimeUnit.NANOSECONDS)
                .tags(tags)
                .description("Time that loads took")
                .register(registry);
        removals(binding, tags, "size", c -> c.counters().evictedBySize.sum());
        removals(binding, tags, "time", c -> c.counters().evictedByTime.sum());
        removals(binding, tags, "replaced", c -> c.counters().replaced.sum());
        removals(binding, tags, "invalidated", c -> c.counters().invalidated.sum());
        for (Reason reason : CacheStats.NOT_STORED_REASONS) {
            binding.counter(
                    "not.stored",
                    tags.and("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-')),
                    "Values that were loaded and not kept",
                    c -> Objects.requireNonNull(c.counters().notStored.get(reason))
                            .sum());
        }
        binding.gauge("entries", tags, "Entries that are there", QueryCache::entryCount);
        binding.gauge("weight", tags, "What the entries weigh: bytes, or their number", QueryCache::weight);
        secondLevel(binding, tags, "hit", c -> c.secondLevelStats().hits());
        secondLevel(binding, tags, "miss", c -> c.secondLevelStats().misses());
        secondLevel(binding, tags, "failure", c -> c.secondLevelStats().failures());
        secondLevel(binding, tags, "skipped", c -> c.secondLevelStats().skipped());
        secondLevel(binding, tags, "written", c -> c.secondLevelStats().written());
        secondLevel(binding, tags, "dropped", c -> c.secondLevelStats().dropped());
    }

    private static void requests(
            Binding<QueryCache<?, ?>> binding, Tags tags, String outcome, ToDoubleFunction<QueryCache<?, ?>> value) {
        binding.counter("requests", tags.and("outcome", outcome), "Requests, by what became of them", value);
    }

    private static void loads(
            Binding<QueryCache<?, ?>> binding, Tags tags, String outcome, ToDoubleFunction<QueryCache<?, ?>> value) {
        binding.counter("loads", tags.and("outcome", outcome), "Loads that ended, by their end", value);
    }

    private static void removals(
            Binding<QueryCache<?, ?>> binding, Tags tags, String cause, ToDoubleFunction<QueryCache<?, ?>> value) {
        binding.counter("removals", tags.and("cause", cause), "Entries that left, by cause", value);
    }

    private static void secondLevel(
            Binding<QueryCache<?, ?>> binding, Tags tags, String outcome, ToDoubleFunction<QueryCache<?, ?>> value) {
        binding.counter("second.level", tags.and("outcome", outcome), "Reads and writes of the second level", value);
    }

    private interface Meters {
        void bind(MeterRegistry registry, Tags tags);
    }

    private record Binding<C>(MeterRegistry registry, C cache) {

        void counter(String name, Tags tags, String description, ToDoubleFunction<C> value) {
            FunctionCounter.builder(PREFIX + name, cache, value)
                    .tags(tags)
                    .description(description)
                    .register(registry);
        }

        void gauge(String name, Tags tags, String description, ToDoubleFunction<C> value) {
            Gauge.builder(PREFIX + name, cache, value)
                    .tags(tags)
                    .description(description)
                    .register(registry);
        }
    }
}
