package dev.tentpole.benchmarks.cache;

import dev.tentpole.cache.RangeAnswer;
import dev.tentpole.cache.RangeCache;
import dev.tentpole.cache.RangeRequest;
import dev.tentpole.cache.SeriesGrid;
import dev.tentpole.cache.TimeGrid;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;

/** A window of a minute's step that moves on, and a server that costs as little as one can. */
final class RangeWindow implements AutoCloseable {

    private static final long STEP = 60_000;

    private final int points;
    private final String[] names;
    private long start;
    private final RangeCache<String, SeriesGrid<String>> cache = RangeCache.<String, SeriesGrid<String>>builder(
                    SeriesGrid.values())
            .timeToLive(age -> Duration.ofDays(1))
            .maximumPoints(100_000)
            .maximumWeight(2_000_000_000L)
            .build();

    RangeWindow(String window, int series) {
        points = switch (window) {
            case "1h" -> 60;
            case "1d" -> 1_440;
            default -> 43_200;
        };
        names = IntStream.range(0, series).mapToObj("series-%04d"::formatted).toArray(String[]::new);
    }

    void move(int steps) {
        start += steps * STEP;
    }

    /** What the cache says. */
    SeriesGrid<String> cached() throws InterruptedException {
        RangeAnswer<SeriesGrid<String>> answer =
                cache.get(RangeRequest.of("query", grid(points), Instant.MAX), (key, missing, load) -> load(missing));
        return answer.value();
    }

    /** What the server says of the whole window. */
    SeriesGrid<String> whole() {
        return load(grid(points));
    }

    /** What the server says of its last points. */
    SeriesGrid<String> last(int steps) {
        return load(grid(points).part(points - (long) steps, points));
    }

    private TimeGrid grid(int count) {
        return TimeGrid.ofMillis(start, start + (count - 1) * STEP, STEP);
    }

    private SeriesGrid<String> load(TimeGrid grid) {
        SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid);
        for (String name : names) {
            int place = builder.series(name);
            for (int i = 0; i < grid.count(); i++) {
                builder.set(place, i, (double) i);
            }
        }
        return builder.build();
    }

    @Override
    public void close() {
        cache.close();
    }
}
