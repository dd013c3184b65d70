package dev.tentpole.benchmarks.streaming;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Messages delivered each microsecond out of a buffer that drops the oldest, while producers offer as fast as they can.
 *
 * <p>The measured thread consumes; what is dropped does not count. When it finds nothing, it spins for a microsecond or so
 * before it looks again, as consumers do, so that the two sides do not fight for every slot.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class DropOldestBenchmark {

    private static final int MESSAGES = 10_000;
    private static final int BATCH = 1_024;
    private static final int IDLE_SPINS = 100;

    /** Who does the work. */
    @Param({"tentpole", "jctools-mpmc", "array-blocking-queue", "synchronized-ring"})
    public String implementation = "";

    /** Threads that offer. */
    @Param({"1", "2"})
    public int producers;

    private @Nullable Pipe pipe;
    private @Nullable Producers running;

    /** Makes the buffer and starts the producers. */
    @Setup
    public void start() {
        pipe = Pipe.dropOldest(implementation, producers);
        running = new Producers(pipe, producers);
    }

    /**
     * Ends the producers.
     *
     * @throws InterruptedException if it is interrupted
     */
    @TearDown
    public void stop() throws InterruptedException {
        Objects.requireNonNull(running).close();
    }

    /** Takes out what there is, up to a thousand at once. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void batch() {
        consume(Objects.requireNonNull(pipe), BATCH);
    }

    /** Takes messages one by one. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void one() {
        consume(Objects.requireNonNull(pipe), 1);
    }

    static void consume(Pipe from, int max) {
        int left = MESSAGES;
        while (left > 0) {
            int count = from.drain(Math.min(left, max));
            left -= count;
            for (int i = 0; count == 0 && i < IDLE_SPINS; i++) {
                Thread.onSpinWait();
            }
        }
    }
}
