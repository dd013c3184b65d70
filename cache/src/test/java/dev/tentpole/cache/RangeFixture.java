package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;

/** A range cache in a time of its own, with small chunks, and the server that it asks. */
abstract class RangeFixture {

    static final long SECOND = 1_000;

    final FakeTime time = new FakeTime();
    final Upstream upstream = new Upstream();
    final Workers workers = new Workers();
    RangeCache<String, SeriesGrid<String>> cache = plain().build();

    /** The cache's threads. */
    Executor executor() {
        return Runnable::run;
    }

    /** How long settled points live. */
    Duration life() {
        return Duration.ofHours(1);
    }

    @AfterEach
    final void closeAll() {
        workers.close();
        cache.close();
    }

    final RangeCacheBuilder<String, SeriesGrid<String>> plain() {
        return RangeCache.<String, SeriesGrid<String>>builder(SeriesGrid.values())
                .clocks(time, time)
                .executor(task -> executor().execute(task))
                .jitter(0)
                .chunkPoints(16)
                .loadThroughGaps(0, Duration.ZERO)
                .timeToLive(age -> life());
    }

    final void use(RangeCacheBuilder<String, SeriesGrid<String>> builder) {
        cache.close();
        cache = builder.build();
    }

    static TimeGrid seconds(long from, long to) {
        return TimeGrid.ofMillis(from * SECOND, to * SECOND, SECOND);
    }

    static RangeRequest<String> request(TimeGrid grid) {
        return RangeRequest.of("k", grid, Instant.MAX.minusSeconds(1)).withTags("tag");
    }

    /** Asks the cache, which tells of each point where it comes from. */
    final RangeAnswer<SeriesGrid<String>> get(RangeRequest<String> request) throws InterruptedException {
        RangeAnswer<SeriesGrid<String>> answer = cache.get(request, upstream::load);
        assertThat(answer.cached() + answer.fetched() + answer.stale() + answer.missing())
                .isEqualTo(request.grid().count());
        return answer;
    }
}
