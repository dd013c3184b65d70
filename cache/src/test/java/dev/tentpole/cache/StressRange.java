package dev.tentpole.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Small range caches for stress tests: a time that stands still, no threads, whole numbers under one key. */
final class StressRange {

    /** What a request has got that was cancelled. */
    static final int CANCELLED = -1;

    private StressRange() {}

    static RangeCache<String, SeriesGrid<String>> open() {
        return RangeCache.<String, SeriesGrid<String>>builder(SeriesGrid.values())
                .clocks(() -> 0, InstantSource.fixed(Instant.EPOCH))
                .executor(Runnable::run)
                .chunkPoints(4)
                .loadThroughGaps(0, Duration.ZERO)
                .build();
    }

    /**
     * Asks for points first to last, each of which is the value of a source when it is loaded.
     *
     * @param loaded counts points that were loaded
     * @return the value, if all points have the same; 0 if not
     */
    static int read(
            RangeCache<String, SeriesGrid<String>> cache,
            int first,
            int last,
            AtomicInteger source,
            AtomicInteger loaded) {
        return read(cache, first, last, source, loaded, () -> true);
    }

    /** The same, by a server that has read its data and then holds on for a while, unless something is so. */
    static int read(
            RangeCache<String, SeriesGrid<String>> cache,
            int first,
            int last,
            AtomicInteger source,
            AtomicInteger loaded,
            BooleanSupplier until) {
        return read(cache, first, last, (key, grid, load) -> {
            loaded.addAndGet((int) grid.count());
            SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid);
            int series = builder.series("s");
            int value = source.get();
            StressCache.holdOn(until);
            for (int i = 0; i < grid.count(); i++) {
                builder.set(series, i, (long) value);
            }
            return builder.build();
        });
    }

    /** Asks for points as one whose loads are interrupted. */
    static int readInterrupted(RangeCache<String, SeriesGrid<String>> cache, int first, int last) {
        return read(cache, first, last, (key, grid, load) -> {
            throw new InterruptedException();
        });
    }

    private static int read(
            RangeCache<String, SeriesGrid<String>> cache,
            int first,
            int last,
            RangeLoader<String, SeriesGrid<String>> loader) {
        TimeGrid grid = TimeGrid.ofMillis(first, last, 1);
        try {
            SeriesGrid<String> values =
                    cache.get(RangeRequest.of("k", grid, Instant.MAX), loader).value();
            long value = values.longAt(0, 0);
            for (int i = 1; i < grid.count(); i++) {
                value = values.longAt(0, i) == value ? value : 0;
            }
            return (int) value;
        } catch (InterruptedException e) {
            return CANCELLED;
        }
    }
}
