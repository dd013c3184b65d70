package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.RangeAnswer.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What callers see of a range cache. */
@Timeout(60)
final class RangeCacheTest extends RangeFixture {

    private RangeAnswer<SeriesGrid<String>> get(TimeGrid grid) throws InterruptedException {
        RangeAnswer<SeriesGrid<String>> answer = get(request(grid));
        assertThat(answer.value()).isEqualTo(upstream.answer("k", grid));
        return answer;
    }

    @Test
    void only_what_is_missing_is_loaded() throws InterruptedException {
        assertThat(get(seconds(10, 49)).outcome()).isEqualTo(Outcome.MISS);
        assertThat(get(seconds(20, 40)).outcome()).isEqualTo(Outcome.HIT);
        upstream.takeAsked();
        RangeAnswer<SeriesGrid<String>> wider = get(seconds(0, 69));
        assertThat(wider.outcome()).isEqualTo(Outcome.PARTIAL);
        assertThat(wider.cached()).isEqualTo(40);
        assertThat(wider.fetched()).isEqualTo(30);
        assertThat(upstream.takeAsked()).containsExactlyInAnyOrder(seconds(0, 9), seconds(50, 69));
        assertThat(get(seconds(0, 69)).outcome()).isEqualTo(Outcome.HIT);
        assertThat(upstream.takeAsked()).isEmpty();
        assertThat(cache.stats().pointsLoaded()).isEqualTo(70);
    }

    @Test
    void steps_and_phases_are_kept_apart() throws InterruptedException {
        get(seconds(0, 59));
        TimeGrid shifted = TimeGrid.ofMillis(500, 59_500, SECOND);
        assertThat(get(shifted).outcome()).isEqualTo(Outcome.MISS);
        assertThat(get(TimeGrid.ofMillis(0, 59_000, 2 * SECOND)).outcome()).isEqualTo(Outcome.MISS);
        assertThat(get(shifted).outcome()).isEqualTo(Outcome.HIT);
        assertThat(get(seconds(0, 59)).outcome()).isEqualTo(Outcome.HIT);
    }

    @Test
    void a_dense_grid_answers_a_sparser_one_on_its_line_if_the_caller_allows() throws InterruptedException {
        get(seconds(0, 99));
        TimeGrid sparse = TimeGrid.ofMillis(3_000, 129_000, 7 * SECOND);
        RangeAnswer<SeriesGrid<String>> answer = get(request(sparse).withStepReuse());
        assertThat(answer.value()).isEqualTo(upstream.answer("k", sparse));
        assertThat(answer.cached()).isEqualTo(14);
        assertThat(answer.fetched()).isEqualTo(5);
        assertThat(cache.stats().pointsReused()).isEqualTo(14);
        TimeGrid veryShort = TimeGrid.ofMillis(0, 99_000, 50 * SECOND);
        assertThat(get(request(veryShort).withStepReuse()).outcome()).isEqualTo(Outcome.HIT);
        TimeGrid otherPhase = TimeGrid.ofMillis(3_500, 59_500, 7 * SECOND);
        assertThat(get(request(otherPhase).withStepReuse()).outcome()).isEqualTo(Outcome.MISS);
    }

    @Test
    void what_is_not_settled_is_loaded_again_and_never_becomes_settled_by_waiting() throws InterruptedException {
        RangeRequest<String> early = RangeRequest.of("k", seconds(0, 59), Instant.ofEpochSecond(49));
        assertThat(get(early).fetched()).isEqualTo(60);
        upstream.changeFrom(50 * SECOND);
        RangeAnswer<SeriesGrid<String>> again = get(early);
        assertThat(again.cached()).isEqualTo(50);
        assertThat(again.value()).isEqualTo(upstream.answer("k", seconds(0, 59)));
        RangeRequest<String> later = RangeRequest.of("k", seconds(0, 59), Instant.ofEpochSecond(54));
        assertThat(get(later).fetched()).isEqualTo(10);
        assertThat(get(later).fetched()).isEqualTo(5);
    }

    @Test
    void a_volatile_tail_is_served_for_its_own_time() throws InterruptedException {
        use(plain().tailTimeToLive(Duration.ofSeconds(10)));
        RangeRequest<String> live = RangeRequest.of("k", seconds(0, 59), Instant.ofEpochSecond(49));
        get(live);
        time.advance(Duration.ofSeconds(9));
        assertThat(get(live).outcome()).isEqualTo(Outcome.HIT);
        assertThat(get(live).age()).isEqualTo(Duration.ofSeconds(9));
        time.advance(Duration.ofSeconds(1));
        assertThat(get(live).fetched()).isEqualTo(10);
    }

