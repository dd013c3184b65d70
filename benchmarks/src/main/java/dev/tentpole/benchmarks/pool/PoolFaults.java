package dev.tentpole.benchmarks.pool;

import dev.tentpole.benchmarks.Machine;
import dev.tentpole.benchmarks.Options;
import dev.tentpole.benchmarks.Simulation;
import dev.tentpole.pool.faults.FaultProxy;
import dev.tentpole.pool.faults.MariaDbServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * What Tentpole's data source and HikariCP make of a MariaDB that fails: both at the same time, on the same server, with the
 * same settings and as many borrowers.
 *
 * <p>Each fault is there for some seconds, never as long as the last time, so that no pool has its pauses in step with it.
 * What is told of a pool: how long after the end of the fault its borrowers had their first answer, how many times they had
 * an exception instead, and how many connections it opened and failed to open, from the beginning of a fault to a second
 * after it is over for both. {@code --restarts 10} restarts the server less often than 100 times; the other faults come a
 * tenth as often.
 */
public final class PoolFaults implements Simulation {

    private static final long PAUSE_NANOS = 200_000;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long SHORTEST_FAULT_MILLIS = 1_500;
    private static final long LONGER_EACH_TIME_MILLIS = 370;
    private static final int STEADY = 200;

    private enum Fault {
        RESTART("the server restarts"),
        BLACK_HOLE("nothing gets through, connections stay"),
        REFUSES("connections are cut and refused"),
        HANGS("connections are cut, new ones hang"),
        PASSWORD("the password is changed, and later told to the pool");

        private final String words;

        Fault(String words) {
            this.words = words;
        }
    }

    /** One fault on one pool. */
    private record Outcome(long recoveryNanos, long errors, long opened, long failed) {}

    /** Makes the simulation. */
    public PoolFaults() {}

    @Override
    public String name() {
        return "pool-faults";
    }

    @Override
    public void run(PrintStream out, List<String> options) {
        int restarts = Options.number(options, "--restarts", 100);
        if (!MariaDbServer.isAvailable()) {
            out.println("There is no embedded MariaDB for this platform, only for Linux on x86-64.");
            return;
        }
        out.println("| fault | times | pool | first answer after: median | longest | exceptions | connections opened"
                + " | failed to open |");
        out.println("|---|---:|---|---:|---:|---:|---:|---:|");
        try (MariaDbServer server = new MariaDbServer()) {
            for (Fault fault : Fault.values()) {
                int times = fault == Fault.RESTART ? restarts : Math.max(1, restarts / 10);
                suffer(out, server, fault, times);
            }
        } catch (Exception e) {
            throw new IllegalStateException("the comparison could not go on", e);
        }
        out.println();
        out.println(Machine.line());
    }

    private static void suffer(PrintStream out, MariaDbServer server, Fault fault, int times) throws Exception {
        boolean direct = fault == Fault.RESTART || fault == Fault.PASSWORD;
        try (Faulted tentpole = new Faulted.Tentpole(server, direct);
                Faulted hikari = new Faulted.Hikari(server, direct)) {
            List<Faulted> pools = List.of(tentpole, hikari);
            pause(WARM_UP_NANOS);
            List<List<Outcome>> outcomes = List.of(new ArrayList<>(), new ArrayList<>());
            for (int time = 0; time < times; time++) {
                List<Outcome> both = once(server, fault, time, pools);
                outcomes.get(0).add(both.get(0));
                outcomes.get(1).add(both.get(1));
            }
            print(out, fault.words, "Tentpole", outcomes.get(0));
            print(out, "", "HikariCP", outcomes.get(1));
        } finally {
            if (fault == Fault.PASSWORD) {
                server.changePassword("pool");
            }
        }
    }

