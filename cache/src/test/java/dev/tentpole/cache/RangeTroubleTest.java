package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.RangeAnswer.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A range cache among loaders, values, threads and keys that are not as they should be. */
@Timeout(60)
final class RangeTroubleTest {

    private static final long SECOND = 1_000;
    private static final TimeGrid GRID = TimeGrid.ofMillis(0, 99 * SECOND, SECOND);

    private final FakeTime time = new FakeTime();
    private final Upstream upstream = new Upstream();
    private RangeCache<Object, SeriesGrid<String>> cache = plain().build();

    @AfterEach
    void close() {
        cache.close();
    }

    private RangeCacheBuilder<Object, SeriesGrid<String>> plain() {
        return plain(SeriesGrid.values());
    }

    private RangeCacheBuilder<Object, SeriesGrid<String>> plain(GridValues<SeriesGrid<String>> values) {
        return RangeCache.<Object, SeriesGrid<String>>builder(values)
                .clocks(time, time)
                .executor(Runnable::run)
                .jitter(0)
                .timeToLive(age -> Duration.ofHours(1));
    }

    private void use(RangeCacheBuilder<Object, SeriesGrid<String>> builder) {
        cache.close();
        cache = builder.build();
    }

    private static RangeRequest<Object> request(Object key, TimeGrid grid) {
        return RangeRequest.of(key, grid, Instant.MAX);
    }

    private RangeAnswer<SeriesGrid<String>> get(RangeRequest<Object> request) throws InterruptedException {
        return cache.get(request, (key, grid, load) -> upstream.load("k", grid, load));
    }

    /** Values as they are, but for what they weigh. */
    private record Weighing(GridValues<SeriesGrid<String>> values, AtomicLong weight)
            implements GridValues<SeriesGrid<String>> {

        @Override
        public TimeGrid grid(SeriesGrid<String> value) {
            return values.grid(value);
        }

        @Override
        public SeriesGrid<String> slice(SeriesGrid<String> value, TimeGrid part) {
            return values.slice(value, part);
        }

        @Override
        public SeriesGrid<String> join(TimeGrid grid, List<Piece<SeriesGrid<String>>> pieces) {
            return values.join(grid, pieces);
        }

        @Override
        public long weigh(SeriesGrid<String> value) {
            return weight.get();
        }
    }

    @Test
    void threads_that_never_come_hold_nobody_up() throws InterruptedException {
        List<Runnable> waiting = new ArrayList<>();
        use(plain().executor(waiting::add).maximumPointsPerLoad(10));
        assertThat(get(request("k", GRID)).fetched()).isEqualTo(100);
        assertThat(waiting).isNotEmpty();
        waiting.forEach(Runnable::run);
        assertThat(upstream.pointsAsked()).isEqualTo(100);
    }