    @Test
    void the_time_to_live_depends_on_the_age_of_points() throws InterruptedException {
        long now = time.instant().getEpochSecond();
        use(plain().timeToLive(
                        age -> age.compareTo(Duration.ofMinutes(1)) < 0 ? Duration.ofSeconds(5) : Duration.ofDays(1)));
        TimeGrid grid = seconds(now - 200, now);
        get(grid);
        time.advance(Duration.ofSeconds(6));
        RangeAnswer<SeriesGrid<String>> answer = get(grid);
        assertThat(answer.fetched()).isBetween(60L, 60L + 15);
        assertThat(get(grid).outcome()).isEqualTo(Outcome.HIT);
    }

    @Test
    void a_wall_clock_that_goes_backwards_makes_points_younger_and_nothing_worse() throws InterruptedException {
        List<Duration> ages = new ArrayList<>();
        use(plain().timeToLive(age -> {
            ages.add(age);
            return Duration.ofSeconds(60);
        }));
        time.setWall(Instant.EPOCH);
        get(seconds(1_000, 1_020));
        assertThat(ages).isNotEmpty().containsOnly(Duration.ZERO);
        assertThat(get(seconds(1_000, 1_020)).outcome()).isEqualTo(Outcome.HIT);
    }

    @Test
    void small_gaps_are_loaded_through() throws InterruptedException {
        use(plain().loadThroughGaps(3, Duration.ZERO));
        get(seconds(10, 12));
        get(seconds(20, 29));
        upstream.takeAsked();
        RangeAnswer<SeriesGrid<String>> answer = get(seconds(0, 39));
        assertThat(upstream.takeAsked()).containsExactlyInAnyOrder(seconds(0, 19), seconds(30, 39));
        assertThat(answer.cached()).isEqualTo(13);
        assertThat(answer.fetched()).isEqualTo(27);
    }

    @Test
    void a_gap_is_loaded_through_only_where_that_saves_a_load() throws InterruptedException {
        use(plain().loadThroughGaps(0, Duration.ofMinutes(5)).maximumPointsPerLoad(40));
        get(seconds(1, 98));
        upstream.takeAsked();
        assertThat(get(seconds(0, 99)).cached()).isEqualTo(98);
        assertThat(upstream.takeAsked()).containsExactlyInAnyOrder(seconds(0, 0), seconds(99, 99));
        get(seconds(110, 125));
        get(seconds(127, 180));
        upstream.takeAsked();
        assertThat(get(seconds(100, 126)).cached()).isEqualTo(16);
        assertThat(upstream.takeAsked()).containsExactly(seconds(100, 126));
    }

    @Test
    void a_long_run_is_loaded_in_parts() throws InterruptedException {
        use(plain().maximumPointsPerLoad(40));
        get(seconds(0, 99));
        assertThat(upstream.takeAsked()).containsExactlyInAnyOrder(seconds(0, 39), seconds(40, 79), seconds(80, 99));
    }

    @Test
    void if_loading_fails_what_is_too_old_is_served_within_the_bound_and_marked() throws InterruptedException {
        use(plain().staleIfError(Duration.ofMinutes(30)));
        TimeGrid grid = seconds(0, 59);
        SeriesGrid<String> old = get(grid).value();
        time.advance(Duration.ofMinutes(61));
        upstream.change();
        upstream.setDown(true);
        RangeAnswer<SeriesGrid<String>> stale = get(request(grid));
        assertThat(stale.outcome()).isEqualTo(Outcome.STALE);
        assertThat(stale.stale()).isEqualTo(60);
        assertThat(stale.age()).isEqualTo(Duration.ofMinutes(61));
        assertThat(stale.value()).isEqualTo(old);
        assertThatThrownBy(() -> get(request(seconds(0, 60))))
                .isInstanceOf(CacheException.class)
                .hasCauseInstanceOf(IOException.class);
        time.advance(Duration.ofMinutes(30));
        assertThatThrownBy(() -> get(request(grid))).isInstanceOf(CacheException.class);
        upstream.setDown(false);
        assertThat(get(grid).outcome()).isEqualTo(Outcome.MISS);
    }

    @Test
    void partial_results_are_handed_out_and_never_kept() throws InterruptedException {
        RangeAnswer<SeriesGrid<String>> answer = cache.get(request(seconds(0, 9)), (key, grid, load) -> {
            load.noStore();
            return upstream.load(key, grid, load);
        });
        assertThat(answer.kept()).isFalse();
        assertThat(answer.fetched()).isEqualTo(10);
        assertThat(get(seconds(0, 9)).outcome()).isEqualTo(Outcome.MISS);
    }