    private static List<Outcome> once(MariaDbServer server, Fault fault, int time, List<Faulted> pools)
            throws Exception {
        List<Long> steady = all(pools, Faulted::successes);
        awaitAll(pools, i -> pools.get(i).successes() - steady.get(i) >= STEADY);
        List<Long> errors = all(pools, Faulted::errors);
        List<Long> opened = all(pools, Faulted::opened);
        List<Long> failed = all(pools, Faulted::failedToOpen);
        long[] over = failAndRecover(server, fault, time, pools);
        awaitAll(pools, i -> pools.get(i).firstSuccess() != 0);
        pause(SETTLE_NANOS);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < pools.size(); i++) {
            Faulted pool = pools.get(i);
            outcomes.add(new Outcome(
                    pool.firstSuccess() == 0 ? LONGEST_NANOS : Math.max(0, pool.firstSuccess() - over[i]),
                    pool.errors() - errors.get(i),
                    pool.opened() - opened.get(i),
                    pool.failedToOpen() - failed.get(i)));
        }
        return outcomes;
    }

    /** Returns when the fault was over for each of the pools. */
    private static long[] failAndRecover(MariaDbServer server, Fault fault, int time, List<Faulted> pools)
            throws Exception {
        long length = TimeUnit.MILLISECONDS.toNanos(SHORTEST_FAULT_MILLIS + time * LONGER_EACH_TIME_MILLIS);
        long[] over = new long[pools.size()];
        switch (fault) {
            case RESTART -> {
                server.stop();
                pools.forEach(Faulted::watch);
                AtomicLong up = watchPort(server.port());
                server.start();
                while (up.get() == 0) {
                    pause(PAUSE_NANOS);
                }
                Arrays.fill(over, up.get());
            }
            case BLACK_HOLE, REFUSES, HANGS -> {
                pools.forEach(pool -> pool.fail(FaultProxy.Fault.valueOf(fault.name())));
                pause(length);
                for (int i : order(time)) {
                    pools.get(i).watch();
                    over[i] = System.nanoTime();
                    pools.get(i).fail(FaultProxy.Fault.NONE);
                }
            }
            case PASSWORD -> {
                String password = "changed" + time;
                server.changePassword(password);
                pause(length);
                for (int i : order(time)) {
                    pools.get(i).watch();
                    over[i] = System.nanoTime();
                    pools.get(i).password(password);
                }
            }
        }
        return over;
    }

    /** Whose turn is first alternates. */
    private static int[] order(int time) {
        return time % 2 == 0 ? new int[] {0, 1} : new int[] {1, 0};
    }

    /** When the server said its first word, by {@code nanoTime}; zero before that. */
    private static AtomicLong watchPort(int port) {
        AtomicLong up = new AtomicLong();
        Thread watcher = new Thread(
                () -> {
                    while (up.get() == 0) {
                        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                            if (socket.getInputStream().read() >= 0) {
                                up.set(System.nanoTime());
                            }
                        } catch (IOException e) {
                            pause(PAUSE_NANOS);
                        }
                    }
                },
                "port-watcher");
        watcher.setDaemon(true);
        watcher.start();
        return up;
    }

    private static List<Long> all(List<Faulted> pools, ToLongFunction<Faulted> count) {
        return pools.stream().map(count::applyAsLong).toList();
    }

    private interface OfPool {
        boolean holds(int number);
    }

    private static void awaitAll(List<Faulted> pools, OfPool condition) {
        long end = System.nanoTime() + LONGEST_NANOS;
        for (int i = 0; i < pools.size(); i++) {
            while (!condition.holds(i) && System.nanoTime() - end < 0) {
                pause(PAUSE_NANOS);
            }
        }
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void print(PrintStream out, String fault, String pool, List<Outcome> outcomes) {
        List<Long> recoveries =
                outcomes.stream().map(Outcome::recoveryNanos).sorted().toList();
        out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %s | %s | %,d | %,d | %,d |%n",
                fault,
                outcomes.size(),
                pool,
                time(recoveries.get(recoveries.size() / 2)),
                time(recoveries.get(recoveries.size() - 1)),
                outcomes.stream().mapToLong(Outcome::errors).sum(),
                outcomes.stream().mapToLong(Outcome::opened).sum(),
                outcomes.stream().mapToLong(Outcome::failed).sum());
        out.flush();
    }

    private static String time(long nanos) {
        return nanos >= LONGEST_NANOS
                ? "not within a minute"
                : String.format(Locale.ROOT, nanos < 1e9 ? "%.1f ms" : "%,.0f ms", nanos / 1e6);
    }
}