    @Test
    void loaders_that_ask_the_cache_themselves_do_not_run_out_of_threads() throws InterruptedException {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            use(plain().executor(two).maximumPointsPerLoad(10));
            RangeAnswer<SeriesGrid<String>> answer = cache.get(
                    request("outer", GRID),
                    (key, grid, load) ->
                            get(request("inner" + grid.first(), GRID)).value());
            assertThat(answer.fetched()).isEqualTo(100);
        } finally {
            two.shutdownNow();
        }
    }

    @Test
    void an_error_of_a_loader_passes_through_from_any_thread() {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            use(plain().executor(two).maximumPointsPerLoad(10));
            assertThatThrownBy(() -> cache.get(request("k", GRID), (key, grid, load) -> {
                        throw new StackOverflowError("deep");
                    }))
                    .isInstanceOf(StackOverflowError.class);
            // The caller has its error at once; a load of another thread that it interrupted may still be ending.
            Until.holds(() -> cache.store().laneCount() == 0);
        } finally {
            two.shutdownNow();
        }
    }

    @Test
    void what_is_loaded_alone_is_loaded_in_parts_and_through_gaps_too() throws InterruptedException {
        use(plain().maximumPointsPerLoad(40).loadThroughGaps(5, Duration.ZERO));
        get(request("k", GRID.part(50, 53)));
        upstream.takeAsked();
        RangeRequest<Object> bypass = request("k", GRID).with(CacheControl.of(Mode.BYPASS));
        RangeAnswer<SeriesGrid<String>> answer = get(bypass);
        assertThat(answer.value()).isEqualTo(upstream.answer("k", GRID));
        assertThat(answer.reason()).isEqualTo(Reason.CALLER);
        assertThat(upstream.takeAsked())
                .containsExactlyInAnyOrder(GRID.part(0, 40), GRID.part(40, 80), GRID.part(80, 100));
        get(request("k", GRID).with(CacheControl.of(Mode.NO_STORE)));
        assertThat(upstream.takeAsked())
                .containsExactlyInAnyOrder(GRID.part(0, 40), GRID.part(40, 80), GRID.part(80, 100));
        assertThat(cache.stats().notStored()).containsEntry(Reason.CALLER, 2L);
    }

    @Test
    void a_loader_that_wants_nothing_kept_is_obeyed_in_the_tail_too() throws InterruptedException {
        use(plain().staleIfError(Duration.ofHours(1)).tailTimeToLive(Duration.ofMinutes(1)));
        RangeAnswer<SeriesGrid<String>> answer =
                cache.get(RangeRequest.of("k", GRID, Instant.EPOCH), (key, grid, load) -> {
                    load.timeToLive(Duration.ZERO);
                    return upstream.load("k", grid, load);
                });
        assertThat(answer.kept()).isFalse();
        assertThat(answer.reason()).isEqualTo(Reason.LOADER);
        assertThat(cache.stats().chunks()).isZero();
    }

    @Test
    void a_millisecond_line_answers_a_step_of_a_month_and_of_a_year() throws InterruptedException {
        long day = Duration.ofDays(1).toMillis();
        for (long step : new long[] {30 * day, 1L << 32, 365 * day}) {
            TimeGrid sparse = TimeGrid.ofMillis(0, 3 * step, step);
            for (int i = 0; i < 3; i++) {
                get(request(step, TimeGrid.ofMillis(i * step - 5, i * step + 5, 1)));
            }
            RangeAnswer<SeriesGrid<String>> answer = get(request(step, sparse).withStepReuse());
            assertThat(answer.cached()).isEqualTo(3);
            assertThat(answer.value()).isEqualTo(upstream.answer("k", sparse));
        }
    }

    @Test
    void the_longest_steps_and_the_largest_chunks_are_kept() throws InterruptedException {
        use(plain().chunkPoints(65_536));
        long century = Duration.ofDays(36_525).toMillis();
        for (long step : new long[] {Duration.ofDays(365).toMillis(), century}) {
            TimeGrid grid = TimeGrid.ofMillis(-3 * step, 3 * step, step);
            get(request("k", grid));
            assertThat(get(request("k", grid)).outcome()).isEqualTo(Outcome.HIT);
        }
    }

    @Test
    void a_weight_that_can_not_be_costs_the_keeping_and_leaves_nothing_behind() throws InterruptedException {
        AtomicLong weight = new AtomicLong();
        use(plain(new Weighing(SeriesGrid.values(), weight)));
        for (long wrong : new long[] {-1_000, Long.MAX_VALUE, Long.MIN_VALUE}) {
            weight.set(wrong);
            assertThat(get(request("k", GRID)).reason()).isEqualTo(Reason.SETTING_FAILED);
            assertThat(cache.store().laneCount()).isZero();
        }
        weight.set(1L << 40);
        assertThat(get(request("k", GRID)).reason()).isEqualTo(Reason.TOO_HEAVY);
        weight.set(0);
        assertThat(get(request("k", GRID)).kept()).isTrue();
        assertThat(cache.stats().weight()).isPositive();
    }

    @Test
    void a_load_that_fails_with_too_many_tags_fails_as_it_did() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            String round = "round" + i + "-";
            String[] tags = IntStream.range(0, 100).mapToObj(j -> round + j).toArray(String[]::new);
            get(request("k", GRID).withTags(tags));
        }
        IOException gone = new IOException("gone");
        TimeGrid later = TimeGrid.ofMillis(500 * SECOND, 599 * SECOND, SECOND);
        RangeLoader<Object, SeriesGrid<String>> failing = (key, grid, load) -> {
            load.tag("one more");
            throw gone;
        };
        assertThatThrownBy(() -> cache.get(request("k", later), failing)).hasRootCause(gone);
        assertThat(cache.stats().loadFailures()).isOne();
    }

    @Test
    void times_to_live_without_end_and_below_zero_work() throws InterruptedException {
        use(plain().timeToLive(age -> Duration.ofSeconds(Long.MAX_VALUE))
                .refreshAfter(age -> Duration.ofSeconds(Long.MAX_VALUE))
                .staleIfError(Load.LONGEST_TIME_TO_LIVE));
        get(request("k", GRID));
        time.advance(Load.LONGEST_TIME_TO_LIVE.minusSeconds(1));
        assertThat(get(request("k", GRID)).outcome()).isEqualTo(Outcome.HIT);
        time.advance(Duration.ofSeconds(1));
        assertThat(get(request("k", GRID)).outcome()).isEqualTo(Outcome.MISS);
        use(plain().timeToLive(age -> Duration.ofSeconds(-1)));
        assertThat(get(request("k", GRID)).reason()).isEqualTo(Reason.LOADER);
        use(plain().refreshAfter(age -> Duration.ofSeconds(-1)));
        get(request("k", GRID));
        assertThat(get(request("k", GRID)).outcome()).isEqualTo(Outcome.HIT);
        use(plain().timeToLive(age -> {
            throw new IllegalStateException("broken");
        }));
        assertThat(get(request("k", GRID)).reason()).isEqualTo(Reason.SETTING_FAILED);
        assertThat(cache.stats().notStored()).containsEntry(Reason.SETTING_FAILED, 1L);
    }

    @Test
    void a_key_whose_equals_throws_hurts_whoever_uses_it_and_nobody_else() throws InterruptedException {
        BadKey bad = new BadKey();
        get(request(bad, GRID));
        bad.broken = true;
        assertThatThrownBy(() -> get(request(new BadKey(), GRID))).isInstanceOf(IllegalStateException.class);
        assertThat(get(request("k", GRID)).fetched()).isEqualTo(100);
        bad.broken = false;
        assertThat(get(request(new BadKey(), GRID)).outcome()).isEqualTo(Outcome.HIT);
        assertThat(cache.invalidateAll()).isEqualTo(2);
        assertThat(cache.store().laneCount()).isZero();
    }

    @Test
    void a_request_that_finds_all_there_leaves_its_tags_too() throws InterruptedException {
        get(request("k", GRID).withTags("one"));
        assertThat(get(request("k", GRID).withTags("two")).outcome()).isEqualTo(Outcome.HIT);
        assertThat(cache.invalidateTag("two")).isEqualTo(1);
        assertThat(get(request("k", GRID)).outcome()).isEqualTo(Outcome.MISS);
    }

    @Test
    void what_is_loaded_while_the_cache_is_closed_is_handed_out_and_not_kept() throws InterruptedException {
        RangeAnswer<SeriesGrid<String>> answer = cache.get(request("k", GRID), (key, grid, load) -> {
            cache.close();
            return upstream.load("k", grid, load);
        });
        assertThat(answer.value()).isEqualTo(upstream.answer("k", GRID));
        assertThat(answer.reason()).isEqualTo(Reason.OUTDATED);
        assertThat(cache.stats().chunks()).isZero();
        assertThat(cache.store().laneCount()).isZero();
    }

    @Test
    void a_caller_waits_no_longer_for_another_one_than_it_said() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        try (Workers workers = new Workers()) {
            Workers.Job<Long> leader = workers.start(() -> cache.get(request("k", GRID), (key, grid, load) -> {
                        reached.countDown();
                        open.await();
                        return upstream.load("k", grid, load);
                    })
                    .fetched());
            assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
            CacheControl hurried = CacheControl.use().within(Duration.ofMillis(5));
            assertThatThrownBy(() -> get(request("k", GRID).with(hurried)))
                    .isInstanceOfSatisfying(
                            CacheException.class,
                            e -> assertThat(e.problem()).isEqualTo(CacheException.Problem.TIMEOUT));
            open.countDown();
            assertThat(leader.result()).isEqualTo(100);
        }
    }

    @Test
    void tags_that_grow_without_end_are_refused() throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            get(request("k", GRID).withTags("t" + i));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> get(request("k", GRID).withTags("one more")))
                .withMessageContaining("tags");
        assertThat(get(request("k", GRID)).outcome()).isEqualTo(Outcome.HIT);
        assertThat(cache.invalidateTag("t0")).isEqualTo(1);
    }

    @Test
    void a_refresh_whose_points_are_not_kept_is_not_tried_again_for_a_while() throws InterruptedException {
        use(plain().refreshAfter(age -> Duration.ofSeconds(20)).retryAfter(Duration.ofSeconds(5)));
        get(request("k", GRID));
        time.advance(Duration.ofSeconds(30));
        upstream.takeAsked();
        for (int i = 0; i < 10; i++) {
            RangeAnswer<SeriesGrid<String>> answer = cache.get(request("k", GRID), (key, grid, load) -> {
                load.noStore();
                return upstream.load("k", grid, load);
            });
            assertThat(answer.stale()).isEqualTo(100);
        }
        assertThat(upstream.takeAsked()).containsExactly(GRID);
        time.advance(Duration.ofSeconds(5));
        get(request("k", GRID));
        assertThat(get(request("k", GRID)).outcome()).isEqualTo(Outcome.HIT);
    }

    @Test
    void a_loaders_time_to_live_leaves_volatile_points_to_serve_if_loading_fails() throws InterruptedException {
        use(plain().staleIfError(Duration.ofHours(1)));
        RangeRequest<Object> request = RangeRequest.of("k", GRID, Instant.EPOCH.minusSeconds(1));
        RangeAnswer<SeriesGrid<String>> first = cache.get(request, (key, grid, load) -> {
            load.timeToLive(Duration.ofMinutes(5));
            return upstream.load("k", grid, load);
        });
        assertThat(first.reason()).isEqualTo(Reason.NONE);
        upstream.setDown(true);
        assertThat(get(request).stale()).isEqualTo(100);
    }

    /** A key whose equals throws while any of two is broken. */
    private static final class BadKey {

        private volatile boolean broken;

        @Override
        public int hashCode() {
            return 7;
        }

        @Override
        public boolean equals(Object other) {
            if (other instanceof BadKey key && (broken || key.broken)) {
                throw new IllegalStateException("broken");
            }
            return other instanceof BadKey;
        }
    }
}