    @Test
    void points_that_a_loader_does_not_tell_about_are_missing_and_asked_for_again() throws InterruptedException {
        RangeAnswer<SeriesGrid<String>> answer =
                cache.get(request(seconds(0, 39)), (key, grid, load) -> upstream.load(key, seconds(10, 29), load));
        assertThat(answer.missing()).isEqualTo(20);
        assertThat(answer.fetched()).isEqualTo(20);
        assertThat(answer.value().grid()).isEqualTo(seconds(0, 39));
        assertThat(answer.value().isPresent(0, 5)).isFalse();
        RangeAnswer<SeriesGrid<String>> again = get(seconds(0, 39));
        assertThat(again.cached()).isEqualTo(20);
        assertThat(again.fetched()).isEqualTo(20);
        RangeAnswer<SeriesGrid<String>> none =
                cache.get(request(seconds(100, 109)), (key, grid, load) -> upstream.load(key, seconds(200, 201), load));
        assertThat(none.missing()).isEqualTo(10);
        assertThat(none.value().series()).isEmpty();
        assertThat(none.outcome()).isEqualTo(Outcome.MISS);
    }

    @Test
    void points_that_a_loader_tells_about_besides_are_ignored() throws InterruptedException {
        RangeAnswer<SeriesGrid<String>> answer =
                cache.get(request(seconds(10, 19)), (key, grid, load) -> upstream.load(key, seconds(0, 99), load));
        assertThat(answer.value()).isEqualTo(upstream.answer("k", seconds(10, 19)));
        assertThat(get(seconds(10, 29)).cached()).isEqualTo(10);
    }

    @Test
    void points_that_were_not_asked_of_a_load_are_not_taken_from_it() throws InterruptedException {
        RangeLoader<String, SeriesGrid<String>> talkative = (key, grid, load) -> {
            TimeGrid more = TimeGrid.ofMillis(grid.timeMillis(0) - 3 * SECOND, grid.timeMillis(4) + 3 * SECOND, SECOND);
            SeriesGrid<String> asked = upstream.answer(key, grid);
            SeriesGrid.Builder<String> builder = SeriesGrid.builder(more);
            for (String series : List.of("k0", "k1", "k2")) {
                int place = builder.series(series);
                int from = asked.series().indexOf(series);
                for (int i = 0; i < more.count(); i++) {
                    if (i < 3 || i >= 8) {
                        builder.set(place, i, -999.0);
                    } else if (from >= 0 && asked.isPresent(from, i - 3)) {
                        builder.set(place, i, asked.longAt(from, i - 3));
                    }
                }
            }
            return builder.build();
        };
        for (Mode mode : List.of(Mode.BYPASS, Mode.NO_STORE, Mode.USE, Mode.REFRESH)) {
            use(plain().maximumPointsPerLoad(5));
            RangeAnswer<SeriesGrid<String>> answer =
                    cache.get(request(seconds(20, 39)).with(CacheControl.of(mode)), talkative);
            assertThat(answer.value()).as("%s", mode).isEqualTo(upstream.answer("k", seconds(20, 39)));
        }
    }

    @Test
    void an_answer_on_another_line_and_null_are_failures() {
        assertThatThrownBy(() -> cache.get(
                        request(seconds(0, 9)),
                        (key, grid, load) -> upstream.answer(key, TimeGrid.ofMillis(500, 9_500, SECOND))))
                .hasRootCauseMessage("the loader was asked for " + seconds(0, 9) + " and returned "
                        + TimeGrid.ofMillis(500, 9_500, SECOND))
                .extracting(e -> ((CacheException) e).problem())
                .isEqualTo(CacheException.Problem.WRONG_GRID);
        assertThatThrownBy(() -> cache.get(request(seconds(0, 9)), (key, grid, load) -> null))
                .hasCauseInstanceOf(NullPointerException.class);
        assertThat(cache.stats().loadFailures()).isEqualTo(2);
        assertThat(cache.stats().loads()).isZero();
    }

