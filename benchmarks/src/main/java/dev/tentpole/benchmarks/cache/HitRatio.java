package dev.tentpole.benchmarks.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tentpole.benchmarks.Simulation;
import dev.tentpole.benchmarks.cache.DashboardLoad.Request;
import dev.tentpole.cache.QueryCache;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How often a cache has what it is asked for: Tentpole's beside Caffeine and the least recently used, on several traces;
 * the mean of five runs.
 *
 * <p>With {@code record FILE} it writes the trace of the dashboard's day instead, a number for each request.
 */
public final class HitRatio implements Simulation {

    private static final int REQUESTS = 400_000;
    private static final int KEYS = 20_000;
    private static final int[] ROOMS = {500, 2_000, 8_000};
    private static final double SKEW = 0.99;
    private static final int SCAN_EVERY = 10;
    private static final int FEW_KEYS = 400;
    private static final int BURST_EVERY = 100_000;
    private static final int BURST = 10_000;
    private static final int DASHBOARDS = 50;
    private static final int VIEWERS = 5;
    private static final int VARIABLES = 6;
    private static final int RUNS = 5;
    private static final int RECORDED = 40_000;
    private static final double PERCENT = 100;

    /** Makes the simulation. */
    public HitRatio() {}

    @Override
    public String name() {
        return "hit-ratio";
    }

    @Override
    public void run(PrintStream out, List<String> options) {
        if (options.size() == 2 && options.get(0).equals("record")) {
            record(Path.of(options.get(1)));
            return;
        }
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("hit-ratio knows the option record FILE, and was given " + options);
        }
        out.println("| trace | room | tentpole | Caffeine | least recently used |");
        out.println("|---|---:|---:|---:|---:|");
        List<Map<String, int[]>> runs =
                IntStream.range(0, RUNS).mapToObj(HitRatio::traces).toList();
        for (String name : runs.get(0).keySet()) {
            List<int[]> traces = runs.stream().map(run -> run.get(name)).toList();
            for (int room : ROOMS) {
                out.printf(
                        Locale.ROOT,
                        "| %s | %,d | %.2f %% | %.2f %% | %.2f %% |%n",
                        name,
                        room,
                        mean(traces, trace -> tentpole(trace, room)),
                        mean(traces, trace -> caffeine(trace, room)),
                        mean(traces, trace -> leastRecentlyUsed(trace, room)));
            }
        }
    }

    /** What Caffeine finds out by trying depends on the trace's first steps: in one trace, two caches of it are a point apart. */
    private static double mean(List<int[]> traces, ToDoubleFunction<int[]> ratio) {
        return traces.stream().mapToDouble(ratio).average().orElseThrow();
    }

    private static Map<String, int[]> traces(int run) {
        Map<String, int[]> traces = new LinkedHashMap<>();
        traces.put("Zipf 0.99", new Zipf(KEYS, SKEW, seed(run, 1)).next(REQUESTS));
        int[] scan = new Zipf(KEYS, SKEW, seed(run, 2)).next(REQUESTS);
        for (int i = 0; i < REQUESTS; i++) {
            // One in ten requests is for something that nobody asks for again.
            if (i % SCAN_EVERY == 0) {
                scan[i] = KEYS + i;
            }
        }
        traces.put("Zipf with a scan", scan);
        traces.put("Zipf that fits, with bursts", bursts(run));
        traces.put("loop", IntStream.range(0, REQUESTS).map(i -> i % (KEYS / 2)).toArray());
        traces.put("dashboards", dashboards(run));
        return traces;
    }

    private static int seed(int run, int trace) {
        return 10 * run + trace;
    }

    /**
     * A few keys that fit into any of the caches, long enough for nothing to be evicted; then, all at once, thousands that
     * nobody asks for again.
     */
    private static int[] bursts(int run) {
        int[] trace = new Zipf(FEW_KEYS, SKEW, seed(run, 4)).next(REQUESTS);
        for (int i = 0; i < REQUESTS; i++) {
            if (i % BURST_EVERY >= BURST_EVERY - BURST) {
                trace[i] = KEYS + i;
            }
        }
        return trace;
    }

    /**
     * What five people ask for who look at some of fifty dashboards: the values of six variables, whose queries are always
     * the same, and 20 panels, whose ranges move on.
     */
    private static int[] dashboards(int run) {
        Map<Object, Integer> numbers = new HashMap<>();
        List<Integer> trace = new ArrayList<>();
        Zipf dashboards = new Zipf(DASHBOARDS, SKEW, seed(run, 3));
        List<Request> day = DashboardLoad.day();
        for (int refresh = 0; refresh < day.size() && trace.size() < REQUESTS; refresh += DashboardLoad.PANELS) {
            for (int viewer = 0; viewer < VIEWERS; viewer++) {
                int dashboard = dashboards.next();
                for (int variable = 0; variable < VARIABLES; variable++) {
                    Object key = List.of(dashboard, -variable);
                    trace.add(numbers.computeIfAbsent(key, fresh -> numbers.size()));
                }
                for (Request request : day.subList(refresh, refresh + DashboardLoad.PANELS)) {
                    Object key = List.of(dashboard, request.panel(), request.grid());
                    trace.add(numbers.computeIfAbsent(key, fresh -> numbers.size()));
                }
            }
        }
        return trace.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void record(Path file) {
        try {
            Files.writeString(
                    file,
                    IntStream.of(dashboards(0))
                            .limit(RECORDED)
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining("\n", "", "\n")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double tentpole(int[] trace, int room) {
        try (QueryCache<Integer, Integer> cache =
                QueryCache.<Integer, Integer>builder().maximumEntries(room).build()) {
            for (int key : trace) {
                int value = cache.get(key, (missing, load) -> missing);
                if (value != key) {
                    throw new IllegalStateException("the cache holds " + value + " under " + key);
                }
            }
            return PERCENT * cache.stats().hits() / trace.length;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Double.NaN;
        }
    }

    private static double caffeine(int[] trace, int room) {
        Cache<Integer, Integer> cache =
                Caffeine.newBuilder().maximumSize(room).executor(Runnable::run).build();
        return ratio(trace, key -> {
            boolean hit = cache.getIfPresent(key) != null;
            if (!hit) {
                cache.put(key, key);
            }
            return hit;
        });
    }

    private static double leastRecentlyUsed(int[] trace, int room) {
        Map<Integer, Integer> cache = new Contender.LeastRecentlyUsed<>(room);
        return ratio(trace, key -> {
            boolean hit = cache.get(key) != null;
            if (!hit) {
                cache.put(key, key);
            }
            return hit;
        });
    }

    private static double ratio(int[] trace, IntPredicate isHit) {
        return PERCENT * IntStream.of(trace).filter(isHit).count() / trace.length;
    }
}
