package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tentpole.bigquery.QueryCancelledException.Reason;
import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeFault;
import dev.tentpole.bigquery.fake.FakeResult;
import dev.tentpole.bigquery.fake.FakeRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing and interrupting at every stage: whoever waits is woken, jobs end, and nothing is left. */
@Timeout(60)
final class ClosingTest {

    private static final QueryRequest QUERY = QueryRequest.of("SELECT 1");
    private static final FakeResult ROWS =
            FakeResult.generated(List.of(FakeColumn.of("n", "INTEGER")), 1_000, List::of);

    private static BigQueryClient.Builder client(FakeBigQuery server) {
        return BigQueryClient.builder("p", TokenSource.of("t"))
                .endpoint(server.address())
                .pageRows(100);
    }

    /** What was thrown, and whether the thread's flag was set behind it. */
    private record Ended(QueryCancelledException failure, boolean interrupted) {}

    private static FutureTask<Ended> start(List<Thread> threads, Callable<?> call) {
        FutureTask<Ended> task = new FutureTask<>(() -> {
            QueryCancelledException failure = catchThrowableOfType(QueryCancelledException.class, call::call);
            return new Ended(failure, Thread.interrupted());
        });
        Thread thread = new Thread(task);
        threads.add(thread);
        thread.start();
        return task;
    }

    private static void await(FakeBigQuery server, FakeRoute route, long requests) {
        while (server.requests(route) < requests) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DRY_RUN", "INSERT", "QUERY", "RESULTS"})
    void closing_wakes_whoever_waits_for_an_answer(FakeRoute route) throws Exception {
        try (FakeBigQuery server = FakeBigQuery.answering(ROWS.endless()).fault(route, FakeFault.hang())) {
            BigQueryClient client = client(server).build();
            QueryRequest request = QueryRequest.builder("SELECT 1")
                    .jobOptional(route == FakeRoute.QUERY)
                    .build();
            FutureTask<Ended> task = start(
                    new ArrayList<>(), () -> route == FakeRoute.DRY_RUN ? client.dryRun(request) : client.run(request));
            await(server, route, 1);
            client.close();
            Ended ended = task.get(20, TimeUnit.SECONDS);
            assertThat(ended.failure().reason()).isEqualTo(Reason.CLOSED);
            assertThat(ended.interrupted()).as("the interrupt was ours").isFalse();
            assertThat(server.running()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DRY_RUN", "INSERT", "QUERY", "RESULTS"})
    void an_interrupt_wakes_whoever_waits_for_an_answer(FakeRoute route) throws Exception {
        try (FakeBigQuery server = FakeBigQuery.answering(ROWS.endless()).fault(route, FakeFault.hang());
                BigQueryClient client = client(server).build()) {
            QueryRequest request = QueryRequest.builder("SELECT 1")
                    .jobOptional(route == FakeRoute.QUERY)
                    .build();
            List<Thread> threads = new ArrayList<>();
            FutureTask<Ended> task =
                    start(threads, () -> route == FakeRoute.DRY_RUN ? client.dryRun(request) : client.run(request));
            await(server, route, 1);
            threads.get(0).interrupt();
            Ended ended = task.get(20, TimeUnit.SECONDS);
            assertThat(ended.failure().reason()).isEqualTo(Reason.INTERRUPTED);
            assertThat(ended.interrupted()).isTrue();
            assertThat(server.running()).isZero();
        }
    }

    @Test
    void closing_wakes_whoever_pauses_between_attempts() throws Exception {
        try (FakeBigQuery server =
                FakeBigQuery.answering(ROWS.endless()).fault(FakeRoute.RESULTS, FakeFault.tooMany(60))) {
            BigQueryClient client = client(server).build();
            FutureTask<Ended> task = start(new ArrayList<>(), () -> client.run(QUERY));
            await(server, FakeRoute.RESULTS, 1);
            client.close();
            assertThat(task.get(20, TimeUnit.SECONDS).failure().reason()).isEqualTo(Reason.CLOSED);
            assertThat(server.running()).isZero();
            assertThat(server.cancelled()).isEqualTo(1);
        }
    }

    @Test
    void closing_the_client_wakes_whoever_waits_for_a_page() throws Exception {
        try (FakeBigQuery server = FakeBigQuery.answering(ROWS).fault(FakeRoute.PAGE, FakeFault.hang())) {
            BigQueryClient client = client(server).build();
            QueryResult result = client.run(QUERY);
            assertThat(result.nextPage()).isPresent();
            FutureTask<Ended> task = start(new ArrayList<>(), result::nextPage);
            await(server, FakeRoute.PAGE, 1);
            client.close();
            Ended ended = task.get(20, TimeUnit.SECONDS);
            assertThat(ended.failure().reason()).isEqualTo(Reason.CLOSED);
            assertThat(ended.interrupted()).isFalse();
            assertThat(catchThrowableOfType(QueryCancelledException.class, result::nextPage)
                            .reason())
                    .isEqualTo(Reason.CLOSED);
        }
    }

    @Test
    void closing_wakes_whoever_waits_for_a_token() throws Exception {
        TokenSource hanging = () -> {
            TimeUnit.HOURS.sleep(1);
            throw new IllegalStateException("not reached");
        };
        try (FakeBigQuery server = FakeBigQuery.answering(ROWS)) {
            BigQueryClient client = BigQueryClient.builder("p", hanging)
                    .endpoint(server.address())
                    .build();
            List<Thread> threads = new ArrayList<>();
            FutureTask<Ended> task = start(threads, () -> client.run(QUERY));
            while (threads.get(0).getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            client.close();
            assertThat(task.get(20, TimeUnit.SECONDS).failure().reason()).isEqualTo(Reason.CLOSED);
        }
    }

    @Test
    void a_query_with_budgets_is_woken_too_and_counts_what_was_set_aside() throws Exception {
        Budgets budgets =
                Budgets.builder().perDay(Budgets.Limit.bytes(100L << 20)).build();
        try (FakeBigQuery server = FakeBigQuery.answering(ROWS.bytes(30L << 20).endless())) {
            BigQueryClient client = client(server).budgets(budgets).build();
            FutureTask<Ended> task = start(new ArrayList<>(), () -> client.run(QUERY));
            await(server, FakeRoute.RESULTS, 1);
            client.close();
            assertThat(task.get(20, TimeUnit.SECONDS).failure().reason()).isEqualTo(Reason.CLOSED);
            assertThat(server.running()).isZero();
        }
    }

    @Test
    void many_clients_that_fail_and_close_leave_no_thread_of_ours() throws Exception {
        try (FakeBigQuery server = FakeBigQuery.answering(ROWS)) {
            for (int i = 0; i < 30; i++) {
                server.fault(FakeRoute.PAGE, i % 2 == 0 ? FakeFault.cut(10) : FakeFault.stall(10));
                BigQueryClient client =
                        client(server).requestTimeout(Duration.ofMillis(300)).build();
                QueryResult result = client.run(QUERY);
                assertThat(result.nextPage()).isPresent();
                if (i % 3 == 0) {
                    result.close();
                }
                client.close();
            }
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("tentpole-bigquery-")) {
                thread.join(20_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }
}
