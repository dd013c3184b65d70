package dev.tentpole.benchmarks.streaming;

import dev.tentpole.benchmarks.Machine;
import dev.tentpole.benchmarks.Options;
import dev.tentpole.benchmarks.Simulation;
import dev.tentpole.streaming.BufferCounters;
import dev.tentpole.streaming.ConnectionMetrics;
import dev.tentpole.streaming.ConnectionSettings;
import dev.tentpole.streaming.DrainReport;
import dev.tentpole.streaming.Overflow;
import dev.tentpole.streaming.StreamConnection;
import dev.tentpole.streaming.StreamMessage;
import dev.tentpole.streaming.Subscription;
import dev.tentpole.streaming.SubscriptionSettings;
import dev.tentpole.streaming.faults.LineProtocol;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection to a real socket that brings 50,000 messages a second for ten minutes to eight subscribers of all kinds. One
 * message in a hundred suffers a fault at the server, once in two hundred messages a subscriber throws or dawdles, the
 * replay source fails every fourth time, and every two seconds a subscriber goes and another one comes.
 *
 * <p>Fails unless the rate and the faults were reached, the heap after a collection stays flat, threads stay as many as
 * they were, every counter adds up at each look, and no subscriber finds a message out of order or missing without a gap.
 * {@code --seconds 20} makes it shorter.
 */
public final class Soak implements Simulation {

    private static final int RATE = 50_000;
    /** A slow machine fails here, before its figures are taken for those of the load. */
    private static final double LEAST_RATE = 0.9;

    private static final int PERIODS = 10;
    private static final int SUBSCRIBERS = 8;
    private static final long OWN_BYTES = 200_000;
    private static final int ALLOWED_GROWTH_MIB = 16;
    private static final int ALLOWED_THREADS = 2;
    private static final Duration LONG = Duration.ofSeconds(60);

    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong thrown = new AtomicLong();
    private final SplittableRandom random = new SplittableRandom(1);
    private final List<Subscription<StreamMessage<String>>> subscriptions = new ArrayList<>();

    /** Makes the simulation. */
    public Soak() {}

    @Override
    public String name() {
        return "streaming-soak";
    }

