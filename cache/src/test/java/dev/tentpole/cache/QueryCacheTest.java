package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tentpole.cache.Answer.Outcome;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.CacheException.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one caller sees of a query cache. */
final class QueryCacheTest {

    private final FakeTime time = new FakeTime();
    private final Deque<Runnable> background = new ArrayDeque<>();
    private final AtomicInteger loads = new AtomicInteger();
    private QueryCache<String, String> cache = plain().build();

    @AfterEach
    void close() {
        cache.close();
    }

    private QueryCacheBuilder<String, String> plain() {
        return QueryCache.<String, String>builder()
                .clocks(time, time)
                .executor(background::add)
                .jitter(0)
                .timeToLive(Duration.ofSeconds(60));
    }

    private void use(QueryCacheBuilder<String, String> builder) {
        cache.close();
        cache = builder.build();
    }

    private String count(String key, Load load) {
        return key + loads.incrementAndGet();
    }

    private Answer<String> fetch(String key) throws InterruptedException {
        return fetch(key, Mode.USE);
    }

    private Answer<String> fetch(String key, Mode mode) throws InterruptedException {
        return cache.fetch(key, CacheControl.of(mode), this::count);
    }

    private static String fail(String key, Load load) throws IOException {
        throw new IOException("down");
    }

    private CacheException failure(String key) {
        return catchThrowableOfType(CacheException.class, () -> cache.get(key, QueryCacheTest::fail));
    }

    private void runBackground() {
        Runnable task = background.poll();
        while (task != null) {
            task.run();
            task = background.poll();
        }
    }

    @Test
    void a_value_is_loaded_once_and_served_until_its_time_to_live_has_passed() throws InterruptedException {
        assertThat(fetch("a"))
                .isEqualTo(new Answer<>("a1", Outcome.MISS, Reason.NONE, Duration.ZERO, Duration.ofSeconds(60)));
        time.advance(Duration.ofSeconds(59));
        assertThat(fetch("a"))
                .isEqualTo(new Answer<>("a1", Outcome.HIT, Reason.NONE, Duration.ofSeconds(59), Duration.ofSeconds(1)));
        assertThat(cache.get("a", this::count)).isEqualTo("a1");
        time.advance(Duration.ofSeconds(1));
        assertThat(fetch("a").value()).isEqualTo("a2");
        assertThat(cache.stats().hits()).isEqualTo(2);
        assertThat(cache.stats().misses()).isEqualTo(2);
    }

    @Test
    void closing_leaves_nothing_behind_of_what_had_expired_either() throws InterruptedException {
        use(plain().tags((key, value) -> Set.of(key)));
        fetch("a");
        fetch("b");
        time.advance(Duration.ofSeconds(60));
        fetch("c");
        cache.close();
        assertThat(cache.weight()).isZero();
        assertThat(cache.store().tagCount()).isZero();
        CacheStats stats = cache.stats();
        assertThat(stats.stored()).isEqualTo(stats.invalidated() + stats.evictedByTime());
    }

    @Test
    void what_is_answered_without_a_load_counts_as_hit_in_the_ratio() throws InterruptedException {
        use(plain().refreshAfter(Duration.ofSeconds(20))
                .staleIfError(Duration.ofSeconds(60))
                .negativeTimeToLive(IOException.class, Duration.ofSeconds(10)));
        assertThat(cache.stats().hitRatio()).isZero();
        fetch("a");
        fetch("a");
        time.advance(Duration.ofSeconds(30));
        assertThat(fetch("a").outcome()).isEqualTo(Outcome.STALE);
        background.clear();
        fetch("a", Mode.BYPASS);
        failure("f");
        failure("f");
        assertThat(cache.stats().requests()).isEqualTo(6);
        assertThat(cache.stats().hitRatio()).isEqualTo(0.5);
    }

