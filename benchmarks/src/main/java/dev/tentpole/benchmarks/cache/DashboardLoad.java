package dev.tentpole.benchmarks.cache;

import dev.tentpole.cache.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a dashboard asks for in a day: 20 panels that are refreshed every 30 s, and someone who zooms and pans.
 *
 * <p>Panels show the last hour, six hours or day. Every ten minutes, on average, someone zooms into a panel, or pans it
 * back, looks at it for a while, during which it is refreshed too, and returns.
 */
final class DashboardLoad {

    /** When and what a panel asks for. */
    record Request(long nowMillis, int panel, TimeGrid grid) {}

    static final int PANELS = 20;
    static final long REFRESH = 30_000;
    static final long DAY = 86_400_000;

    private static final long START = 1_767_225_600_000L;
    private static final long[] WINDOWS = {3_600_000, 21_600_000, 86_400_000};
    private static final long[] STEPS = {15_000, 30_000, 60_000};
    private static final double ZOOMS_PER_REFRESH = 0.05;
    private static final int LONGEST_LOOK = 20;

    private DashboardLoad() {}

    static List<Request> day() {
        Random random = new Random(7);
        List<Request> requests = new ArrayList<>();
        Look[] looks = new Look[PANELS];
        for (long now = START; now < START + DAY; now += REFRESH) {
            if (random.nextDouble() < ZOOMS_PER_REFRESH) {
                looks[random.nextInt(PANELS)] = Look.random(random, now);
            }
            for (int panel = 0; panel < PANELS; panel++) {
                Look look = looks[panel];
                if (look != null && look.end < now) {
                    looks[panel] = null;
                    look = null;
                }
                int kind = panel % WINDOWS.length;
                requests.add(
                        new Request(now, panel, look == null ? window(now, WINDOWS[kind], STEPS[kind]) : look.grid));
            }
        }
        return requests;
    }

    private static TimeGrid window(long end, long window, long step) {
        long last = Math.floorDiv(end, step) * step;
        return TimeGrid.ofMillis(last - window, last, step);
    }

    /** A panel that somebody has zoomed or panned, until when. */
    private record Look(TimeGrid grid, long end) {

        static Look random(Random random, long now) {
            long until = now + REFRESH * (1 + random.nextInt(LONGEST_LOOK));
            int kind = random.nextInt(WINDOWS.length);
            long back = (long) (random.nextDouble() * WINDOWS[kind]);
            boolean zoom = random.nextBoolean();
            return new Look(window(now - back, zoom ? WINDOWS[kind] / 4 : WINDOWS[kind], STEPS[kind]), until);
        }
    }
}
