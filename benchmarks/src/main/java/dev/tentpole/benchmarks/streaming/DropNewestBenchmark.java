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
 * Messages delivered each microsecond out of a buffer that drops the newest, while one producer offers as fast as it can.
 *
 * <p>The measured thread consumes; what is dropped does not count. {@code SubmissionPublisher} and Reactor push on a thread
 * of their own, and the measured thread sleeps until enough has come.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class DropNewestBenchmark {

    private static final int MESSAGES = 10_000;
    private static final int BATCH = 1_024;

    /** Who does the work. */
    @Param({
        "tentpole",
        "jctools-spsc",
        "jctools-mpsc",
        "jctools-mpmc",
        "disruptor",
        "array-blocking-queue",
        "synchronized-ring",
        "submission-publisher",
        "reactor"
    })
    public String implementation = "";

    private @Nullable Pipe pipe;
    private @Nullable Pushed pushed;
    private @Nullable Producers running;

    /** Makes the buffer and starts the producer. */
    @Setup
    public void start() {
        if (implementation.equals("submission-publisher") || implementation.equals("reactor")) {
            pushed = Pushed.of(implementation);
            pipe = pushed;
        } else {
            pipe = Pipe.dropNewest(implementation);
        }
        running = new Producers(pipe, 1);
    }

    /**
     * Ends the producer.
     *
     * @throws InterruptedException if it is interrupted
     */
    @TearDown
    public void stop() throws InterruptedException {
        Objects.requireNonNull(running).close();
        if (pushed != null) {
            pushed.close();
        }
    }

    /** Takes out what there is, up to a thousand at once. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void batch() {
        consume(BATCH);
    }

    /** Takes messages one by one; those that push are the same as in {@code batch}. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void one() {
        consume(1);
    }

    private void consume(int max) {
        if (pushed == null) {
            DropOldestBenchmark.consume(Objects.requireNonNull(pipe), max);
        } else {
            pushed.await(MESSAGES);
        }
    }
}
