package dev.tentpole.cache;

import dev.tentpole.base.Args;
import dev.tentpole.cache.RangeAnswer.Outcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * Shows a {@link QueryCache} or a {@link RangeCache} as Micrometer meters; needs Micrometer on the class path.
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

    /**
     * {@return a binder that shows a range cache}
     *
     * @param name what to call it: the value of the tag {@code cache}
     * @param cache what to show
     * @throws IllegalArgumentException if the name is blank
     */
    public static CacheMetrics of(String name, RangeCache<?, ?> cache) {
        Objects.requireNonNull(cache, "cache");
        return new CacheMetrics(name, (registry, tags) -> bind(registry, tags, cache));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        meters.bind(registry, tags);
    }

    private static void bind(MeterRegistry registry, Tags tags, QueryCache<?, ?> cache) {
        Binding<QueryCache<?, ?>> binding = new Binding<>(registry, tags, cache);
        Counters counters = cache.counters();
        binding.counters(
                "requests",
                "outcome",
                "Requests, by what became of them",
                Map.of(
                        "hit", c -> counters.hits.sum(),
                        "stale", c -> counters.staleRefreshing.sum(),
                        "stale-on-error", c -> counters.staleOnError.sum(),
                        "miss", c -> counters.misses.sum(),
                        "negative", c -> counters.negativeHits.sum(),
                        "bypass", c -> counters.bypasses.sum()));
        binding.loads(counters.loads, counters.loadFailures, counters.loadsAbandoned, counters.loadNanos);
        binding.counter(
                "shared", tags, "Requests that took the result of somebody else's load", c -> counters.shared.sum());
        binding.counters(
                "removals",
                "cause",
                "Entries that left, by cause",
                Map.of(
                        "size", c -> counters.evictedBySize.sum(),
                        "time", c -> counters.evictedByTime.sum(),
                        "replaced", c -> counters.replaced.sum(),
                        "invalidated", c -> counters.invalidated.sum()));
        binding.refreshes(counters.refreshes, counters.refreshesRefused);
        binding.notStored(counters.notStored);
        binding.gauge("entries", "Entries that are there", QueryCache::entryCount);
        binding.gauge("weight", "What the entries weigh: bytes, or their number", QueryCache::weight);
        binding.counters(
                "second.level",
                "outcome",
                "Reads and writes of the second level",
                Map.of(
                        "hit", c -> c.secondLevelStats().hits(),
                        "miss", c -> c.secondLevelStats().misses(),
                        "failure", c -> c.secondLevelStats().failures(),
                        "skipped", c -> c.secondLevelStats().skipped(),
                        "written", c -> c.secondLevelStats().written(),
                        "dropped", c -> c.secondLevelStats().dropped()));
    }

    private static void bind(MeterRegistry registry, Tags tags, RangeCache<?, ?> cache) {
        Binding<RangeCache<?, ?>> binding = new Binding<>(registry, tags, cache);
        RangeCounters counters = cache.counters();
        binding.counters(
                "requests",
                "outcome",
                "Requests, by what became of them",
                Map.of(
                        "hit", c -> counters.count(Outcome.HIT),
                        "partial", c -> counters.count(Outcome.PARTIAL),
                        "miss", c -> counters.count(Outcome.MISS),
                        "stale", c -> counters.staleRefreshing.sum(),
                        "stale-on-error", c -> counters.count(Outcome.STALE),
                        "refreshed", c -> counters.count(Outcome.REFRESHED),
                        "bypass", c -> counters.count(Outcome.BYPASSED),
                        "negative", c -> counters.negativeHits.sum(),
                        "failure", c -> counters.failures.sum()));
        binding.counters(
                "points",
                "source",
                "Points of answers, by where they came from",
                Map.of(
                        "cached", c -> counters.pointsCached.sum(),
                        "fetched", c -> counters.pointsFetched.sum(),
                        "stale", c -> counters.pointsStale.sum(),
                        "missing", c -> counters.pointsMissing.sum()));
        binding.counter("points.loaded", tags, "Points that loaders were asked for", c -> counters.pointsLoaded.sum());
        binding.counter(
                "points.reused", tags, "Points that came from a smaller step", c -> counters.pointsReused.sum());
        binding.loads(counters.loads, counters.loadFailures, counters.loadsAbandoned, counters.loadNanos);
        binding.counter("shared", tags, "Loads whose result another request waited for", c -> counters.shared.sum());
        binding.counters(
                "removals",
                "cause",
                "Chunks that left or were cut, by cause",
                Map.of(
                        "size", c -> counters.evictedBySize.sum(),
                        "time", c -> counters.evictedByTime.sum(),
                        "invalidated", c -> counters.invalidated.sum()));
        binding.refreshes(counters.refreshes, counters.refreshesRefused);
        binding.notStored(counters.notStored);
        binding.gauge("entries", "Chunks that are there", c -> c.store().count());
        binding.gauge(
                "weight", "What the chunks weigh, in bytes", c -> c.store().weight());
    }

    private interface Meters {
        void bind(MeterRegistry registry, Tags tags);
    }

    private record Binding<C>(MeterRegistry registry, Tags tags, C cache) {

        void counter(String name, Tags tags, String description, ToDoubleFunction<C> value) {
            FunctionCounter.builder(PREFIX + name, cache, value)
                    .tags(tags)
                    .description(description)
                    .register(registry);
        }

        void counters(String name, String tag, String description, Map<String, ToDoubleFunction<C>> values) {
            values.forEach((of, value) -> counter(name, tags.and(tag, of), description, value));
        }

        void loads(LongAdder successes, LongAdder failures, LongAdder abandoned, LongAdder nanos) {
            counters(
                    "loads",
                    "outcome",
                    "Loads that ended, by their end",
                    Map.of(
                            "success", c -> successes.sum(),
                            "failure", c -> failures.sum(),
                            "abandoned", c -> abandoned.sum()));
            FunctionTimer.builder(
                            PREFIX + "load.duration",
                            cache,
                            c -> successes.sum() + failures.sum() + abandoned.sum(),
                            c -> nanos.sum(),
                            TimeUnit.NANOSECONDS)
                    .tags(tags)
                    .description("Time that loads took")
                    .register(registry);
        }

        void refreshes(LongAdder started, LongAdder refused) {
            counters(
                    "refreshes",
                    "outcome",
                    "Loads in the background, by whether there was a thread",
                    Map.of("started", c -> started.sum(), "refused", c -> refused.sum()));
        }

        void notStored(ReasonCounters reasons) {
            reasons.forEach((reason, count) -> counter(
                    "not.stored",
                    tags.and("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-')),
                    "Values that were handed out and not kept, by reason",
                    c -> count.sum()));
        }

        void gauge(String name, String description, ToDoubleFunction<C> value) {
            Gauge.builder(PREFIX + name, cache, value)
                    .tags(tags)
                    .description(description)
                    .register(registry);
        }
    }
}
