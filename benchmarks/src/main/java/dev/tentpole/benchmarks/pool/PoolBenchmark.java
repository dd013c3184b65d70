package dev.tentpole.benchmarks.pool;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Borrowing an object and giving it back: with one and two threads on a pool of 16, and with eight threads on a pool of two.
 *
 * <p>HikariCP, Agroal and {@code tentpole-jdbc} lend connections of a stub driver, with what a connection needs around it; the
 * others lend bare objects. Stormpot has no part in the crowd: its waiting threads starve, and a run does not end.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class PoolBenchmark {

    /** JMH creates it. */
    public PoolBenchmark() {}

    /** A pool that is larger than the number of threads. */
    @State(Scope.Benchmark)
    public static class Roomy {

        /** Who lends. */
        @Param({
            "tentpole",
            "stormpot",
            "stormpot-never",
            "vibur",
            "semaphore",
            "commons-pool2",
            "tentpole-jdbc",
            "agroal",
            "hikari"
        })
        public String implementation = "";

        private Trips trips = Trips.NONE;

        /** JMH creates it. */
        public Roomy() {}

        /**
         * Opens the pool.
         *
         * @throws Exception if that fails
         */
        @Setup(Level.Trial)
        public void open() throws Exception {
            trips = Trips.of(implementation, 16);
        }

        /**
         * Closes the pool.
         *
         * @throws Exception if that fails
         */
        @TearDown(Level.Trial)
        public void close() throws Exception {
            trips.close();
        }
    }

    /** A pool of two. */
    @State(Scope.Benchmark)
    public static class Crowded {

        /** Who lends. */
        @Param({"tentpole", "semaphore", "commons-pool2", "tentpole-jdbc", "agroal", "hikari"})
        public String implementation = "";

        private Trips trips = Trips.NONE;

        /** JMH creates it. */
        public Crowded() {}

        /**
         * Opens the pool.
         *
         * @throws Exception if that fails
         */
        @Setup(Level.Trial)
        public void open() throws Exception {
            trips = Trips.of(implementation, 2);
        }

        /**
         * Closes the pool.
         *
         * @throws Exception if that fails
         */
        @TearDown(Level.Trial)
        public void close() throws Exception {
            trips.close();
        }
    }

    /**
     * One thread, or as many as JMH is told.
     *
     * @param pool the pool
     * @return something of the object
     * @throws Exception if there is none
     */
    @Benchmark
    public Object trip(Roomy pool) throws Exception {
        return pool.trips.trip();
    }

    /**
     * Two threads.
     *
     * @param pool the pool
     * @return something of the object
     * @throws Exception if there is none
     */
    @Benchmark
    @Threads(2)
    public Object tripOfTwo(Roomy pool) throws Exception {
        return pool.trips.trip();
    }

    /**
     * Eight threads on two objects.
     *
     * @param pool the pool
     * @return something of the object
     * @throws Exception if there is none
     */
    @Benchmark
    @Threads(8)
    public Object crowd(Crowded pool) throws Exception {
        return pool.trips.trip();
    }
}
