package dev.tentpole.benchmarks.streaming;

import dev.tentpole.benchmarks.Machine;
import dev.tentpole.benchmarks.Options;
import dev.tentpole.benchmarks.Simulation;
import dev.tentpole.streaming.BufferCounters;
import dev.tentpole.streaming.Gap;
import dev.tentpole.streaming.Overflow;
import dev.tentpole.streaming.PublishResult;
import dev.tentpole.streaming.Subscription;
import dev.tentpole.streaming.SubscriptionListener;
import dev.tentpole.streaming.SubscriptionSettings;
import dev.tentpole.streaming.Topics;
import java.io.PrintStream;
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
 * Topics under 50,000 messages a second for ten minutes, with one fault in a hundred messages: subscribers that throw or
 * dawdle, messages that are too large, and now and then one subscription that goes and another one that comes.
 *
 * <p>Fails unless everything stays in order, each message is accounted for, the heap after a collection stays flat and the
 * threads stay as many as they were. {@code --seconds 20} makes it shorter.
 */
public final class Soak implements Simulation {

    private static final int RATE = 50_000;
    private static final int PERIODS = 10;
    private static final int TOO_LARGE = 1 << 20;
    private static final int ALLOWED_GROWTH_MIB = 16;

    /** A message: which one it is, and how heavy. */
    private record Message(long index, int weight) {}

    /** Makes the simulation. */
    public Soak() {}

    @Override
    public String name() {
        return "streaming-soak";
    }

    @Override
    public void run(PrintStream out, List<String> options) {
        int seconds = Options.number(options, "--seconds", 600);
        AtomicLong wrong = new AtomicLong();
        SplittableRandom random = new SplittableRandom(1);
        out.println(
                "| second | received | delivered | failed | dropped | conflated | in the buffers | heap, MiB | threads"
                        + " |");
        out.println("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        try (Topics<Message> topics = Topics.<Message>builder(Message::weight).build()) {
            List<Subscription<Message>> subscriptions = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                subscriptions.add(subscribe(topics, i, wrong));
            }
            long index = 0;
            long heapBefore = 0;
            int threadsBefore = 0;
            long start = System.nanoTime();
            for (int period = 1; period <= PERIODS; period++) {
                long end = start + TimeUnit.SECONDS.toNanos(seconds) * period / PERIODS;
                while (System.nanoTime() < end) {
                    for (int i = 0; i < 50; i++) {
                        index++;
                        boolean large = random.nextInt(400) == 0;
                        PublishResult unused = topics.publish("soak.x", new Message(index, large ? TOO_LARGE : 100));
                    }
                    if (random.nextInt(1_000) == 0) {
                        subscriptions.remove(0).close();
                        subscriptions.add(subscribe(topics, random.nextInt(8), wrong));
                    }
                    LockSupport.parkNanos(
                            Math.max(0, start + index * (TimeUnit.SECONDS.toNanos(1) / RATE) - System.nanoTime()));
                }
                BufferCounters counters = topics.counters();
                long heap = heapAfterCollection();
                int threads = ManagementFactory.getThreadMXBean().getThreadCount();
                if (period == 2) {
                    heapBefore = heap;
                    threadsBefore = threads;
                }
                out.printf(
                        Locale.ROOT,
                        "| %d | %,d | %,d | %,d | %,d | %,d | %,d | %d | %d |%n",
                        (long) seconds * period / PERIODS,
                        counters.received(),
                        counters.delivered(),
                        counters.failed(),
                        counters.totalDropped(),
                        counters.conflated(),
                        counters.buffered(),
                        heap,
                        threads);
                require(period <= 2 || heap <= heapBefore + ALLOWED_GROWTH_MIB, "the heap grew to " + heap + " MiB");
                require(period <= 2 || threads <= threadsBefore + 2, "there are " + threads + " threads");
            }
            topics.complete();
            for (Subscription<Message> subscription : subscriptions) {
                require(subscription.awaitEnd(Duration.ofSeconds(30)), subscription + " did not end");
            }
            BufferCounters last = topics.counters();
            require(last.buffered() == 0 && last.inFlight() == 0, "something is left: " + last);
            require(wrong.get() == 0, wrong.get() + " messages out of order or missing without a gap");
            out.println();
            out.println("Nothing out of order, nothing unaccounted. " + Machine.line());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
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

    private static Subscription<Message> subscribe(Topics<Message> topics, int kind, AtomicLong wrong) {
        SubscriptionSettings.Builder<Message> settings =
                SubscriptionSettings.<Message>of("soak.>").maxBytes(200_000);
        boolean conflated = kind == 3;
        switch (kind) {
            case 0, 1 -> settings.overflow(Overflow.dropNewest());
            case 2 -> settings.maxRate(10_000);
            case 3 -> settings.overflow(Overflow.conflate(message -> message.index() % 100));
            case 4, 5 -> settings.tailing();
            default -> settings.overflow(Overflow.dropOldest());
        }
        return topics.subscribe(settings.build(), new Checker(kind, conflated, wrong));
    }

    /** A subscriber that throws or dawdles once in two hundred messages, and holds each message to its place. */
    private static final class Checker implements SubscriptionListener<Message> {

        private final SplittableRandom random;
        private final boolean conflated;
        private final AtomicLong wrong;
        private final long[] lastOfKey = new long[100];
        private boolean started;
        private long first;
        private long last;
        private long lost;

        Checker(int seed, boolean conflated, AtomicLong wrong) {
            random = new SplittableRandom(seed);
            this.conflated = conflated;
            this.wrong = wrong;
        }

        @Override
        public void onMessage(Message message, long sequence) {
            if (!started) {
                started = true;
                first = message.index() - sequence;
            }
            int key = (int) (message.index() % lastOfKey.length);
            boolean inPlace = message.index() - sequence == first
                    && message.index() > lastOfKey[key]
                    && (conflated || sequence - last - 1 == lost);
            if (!inPlace) {
                wrong.incrementAndGet();
            }
            lastOfKey[key] = message.index();
            last = sequence;
            lost = 0;
            int fault = random.nextInt(400);
            if (fault == 0) {
                throw new IllegalStateException("injected");
            }
            if (fault == 1) {
                LockSupport.parkNanos(random.nextInt(2_000_000));
            }
        }

        @Override
        public void onGap(Gap gap) {
            lost += gap.count();
        }
    }
}
