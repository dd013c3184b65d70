package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * A range cache beside a naive one that knows of each point how long it is good: the answer is the uncached one, bit for
 * bit; the points that are loaded are exactly those that must be; nothing older than allowed is served unmarked.
 */
final class RangeCacheModelPropertyTest {

    private static final int CHUNK = 8;
    private static final long YOUNG = 100_000;
    private static final long SHORT = 20_000;
    private static final long LONG = 90_000;
    private static final long TAIL = 5_000;
    private static final long SOFT_SHORT = 8_000;
    private static final long SOFT_LONG = 40_000;
    private static final long NEGATIVE = 2_000;
    private static final long RETRY = 3_000;
    private static final long ON_ERROR = 30_000;

    /** What can happen. */
    enum Kind {
        REQUEST,
        REUSE,
        REFRESH,
        ADVANCE,
        FAIL,
        SHORT,
        LATE_DATA,
        CHANGE_ALL,
        INVALIDATE_RANGE
    }

    /** One step: times in seconds before now, or an amount of it. */
    record Step(Kind kind, int start, int length, int step, int phase, int horizon, int key) {}

    private record Point(String key, boolean tail, long step, long phase, long index) {}

    private record Validity(long softUntil, long freshUntil) {}

    /** Until when a point's failure is remembered, and until when it is not tried if there is something stale. */
    private record Failure(long until, long retryAt) {}

    private final FakeTime time = new FakeTime();
    private final Map<Point, Validity> model = new HashMap<>();
    private final Map<Point, Failure> failures = new HashMap<>();
    private Upstream upstream = new Upstream();
    private boolean down;
    private boolean isShort;
    private long nowMillis;
    private long expectedLoaded;
    private RangeCache<String, SeriesGrid<String>> cache;

    @Property(tries = 1_000)
    void it_behaves_as_a_naive_one(@ForAll("steps") List<Step> steps) throws InterruptedException {
        model.clear();
        failures.clear();
        upstream = new Upstream();
        down = false;
        isShort = false;
        nowMillis = 1_000_000;
        time.setWall(Instant.ofEpochMilli(nowMillis));
        expectedLoaded = 0;
        cache = RangeCache.<String, SeriesGrid<String>>builder(SeriesGrid.values())
                .clocks(time, time)
                .executor(Runnable::run)
                .jitter(0)
                .chunkPoints(CHUNK)
                .loadThroughGaps(0, Duration.ZERO)
                .timeToLive(age -> Duration.ofMillis(timeToLive(age.toMillis())))
                .refreshAfter(age -> Duration.ofMillis(softTimeToLive(age.toMillis())))
                .retryAfter(Duration.ofMillis(RETRY))
                .negativeTimeToLive(IOException.class, Duration.ofMillis(NEGATIVE))
                .tailTimeToLive(Duration.ofMillis(TAIL))
                .staleIfError(Duration.ofMillis(ON_ERROR))
                .build();
        try {
            for (Step step : steps) {
                step(step);
            }
            RangeStats stats = cache.stats();
            assertThat(stats.pointsLoaded()).isEqualTo(expectedLoaded).isEqualTo(upstream.pointsAsked());
            assertThat(stats.evictedBySize()).isZero();
        } finally {
            cache.close();
        }
        assertThat(cache.stats().weight()).isZero();
    }

    private static long timeToLive(long ageMillis) {
        return ageMillis < YOUNG ? SHORT : LONG;
    }

    private static long softTimeToLive(long ageMillis) {
        return ageMillis < YOUNG ? SOFT_SHORT : SOFT_LONG;
    }

    private void step(Step step) throws InterruptedException {
        switch (step.kind) {
            case REQUEST -> request(step, false, CacheControl.use());
            case REUSE -> request(step, true, CacheControl.use());
            case REFRESH -> request(step, false, CacheControl.of(CacheControl.Mode.REFRESH));
            case ADVANCE -> {
                time.advanceMillis(step.length * 500L);
                nowMillis += step.length * 500L;
            }
            case FAIL -> {
                down = !down;
                upstream.setDown(down);
            }
            case SHORT -> {
                isShort = !isShort;
                upstream.setShort(isShort);
            }
            case LATE_DATA -> late(nowMillis - step.start * 1_000L);
            case CHANGE_ALL -> {
                upstream.change();
                cache.invalidateAll();
                model.clear();
                failures.clear();
            }
            case INVALIDATE_RANGE -> {
                long from = nowMillis - step.start * 1_000L;
                long to = from + step.length * 1_000L;
                cache.invalidateTag("tag" + step.key, Instant.ofEpochMilli(from), Instant.ofEpochMilli(to));
                Predicate<Point> gone = point -> point.key.equals("k" + step.key)
                        && point.phase + point.index * point.step >= from
                        && point.phase + point.index * point.step <= to;
                model.keySet().removeIf(gone);
                failures.keySet().removeIf(gone);
            }
        }
    }

