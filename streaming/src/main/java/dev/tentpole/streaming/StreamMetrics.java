package dev.tentpole.streaming;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Shows {@link Topics} as Micrometer meters; needs Micrometer on the class path.
 *
 * <p>Subscriptions are shown by their {@linkplain SubscriptionSettings#type() type}, all of one type together, ended ones
 * too. The names are in the module's README. Bind it once, to one registry; closing it removes its meters. Several topics
 * in one registry, such as those of two connections, need a tag that tells them apart. While it is bound, publishing costs
 * two readings of the clock more. Safe for use by several threads.
 */
public final class StreamMetrics implements MeterBinder, AutoCloseable {

    private final Topics<?> topics;
    private final Tags tags;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Timer> lags = new ConcurrentHashMap<>();
    private final List<Meter> meters = new ArrayList<>();
    private volatile @Nullable MeterRegistry registry;

    /**
     * Makes a binder; nothing is shown before {@link #bindTo}.
     *
     * @param topics what to show
     */
    public StreamMetrics(Topics<?> topics) {
        this(topics, Tags.empty());
    }

    /**
     * Makes a binder with tags on all meters; nothing is shown before {@link #bindTo}.
     *
     * @param topics what to show
     * @param tags what tells these topics from others in the same registry, for instance the name of a connection; the same
     *     keys for all of them
     */
    public StreamMetrics(Topics<?> topics, Iterable<? extends Tag> tags) {
        this.topics = Objects.requireNonNull(topics, "topics");
        this.tags = Tags.of(tags);
    }

    /**
     * Adds the meters.
     *
     * @param meterRegistry where to
     * @throws IllegalStateException if they have been added already, or the registry shows other topics with these tags
     */
    @Override
    public void bindTo(MeterRegistry meterRegistry) {
        lock.lock();
        try {
            if (registry != null) {
                throw new IllegalStateException("these stream metrics are bound already");
            }
            List<Meter> others = meterRegistry.getMeters();
            Meter unheard = FunctionCounter.builder("tentpole.stream.messages.unheard", topics, Topics::unheard)
                    .tags(tags)
                    .description("Messages that nobody subscribed to")
                    .register(meterRegistry);
            if (others.contains(unheard)) {
                throw new IllegalStateException("the registry shows other topics as " + unheard.getId()
                        + "; make StreamMetrics with tags that tell the two apart");
            }
            registry = meterRegistry;
            meters.add(unheard);
            for (DropReason reason : DropReason.values()) {
                meters.add(FunctionCounter.builder(
                                "tentpole.stream.gaps",
                                topics,
                                source -> source.observation().gaps(reason))
                        .tags(tags.and("reason", lower(reason)))
                        .description("Gaps that listeners were told of")
                        .register(meterRegistry));
            }
            topics.observation().observe(new Watcher());
            topics.types().forEach(this::addType);
        } finally {
            lock.unlock();
        }
    }

    private void addType(String type) {
        lock.lock();
        try {
            MeterRegistry bound = registry;
            if (bound == null || lags.containsKey(type)) {
                return;
            }
            Timer lag = Timer.builder("tentpole.stream.lag")
                    .tags(tags.and("subscription_type", type))
                    .description("From publishing, or from receiving by a connection, to the handler")
                    .register(bound);
            lags.put(type, lag);
            meters.add(lag);
            addCounter(bound, type, "delivered", "none", BufferCounters::delivered);
            addCounter(bound, type, "failed", "none", BufferCounters::failed);
            addCounter(bound, type, "conflated", "none", BufferCounters::conflated);
            addCounter(bound, type, "filtered", "none", BufferCounters::filtered);
            for (DropReason reason : DropReason.values()) {
                if (reason != DropReason.SEVERAL && reason != DropReason.UPSTREAM) {
                    addCounter(bound, type, "dropped", lower(reason), counters -> counters.dropped(reason));
                }
            }
            meters.add(Gauge.builder(
                            "tentpole.stream.buffered.messages",
                            topics,
                            source -> source.counters(type).buffered())
                    .tags(tags.and("subscription_type", type))
                    .description("Messages that wait")
                    .register(bound));
            meters.add(Gauge.builder(
                            "tentpole.stream.buffered.bytes",
                            topics,
                            source -> source.counters(type).bufferedBytes())
                    .tags(tags.and("subscription_type", type))
                    .baseUnit("bytes")
                    .description("Weight of the messages that wait")
                    .register(bound));
        } finally {
            lock.unlock();
        }
    }

    private void addCounter(
            MeterRegistry bound, String type, String outcome, String reason, ToLongFunction<BufferCounters> value) {
        meters.add(FunctionCounter.builder(
                        "tentpole.stream.messages", topics, source -> value.applyAsLong(source.counters(type)))
                .tags(tags.and("subscription_type", type, "outcome", outcome, "reason", reason))
                .description("Messages by what became of them")
                .register(bound));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Removes the meters. Closing twice is harmless.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            MeterRegistry bound = registry;
            if (bound != null) {
                topics.observation().observe(null);
                meters.forEach(bound::remove);
                meters.clear();
                lags.clear();
                registry = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private final class Watcher implements Observation.Observer {

        @Override
        public void lag(String type, long nanos) {
            Timer timer = lags.get(type);
            if (timer != null) {
                timer.record(nanos, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public void newType(String type) {
            addType(type);
        }
    }
}
