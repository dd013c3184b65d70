package dev.tentpole.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tentpole.core.frame.Frame;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DataSourceTest {

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        release.countDown();
        for (AutoCloseable resource : opened) {
            resource.close();
        }
    }

    @Test
    void answers_come_in_request_order_with_the_ref_id_on_every_frame() throws InterruptedException {
        DataSource source = source(TestBackend.answering("a", "x"), TestBackend.answering("b", "x"));
        QueryResponse response = source.query(
                QueryRequest.of(TestBackend.query("Z", "b"), TestBackend.query("A", "a"), TestBackend.query("M", "b")));
        assertThat(response.results()).extracting(QueryResult::refId).containsExactly("Z", "A", "M");
        assertThat(response.result("A").framesOrThrow().get(0).refId()).isEqualTo("A");
        assertThat(response.result("A").framesOrThrow().get(0).name()).isEqualTo("a");
    }

    @Test
    void queries_of_one_request_run_at_the_same_time() throws InterruptedException {
        CyclicBarrier all = new CyclicBarrier(3);
        DataSource source = source(TestBackend.of("a", (query, context) -> {
            all.await(20, TimeUnit.SECONDS);
            return List.of();
        }));
        QueryResponse response = source.query(
                QueryRequest.of(TestBackend.query("A", "a"), TestBackend.query("B", "a"), TestBackend.query("C", "a")));
        assertThat(response.results()).allMatch(result -> result.error().isEmpty());
    }

    @Test
    void whatever_one_backend_throws_the_others_answer() throws InterruptedException {
        DataSource source = source(
                TestBackend.answering("good", "x"),
                TestBackend.of("known", (query, context) -> {
                    throw QueryException.downstream(418, "the server is a teapot");
                }),
                TestBackend.of("bug", (query, context) -> {
                    throw new IllegalStateException("password=s3cret");
                }),
                TestBackend.of("error", (query, context) -> {
                    throw new StackOverflowError("s3cret");
                }),
                TestBackend.of("nothing", (query, context) -> null));
        QueryRequest request = QueryRequest.builder()
                .id("req-7")
                .query(TestBackend.query("A", "known"))
                .query(TestBackend.query("B", "bug"))
                .query(TestBackend.query("C", "error"))
                .query(TestBackend.query("D", "missing"))
                .query(TestBackend.query("E", "nothing"))
                .refused("F", new QueryError(400, ErrorSource.PLUGIN, "malformed"))
                .query(TestBackend.query("G", "good"))
                .build();
        QueryResponse response = source.query(request);
        assertThat(error(response, "A"))
                .isEqualTo(new QueryError(418, ErrorSource.DOWNSTREAM, "the server is a teapot"));
        assertThat(error(response, "B").message()).contains("IllegalStateException", "req-7");
        assertThat(error(response, "C").message()).contains("StackOverflowError");
        assertThat(error(response, "D").status()).isEqualTo(404);
        assertThat(error(response, "E").status()).isEqualTo(500);
        assertThat(error(response, "F").message()).isEqualTo("malformed");
        assertThat(response.result("G").framesOrThrow()).hasSize(1);
        assertThat(response.toString()).doesNotContain("s3cret");
        assertThat(response.results())
                .extracting(QueryResult::refId)
                .containsExactly("A", "B", "C", "D", "E", "F", "G");
    }

    @Test
    void a_query_that_hangs_is_answered_at_the_deadline_and_interrupted() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        JumpingClock clock = new JumpingClock(3, running);
        TestBackend hanging = TestBackend.of("hanging", (query, context) -> {
            running.countDown();
            try {
                return hang();
            } finally {
                interrupted.countDown();
            }
        });
        DataSource source = opened(DataSource.builder()
                .backend(hanging)
                .backend(TestBackend.answering("good", "x"))
                .clock(clock::now)
                .build());
        QueryResponse response =
                source.query(QueryRequest.of(TestBackend.query("B", "good"), TestBackend.query("A", "hanging")));
        assertThat(error(response, "A"))
                .isEqualTo(new QueryError(
                        504,
                        ErrorSource.DOWNSTREAM,
                        "backend \"hanging\" gave no answer within 30000 ms: ask for less data or a shorter range, or"
                                + " raise the timeout"));
        assertThat(response.result("B").framesOrThrow()).hasSize(1);
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_backend_that_ignores_its_interrupt_is_counted_and_exhausts_nobody_else() throws InterruptedException {
        CountDownLatch deaf = new CountDownLatch(2);
        JumpingClock clock = new JumpingClock(2, deaf);
        TestBackend hanging = TestBackend.of("hanging", (query, context) -> {
            deaf.countDown();
            awaitUninterruptibly(release);
            return List.of();
        });
        DataSource source = opened(DataSource.builder()
                .backend(hanging)
                .backend(TestBackend.answering("good", "x"))
                .threadsPerBackend(2)
                .queuePerBackend(1)
                .clock(clock::now)
                .meterRegistry(meters)
                .build());
        source.query(QueryRequest.of(TestBackend.query("A", "hanging"), TestBackend.query("B", "hanging")));
        assertThat(gauge("tentpole.core.query.abandoned", "hanging")).isEqualTo(2);
        QueryResponse next = source.query(QueryRequest.builder()
                .timeout(Duration.ofMillis(1))
                .query(TestBackend.query("A", "hanging"))
                .query(TestBackend.query("B", "hanging"))
                .query(TestBackend.query("C", "good"))
                .build());
        assertThat(error(next, "A").status()).isEqualTo(504);
        assertThat(error(next, "B").status()).isEqualTo(503);
        assertThat(error(next, "B").message())
                .contains(
                        "\"hanging\" is busy", "2 threads (2 of them on calls that were given up)", "queuePerBackend");
        assertThat(gauge("tentpole.core.query.queued", "hanging")).isZero();
        release.countDown();
        QueryResponse good = source.query(QueryRequest.of(TestBackend.query("C", "good")));
        assertThat(good.result("C").framesOrThrow()).hasSize(1);
    }

    @Test
    void an_interrupted_caller_leaves_nothing_running() throws Exception {
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch ended = new CountDownLatch(2);
        TestBackend hanging = TestBackend.of("hanging", (query, context) -> {
            running.countDown();
            try {
                return hang();
            } finally {
                ended.countDown();
            }
        });
        DataSource source = source(hanging);
        FutureTask<Boolean> caller = new FutureTask<>(() -> {
            try {
                source.query(QueryRequest.of(TestBackend.query("A", "hanging"), TestBackend.query("B", "hanging")));
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        });
        Thread thread = new Thread(caller);
        thread.start();
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        assertThat(caller.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_wait_that_an_interrupt_does_not_reach_is_ended_by_its_hook() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        JumpingClock clock = new JumpingClock(2, running);
        CountDownLatch socket = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        TestBackend jdbc = TestBackend.of("jdbc", (query, context) -> {
            try (QueryContext.Hook hook = context.onCancel(socket::countDown)) {
                running.countDown();
                awaitUninterruptibly(socket);
                return List.of();
            } finally {
                ended.countDown();
            }
        });
        DataSource source =
                opened(DataSource.builder().backend(jdbc).clock(clock::now).build());
        assertThat(error(source.query(QueryRequest.of(TestBackend.query("A", "jdbc"))), "A")
                        .status())
                .isEqualTo(504);
        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closing_wakes_who_waits_closes_each_backend_once_and_refuses_what_comes_later() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        TestBackend hanging = TestBackend.of("hanging", (query, context) -> {
            running.countDown();
            return hang();
        });
        DataSource source = source(hanging);
        FutureTask<QueryResponse> caller =
                new FutureTask<>(() -> source.query(QueryRequest.of(TestBackend.query("A", "hanging"))));
        new Thread(caller).start();
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        source.close();
        source.close();
        QueryError error = error(caller.get(20, TimeUnit.SECONDS), "A");
        assertThat(error).isEqualTo(new QueryError(503, ErrorSource.PLUGIN, "the data source is closed"));
        assertThat(hanging.closed).hasValue(1);
        QueryResponse late = source.query(QueryRequest.of(TestBackend.query("A", "hanging")));
        assertThat(error(late, "A").message()).isEqualTo("the data source is closed");
        // A thread that has done its work may still be on its way out.
        while (!ownThreads("hanging").isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void closing_ends_although_a_backend_does_not() {
        TestBackend deaf = TestBackend.of("deaf", (query, context) -> List.of());
        Backend stuck = new Backend() {
            @Override
            public String name() {
                return "stuck";
            }

            @Override
            public String type() {
                return "stuck";
            }

            @Override
            public List<dev.tentpole.core.frame.Frame> query(Query query, QueryContext context) {
                return List.of();
            }

            @Override
            public BackendHealth checkHealth(QueryContext context) {
                return BackendHealth.ok("");
            }

            @Override
            public void close() {
                awaitUninterruptibly(release);
            }
        };
        DataSource source = DataSource.builder()
                .backend(stuck)
                .backend(deaf)
                .closeTimeout(Duration.ofMillis(50))
                .build();
        source.close();
        assertThat(deaf.closed).hasValue(1);
    }

    @Test
    void health_is_asked_of_all_and_a_failure_is_an_error_in_words() throws InterruptedException {
        DataSource source = source(
                TestBackend.answering("good", "x"),
                TestBackend.of("down", (query, context) -> {
                    throw QueryException.downstream(502, "no connection to the server");
                }),
                new TestBackend("bug", "x", query -> true, (query, context) -> {
                    throw new IllegalStateException("password=s3cret");
                }));
        assertThat(source.checkHealth(Duration.ofSeconds(20)))
                .containsEntry("good", BackendHealth.ok("fine"))
                .containsEntry("down", BackendHealth.error("no connection to the server"))
                .hasEntrySatisfying(
                        "bug",
                        health -> assertThat(health.message())
                                .contains("IllegalStateException")
                                .doesNotContain("s3cret"));
    }

    @Test
    void a_request_with_too_many_queries_is_refused_with_the_limit() throws InterruptedException {
        DataSource source = opened(DataSource.builder()
                .backend(TestBackend.answering("a", "x"))
                .maxQueries(1)
                .build());
        QueryResponse response =
                source.query(QueryRequest.of(TestBackend.query("A", "a"), TestBackend.query("B", "a")));
        assertThat(response.results())
                .allSatisfy(result -> assertThat(result.error().orElseThrow().message())
                        .contains("2 queries", "more than 1", "maxQueries"));
    }

    @Test
    void every_answer_is_counted_once_by_outcome() throws InterruptedException {
        DataSource source = opened(DataSource.builder()
                .backend(TestBackend.answering("good", "x"))
                .backend(TestBackend.of("down", (query, context) -> {
                    throw QueryException.downstream(502, "no");
                }))
                .meterRegistry(meters)
                .build());
        for (int i = 0; i < 3; i++) {
            source.query(QueryRequest.of(TestBackend.query("A", "good"), TestBackend.query("B", "down")));
        }
        assertThat(meters.get("tentpole.core.query")
                        .tags("backend", "good", "outcome", "ok")
                        .timer()
                        .count())
                .isEqualTo(3);
        assertThat(meters.get("tentpole.core.query")
                        .tags("backend", "down", "outcome", "downstream")
                        .timer()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void whatever_a_backend_throws_when_asked_whether_it_can_handle_a_query_the_others_answer()
            throws InterruptedException {
        DataSource source = source(
                TestBackend.answering("good", "x"),
                new TestBackend(
                        "error",
                        "x",
                        query -> {
                            throw new StackOverflowError("s3cret");
                        },
                        (query, context) -> List.of()));
        QueryResponse response =
                source.query(QueryRequest.of(TestBackend.query("A", "good"), TestBackend.query("B", "error")));
        assertThat(response.result("A").framesOrThrow()).hasSize(1);
        assertThat(error(response, "B").message())
                .contains("StackOverflowError")
                .doesNotContain("s3cret");
    }

    @Test
    void a_backend_without_a_word_on_its_health_is_in_error() throws InterruptedException {
        DataSource source = source(new Mute());
        assertThat(source.checkHealth(Duration.ofSeconds(20)).get("mute"))
                .extracting(BackendHealth::status)
                .isEqualTo(BackendHealth.Status.ERROR);
    }

    @Test
    void a_registry_that_refuses_a_timer_spoils_no_answer() throws InterruptedException {
        meters.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                if (id.getType() == Meter.Type.TIMER) {
                    throw new IllegalArgumentException("another meter of that name has other tags");
                }
                return id;
            }
        });
        DataSource source = metered(TestBackend.answering("a", "x"));
        QueryResponse response = source.query(QueryRequest.of(TestBackend.query("A", "a")));
        assertThat(response.result("A").framesOrThrow()).hasSize(1);
    }

    @Test
    void the_gauges_go_with_the_data_source() {
        try (DataSource source = metered(TestBackend.answering("a", "x"))) {
            assertThat(source.backends()).hasSize(1);
            assertThat(meters.find("tentpole.core.query.active").gauges()).hasSize(1);
        }
        assertThat(meters.getMeters()).noneMatch(meter -> meter.getId().getType() == Meter.Type.GAUGE);
    }

    private static final class Mute implements Backend {

        @Override
        public String name() {
            return "mute";
        }

        @Override
        public String type() {
            return "test";
        }

        @Override
        public List<Frame> query(Query query, QueryContext context) {
            return List.of();
        }

        @Override
        @SuppressWarnings("NullAway") // What a backend that is not checked for null may do.
        public BackendHealth checkHealth(QueryContext context) {
            return null;
        }

        @Override
        public void close() {}
    }

    @Test
    void settings_outside_of_their_range_are_refused() {
        DataSource.Builder builder = DataSource.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.timeout(Duration.ZERO))
                .withMessage("timeout = PT0S is not in PT0.001S..PT24H");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.closeTimeout(Duration.ofHours(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.threadsPerBackend(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.queuePerBackend(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxQueries(0));
        assertThatIllegalArgumentException().isThrownBy(builder::build);
    }

    private DataSource metered(Backend backend) {
        return opened(
                DataSource.builder().backend(backend).meterRegistry(meters).build());
    }

    private DataSource source(Backend... backends) {
        DataSource.Builder builder = DataSource.builder();
        for (Backend backend : backends) {
            builder.backend(backend);
        }
        return opened(builder.build());
    }

    private DataSource opened(DataSource source) {
        opened.add(source);
        return source;
    }

    private double gauge(String name, String backend) {
        return meters.get(name).tag("backend", backend).gauge().value();
    }

    private List<dev.tentpole.core.frame.Frame> hang() throws InterruptedException {
        release.await();
        return List.of();
    }

    private static QueryError error(QueryResponse response, String refId) {
        return response.result(refId).error().orElseThrow();
    }

    private static List<String> ownThreads(String backend) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("tentpole-core-" + backend))
                .toList();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stands still up to a reading, which waits for a latch and is then past every deadline, as are all later ones. */
    private static final class JumpingClock {

        private final AtomicInteger readings = new AtomicInteger();
        private final int jumpAt;
        private final CountDownLatch until;

        JumpingClock(int jumpAt, CountDownLatch until) {
            this.jumpAt = jumpAt;
            this.until = until;
        }

        long now() {
            if (readings.incrementAndGet() < jumpAt) {
                return 0;
            }
            awaitUninterruptibly(until);
            return Duration.ofSeconds(30).toNanos();
        }
    }
}
