package dev.tentpole.benchmarks.retry;

import dev.tentpole.benchmarks.Simulation;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * A retry storm: 1,000 clients call a server that loses half of its capacity for 30 seconds, in virtual time.
 *
 * <p>Each client calls once a second on average, at random times; the server can serve 1,500 requests a second, and 750 in
 * the storm; an attempt is given up after a second. What tries again adds load just when there is too much.
 */
public final class StormSimulation implements Simulation {

    static final long SECOND = 1_000_000_000L;

    private static final int CLIENTS = 1_000;
    private static final int CAPACITY = 1_500;
    private static final int REDUCED = 750;
    private static final int QUEUE = 3_000;
    private static final int STORM_BEGINS = 60;
    private static final int STORM_ENDS = 90;
    private static final int END = 300;
    private static final double RECOVERED = 0.99;
    private static final int STEADY_SECONDS = 5;
    private static final long SEED = 20_261_127;

    /** How calls that began in a second ended. */
    private static final class Outcome {

        private final long[] calls = new long[END];
        private final long[] good = new long[END];

        private boolean steady(int second) {
            return IntStream.range(second, second + STEADY_SECONDS).allMatch(at -> good[at] >= RECOVERED * calls[at]);
        }

        private long failed(int from, int to) {
            return IntStream.range(from, to)
                    .mapToLong(at -> calls[at] - good[at])
                    .sum();
        }
    }

    /** Makes the simulation. */
    public StormSimulation() {}

    @Override
    public String name() {
        return "retry-storm";
    }

    @Override
    public void run(PrintStream out, List<String> options) {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("retry-storm has no options, and was given " + options);
        }
        Map<String, BiFunction<VirtualServer, Long, StormClient>> clients = new LinkedHashMap<>();
        clients.put("naive: at once", (server, seed) -> StormClient.naive(server));
        clients.put("Failsafe: retry policy", (server, seed) -> StormClient.failsafe(server));
        clients.put("resilience4j: retry", (server, seed) -> StormClient.resilienceRetry(server));
        clients.put("resilience4j: retry and breaker", (server, seed) -> StormClient.resilienceBreaker(server));
        clients.put("Tentpole: retry, budget, breaker", StormClient::tentpole);
        out.println("| client | requests/s in the storm | most in a second | after it, 60 s | calls that failed, of "
                + (END - STORM_BEGINS) * CLIENTS + " | recovered after |");
        out.println("|---|---:|---:|---:|---:|---:|");
        clients.forEach((name, client) -> out.println(row(name, client)));
    }

    private static String row(String name, BiFunction<VirtualServer, Long, StormClient> maker) {
        VirtualServer server = new VirtualServer(CAPACITY, QUEUE, SECOND, END);
        Outcome outcome = new Outcome();
        Random random = new Random(SEED);
        List<StormClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(maker.apply(server, random.nextLong()));
        }
        clients.forEach(client -> nextCall(server, client, new Random(random.nextLong()), outcome));
        server.later(STORM_BEGINS * SECOND, () -> server.capacity(REDUCED));
        server.later(STORM_ENDS * SECOND, () -> server.capacity(CAPACITY));
        server.run((END + 60) * SECOND);
        int recovered = IntStream.range(STORM_ENDS, END - STEADY_SECONDS)
                .filter(outcome::steady)
                .findFirst()
                .orElse(-1);
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %,d | %,d | %,d | %s |",
                name,
                load(server, STORM_BEGINS, STORM_ENDS) / (STORM_ENDS - STORM_BEGINS),
                IntStream.range(0, END).mapToLong(server::arrivals).max().orElse(0),
                load(server, STORM_ENDS, STORM_ENDS + 60) / 60,
                outcome.failed(STORM_BEGINS, END),
                recovered < 0 ? "not within " + (END - STORM_ENDS) + " s" : recovered - STORM_ENDS + " s");
    }

    private static long load(VirtualServer server, int from, int to) {
        return IntStream.range(from, to).mapToLong(server::arrivals).sum();
    }

    /** A client's calls come at random, whatever becomes of those before. */
    private static void nextCall(VirtualServer server, StormClient client, Random random, Outcome outcome) {
        long wait = (long) (-Math.log(1 - random.nextDouble()) * SECOND);
        if (server.now() + wait >= END * SECOND) {
            return;
        }
        server.later(wait, () -> {
            int second = (int) (server.now() / SECOND);
            outcome.calls[second]++;
            CompletableFuture<Boolean> unused = client.call().whenComplete((good, thrown) -> {
                if (thrown == null && good) {
                    outcome.good[second]++;
                }
            });
            nextCall(server, client, random, outcome);
        });
    }
}
