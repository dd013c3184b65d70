package dev.tentpole.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A server with series whose values change when a test says so, and which counts what it is asked. */
final class Upstream {

    /** A reserved number of series; series s exists at a point or not, depending on both. */
    private static final int SERIES = 3;

    private static final long LIFE = 7;

    final List<TimeGrid> asked = new ArrayList<>();
    private boolean down;
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
        return answer(key, grid);
    }

    /** What it would answer now. */
    SeriesGrid<String> answer(String key, TimeGrid grid) {
        SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid);
        for (int s = 0; s < SERIES; s++) {
            for (int i = 0; i < grid.count(); i++) {
                long time = grid.timeMillis(i);
                if (Math.floorMod(time / 1_000 / LIFE + s, SERIES) != 0) {
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
