package dev.tentpole.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/** A server with series whose values change when a test says so, and which counts what it is asked. */
final class Upstream {

    /** A reserved number of series; series s exists at a point or not, depending on both. */
    private static final int SERIES = 3;

    private static final long LIFE = 7;

    /** Of so many seconds the first few have no data at all. */
    private static final long CYCLE = 61;

    private static final long EMPTY = 20;

    final List<TimeGrid> asked = new ArrayList<>();
    private boolean down;
    private boolean isShort;
    private long generation;
    private long lateFrom = Long.MAX_VALUE;
    private long lateGeneration;

    SeriesGrid<String> load(String key, TimeGrid grid, Load load) throws IOException {
        synchronized (asked) {
            asked.add(grid);
        }
        if (down) {
            throw new IOException("down");
        }
        return answer(key, isShort ? grid.part(0, told(grid.count())) : grid);
    }

    /** Of how many points it tells something, if it is short. */
    static long told(long count) {
        return (count + 1) / 2;
    }

    /** What it would answer now. */
    SeriesGrid<String> answer(String key, TimeGrid grid) {
        return answer(key, grid, i -> true);
    }

    /** The same, of some points only. */
    SeriesGrid<String> answer(String key, TimeGrid grid, LongPredicate told) {
        SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid);
        for (int s = 0; s < SERIES; s++) {
            for (int i = 0; i < grid.count(); i++) {
                long time = grid.timeMillis(i);
                boolean isEmpty = Math.floorMod(time / 1_000, CYCLE) < EMPTY || !told.test(i);
                if (!isEmpty && Math.floorMod(time / 1_000 / LIFE + s, SERIES) != 0) {
                    int series = builder.series(key + s);
                    builder.set(series, i, value(s, time));
                }
            }
        }
        return builder.build();
    }

    private double value(int series, long time) {
        long version = time >= lateFrom ? lateGeneration : generation;
        // A NaN with a payload: every bit must come through.
        return time % 11 == 0
                ? Double.longBitsToDouble(0x7ff8000000000000L | version << 8 | series)
                : time * 10.0 + series + version * 1e-3;
    }

    void setDown(boolean down) {
        this.down = down;
    }

    /** From now on it tells of the first half of the points that it is asked for. */
    void setShort(boolean isShort) {
        this.isShort = isShort;
    }

    /** All data changes, as after a repair. */
    void change() {
        generation++;
        lateGeneration++;
    }

    /** Data from a time on changes, as when it comes late. */
    void changeFrom(long millis) {
        if (lateFrom != Long.MAX_VALUE && millis < lateFrom) {
            generation = Math.min(generation, lateGeneration);
        }
        lateFrom = millis;
        lateGeneration++;
    }

    long pointsAsked() {
        return asked.stream().mapToLong(TimeGrid::count).sum();
    }

    List<TimeGrid> takeAsked() {
        List<TimeGrid> taken = new ArrayList<>(asked);
        asked.clear();
        return taken;
    }
}
