package dev.tentpole.benchmarks.pool;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.tentpole.benchmarks.Machine;
import dev.tentpole.benchmarks.Options;
import dev.tentpole.benchmarks.Simulation;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/**
 * Borrowers on virtual threads: many that make one trip each, which shows what the first use of a thread costs, and fewer
 * that make many trips and yield while they hold the object, so that most of them wait. Needs JDK 21.
 *
 * <p>{@code none} is the threads alone. Processor time and bytes are those of the whole JVM, over all rounds; pinned are the
 * events that the flight recorder has of carriers that a virtual thread kept while it waited, in one more round, with a
 * threshold of zero. {@code --rounds 3} makes it shorter; there are 40.
 */
public final class PoolOnVirtualThreads implements Simulation {

    private static final int OBJECTS = 8;
    private static final int FRESH = 20_000;
    private static final int WAITING = 400;
    private static final int TRIPS = 50;
    private static final int WARM_UPS = 20;
    private static final List<String> IMPLEMENTATIONS =
            List.of("none", "tentpole", "semaphore", "commons-pool2", "tentpole-jdbc", "agroal", "hikari");

    /** Makes the simulation. */
    public PoolOnVirtualThreads() {}

    @Override
    public String name() {
        return "pool-virtual-threads";
    }

    @Override
    public void run(PrintStream out, List<String> options) {
        int rounds = Options.number(options, "--rounds", 40);
        if (Runtime.version().feature() < 21) {
            out.println("Virtual threads need JDK 21.");
            return;
        }
        out.println("| borrowers | implementation | CPU per trip | bytes per trip | wall per trip | pinned |");
        out.println("|---|---|---:|---:|---:|---:|");
        try {
            for (String implementation : IMPLEMENTATIONS) {
                measure(out, implementation, FRESH, 1, rounds);
            }
            for (String implementation : IMPLEMENTATIONS) {
                measure(out, implementation, WAITING, TRIPS, rounds);
            }
        } catch (Exception e) {
            throw new IllegalStateException("a pool failed", e);
        }
        out.println();
        out.println(Machine.line());
    }

    private static void measure(PrintStream out, String implementation, int threads, int trips, int rounds)
            throws Exception {
        long cpu;
        long bytes;
        long wall;
        long pinned;
        boolean yields = trips > 1;
        try (Trips pool = implementation.equals("none") ? Trips.NONE : Trips.of(implementation, OBJECTS)) {
            for (int i = 0; i < WARM_UPS; i++) {
                round(pool, threads, trips, yields);
            }
            long cpuBefore = cpu();
            long bytesBefore = bytes();
            long before = System.nanoTime();
            for (int i = 0; i < rounds; i++) {
                round(pool, threads, trips, yields);
            }
            long all = (long) rounds * threads * trips;
            wall = (System.nanoTime() - before) / all;
            cpu = (cpu() - cpuBefore) / all;
            bytes = (bytes() - bytesBefore) / all;
            pinned = pinned(pool, threads, trips, yields);
        }
        out.printf(
                Locale.ROOT,
                "| %s | %s | %,d ns | %,d | %,d ns | %d |%n",
                yields
                        ? String.format(Locale.ROOT, "%,d, %d trips each, yield", threads, trips)
                        : String.format(Locale.ROOT, "%,d, one trip each", threads),
                implementation,
                cpu,
                bytes,
                wall,
                pinned);
        out.flush();
    }

    @SuppressWarnings("ThreadPriorityCheck") // The yield lets others ask while the object is held.
    private static void round(Trips pool, int threads, int trips, boolean yields) throws Exception {
        AtomicReference<Exception> thrown = new AtomicReference<>();
        ExecutorService borrowers = virtualThreads();
        Runnable borrower = () -> {
            try {
                for (int i = 0; i < trips; i++) {
                    if (pool == Trips.NONE) {
                        if (yields) {
                            Thread.yield();
                        }
                    } else if (yields) {
                        pool.tripThat(Thread::yield);
                    } else {
                        pool.trip();
                    }
                }
            } catch (Exception e) {
                thrown.set(e);
            }
        };
        for (int i = 0; i < threads; i++) {
            borrowers.execute(borrower);
        }
        borrowers.shutdown();
        if (!borrowers.awaitTermination(60, TimeUnit.SECONDS) || thrown.get() != null) {
            throw new IllegalStateException("a borrower did not end well", thrown.get());
        }
    }

    /** What JDK 17, for which this is compiled, does not have. */
    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private static long pinned(Trips pool, int threads, int trips, boolean yields) throws Exception {
        Path file = Files.createTempFile("pinned", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO);
            recording.start();
            round(pool, threads, trips, yields);
            recording.stop();
            recording.dump(file);
            return RecordingFile.readAllEvents(file).size();
        } finally {
            Files.delete(file);
        }
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** Of all platform threads: what a virtual thread allocates counts as its carrier's. */
    private static long bytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