    /** Data from a time on changes, and whoever changes it says so. */
    private void late(long from) {
        upstream.changeFrom(from);
        for (int key = 0; key < 2; key++) {
            // changeFrom may touch what an earlier one touched, up to the end of time.
            cache.invalidateTag("tag" + key, Instant.EPOCH, Instant.MAX);
        }
        model.clear();
        failures.clear();
    }

    private void request(Step step, boolean reuse, CacheControl control) throws InterruptedException {
        long start = nowMillis - step.start * 1_000L + step.phase * 250L;
        long stepMillis = step.step * 1_000L;
        TimeGrid grid = TimeGrid.ofMillis(start, start + (step.length - 1) * stepMillis, stepMillis);
        long settled = nowMillis - step.horizon * 1_000L;
        RangeRequest<String> request = RangeRequest.of("k" + step.key, grid, Instant.ofEpochMilli(settled))
                .withTags("tag" + step.key)
                .with(control);
        request = reuse ? request.withStepReuse() : request;
        boolean anew = control.mode() == CacheControl.Mode.REFRESH;

        SortedSet<Long> missing = new TreeSet<>();
        SortedSet<Long> soft = new TreeSet<>();
        for (long i = 0; i < grid.count(); i++) {
            if (anew || !isGood(request, i, reuse, false)) {
                (!anew && isGood(request, i, reuse, true) ? soft : missing).add(i);
            }
        }
        expect(request, missing, soft, anew);
    }

    /** Works out what a request does, and compares. */
    private void expect(RangeRequest<String> request, SortedSet<Long> missing, SortedSet<Long> soft, boolean anew)
            throws InterruptedException {
        long count = request.grid().count();
        long unfresh = (long) missing.size() + soft.size();
        SortedSet<Long> refreshed = new TreeSet<>(soft);
        refreshed.removeIf(i -> isHeld(request, i));
        load(request, refreshed);
        boolean failsAtOnce = false;
        long held = 0;
        if (!anew) {
            failsAtOnce = missing.stream()
                    .anyMatch(i -> isHeld(request, i) && !isUsable(request, i) && isNegative(request, i));
            long before = missing.size();
            missing.removeIf(i -> isHeld(request, i) && isUsable(request, i));
            held = before - missing.size();
        }
        boolean served = !down || missing.stream().allMatch(i -> isUsable(request, i));
        long stale = soft.size() + held + (down ? missing.size() : 0);
        Set<Long> fetched = down ? Set.of() : told(missing);
        Set<Long> untold = new HashSet<>();
        if (!down) {
            untold.addAll(missing);
            untold.removeAll(fetched);
        }
        if (!failsAtOnce) {
            load(request, down ? untilHopeless(request, missing) : missing);
        }
        try {
            RangeAnswer<SeriesGrid<String>> answer = cache.get(request, upstream::load);
            assertThat(served && !failsAtOnce).isTrue();
            assertThat(answer.value())
                    .isEqualTo(upstream.answer(request.key(), request.grid(), i -> !untold.contains(i)));
            assertThat(answer.stale()).isEqualTo(stale);
            assertThat(answer.fetched()).isEqualTo(fetched.size());
            assertThat(answer.cached()).isEqualTo(count - unfresh);
            assertThat(answer.missing()).isEqualTo(untold.size());
            assertThat(answer.outcome() == RangeAnswer.Outcome.STALE).isEqualTo(stale > 0);
        } catch (CacheException e) {
            assertThat(served && !failsAtOnce).isFalse();
            assertThat(e.problem() == CacheException.Problem.FAILED_RECENTLY).isEqualTo(failsAtOnce);
        }
        assertThat(upstream.pointsAsked()).isEqualTo(expectedLoaded);
    }

