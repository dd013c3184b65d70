package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.cache.Answer.Outcome;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.CacheException.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A query cache beside a naive one, for any sequence of requests, advances, invalidations and failures. */
final class QueryCacheModelPropertyTest {

    private static final long SOFT = 20_000;
    private static final long HARD = 60_000;
    private static final long ON_ERROR = 30_000;
    private static final long NEGATIVE = 5_000;
    private static final long RETRY = 3_000;
    /** What has expired is removed, and weighs nothing, this much later at most. */
    private static final long SWEPT = 2_000;

    /** What can happen. */
    enum Kind {
        GET,
        REFRESH,
        BYPASS,
        ONLY_IF_CACHED,
        NO_STORE,
        PUT,
        ADVANCE,
        BACKGROUND,
        FAIL,
        INVALIDATE,
        INVALIDATE_TAG,
        INVALIDATE_IF,
        INVALIDATE_ALL
    }

    record Step(Kind kind, int key, int amount) {}

    /** What the naive cache holds under a key: a value or, with null, a failure. */
    private static final class Held {
        String value;
        long at;
        long retryAt;

        Held(String value, long at) {
            this.value = value;
            this.at = at;
            this.retryAt = at;
        }

        boolean fresh(long now) {
            return now < at + (value == null ? NEGATIVE : SOFT);
        }

        boolean usable(long now) {
            return value != null && now < at + HARD;
        }

        boolean usableOnError(long now) {
            return value != null && now < at + HARD + ON_ERROR;
        }
    }

    private final FakeTime time = new FakeTime();
    private final Deque<Runnable> background = new ArrayDeque<>();
    private final Map<String, Held> model = new HashMap<>();
    /** Refreshes that wait for a thread, in the order of the tasks; a taken one finds nothing to do. */
    private final Set<Refresh> refreshing = new LinkedHashSet<>();

    private static final class Refresh {
        final String key;
        boolean taken;

        Refresh(String key) {
            this.key = key;
        }
    }

    private final Map<String, Integer> counts = new HashMap<>();
    private long now;
    private int version;
    private boolean failing;
    private QueryCache<String, String> cache;

    @Property(tries = 1_500)
    void it_behaves_as_a_naive_one(@ForAll("steps") List<Step> steps) throws InterruptedException {
        time.advance(Duration.ZERO);
        model.clear();
        background.clear();
        refreshing.clear();
        counts.clear();
        now = 0;
        failing = false;
        cache = QueryCache.<String, String>builder()
                .clocks(time, time)
                .executor(background::add)
                .jitter(0)
                .refreshAfter(Duration.ofMillis(SOFT))
                .timeToLive(Duration.ofMillis(HARD))
                .staleIfError(Duration.ofMillis(ON_ERROR))
                .retryAfter(Duration.ofMillis(RETRY))
                .negativeTimeToLive(IOException.class, Duration.ofMillis(NEGATIVE))
                .tags((key, value) -> Set.of("tag" + key.charAt(0)))
                .maximumWeight(1_000_000, (key, value) -> 7)
                .build();
        try {
            for (Step step : steps) {
                step(step);
            }
            compareCounts();
        } finally {
            cache.close();
        }
    }

    private String load(String key, Load load) throws IOException {
        if (failing) {
            throw new IOException("down");
        }
        return key + ++version;
    }

    private void step(Step step) throws InterruptedException {
        String key = (char) ('a' + step.key % 2) + "" + step.key;
        switch (step.kind) {
            case GET -> get(key, Mode.USE);
            case REFRESH -> get(key, Mode.REFRESH);
            case BYPASS -> get(key, Mode.BYPASS);
            case ONLY_IF_CACHED -> get(key, Mode.ONLY_IF_CACHED);
            case NO_STORE -> get(key, Mode.NO_STORE);
            case PUT -> {
                String value = "put" + ++version;
                cache.put(key, value);
                model.put(key, new Held(value, now));
            }
            case ADVANCE -> {
                time.advanceMillis(step.amount);
                now += step.amount;
            }
            case BACKGROUND -> runBackground();
            case FAIL -> failing = !failing;
            case INVALIDATE -> {
                cache.invalidate(key);
                model.remove(key);
            }
            case INVALIDATE_TAG -> {
                cache.invalidateTag("tag" + key.charAt(0));
                // A failure carries no tags: the loader gave none before it failed.
                model.entrySet()
                        .removeIf(entry -> entry.getKey().charAt(0) == key.charAt(0) && entry.getValue().value != null);
            }
            case INVALIDATE_IF -> {
                cache.invalidateIf(key::equals);
                model.remove(key);
            }
            case INVALIDATE_ALL -> {
                cache.invalidateAll();
                model.clear();
            }
        }
    }

    private void runBackground() {
        for (Refresh refresh : refreshing) {
            Held held = model.get(refresh.key);
            if (!refresh.taken && (held == null || !held.fresh(now))) {
                loadInModel(refresh.key, version + 1);
            }
            background.remove().run();
        }
        refreshing.clear();
        assertThat(background).isEmpty();
    }

    /** {@return the value; null if it fails} */
    private String loadInModel(String key, int nextVersion) {
        Held held = model.get(key);
        if (failing) {
            if (held != null && held.usableOnError(now)) {
                held.retryAt = now + Math.max(NEGATIVE, RETRY);
                return held.value;
            }
            model.put(key, new Held(null, now));
            return null;
        }
        model.put(key, new Held(key + nextVersion, now));
        return key + nextVersion;
    }

