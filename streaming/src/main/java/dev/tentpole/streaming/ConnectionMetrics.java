package dev.tentpole.streaming;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Shows a connection's state and counts to Micrometer. The module's README lists the meters.
 *
 * <p>The tag {@code connection} is the connection's {@linkplain StreamConnection.Builder#name name}: of two with the same
 * name only one can be shown in one registry. Safe for use by several threads.
 */
public final class ConnectionMetrics implements MeterBinder, AutoCloseable {

    private final StreamConnection<?> connection;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> unbinders = new ArrayList<>();

    /**
     * Makes a binder; nothing is shown before {@link #bindTo}.
     *
     * @param connection what to show
     */
    public ConnectionMetrics(StreamConnection<?> connection) {
        this.connection = Objects.requireNonNull(connection, "connection");
    }

    /**
     * Adds the meters.
     *
     * @param registry where to
     * @throws IllegalStateException if they have been added already, or the registry shows a connection of the same name
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        lock.lock();
        try {
            if (!unbinders.isEmpty()) {
                throw new IllegalStateException("these connection metrics are bound already");
            }
            Counters counters = connection.machine().counters;
            Tags tags = Tags.of("connection", connection.name());
            if (registry.find("tentpole.stream.outbound.bytes").tags(tags).meter() != null) {
                throw new IllegalStateException("the registry shows a connection named " + connection.name()
                        + " already; give each one a name of its own (StreamConnection.Builder.name)");
            }
            for (ConnectionState state : ConnectionState.values()) {
                gauge(
                        registry,
                        "connection.status",
                        tags.and("state", lower(state)),
                        shown -> shown.state() == state ? 1 : 0,
                        "1 for the present state, 0 for the others");
            }
            gauge(registry, "outbound.bytes", tags, StreamConnection::outboundBytes, "Bytes that wait to be written");
            for (ConnectionReason reason : ConnectionReason.values()) {
                count(
                        registry,
                        "reconnects",
                        tags.and("reason", lower(reason)),
                        counters,
                        counted -> counted.reconnects(reason),
                        "Connections that ended or were not made");
            }
            added(
                    registry,
                    FunctionTimer.builder(
                                    "tentpole.stream.connection.lag",
                                    counters,
                                    counted -> counted.published.sum(),
                                    counted -> counted.publishedAfterNanos.sum(),
                                    TimeUnit.NANOSECONDS)
                            .tags(tags)
                            .description("Time from receiving a message to having published it to the topics")
                            .register(registry));
            count(
                    registry,
                    "connection.gaps",
                    tags.and("reason", "missed"),
                    counters,
                    counted -> counted.gaps.sum(),
                    "Times that messages of a channel were missed for good");
            count(
                    registry,
                    "connection.gaps",
                    tags.and("reason", "reset"),
                    counters,
                    counted -> counted.resets.sum(),
                    "Times that a channel's history began anew");
            message(registry, tags, "published", counters, counted -> counted.published.sum());
            message(registry, tags, "duplicate", counters, counted -> counted.duplicates.sum());
            message(registry, tags, "unwanted", counters, counted -> counted.unwanted.sum());
            message(registry, tags, "expired", counters, counted -> counted.expired.sum());
            message(registry, tags, "drained", counters, counted -> counted.afterDrain.sum());
            message(registry, tags, "discarded", counters, counted -> counted.discarded.sum());
            gauge(
                    registry,
                    "connection.waiting",
                    tags,
                    shown -> shown.machine().waiting(),
                    "Messages that wait for a replay, for a second connection to take over, or to be published");
            count(
                    registry,
                    "received",
                    tags,
                    counters,
                    counted -> counted.received.sum(),
                    "Messages of channels that the server sent");
            count(
                    registry,
                    "replayed",
                    tags,
                    counters,
                    counted -> counted.replayed.sum(),
                    "Missed messages that were replayed");
            count(
                    registry,
                    "duplicates",
                    tags,
                    counters,
                    counted -> counted.duplicates.sum(),
                    "Messages that had been had already, and were ignored");
            count(
                    registry,
                    "token.refresh",
                    tags.and("outcome", "success"),
                    counters,
                    counted -> counted.tokensFetched.sum(),
                    "Tokens asked for");
            count(
                    registry,
                    "token.refresh",
                    tags.and("outcome", "failure"),
                    counters,
                    counted -> counted.tokensFailed.sum(),
                    "Tokens asked for");
            count(
                    registry,
                    "token.refresh",
                    tags.and("outcome", "refused"),
                    counters,
                    counted -> counted.tokensRefused.sum(),
                    "Tokens that the server refused");
            added(
                    registry,
                    FunctionCounter.builder(
                                    "tentpole.stream.listener.dropped",
                                    connection,
                                    shown -> shown.machine().life().droppedCalls())
                            .tags(tags)
                            .description("Calls of the connection's listener that were dropped")
                            .register(registry));
            count(
                    registry,
                    "stale.callbacks",
                    tags,
                    counters,
                    counted -> counted.staleCallbacks.sum(),
                    "Calls of sockets that had been given up, ignored");
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes the meters. Closing twice is harmless.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            unbinders.forEach(Runnable::run);
            unbinders.clear();
        } finally {
            lock.unlock();
        }
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            Tags tags,
            ToDoubleFunction<StreamConnection<?>> value,
            String description) {
        added(
                registry,
                Gauge.builder("tentpole.stream." + name, connection, value)
                        .tags(tags)
                        .description(description)
                        .register(registry));
    }

    private void count(
            MeterRegistry registry,
            String name,
            Tags tags,
            Counters counters,
            ToLongFunction<Counters> value,
            String description) {
        added(
                registry,
                FunctionCounter.builder("tentpole.stream." + name, counters, value::applyAsLong)
                        .tags(tags)
                        .description(description)
                        .register(registry));
    }

    private void message(
            MeterRegistry registry, Tags tags, String outcome, Counters counters, ToLongFunction<Counters> value) {
        count(
                registry,
                "connection.messages",
                tags.and("outcome", outcome),
                counters,
                value,
                "Messages received or replayed, by what became of them");
    }

    private void added(MeterRegistry registry, Meter meter) {
        unbinders.add(() -> registry.remove(meter));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