    @Test
    void points_are_invalidated_by_key_and_by_tag_and_time() throws InterruptedException {
        get(seconds(0, 99));
        assertThat(cache.invalidateTag("tag", Instant.ofEpochMilli(20_500), Instant.ofEpochSecond(40)))
                .isEqualTo(2);
        upstream.takeAsked();
        assertThat(get(seconds(0, 99)).fetched()).isEqualTo(20);
        assertThat(upstream.takeAsked()).containsExactly(seconds(21, 40));
        assertThat(cache.invalidateTag("other")).isZero();
        assertThat(cache.invalidateTag("tag")).isEqualTo(7);
        assertThat(cache.stats().chunks()).isZero();
        assertThat(get(seconds(0, 99)).outcome()).isEqualTo(Outcome.MISS);
        assertThat(cache.invalidate("k")).isEqualTo(7);
        assertThat(cache.invalidateAll()).isZero();
        assertThat(cache.store().laneCount()).isZero();
        assertThat(cache.store().tagCount()).isZero();
    }

    @Test
    void a_call_says_what_it_wants_of_the_cache() throws InterruptedException {
        RangeRequest<String> request = request(seconds(0, 9));
        assertThatThrownBy(() -> get(request.with(CacheControl.of(Mode.ONLY_IF_CACHED))))
                .isInstanceOfSatisfying(
                        CacheException.class, e -> assertThat(e.problem()).isEqualTo(Problem.NOT_CACHED));
        assertThat(get(request.with(CacheControl.of(Mode.NO_STORE))).kept()).isFalse();
        assertThat(get(request).outcome()).isEqualTo(Outcome.MISS);
        assertThat(get(request.with(CacheControl.of(Mode.ONLY_IF_CACHED))).outcome())
                .isEqualTo(Outcome.HIT);
        assertThat(get(request.with(CacheControl.of(Mode.BYPASS))).outcome()).isEqualTo(Outcome.BYPASSED);
        upstream.change();
        assertThat(get(request.with(CacheControl.of(Mode.REFRESH))).outcome()).isEqualTo(Outcome.REFRESHED);
        assertThat(get(request).value()).isEqualTo(upstream.answer("k", seconds(0, 9)));
        assertThat(cache.stats().requests()).isEqualTo(7);
    }

    @Test
    void grids_of_one_point_of_a_millisecond_and_of_ten_years_work() throws InterruptedException {
        get(seconds(5, 5));
        assertThat(get(seconds(5, 5)).outcome()).isEqualTo(Outcome.HIT);
        TimeGrid milliseconds = TimeGrid.ofMillis(-300, 300, 1);
        get(milliseconds);
        assertThat(get(milliseconds).outcome()).isEqualTo(Outcome.HIT);
        long day = Duration.ofDays(1).toMillis();
        TimeGrid tenYears = TimeGrid.ofMillis(-day, 3_652 * day, day);
        get(tenYears);
        assertThat(get(tenYears).outcome()).isEqualTo(Outcome.HIT);
        TimeGrid years = TimeGrid.ofMillis(-365 * day * 10, 365 * day * 10, 365 * day);
        get(years);
        assertThat(get(years).outcome()).isEqualTo(Outcome.HIT);
        assertThatThrownBy(() -> get(TimeGrid.ofMillis(0, 3_650 * day, 1)))
                .isInstanceOfSatisfying(
                        CacheException.class, e -> assertThat(e.problem()).isEqualTo(Problem.TOO_MANY_POINTS));
    }

    @Test
    void an_answer_is_a_view_and_later_loads_do_not_change_it() throws InterruptedException {
        get(seconds(0, 99));
        SeriesGrid<String> before = get(seconds(5, 95)).value();
        SeriesGrid<String> expected = upstream.answer("k", seconds(5, 95));
        upstream.change();
        get(request(seconds(0, 99)).with(CacheControl.of(Mode.REFRESH)));
        assertThat(before).isEqualTo(expected);
        assertThat(get(seconds(5, 95)).outcome()).isEqualTo(Outcome.HIT);
    }