    private void get(String key, Mode mode) throws InterruptedException {
        Held held = model.get(key);
        if (mode != Mode.BYPASS && mode != Mode.REFRESH && held != null) {
            if (held.fresh(now)) {
                if (held.value == null) {
                    expectFailure(key, mode, Problem.FAILED_RECENTLY, "negative");
                } else {
                    expect(key, mode, held.value, Outcome.HIT, Reason.NONE, now - held.at, "hit");
                }
                return;
            }
            if (held.usable(now)) {
                boolean refresh = mode == Mode.USE
                        && now >= held.retryAt
                        && refreshing.stream().noneMatch(waiting -> waiting.key.equals(key) && !waiting.taken);
                Reason tried = now < held.retryAt ? Reason.LOAD_FAILED : Reason.REFRESHING;
                Reason reason = mode == Mode.USE ? tried : Reason.CALLER;
                expect(key, mode, held.value, Outcome.STALE, reason, now - held.at, "stale");
                if (refresh) {
                    refreshing.add(new Refresh(key));
                }
                return;
            }
            if (mode != Mode.ONLY_IF_CACHED && held.usableOnError(now) && now < held.retryAt) {
                expect(key, mode, held.value, Outcome.STALE, Reason.LOAD_FAILED, now - held.at, "staleOnError");
                return;
            }
        }
        if (mode == Mode.ONLY_IF_CACHED) {
            expectFailure(key, mode, Problem.NOT_CACHED, "miss");
        } else if (mode == Mode.BYPASS || mode == Mode.NO_STORE) {
            String counted = mode == Mode.BYPASS ? "bypass" : "miss";
            if (failing && mode == Mode.NO_STORE && held != null && held.usableOnError(now)) {
                expect(key, mode, held.value, Outcome.STALE, Reason.LOAD_FAILED, now - held.at, "staleOnError");
            } else if (failing) {
                expectFailure(key, mode, Problem.LOAD_FAILED, counted);
            } else {
                Outcome outcome = mode == Mode.BYPASS ? Outcome.BYPASSED : Outcome.MISS;
                expect(key, mode, key + (version + 1), outcome, Reason.CALLER, 0, counted);
            }
        } else {
            loadFor(key, mode);
        }
    }

    private void loadFor(String key, Mode mode) throws InterruptedException {
        Held before = model.get(key);
        String value = loadInModel(key, version + 1);
        if (value == null) {
            expectFailure(key, mode, Problem.LOAD_FAILED, "miss");
        } else if (failing) {
            expect(key, mode, value, Outcome.STALE, Reason.LOAD_FAILED, now - before.at, "staleOnError");
        } else {
            expect(key, mode, value, mode == Mode.REFRESH ? Outcome.REFRESHED : Outcome.MISS, Reason.NONE, 0, "miss");
        }
        refreshing.stream().filter(waiting -> waiting.key.equals(key)).forEach(waiting -> waiting.taken = true);
    }

    private void expect(String key, Mode mode, String value, Outcome outcome, Reason reason, long age, String counted)
            throws InterruptedException {
        Answer<String> answer = cache.fetch(key, CacheControl.of(mode), this::load);
        assertThat(answer.value()).isEqualTo(value);
        assertThat(answer.outcome()).isEqualTo(outcome);
        assertThat(answer.reason()).isEqualTo(reason);
        assertThat(answer.age()).isEqualTo(Duration.ofMillis(age));
        counts.merge(counted, 1, Integer::sum);
    }

    private void expectFailure(String key, Mode mode, Problem problem, String counted) throws InterruptedException {
        counts.merge(counted, 1, Integer::sum);
        try {
            throw new AssertionError("no failure but " + cache.fetch(key, CacheControl.of(mode), this::load));
        } catch (CacheException e) {
            assertThat(e.problem()).isEqualTo(problem);
        }
    }

    private void compareCounts() {
        CacheStats stats = cache.stats();
        assertThat(stats.hits()).isEqualTo(count("hit"));
        assertThat(stats.staleRefreshing()).isEqualTo(count("stale"));
        assertThat(stats.staleOnError()).isEqualTo(count("staleOnError"));
        assertThat(stats.misses()).isEqualTo(count("miss"));
        assertThat(stats.negativeHits()).isEqualTo(count("negative"));
        assertThat(stats.bypasses()).isEqualTo(count("bypass"));
        assertThat(stats.stored())
                .isEqualTo(stats.replaced()
                        + stats.evictedBySize()
                        + stats.evictedByTime()
                        + stats.invalidated()
                        + stats.entries());
        long values =
                model.values().stream().filter(held -> held.usableOnError(now)).count();
        List<EntryInfo<String>> present = cache.entries(1_000);
        assertThat(present.stream().filter(entry -> !entry.failure())).hasSize((int) values);
        long weight = present.stream().mapToLong(EntryInfo::weight).sum();
        if (stats.entries() == present.size()) {
            assertThat(stats.weight()).isEqualTo(weight);
        } else {
            // What has expired a moment ago counts until it is removed.
            assertThat(stats.weight()).isGreaterThan(weight);
        }
        time.advanceMillis(HARD + ON_ERROR + SWEPT);
        assertThat(cache.stats().weight()).isZero();
    }

    private long count(String what) {
        return counts.getOrDefault(what, 0);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(Kind.GET)),
                Tuple.of(6, Arbitraries.just(Kind.ADVANCE)),
                Tuple.of(2, Arbitraries.just(Kind.BACKGROUND)),
                Tuple.of(2, Arbitraries.just(Kind.FAIL)),
                Tuple.of(6, Arbitraries.of(Kind.values())));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(1, 1_000, 3_000, 5_000, 10_000, 20_000, 35_000))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }
}