    /** {@return those of the points that are asked for, a run at a time, of which the server tells something} */
    private Set<Long> told(Set<Long> asked) {
        Set<Long> told = new HashSet<>();
        for (long first : asked) {
            if (!asked.contains(first - 1)) {
                long end = first;
                while (asked.contains(end)) {
                    end++;
                }
                long count = isShort ? Upstream.told(end - first) : end - first;
                LongStream.range(first, first + count).forEach(told::add);
            }
        }
        return told;
    }

    /** {@return those of the points that are asked for, a run at a time, until one fails that has nothing stale} */
    private SortedSet<Long> untilHopeless(RangeRequest<String> request, SortedSet<Long> missing) {
        SortedSet<Long> asked = new TreeSet<>();
        boolean hope = true;
        for (long i : missing) {
            if (!hope && !asked.contains(i - 1)) {
                return asked;
            }
            asked.add(i);
            hope &= isUsable(request, i);
        }
        return asked;
    }

    /** Notes that points are asked for. */
    private void load(RangeRequest<String> request, SortedSet<Long> asked) {
        expectedLoaded += asked.size();
        Set<Long> points = down ? asked : told(asked);
        for (long i : points) {
            if (down) {
                failures.put(point(request, false, i), new Failure(nowMillis + NEGATIVE, nowMillis + RETRY));
            } else {
                failures.remove(point(request, false, i));
            }
        }
        if (!down) {
            remember(request, points);
        }
    }

    private boolean isHeld(RangeRequest<String> request, long offset) {
        Failure failure = failures.get(point(request, false, offset));
        return failure != null && nowMillis < failure.retryAt;
    }

    private boolean isNegative(RangeRequest<String> request, long offset) {
        Failure failure = failures.get(point(request, false, offset));
        return failure != null && nowMillis < failure.until;
    }

    private Point point(RangeRequest<String> request, boolean tail, long offset) {
        TimeGrid grid = request.grid();
        return new Point(request.key(), tail, grid.stepMillis(), grid.phaseMillis(), grid.first() + offset);
    }

    private boolean isSettled(RangeRequest<String> request, long offset) {
        return request.grid().timeMillis(offset) <= request.settledUntil().toEpochMilli();
    }

    private boolean isGood(RangeRequest<String> request, long offset, boolean reuse, boolean soft) {
        boolean settled = isSettled(request, offset);
        if (isGood(point(request, !settled, offset), soft)) {
            return true;
        }
        long millis = request.grid().timeMillis(offset);
        return reuse
                && settled
                && model.keySet().stream()
                        .anyMatch(point -> !point.tail
                                && point.key.equals(request.key())
                                && point.phase + point.index * point.step == millis
                                && request.grid().stepMillis() % point.step == 0
                                && isGood(point, soft));
    }

    private boolean isGood(Point point, boolean soft) {
        Validity validity = model.get(point);
        return validity != null && nowMillis < (soft ? validity.freshUntil : validity.softUntil);
    }

    private boolean isUsable(RangeRequest<String> request, long offset) {
        for (boolean tail : new boolean[] {false, true}) {
            Validity validity = model.get(point(request, tail, offset));
            if (validity != null && nowMillis < validity.freshUntil + ON_ERROR) {
                return true;
            }
        }
        return false;
    }

    /** Notes what a load brought: each run of missing points, cut at chunks and at the horizon, with a time of its own. */
    private void remember(RangeRequest<String> request, Set<Long> missing) {
        TimeGrid grid = request.grid();
        for (long offset : missing) {
            boolean settled = isSettled(request, offset);
            long newest = offset;
            while (missing.contains(newest + 1)
                    && isSettled(request, newest + 1) == settled
                    && Math.floorDiv(grid.first() + newest + 1, CHUNK) == Math.floorDiv(grid.first() + offset, CHUNK)) {
                newest++;
            }
            long age = Math.max(0, nowMillis - grid.timeMillis(newest));
            long fresh = settled ? timeToLive(age) : TAIL;
            long soft = settled ? softTimeToLive(age) : TAIL;
            model.put(point(request, !settled, offset), new Validity(nowMillis + soft, nowMillis + fresh));
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(Kind.REQUEST)),
                Tuple.of(3, Arbitraries.just(Kind.ADVANCE)),
                Tuple.of(4, Arbitraries.of(Kind.values())));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, 150),
                        Arbitraries.integers().between(1, 40),
                        Arbitraries.of(1, 2, 3, 6),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(-5, 30),
                        Arbitraries.integers().between(0, 1))
                .as(Step::new)
                .list()
                .ofMaxSize(30);
    }
}
