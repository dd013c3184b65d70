package dev.tentpole.benchmarks.pool;

import com.sun.management.OperatingSystemMXBean;
import dev.tentpole.benchmarks.Machine;
import dev.tentpole.benchmarks.Options;
import dev.tentpole.benchmarks.Simulation;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How eight threads share two objects for ten seconds: each borrows, gives back at once and comes again.
 *
 * <p>A thread that waits in vain until the end is interrupted a second later; its wait counts. {@code --seconds 2} makes it
 * shorter.
 */
public final class PoolFairness implements Simulation {

    private static final int THREADS = 8;
    private static final int OBJECTS = 2;
    private static final long GRACE_MILLIS = 1_000;
    private static final List<String> IMPLEMENTATIONS =
            List.of("tentpole", "semaphore", "commons-pool2", "stormpot", "tentpole-jdbc", "agroal", "hikari");

    /** Makes the simulation. */
    public PoolFairness() {}

    @Override
    public String name() {
        return "pool-fairness";
    }

    @Override
    public void run(PrintStream out, List<String> options) {
        int seconds = Options.number(options, "--seconds", 10);
        out.println(
                "| implementation | trips a second | slowest thread, part of the fastest | longest wait | CPU per trip"
                        + " |");
        out.println("|---|---:|---:|---:|---:|");
        try {
            for (String implementation : IMPLEMENTATIONS) {
                // The first one is for the JIT compiler.
                share(implementation, TimeUnit.SECONDS.toNanos(1));
                out.println(share(implementation, TimeUnit.SECONDS.toNanos(seconds)));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException("a pool failed", e);
        }
        out.println();
        out.println(Machine.line());
    }

    private static String share(String implementation, long nanos) throws Exception {
        try (Trips trips = Trips.of(implementation, OBJECTS)) {
            long cpuBefore = cpu();
            long end = System.nanoTime() + nanos;
            List<Borrower> borrowers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Borrower borrower = new Borrower(trips, end);
                borrowers.add(borrower);
                borrower.start();
            }
            for (Borrower borrower : borrowers) {
                borrower.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()) + GRACE_MILLIS));
                borrower.interrupt();
                borrower.join();
            }
            long spent = cpu() - cpuBefore;
            long all = borrowers.stream().mapToLong(borrower -> borrower.trips).sum();
            long least = borrowers.stream()
                    .mapToLong(borrower -> borrower.trips)
                    .min()
                    .orElse(0);
            long most = borrowers.stream()
                    .mapToLong(borrower -> borrower.trips)
                    .max()
                    .orElse(1);
            long longest = borrowers.stream()
                    .mapToLong(borrower -> borrower.longest)
                    .max()
                    .orElse(0);
            return String.format(
                    Locale.ROOT,
                    "| %s | %,.0f | %.3g %% | %,.1f ms | %,d ns |",
                    implementation,
                    all * 1e9 / nanos,
                    100.0 * least / Math.max(1, most),
                    longest / 1e6,
                    spent / Math.max(1, all));
        }
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** One of those that share; its figures are for whoever has joined it. */
    private static final class Borrower extends Thread {

        private final Trips pool;
        private final long end;
        private long trips;
        private long longest;

        private Borrower(Trips pool, long end) {
            super("borrower");
            this.pool = pool;
            this.end = end;
        }

        @Override
        public void run() {
            long before = System.nanoTime();
            try {
                while (before - end < 0) {
                    pool.trip();
                    trips++;
                    before = waitedSince(before);
                }
            } catch (Exception e) {
                waitedSince(before);
                if (System.nanoTime() - end < 0) {
                    throw new IllegalStateException("a borrower was refused", e);
                }
            }
        }

        private long waitedSince(long before) {
            long now = System.nanoTime();
            longest = Math.max(longest, now - before);
            return now;
        }
    }
}