    @Test
    void many_hits_end_with_the_time_to_live_too() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            assertThat(cache.get("a", this::count)).isEqualTo("a1");
        }
        time.advance(Duration.ofSeconds(60));
        assertThat(cache.get("a", this::count)).isEqualTo("a2");
        assertThat(cache.stats().hits()).isEqualTo(99);
    }

    @Test
    void a_time_to_live_can_be_computed_and_a_loader_has_the_last_word() throws InterruptedException {
        use(plain().timeToLive((key, value) -> Duration.ofSeconds(key.length())));
        assertThat(fetch("aaa").timeToLive()).isEqualTo(Duration.ofSeconds(3));
        Answer<String> own = cache.fetch("b", CacheControl.use(), (key, load) -> {
            load.timeToLive(Duration.ofHours(1));
            return key;
        });
        assertThat(own.timeToLive()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void after_the_soft_time_to_live_the_old_value_is_served_as_stale_while_one_load_runs_in_the_background()
            throws InterruptedException {
        use(plain().refreshAfter(Duration.ofSeconds(20)));
        fetch("a");
        time.advance(Duration.ofSeconds(20));
        Answer<String> stale = fetch("a");
        assertThat(stale.value()).isEqualTo("a1");
        assertThat(stale.outcome()).isEqualTo(Outcome.STALE);
        assertThat(stale.reason()).isEqualTo(Reason.REFRESHING);
        assertThat(stale.age()).isEqualTo(Duration.ofSeconds(20));
        assertThat(cache.get("a", this::count)).isEqualTo("a1");
        assertThat(background).hasSize(1);
        runBackground();
        assertThat(fetch("a").value()).isEqualTo("a2");
        assertThat(cache.stats().refreshes()).isEqualTo(1);
        assertThat(cache.stats().staleRefreshing()).isEqualTo(2);
    }

    @Test
    void a_caller_who_must_wait_takes_over_a_refresh_that_has_no_thread_yet() throws InterruptedException {
        use(plain().refreshAfter(Duration.ofSeconds(20)));
        fetch("a");
        time.advance(Duration.ofSeconds(20));
        fetch("a");
        time.advance(Duration.ofSeconds(60));
        assertThat(fetch("a").value()).isEqualTo("a2");
        runBackground();
        assertThat(fetch("a").value()).isEqualTo("a2");
        assertThat(loads).hasValue(2);
    }

    @Test
    void a_refresh_that_fails_keeps_the_value_and_is_not_tried_again_at_once() throws InterruptedException {
        use(plain().refreshAfter(Duration.ofSeconds(20)).retryAfter(Duration.ofSeconds(5)));
        fetch("a");
        time.advance(Duration.ofSeconds(20));
        cache.get("a", QueryCacheTest::fail);
        runBackground();
        assertThat(fetch("a").value()).isEqualTo("a1");
        assertThat(background).isEmpty();
        time.advance(Duration.ofSeconds(5));
        assertThat(fetch("a").value()).isEqualTo("a1");
        assertThat(background).hasSize(1);
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
    }

    @Test
    void if_there_is_no_thread_for_a_refresh_the_value_is_served_all_the_same() throws InterruptedException {
        use(plain().refreshAfter(Duration.ofSeconds(20)).executor(task -> {
            throw new java.util.concurrent.RejectedExecutionException();
        }));
        fetch("a");
        time.advance(Duration.ofSeconds(20));
        assertThat(fetch("a").value()).isEqualTo("a1");
        assertThat(cache.stats().refreshesRefused()).isEqualTo(1);
        time.advance(Duration.ofSeconds(60));
        assertThat(fetch("a").value()).isEqualTo("a2");
    }

    @Test
    void if_loading_fails_a_value_is_served_as_stale_within_the_bound_and_not_after() throws InterruptedException {
        use(plain().staleIfError(Duration.ofSeconds(30)).retryAfter(Duration.ofSeconds(5)));
        fetch("a");
        time.advance(Duration.ofSeconds(60));
        Answer<String> stale = cache.fetch("a", CacheControl.use(), QueryCacheTest::fail);
        assertThat(stale)
                .isEqualTo(
                        new Answer<>("a1", Outcome.STALE, Reason.LOAD_FAILED, Duration.ofSeconds(60), Duration.ZERO));
        time.advance(Duration.ofSeconds(4));
        assertThat(fetch("a").reason()).isEqualTo(Reason.LOAD_FAILED);
        assertThat(loads).as("no load is tried within retryAfter").hasValue(1);
        time.advance(Duration.ofSeconds(26));
        assertThat(failure("a").problem()).isEqualTo(Problem.LOAD_FAILED);
        assertThat(cache.stats().staleOnError()).isEqualTo(2);
    }

    @Test
    void a_failure_reaches_the_caller_with_its_cause_and_is_forgotten_at_once() {
        assertThat(failure("a")).hasCauseInstanceOf(IOException.class).hasMessageContaining("a String");
        assertThat(failure("a").problem()).isEqualTo(Problem.LOAD_FAILED);
        assertThat(cache.stats().loadFailures()).isEqualTo(2);
    }

    @Test
    void failures_of_a_class_are_remembered_as_long_as_set_for_the_nearest_class() throws InterruptedException {
        use(plain().negativeTimeToLive(Exception.class, Duration.ofSeconds(1))
                .negativeTimeToLive(IOException.class, Duration.ofSeconds(5)));
        failure("a");
        time.advance(Duration.ofSeconds(4));
        CacheException again = failure("a");
        assertThat(again.problem()).isEqualTo(Problem.FAILED_RECENTLY);
        assertThat(again).hasMessageContaining("4000 ms ago").hasRootCauseMessage("down");
        time.advance(Duration.ofSeconds(1));
        assertThat(fetch("a").value()).isEqualTo("a1");
        assertThat(cache.stats().negativeHits()).isEqualTo(1);
    }

    @Test
    void an_error_of_the_loader_passes_through_and_null_is_a_failure() {
        assertThatThrownBy(() -> cache.get("a", (key, load) -> {
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> cache.get("a", (key, load) -> null)).hasCauseInstanceOf(NullPointerException.class);
    }

    @Test
    void empty_values_are_kept_as_long_as_set() throws InterruptedException {
        use(plain().emptyTimeToLive(String::isEmpty, Duration.ZERO));
        assertThat(cache.fetch("a", CacheControl.use(), (key, load) -> "").reason())
                .isEqualTo(Reason.EMPTY);
        assertThat(fetch("a").value()).isEqualTo("a1");
        use(plain().emptyTimeToLive(String::isEmpty, Duration.ofSeconds(1)));
        assertThat(cache.fetch("a", CacheControl.use(), (key, load) -> "").timeToLive())
                .isEqualTo(Duration.ofSeconds(1));
        use(plain());
        assertThat(cache.fetch("a", CacheControl.use(), (key, load) -> "").timeToLive())
                .isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void a_call_says_what_it_wants_of_the_cache() throws InterruptedException {
        assertThatThrownBy(() -> fetch("a", Mode.ONLY_IF_CACHED))
                .isInstanceOfSatisfying(
                        CacheException.class, e -> assertThat(e.problem()).isEqualTo(Problem.NOT_CACHED));
        assertThat(fetch("a", Mode.NO_STORE))
                .isEqualTo(new Answer<>("a1", Outcome.MISS, Reason.CALLER, Duration.ZERO, Duration.ZERO));
        assertThat(fetch("a").value()).isEqualTo("a2");
        assertThat(fetch("a", Mode.NO_STORE).value()).isEqualTo("a2");
        assertThat(fetch("a", Mode.ONLY_IF_CACHED).outcome()).isEqualTo(Outcome.HIT);
        assertThat(fetch("a", Mode.BYPASS))
                .isEqualTo(new Answer<>("a3", Outcome.BYPASSED, Reason.CALLER, Duration.ZERO, Duration.ZERO));
        assertThat(fetch("a").value()).isEqualTo("a2");
        Answer<String> refreshed = fetch("a", Mode.REFRESH);
        assertThat(refreshed.outcome()).isEqualTo(Outcome.REFRESHED);
        assertThat(refreshed.value()).isEqualTo("a4");
        assertThat(fetch("a").value()).isEqualTo("a4");
        CacheStats stats = cache.stats();
        assertThat(stats.bypasses()).isEqualTo(1);
        assertThat(stats.requests()).isEqualTo(9);
    }

    @Test
    void what_the_loader_or_the_weight_forbids_is_handed_out_and_not_kept() throws InterruptedException {
        use(plain().maximumWeight(10, (key, value) -> value.length()));
        assertThat(cache.fetch("a", CacheControl.use(), (key, load) -> {
                            load.noStore();
                            return "x";
                        })
                        .reason())
                .isEqualTo(Reason.LOADER);
        assertThat(cache.fetch("a", CacheControl.use(), (key, load) -> "12345678901")
                        .reason())
                .isEqualTo(Reason.TOO_HEAVY);
        assertThat(cache.getIfPresent("a")).isEmpty();
        assertThat(cache.fetch("a", CacheControl.use(), (key, load) -> "1234567890")
                        .reason())
                .isEqualTo(Reason.NONE);
        assertThat(cache.stats().weight()).isEqualTo(10);
        assertThat(cache.stats().notStored())
                .containsEntry(Reason.TOO_HEAVY, 1L)
                .containsEntry(Reason.LOADER, 1L);
    }

    @Test
    void a_setting_that_fails_or_lies_costs_the_keeping_and_not_the_answer() throws InterruptedException {
        use(plain().maximumWeight(10, (key, value) -> -1));
        assertThat(fetch("a").reason()).isEqualTo(Reason.SETTING_FAILED);
        use(plain().timeToLive((key, value) -> {
            throw new IllegalStateException("broken");
        }));
        assertThat(fetch("a").value()).isEqualTo("a2");
        use(plain().timeToLive((key, value) -> Duration.ofSeconds(-5)));
        assertThat(fetch("a").reason()).isEqualTo(Reason.LOADER);
        use(plain().tags((key, value) -> List.of("")));
        assertThat(fetch("a").reason()).isEqualTo(Reason.SETTING_FAILED);
        use(plain().timeToLive((key, value) -> Duration.ofSeconds(Long.MAX_VALUE)));
        assertThat(fetch("a").timeToLive()).isEqualTo(Load.LONGEST_TIME_TO_LIVE);
        assertThat(fetch("a").outcome()).isEqualTo(Outcome.HIT);
    }

    @Test
    void the_weight_of_what_is_kept_stays_within_its_bound() throws InterruptedException {
        use(plain().maximumWeight(100, (key, value) -> 30));
        for (int i = 0; i < 20; i++) {
            fetch("k" + i);
        }
        CacheStats stats = cache.stats();
        assertThat(stats.weight()).isBetween(30L, 90L);
        assertThat(stats.evictedBySize()).isEqualTo(20 - stats.entries());
    }

    @Test
    void what_can_serve_nobody_any_more_is_removed_without_being_asked_for() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            fetch("k" + i);
        }
        time.advance(Duration.ofSeconds(70));
        CacheStats stats = cache.stats();
        assertThat(stats.entries()).isZero();
        assertThat(stats.evictedByTime()).isEqualTo(10);
    }

    @Test
    void entries_are_invalidated_by_key_tag_predicate_and_all_and_are_gone_at_once() throws InterruptedException {
        use(plain().tags((key, value) -> Set.of("first:" + key.charAt(0))));
        for (String key : List.of("a1", "a2", "b1", "b2", "c1")) {
            cache.get(key, this::count);
            cache.get(key, this::count);
        }
        assertThat(cache.invalidate("a1")).isEqualTo(1);
        assertThat(cache.invalidate("a1")).isZero();
        assertThat(cache.getIfPresent("a1")).isEmpty();
        assertThat(cache.invalidateTag("first:a")).isEqualTo(1);
        assertThat(cache.invalidateTag("first:a")).isZero();
        assertThat(cache.invalidateIf(key -> key.equals("b2"))).isEqualTo(1);
        assertThat(cache.getIfPresent("b1")).isPresent();
        assertThat(cache.invalidateAll()).isEqualTo(2);
        assertThat(cache.stats().invalidated()).isEqualTo(5);
        assertThat(cache.stats().entries()).isZero();
        assertThat(cache.store().tagCount()).isZero();
        assertThat(cache.get("c1", (key, load) -> "new")).isEqualTo("new");
    }

    @Test
    void the_first_one_who_hears_of_a_new_generation_removes_what_is_older() throws InterruptedException {
        use(plain().tags((key, value) -> Set.of("tenant")));
        fetch("a");
        assertThat(cache.advanceGeneration("tenant", 7)).isEqualTo(1);
        fetch("a");
        assertThat(cache.advanceGeneration("tenant", 7)).isZero();
        assertThat(cache.advanceGeneration("tenant", 6)).isZero();
        assertThat(fetch("a").outcome()).isEqualTo(Outcome.HIT);
        assertThat(cache.advanceGeneration("tenant", 8)).isEqualTo(1);
    }

    @Test
    void tags_of_loader_and_cache_add_up_and_leave_with_their_entry() throws InterruptedException {
        use(plain().tags((key, value) -> List.of("cache")));
        cache.get("a", (key, load) -> {
            load.tag("loader", "cache");
            return "x";
        });
        assertThat(cache.entries(10).get(0).tags()).containsExactlyInAnyOrder("cache", "loader");
        cache.put("a", "y");
        assertThat(cache.invalidateTag("loader")).isZero();
        assertThat(cache.invalidateTag("cache")).isEqualTo(1);
        time.advance(Duration.ofDays(1));
        fetch("a");
        time.advance(Duration.ofDays(1));
        cache.stats();
        assertThat(cache.store().tagCount()).isZero();
    }

    @Test
    void a_value_can_be_put() throws InterruptedException {
        assertThat(cache.put("a", "x")).isTrue();
        assertThat(cache.put("b", "y", load -> load.timeToLive(Duration.ZERO))).isFalse();
        assertThat(fetch("a").value()).isEqualTo("x");
        assertThat(cache.getIfPresent("a")).contains("x");
        assertThat(cache.getIfPresent("b")).isEmpty();
    }

    @Test
    void keys_are_loaded_together_and_failures_are_told() throws InterruptedException {
        use(plain().executor(Runnable::run));
        Map<String, CacheException> failures = cache.loadAll(List.of("a", "b", "c"), 3, (key, load) -> {
            if (key.equals("b")) {
                throw new IOException("no b");
            }
            return count(key, load);
        });
        assertThat(failures).containsOnlyKeys("b");
        assertThat(cache.stats().entries()).isEqualTo(2);
        assertThat(cache.loadAll(List.of(), 3, this::count)).isEmpty();
    }

    @Test
    void the_heaviest_entries_are_shown_with_age_and_weight() throws InterruptedException {
        use(plain().maximumWeight(100, (key, value) -> key.length()));
        fetch("a");
        time.advance(Duration.ofSeconds(10));
        fetch("bbb");
        assertThat(cache.entries(1))
                .containsExactly(new EntryInfo<>("bbb", Duration.ZERO, Duration.ofSeconds(60), 3, Set.of(), false));
        assertThat(cache.entries(9).get(1).age()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void ten_thousand_entries_loaded_together_end_evenly_spread_over_the_jitter() throws InterruptedException {
        use(plain().maximumEntries(20_000).jitter(0.2).timeToLive(Duration.ofSeconds(100)));
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            ends.add(fetch("k" + i).timeToLive().toMillis());
        }
        assertThat(ends).allMatch(end -> end >= 80_000 && end <= 100_000);
        for (int slice = 0; slice < 10; slice++) {
            long from = 80_000 + slice * 2_000L;
            assertThat(ends.stream().filter(end -> end >= from && end < from + 2_000))
                    .as("those that end from %s ms on", from)
                    .hasSizeBetween(850, 1_150);
        }
    }

    @Test
    void a_closed_cache_refuses_and_closing_twice_is_harmless() throws InterruptedException {
        fetch("a");
        cache.close();
        cache.close();
        assertThatThrownBy(() -> fetch("a"))
                .isInstanceOfSatisfying(
                        CacheException.class, e -> assertThat(e.problem()).isEqualTo(Problem.CLOSED));
        assertThatThrownBy(() -> cache.get("a", this::count)).isInstanceOf(CacheException.class);
        assertThat(cache.stats().entries()).isZero();
    }

    @Test
    void settings_out_of_range_are_refused_with_name_value_and_range() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plain().timeToLive(Duration.ZERO).build())
                .withMessageContaining("timeToLive = PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plain().maximumEntries(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plain().maximumWeight(0, (key, value) -> 1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plain().jitter(0.95).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plain().jitter(Double.NaN).build());
        assertThatIllegalArgumentException().isThrownBy(() -> plain().threads(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plain().negativeTimeToLive(IOException.class, Duration.ofDays(1))
                        .build())
                .withMessageContaining("IOException");
        assertThatIllegalArgumentException().isThrownBy(() -> CacheControl.use().within(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> cache.invalidateTag(""));
    }

    @Test
    void counts_add_up() throws InterruptedException {
        use(plain().maximumEntries(5).refreshAfter(Duration.ofSeconds(10)));
        for (int i = 0; i < 200; i++) {
            fetch("k" + i % 9, i % 7 == 0 ? Mode.REFRESH : Mode.USE);
            time.advance(Duration.ofSeconds(1));
            if (i % 20 == 0) {
                cache.invalidate("k" + i % 9);
            }
        }
        CacheStats stats = cache.stats();
        assertThat(stats.requests()).isEqualTo(200);
        assertThat(stats.stored())
                .isEqualTo(stats.replaced()
                        + stats.evictedBySize()
                        + stats.evictedByTime()
                        + stats.invalidated()
                        + stats.entries());
        assertThat(stats.hitRatio()).isBetween(0.0, 1.0);
    }
}
