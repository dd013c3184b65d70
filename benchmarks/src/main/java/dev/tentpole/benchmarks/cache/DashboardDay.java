package dev.tentpole.benchmarks.cache;

import dev.tentpole.benchmarks.Simulation;
import dev.tentpole.benchmarks.cache.DashboardLoad.Request;
import dev.tentpole.cache.RangeAnswer;
import dev.tentpole.cache.RangeCache;
import dev.tentpole.cache.RangeRequest;
import dev.tentpole.cache.RangeStats;
import dev.tentpole.cache.SeriesGrid;
import dev.tentpole.cache.TimeGrid;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A day of a dashboard in virtual time: how many points a server is asked for, with and without a cache.
 *
 * <p>Data is settled after a minute. The answers of the cache are compared with the server's, bit for bit.
 */
public final class DashboardDay implements Simulation {

    private static final Duration SETTLING = Duration.ofMinutes(1);
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Makes the simulation. */
    public DashboardDay() {}

    @Override
    public String name() {
        return "dashboard-day";
    }

    @Override
    public void run(PrintStream out, List<String> options) {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("dashboard-day knows no options, and was given " + options);
        }
        List<Request> day = DashboardLoad.day();
        long without = day.stream().mapToLong(request -> request.grid().count()).sum();
        out.printf(
                Locale.ROOT,
                "%d panels, a refresh every %d s, zooms and pans: %,d requests for %,d points in a day%n%n",
                DashboardLoad.PANELS,
                DashboardLoad.REFRESH / 1_000,
                day.size(),
                without);
        out.println("| upstream | requests | points | fewer points |");
        out.println("|---|---:|---:|---:|");
        row(out, "without a cache", day.size(), without, without);
        simulate(out, "range cache, as it is", day, without, false, Duration.ZERO);
        simulate(out, "range cache, points of smaller steps reused", day, without, true, Duration.ZERO);
        simulate(out, "range cache, late data expected for an hour", day, without, true, Duration.ofHours(1));
    }

    private static void simulate(
            PrintStream out, String title, List<Request> day, long without, boolean reuse, Duration late) {
        AtomicLong now = new AtomicLong();
        try (RangeCache<Integer, SeriesGrid<String>> cache = RangeCache.<Integer, SeriesGrid<String>>builder(
                        SeriesGrid.values())
                .clocks(() -> now.get() * NANOS_PER_MILLI, () -> Instant.ofEpochMilli(now.get()))
                .timeToLive(age -> age.compareTo(late) < 0 ? Duration.ofMinutes(10) : Duration.ofDays(7))
                .executor(Runnable::run)
                .build()) {
            for (Request request : day) {
                now.set(request.nowMillis());
                Instant settled = Instant.ofEpochMilli(request.nowMillis()).minus(SETTLING);
                RangeRequest<Integer> asked = RangeRequest.of(request.panel(), request.grid(), settled);
                RangeAnswer<SeriesGrid<String>> answer = cache.get(
                        reuse ? asked.withStepReuse() : asked, (panel, missing, load) -> answer(panel, missing));
                if (request.nowMillis() % DashboardLoad.DAY < DashboardLoad.REFRESH
                        && !answer.value().equals(answer(request.panel(), request.grid()))) {
                    throw new IllegalStateException("the cache's answer is not the server's: " + request);
                }
            }
            RangeStats stats = cache.stats();
            row(out, title, stats.loads(), stats.pointsLoaded(), without);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static SeriesGrid<String> answer(int panel, TimeGrid grid) {
        SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid);
        int series = builder.series("panel-" + panel);
        for (int i = 0; i < grid.count(); i++) {
            builder.set(series, i, (double) (grid.timeMillis(i) ^ panel));
        }
        return builder.build();
    }

    private static void row(PrintStream out, String title, long requests, long points, long without) {
        out.printf(
                Locale.ROOT,
                "| %s | %,d | %,d | %s |%n",
                title,
                requests,
                points,
                points == without ? "" : String.format(Locale.ROOT, "%.0fx", (double) without / points));
    }
}
