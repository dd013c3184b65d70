package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.CacheException.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that need several loads end with the first one that leaves no hope for the call. */
@Timeout(60)
final class SeveralLoadsTest extends RangeFixture {

    private static final TimeGrid GRID = seconds(0, 99);

    private final AtomicInteger calls = new AtomicInteger();
    private Executor executor = Runnable::run;

    @Override
    Executor executor() {
        return executor;
    }

    private RangeAnswer<SeriesGrid<String>> get(CacheControl control, RangeLoader<String, SeriesGrid<String>> loader)
            throws InterruptedException {
        return cache.get(request(GRID).with(control), (key, grid, load) -> {
            calls.incrementAndGet();
            return loader.load(key, grid, load);
        });
    }

    private static SeriesGrid<String> interrupted() throws IOException {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted, says a client");
    }

    @Test
    void an_interrupt_that_a_client_wraps_ends_a_request_of_many_parts() {
        for (Mode mode : List.of(Mode.USE, Mode.BYPASS)) {
            calls.set(0);
            use(plain().maximumPointsPerLoad(10).parallelism(1));
            assertThatThrownBy(() -> get(CacheControl.of(mode), (key, grid, load) -> interrupted()))
                    .isInstanceOfAny(InterruptedException.class, CacheException.class);
            assertThat(calls).hasValue(1);
            Thread.interrupted();
        }
    }

    @Test
    void an_interrupt_that_a_client_wraps_ends_the_warming() {
        try (QueryCache<String, String> warmed =
                QueryCache.<String, String>builder().clocks(time, time).build()) {
            assertThatThrownBy(() -> warmed.loadAll(List.of("a", "b", "c"), 1, (key, load) -> {
                        calls.incrementAndGet();
                        interrupted();
                        return "";
                    }))
                    .isInstanceOf(InterruptedException.class);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void a_part_that_fails_past_the_deadline_is_the_last_one() {
        use(plain().maximumPointsPerLoad(10).parallelism(1));
        CacheControl hurried = CacheControl.use().within(Duration.ofMillis(5));
        CacheException failure = catchThrowableOfType(
                CacheException.class,
                () -> get(hurried, (key, grid, load) -> {
                    Until.holds(() -> load.remaining().isZero());
                    throw new IOException("timed out, says a client");
                }));
        assertThat(failure.problem()).isEqualTo(Problem.LOAD_FAILED);
        assertThat(calls).hasValue(1);
    }

    @Test
    void a_request_fails_with_its_first_part() {
        for (Mode mode : List.of(Mode.USE, Mode.REFRESH, Mode.NO_STORE, Mode.BYPASS)) {
            calls.set(0);
            use(plain().maximumPointsPerLoad(10).parallelism(1));
            CacheException failure = catchThrowableOfType(
                    CacheException.class,
                    () -> get(CacheControl.of(mode), (key, grid, load) -> {
                        throw new IOException("down");
                    }));
            assertThat(failure.problem()).isEqualTo(Problem.LOAD_FAILED);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void a_part_that_fails_is_not_the_last_one_where_there_are_stale_points() throws InterruptedException {
        use(plain().maximumPointsPerLoad(10).parallelism(1).staleIfError(Duration.ofHours(1)));
        cache.get(request(GRID.part(0, 50)), upstream::load);
        time.advance(Duration.ofHours(1));
        CacheException failure = catchThrowableOfType(
                CacheException.class,
                () -> get(CacheControl.use(), (key, grid, load) -> {
                    throw new IOException("down");
                }));
        assertThat(failure.problem()).isEqualTo(Problem.LOAD_FAILED);
        assertThat(calls).hasValue(6);
    }

    @Test
    void a_request_begins_no_part_when_its_time_is_over() {
        for (Mode mode : List.of(Mode.USE, Mode.REFRESH, Mode.NO_STORE, Mode.BYPASS)) {
            calls.set(0);
            use(plain().maximumPointsPerLoad(10).parallelism(1));
            CacheControl hurried = CacheControl.of(mode).within(Duration.ofMillis(5));
            CacheException failure = catchThrowableOfType(
                    CacheException.class,
                    () -> get(hurried, (key, grid, load) -> {
                        Until.holds(() -> load.remaining().isZero());
                        return upstream.load(key, grid, load);
                    }));
            assertThat(failure.problem()).isEqualTo(Problem.TIMEOUT);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void parts_on_the_caches_threads_are_waited_for_until_the_deadline() throws InterruptedException {
        executor = task -> workers.start(() -> {
            task.run();
            return true;
        });
        Thread caller = Thread.currentThread();
        for (Mode mode : List.of(Mode.USE, Mode.BYPASS)) {
            use(plain().maximumPointsPerLoad(50).parallelism(2));
            CountDownLatch reached = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            // Long enough for the other thread to begin.
            CacheControl hurried = CacheControl.of(mode).within(Duration.ofSeconds(2));
            CacheException failure = catchThrowableOfType(
                    CacheException.class,
                    () -> get(hurried, (key, grid, load) -> {
                        if (Thread.currentThread() == caller) {
                            assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
                        } else {
                            reached.countDown();
                            hang(interrupted);
                        }
                        return upstream.load(key, grid, load);
                    }));
            assertThat(failure.problem()).isEqualTo(Problem.TIMEOUT);
            assertThat(interrupted.await(20, TimeUnit.SECONDS))
                    .as("the load is cancelled")
                    .isTrue();
        }
    }

    private static void hang(CountDownLatch interrupted) throws InterruptedException {
        try {
            assertThat(new CountDownLatch(1).await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }
}