    @Override
    public void run(PrintStream out, List<String> options) {
        int seconds = Options.number(options, "--seconds", 600);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (SoakServer server = new SoakServer(RATE);
                StreamConnection<String> connection = connect(server);
                ConnectionMetrics metrics = new ConnectionMetrics(connection)) {
            metrics.bindTo(registry);
            for (int kind = 0; kind < SUBSCRIBERS; kind++) {
                subscribe(connection, kind);
            }
            connection.subscribe(SoakServer.CHANNEL);
            soak(out, seconds, server, connection);
            require(server.stop(LONG) && connection.awaitReady(LONG), "there is no connection to drain");
            DrainReport report = connection.drain(LONG).join();
            check(registry, report);
            require(server.published() >= LEAST_RATE * RATE * seconds, "only " + server.published() + " messages");
            long sent = server.published() - server.away();
            require(server.faults() >= 0.0095 * sent, "only " + server.faults() + " faults");
            out.println();
            out.printf(
                    Locale.ROOT,
                    "%,d messages, %,d a second; %,d of them while there was no connection, %,d with a fault (%.2f %% of"
                            + " the others), %,d more faults of subscribers; %,d connections; %,d duplicates ignored,"
                            + " %,d messages replayed. Nothing out of order, nothing missing without a gap, every counter"
                            + " adds up. %s%n",
                    server.published(),
                    server.published() / seconds,
                    server.away(),
                    server.faults(),
                    100.0 * server.faults() / sent,
                    thrown.get(),
                    server.connections(),
                    outcome(registry, "duplicate"),
                    count(registry, "replayed"),
                    Machine.line());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private StreamConnection<String> connect(SoakServer server) {
        return StreamConnection.builder(server.uri(), new LineProtocol(false, false))
                .settings(ConnectionSettings.builder()
                        .backoffBase(Duration.ofMillis(5))
                        .backoffCap(Duration.ofMillis(20))
                        .spread(Duration.ofMillis(10))
                        .build())
                .replays(server::replay)
                .open();
    }

    private void soak(PrintStream out, int seconds, SoakServer server, StreamConnection<String> connection)
            throws InterruptedException {
        out.println("| second | from the server | with a fault | received | delivered | failed | dropped | conflated"
                + " | in the buffers | connections | heap, MiB | threads |");
        out.println("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        long heapBefore = 0;
        int threadsBefore = 0;
        long start = System.nanoTime();
        for (int period = 1; period <= PERIODS; period++) {
            long end = start + TimeUnit.SECONDS.toNanos(seconds) * period / PERIODS;
            while (System.nanoTime() - end < 0) {
                LockSupport.parkNanos(Math.min(end - System.nanoTime(), TimeUnit.SECONDS.toNanos(2)));
                subscriptions.remove(0).close();
                subscribe(connection, random.nextInt(SUBSCRIBERS));
            }
            for (Subscription<StreamMessage<String>> subscription : subscriptions) {
                check(subscription.counters());
            }
            BufferCounters all = connection.topics().counters();
            check(all);
            long heap = heapAfterCollection();
            int threads = threads();
            if (period == 2) {
                heapBefore = heap;
                threadsBefore = threads;
            }
            out.printf(
                    Locale.ROOT,
                    "| %d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %d | %d |%n",
                    (long) seconds * period / PERIODS,
                    server.published(),
                    server.faults(),
                    all.received(),
                    all.delivered(),
                    all.failed(),
                    all.totalDropped(),
                    all.conflated(),
                    all.buffered(),
                    server.connections(),
                    heap,
                    threads);
            out.flush();
            require(wrong.get() == 0, wrong.get() + " messages out of order, or missing without a gap");
            require(period <= 2 || heap <= heapBefore + ALLOWED_GROWTH_MIB, "the heap grew to " + heap + " MiB");
            require(
                    period <= 2 || threads <= threadsBefore + ALLOWED_THREADS,
                    "there are " + threads + " threads, and were " + threadsBefore);
        }
    }

    private static void check(BufferCounters counters) {
        long sum = counters.delivered()
                + counters.failed()
                + counters.totalDropped()
                + counters.conflated()
                + counters.filtered()
                + counters.buffered()
                + counters.inFlight();
        require(counters.received() == sum, "does not add up: " + counters);
    }

    /** Everything is over: what the connection had is what it published and what it says of the rest. */
    private void check(SimpleMeterRegistry registry, DrainReport report) throws InterruptedException {
        for (Subscription<StreamMessage<String>> subscription : subscriptions) {
            require(subscription.awaitEnd(LONG), subscription + " did not end");
            BufferCounters last = subscription.counters();
            check(last);
            require(last.buffered() == 0 && last.inFlight() == 0, "something is left: " + last);
        }
        require(wrong.get() == 0, wrong.get() + " messages out of order, or missing without a gap");
        require(report.peerClosed(), "the server did not close: " + report);
        long outcomes = 0;
        for (String outcome : List.of("published", "duplicate", "unwanted", "expired", "drained", "discarded")) {
            outcomes += outcome(registry, outcome);
        }
        long waiting = (long)
                registry.get("tentpole.stream.connection.waiting").gauge().value();
        long had = count(registry, "received") + count(registry, "replayed");
        require(had == outcomes + waiting, had + " received or replayed, but " + outcomes + " + " + waiting);
    }

    private static long outcome(SimpleMeterRegistry registry, String outcome) {
        FunctionCounter counter = registry.get("tentpole.stream.connection.messages")
                .tags("outcome", outcome)
                .functionCounter();
        return (long) counter.count();
    }

    private static long count(SimpleMeterRegistry registry, String name) {
        return (long) registry.get("tentpole.stream." + name).functionCounter().count();
    }

    private static void require(boolean ok, String otherwise) {
        if (!ok) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }

    /** All but those of the server, and those that end when they are idle for a while. */
    private static int threads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("fault-server") && !name.startsWith("tentpole-streaming-replay"))
                .count();
    }

    private void subscribe(StreamConnection<String> connection, int kind) {
        SubscriptionSettings.Builder<StreamMessage<String>> settings = SubscriptionSettings.of("soak.>");
        boolean conflated = kind == 3;
        switch (kind) {
            case 0, 1 -> settings.overflow(Overflow.dropNewest()).maxBytes(OWN_BYTES);
            case 2 -> settings.maxRate(10_000).maxBytes(OWN_BYTES);
            case 3 -> settings.overflow(Overflow.conflate(SoakConsumer::key)).maxBytes(OWN_BYTES);
            case 4, 5 -> {
                // They share the log.
            }
            default -> settings.maxBytes(OWN_BYTES);
        }
        subscriptions.add(
                connection.topics().subscribe(settings.build(), new SoakConsumer(kind, conflated, wrong, thrown)));
    }
}
