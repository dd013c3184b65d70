package dev.tentpole.benchmarks.streaming;

import dev.tentpole.benchmarks.Machine;
import dev.tentpole.benchmarks.Options;
import dev.tentpole.benchmarks.Simulation;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How long one offer takes while the buffer is full and its consumer is ten times too slow; each is timed by itself, so
 * that the times contain one reading of the clock.
 */
public final class ProducerTails implements Simulation {

    private static final int BUCKETS = 1_000_000;
    private static final int SPINS = 20;

    /** Makes the simulation. */
    public ProducerTails() {}

    @Override
    public String name() {
        return "streaming-producer-tails";
    }

    @Override
    public void run(PrintStream out, List<String> options) {
        Options.none(options);
        out.println("| implementation | 50 % | 99 % | 99.9 % | 99.99 % | longest | offered |");
        out.println("|---|---:|---:|---:|---:|---:|---:|");
        for (String name : List.of("tentpole", "jctools-mpmc", "array-blocking-queue", "synchronized-ring")) {
            measure(name, TimeUnit.MILLISECONDS.toNanos(700));
            int[] counts = measure(name, TimeUnit.MILLISECONDS.toNanos(2_500));
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s | %,d |%n",
                    name,
                    at(counts, 0.5),
                    at(counts, 0.99),
                    at(counts, 0.999),
                    at(counts, 0.9999),
                    at(counts, 1),
                    sum(counts));
        }
        out.println();
        out.println(Machine.line());
    }

    private static int[] measure(String name, long nanos) {
        Pipe pipe = Pipe.dropOldest(name, 1);
        Pipe.Inlet inlet = pipe.inlet();
        int[] counts = new int[BUCKETS + 1];
        Thread consumer = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                int unused = pipe.drain(1);
                for (int i = 0; i < SPINS; i++) {
                    Thread.onSpinWait();
                }
            }
        });
        consumer.setDaemon(true);
        consumer.start();
        Integer message = 1_000;
        long start = System.nanoTime();
        long before = start;
        while (before - start < nanos) {
            inlet.offer(message);
            long after = System.nanoTime();
            counts[(int) Math.min(BUCKETS, after - before)]++;
            before = after;
        }
        consumer.interrupt();
        return counts;
    }

    private static long sum(int[] counts) {
        long sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }

    private static String at(int[] counts, double part) {
        long rank = (long) Math.ceil(part * sum(counts));
        long seen = 0;
        int nanos = 0;
        while (nanos < BUCKETS) {
            seen += counts[nanos];
            if (seen >= rank) {
                break;
            }
            nanos++;
        }
        return nanos == BUCKETS ? "> 1 ms" : String.format(Locale.ROOT, "%,d ns", nanos);
    }
}