    @Test
    void a_live_window_that_grows_by_a_point_at_a_time_stays_in_few_segments() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            assertThat(get(seconds(i, 100 + i)).fetched()).isEqualTo(i == 0 ? 101 : 1);
            time.advance(Duration.ofMillis(10));
        }
        RangeStats stats = cache.stats();
        assertThat(stats.pointsLoaded()).isEqualTo(300);
        assertThat(stats.chunks()).isEqualTo(19);
        assertThat(stats.weight()).isLessThan(19L * 60_000);
    }

    @Test
    void chunks_are_evicted_within_the_weight_and_lanes_go_with_them() throws InterruptedException {
        use(plain().maximumWeight(40_000));
        for (int i = 0; i < 100; i++) {
            cache.get(
                    RangeRequest.of("k" + i, seconds(0, 31), Instant.MAX.minusSeconds(1))
                            .withTags("t" + i),
                    upstream::load);
        }
        RangeStats stats = cache.stats();
        assertThat(stats.weight()).isBetween(1L, 40_000L);
        assertThat(stats.evictedBySize()).isPositive();
        assertThat((long) cache.store().laneCount()).isLessThanOrEqualTo(stats.chunks());
        assertThat(cache.store().tagCount()).isEqualTo(cache.store().laneCount());
    }

    @Test
    void what_can_serve_nobody_any_more_is_removed() throws InterruptedException {
        get(seconds(0, 99));
        time.advance(Duration.ofHours(2));
        assertThat(cache.stats().chunks()).isZero();
        assertThat(cache.stats().evictedByTime()).isEqualTo(7);
        assertThat(cache.store().laneCount()).isZero();
    }

    @Test
    void a_closed_cache_refuses_and_closing_twice_is_harmless() throws InterruptedException {
        get(seconds(0, 9));
        cache.close();
        cache.close();
        assertThatThrownBy(() -> get(seconds(0, 9)))
                .isInstanceOfSatisfying(
                        CacheException.class, e -> assertThat(e.problem()).isEqualTo(Problem.CLOSED));
        assertThat(cache.stats().chunks()).isZero();
    }

    @Test
    void settings_and_grids_out_of_range_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plain().chunkPoints(0).build());
        assertThatIllegalArgumentException().isThrownBy(() -> plain().jitter(1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> seconds(2, 1))
                .withMessageContaining("end in milliseconds");
        assertThatIllegalArgumentException().isThrownBy(() -> TimeGrid.ofMillis(0, 1, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeGrid.of(Instant.EPOCH, Instant.EPOCH, Duration.ofNanos(1_500_000)))
                .withMessageContaining("whole milliseconds");
        assertThatIllegalArgumentException().isThrownBy(() -> TimeGrid.ofMillis(Long.MIN_VALUE, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new TimeGrid(0, 1, 0, Long.MAX_VALUE));
        assertThatIllegalArgumentException().isThrownBy(() -> seconds(0, 9).part(5, 5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.invalidateTag("t", Instant.EPOCH, Instant.EPOCH.minusSeconds(1)));
    }

    @Test
    void series_come_in_the_order_that_was_given_whether_they_are_cached_or_not() throws InterruptedException {
        RangeLoader<String, SeriesGrid<String>> loader = (key, grid, load) -> {
            SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid);
            for (String name : List.of("b", "c", "a")) {
                builder.set(builder.series(name), 0, 1L);
            }
            return builder.build();
        };
        for (Mode mode : List.of(Mode.BYPASS, Mode.NO_STORE, Mode.USE, Mode.USE, Mode.REFRESH)) {
            RangeAnswer<SeriesGrid<String>> answer =
                    cache.get(request(seconds(0, 9)).with(CacheControl.of(mode)), loader);
            assertThat(answer.value().series()).as("%s", mode).containsExactly("a", "b", "c");
        }
    }

    @Test
    void series_that_begin_late_come_in_the_order_of_the_server() throws InterruptedException {
        for (Mode mode : List.of(Mode.BYPASS, Mode.NO_STORE, Mode.USE, Mode.USE, Mode.REFRESH)) {
            RangeAnswer<SeriesGrid<String>> answer =
                    cache.get(request(seconds(0, 39)).with(CacheControl.of(mode)), (key, grid, load) -> late(grid));
            assertThat(answer.value()).as("%s", mode).isEqualTo(late(seconds(0, 39)));
        }
    }

    /** Two series in an order, the first of which begins later. */
    private static SeriesGrid<String> late(TimeGrid grid) {
        SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid);
        int late = builder.series("a");
        int always = builder.series("b");
        for (int i = 0; i < grid.count(); i++) {
            builder.set(always, i, 2L);
            if (grid.timeMillis(i) >= 20 * SECOND) {
                builder.set(late, i, 1L);
            }
        }
        return builder.build();
    }

    @Test
    void an_invalidation_counts_the_chunks_that_it_cuts() throws InterruptedException {
        get(request(seconds(0, 3)));
        get(request(seconds(12, 19)));
        assertThat(cache.invalidateTag("tag", Instant.ofEpochSecond(4), Instant.ofEpochSecond(11)))
                .isZero();
        assertThat(cache.invalidateTag("tag", Instant.ofEpochSecond(3), Instant.ofEpochSecond(3)))
                .isEqualTo(1);
        assertThat(cache.invalidateTag("tag", Instant.ofEpochSecond(12), Instant.ofEpochSecond(18)))
                .isEqualTo(2);
        assertThat(cache.stats().invalidated()).isEqualTo(3);
        assertThat(get(request(seconds(0, 19))).cached()).isEqualTo(4);
    }
}
