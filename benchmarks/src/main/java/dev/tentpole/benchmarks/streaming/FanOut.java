package dev.tentpole.benchmarks.streaming;

import dev.tentpole.benchmarks.Machine;
import dev.tentpole.benchmarks.Options;
import dev.tentpole.benchmarks.Simulation;
import dev.tentpole.streaming.PublishResult;
import dev.tentpole.streaming.Subscription;
import dev.tentpole.streaming.SubscriptionSettings;
import dev.tentpole.streaming.Topics;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What publishing to 1, 10 and 100 subscribers costs the publisher, in processor time of its thread; and whether a slow
 * subscriber slows a fast one.
 */
public final class FanOut implements Simulation {

    private static final Integer MESSAGE = 1_000;
    private static final long RUN = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final int CHUNK = 200;
    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(50);

    /** Makes the simulation. */
    public FanOut() {}

    @Override
    public String name() {
        return "streaming-fan-out";
    }

    @Override
    public void run(PrintStream out, List<String> options) {
        Options.none(options);
        out.println("| implementation | 1 subscriber | 10 | 100 | 100 to 1 |");
        out.println("|---|---:|---:|---:|---:|");
        for (String name : List.of("tentpole, shared log", "tentpole, own buffers", "SubmissionPublisher")) {
            double unused = cost(name, 1);
            double one = cost(name, 1);
            double ten = cost(name, 10);
            double hundred = cost(name, 100);
            out.printf(
                    Locale.ROOT,
                    "| %s | %.0f ns | %.0f ns | %.0f ns | %.2fx |%n",
                    name,
                    one,
                    ten,
                    hundred,
                    hundred / one);
        }
        out.println();
        out.println(
                "| 50,000 messages a second | delivered to a fast subscriber, alone | beside one that never returns |");
        out.println("|---|---:|---:|");
        for (boolean ownBuffer : new boolean[] {false, true}) {
            out.printf(
                    Locale.ROOT,
                    "| tentpole, %s | %.2f %% | %.2f %% |%n",
                    ownBuffer ? "own buffers" : "shared log",
                    delivered(ownBuffer, false),
                    delivered(ownBuffer, true));
        }
        out.println();
        out.println(Machine.line());
    }

    /** Processor time of one publish, in nanoseconds; bursts with pauses between them, so that subscribers keep up. */
    private static double cost(String name, int subscribers) {
        ThreadMXBean meter = ManagementFactory.getThreadMXBean();
        List<AutoCloseable> open = new ArrayList<>();
        Consumer<Integer> publisher = publisher(name, subscribers, open);
        long start = System.nanoTime();
        long cpu = 0;
        long count = 0;
        while (System.nanoTime() - start < RUN) {
            long before = meter.getCurrentThreadCpuTime();
            for (int i = 0; i < CHUNK; i++) {
                publisher.accept(MESSAGE);
            }
            cpu += meter.getCurrentThreadCpuTime() - before;
            count += CHUNK;
            LockSupport.parkNanos(PAUSE);
        }
        closeAll(open);
        return (double) cpu / count;
    }

    private static Consumer<Integer> publisher(String name, int subscribers, List<AutoCloseable> open) {
        if (name.equals("SubmissionPublisher")) {
            Executor threads = task -> {
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                thread.start();
            };
            SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>(threads, 1_024);
            for (int i = 0; i < subscribers; i++) {
                publisher.subscribe(new Sink());
            }
            open.add(publisher);
            return message -> {
                int unused = publisher.offer(message, null);
            };
        }
        Topics<Integer> topics = Topics.<Integer>builder(message -> 16).build();
        for (int i = 0; i < subscribers; i++) {
            SubscriptionSettings.Builder<Integer> settings = SubscriptionSettings.of("t");
            Subscription<Integer> unused = topics.subscribe(
                    (name.endsWith("own buffers") ? settings.maxMessages(1_024) : settings).build(),
                    (message, number) -> {});
        }
        open.add(topics);
        return message -> {
            PublishResult unused = topics.publish("t", message);
        };
    }

    /** Takes everything and does nothing. */
    private static final class Sink implements Flow.Subscriber<Integer> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Integer message) {}

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onComplete() {}
    }

    private static double delivered(boolean ownBuffer, boolean besideADeadOne) {
        AtomicLong seen = new AtomicLong();
        long sent = 0;
        try (Topics<Integer> topics = Topics.<Integer>builder(message -> 16).build()) {
            SubscriptionSettings.Builder<Integer> settings = SubscriptionSettings.of("t");
            SubscriptionSettings<Integer> own = (ownBuffer ? settings.maxMessages(1_024) : settings).build();
            Subscription<Integer> fast = topics.subscribe(own, (message, number) -> seen.incrementAndGet());
            if (besideADeadOne) {
                Subscription<Integer> unused = topics.subscribe(own, (message, number) -> LockSupport.park());
            }
            long start = System.nanoTime();
            while (System.nanoTime() - start < RUN) {
                for (int i = 0; i < 50; i++) {
                    PublishResult unused = topics.publish("t", MESSAGE);
                }
                sent += 50;
                LockSupport.parkNanos(Math.max(0, start + sent * 20_000 - System.nanoTime()));
            }
            fast.complete();
            boolean unused = fast.awaitEnd(java.time.Duration.ofSeconds(10));
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return 100.0 * seen.get() / sent;
    }

    private static void closeAll(List<AutoCloseable> open) {
        for (AutoCloseable one : open) {
            try {
                one.close();
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
