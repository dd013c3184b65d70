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
import java.util.stream.Collectors;
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

    /**
     * Several ends of the storm: breakers that open together close together, and so how soon all is well again depends on
     * where in their round the storm leaves them.
     */
    private static final List<Integer> MANY_ENDS = List.of(78, 82, 86, 90, 94, 98, 102, 110);

    private static final int END = 300;
    private static final double RECOVERED = 0.99;
    private static final int STEADY_SECONDS = 5;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final long SEED = 20_261_127;

    /** What became of one: requests a second during, the most, and after it; failed calls; seconds until all was well. */
    private record Storm(long during, long most, long after, long failed, int recovered) {}

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
        clients.put(
                "resilience4j: retry and breaker, its defaults",
                (server, seed) -> StormClient.resilienceDefaults(server));
        clients.put(
                "resilience4j: retry and breaker, set like ours",
                (server, seed) -> StormClient.resilienceAlike(server));
        clients.put("Tentpole: retry, budget, breaker", StormClient::tentpole);
        out.println("| client | requests/s in the storm | most in a second | after it, 60 s | calls that failed, of "
                + (END - STORM_BEGINS) * CLIENTS + " | recovered after |");
        out.println("|---|---:|---:|---:|---:|---:|");
        clients.forEach((name, client) -> out.println(row(name, client)));
        out.println();
        String lengths =
                MANY_ENDS.stream().map(end -> "" + (end - STORM_BEGINS)).collect(Collectors.joining(", "));
        out.println(
                "| storms of " + lengths + " s | requests/s | calls that failed | recovered after, s | on average |");
        out.println("|---|---:|---:|---:|---:|");
        clients.keySet()
                .retainAll(clients.keySet().stream()
                        .filter(name -> name.contains("breaker"))
                        .toList());
        clients.forEach((name, client) -> out.println(rowOfMany(name, client)));
    }

    private static String row(String name, BiFunction<VirtualServer, Long, StormClient> maker) {
        Storm storm = storm(maker, STORM_ENDS);
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %,d | %,d | %,d | %s |",
                name,
                storm.during,
                storm.most,
                storm.after,
                storm.failed,
                storm.recovered == NEVER ? "not within " + (END - STORM_ENDS) + " s" : storm.recovered + " s");
    }

    private static String rowOfMany(String name, BiFunction<VirtualServer, Long, StormClient> maker) {
        List<Storm> storms = MANY_ENDS.stream().map(end -> storm(maker, end)).toList();
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %s | %.1f |",
                name,
                storms.stream().mapToLong(Storm::during).average().orElse(0),
                storms.stream().mapToLong(Storm::failed).average().orElse(0),
                storms.stream().map(storm -> "" + storm.recovered).collect(Collectors.joining(", ")),
                storms.stream().mapToInt(Storm::recovered).average().orElse(0));
    }

    private static Storm storm(BiFunction<VirtualServer, Long, StormClient> maker, int ends) {
        VirtualServer server = new VirtualServer(CAPACITY, QUEUE, SECOND, END);
        Outcome outcome = new Outcome();
        Random random = new Random(SEED);
        List<StormClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(maker.apply(server, random.nextLong()));
        }
        clients.forEach(client -> nextCall(server, client, new Random(random.nextLong()), outcome));
        server.later(STORM_BEGINS * SECOND, () -> server.capacity(REDUCED));
        server.later(ends * SECOND, () -> server.capacity(CAPACITY));
        server.run((END + 60) * SECOND);
        return new Storm(
                load(server, STORM_BEGINS, ends) / (ends - STORM_BEGINS),
                IntStream.range(0, END).mapToLong(server::arrivals).max().orElse(0),
                load(server, ends, ends + 60) / 60,
                outcome.failed(STORM_BEGINS, END),
                IntStream.range(ends, END - STEADY_SECONDS)
                        .filter(outcome::steady)
                        .map(second -> second - ends)
                        .findFirst()
                        .orElse(NEVER));
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
