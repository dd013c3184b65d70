package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tentpole.bigquery.Budgets.Limit;
import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeFault;
import dev.tentpole.bigquery.fake.FakeResult;
import dev.tentpole.bigquery.fake.FakeRoute;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BudgetsTest {

    private static final long MIB = 1L << 20;
    private static final FakeResult ONE_ROW =
            FakeResult.of(List.of(FakeColumn.of("n", "INTEGER")), List.of(List.of(1)));
    private static final QueryRequest QUERY = QueryRequest.of("SELECT 1");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-07-01T12:00:00Z"));

    private Budgets.Builder budgets() {
        return Budgets.builder().clock(now::get);
    }

    private static BigQueryClient client(FakeBigQuery server, Budgets budgets) {
        return BigQueryClient.builder("p", TokenSource.of("t"))
                .endpoint(server.address())
                .budgets(budgets)
                .pauses(new TestTime().pauses())
                .build();
    }

    private static BudgetExceededException refused(BigQueryClient client, QueryRequest request) {
        return catchThrowableOfType(BudgetExceededException.class, () -> client.run(request));
    }

    @Test
    void a_query_that_is_too_large_is_refused_before_it_runs_with_what_would_fit() {
        try (FakeBigQuery server = FakeBigQuery.answering(ONE_ROW.bytes(30 * MIB));
                BigQueryClient client =
                        client(server, budgets().perQuery(Limit.bytes(20 * MIB)).build())) {
            BudgetExceededException refusal = refused(client, QUERY);
            assertThat(refusal.budget()).isEqualTo("perQuery");
            assertThat(refusal.bytesAsked()).isEqualTo(30 * MIB);
            assertThat(refusal.bytesLeft()).isEqualTo(20 * MIB);
            assertThat(refusal.renewsAt()).isEmpty();
            assertThat(refusal)
                    .hasMessage("the query may bill 31457280 bytes, and 20971520 bytes would fit the budget perQuery");
            assertThat(server.queries()).isEmpty();
            assertThat(server.billedBytes()).isZero();
        }
    }

    @Test
    void a_day_ends_at_midnight_in_pacific_time() {
        now.set(Instant.parse("2026-07-02T06:59:59Z"));
        try (FakeBigQuery server = FakeBigQuery.answering(ONE_ROW.bytes(30 * MIB));
                BigQueryClient client =
                        client(server, budgets().perDay(Limit.bytes(50 * MIB)).build())) {
            client.run(QUERY).close();
            BudgetExceededException refusal = refused(client, QUERY);
            assertThat(refusal.bytesLeft()).isEqualTo(20 * MIB);
            assertThat(refusal.renewsAt()).contains(Instant.parse("2026-07-02T07:00:00Z"));
            now.set(Instant.parse("2026-07-02T07:00:00Z"));
            client.run(QUERY).close();
            assertThat(server.queries()).hasSize(2);
        }
    }

    @Test
    void users_and_labels_have_their_own_budgets() {
        try (FakeBigQuery server = FakeBigQuery.answering(ONE_ROW.bytes(30 * MIB));
                BigQueryClient client = client(
                        server,
                        budgets()
                                .perUser(Limit.bytes(50 * MIB))
                                .perLabel("Team", Limit.bytes(70 * MIB))
                                .build())) {
            QueryRequest.Builder ann =
                    QueryRequest.builder("SELECT 1").user("ann").label("team", "x");
            QueryRequest.Builder bob =
                    QueryRequest.builder("SELECT 1").user("bob").label("team", "x");
            client.run(ann.build()).close();
            assertThat(refused(client, ann.build()).key()).isEqualTo("ann");
            client.run(bob.build()).close();
            BudgetExceededException refusal = refused(
                    client,
                    QueryRequest.builder("SELECT 1")
                            .user("eve")
                            .label("team", "X")
                            .build());
            assertThat(refusal.budget()).isEqualTo("perLabel");
            assertThat(refusal.key()).isEqualTo("team=x");
            client.run(QUERY).close();
        }
    }

    @Test
    void money_is_bytes_at_the_regions_price() {
        Pricing pricing = Pricing.builder("US").perTib(new BigDecimal("6.25")).build();
        Budgets budgets = budgets()
                .perQuery(Limit.money(new BigDecimal("0.0001")))
                .pricing(pricing)
                .build();
        try (FakeBigQuery server = FakeBigQuery.answering(ONE_ROW.bytes(17 * MIB));
                BigQueryClient client = client(server, budgets)) {
            BudgetExceededException refusal = refused(client, QUERY);
            assertThat(refusal.bytesLeft()).isEqualTo((1L << 40) / 62_500);
            assertThat(refusal)
                    .hasMessageContaining("17592186 bytes would fit")
                    .hasMessageContaining("at 6.25 USD a TiB");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> budgets().perDay(Limit.money(BigDecimal.TEN)).build())
                .withMessageContaining("pricing");
    }

    @Test
    void what_is_set_aside_is_the_most_that_may_be_billed_and_is_sent() {
        try (FakeBigQuery server =
                        FakeBigQuery.answering(ONE_ROW.bytes(30 * MIB + 1).tables(List.of("p.d.a", "p.d.b")));
                BigQueryClient client =
                        client(server, budgets().perDay(Limit.bytes(500 * MIB)).build())) {
            client.run(QUERY).close();
            assertThat(server.queries().get(0).maximumBytesBilled()).isEqualTo(41 * MIB);
        }
    }

    @Test
    void what_was_billed_counts_and_not_what_was_set_aside() {
        FakeResult cached = ONE_ROW.bytes(30 * MIB).cached();
        try (FakeBigQuery server = FakeBigQuery.start(query -> query.dryRun() ? ONE_ROW.bytes(30 * MIB) : cached);
                BigQueryClient client =
                        client(server, budgets().perDay(Limit.bytes(30 * MIB)).build())) {
            for (int i = 0; i < 5; i++) {
                client.run(QUERY).close();
            }
            assertThat(server.queries()).hasSize(5);
        }
    }

    @Test
    void all_that_was_set_aside_counts_if_it_is_not_known_what_was_billed() {
        try (FakeBigQuery server = FakeBigQuery.answering(ONE_ROW.bytes(30 * MIB))
                        .fault(FakeRoute.JOB, FakeFault.status(403, "accessDenied"));
                BigQueryClient client =
                        client(server, budgets().perDay(Limit.bytes(40 * MIB)).build())) {
            client.run(QUERY).close();
            assertThat(refused(client, QUERY).bytesLeft()).isEqualTo(10 * MIB);
        }
    }

    @Test
    void a_query_that_failed_costs_nothing() {
        try (FakeBigQuery server = FakeBigQuery.start(query ->
                        query.dryRun() ? ONE_ROW.bytes(30 * MIB) : FakeResult.failing(400, "resourcesExceeded"));
                BigQueryClient client =
                        client(server, budgets().perDay(Limit.bytes(30 * MIB)).build())) {
            for (int i = 0; i < 3; i++) {
                assertThat(catchThrowableOfType(QueryFailedException.class, () -> client.run(QUERY))
                                .reason())
                        .isEqualTo("resourcesExceeded");
            }
        }
    }

    @Test
    void a_query_that_was_cancelled_may_have_cost_all() {
        try (FakeBigQuery server =
                        FakeBigQuery.answering(ONE_ROW.bytes(30 * MIB).endless());
                BigQueryClient client = BigQueryClient.builder("p", TokenSource.of("t"))
                        .endpoint(server.address())
                        .budgets(budgets().perDay(Limit.bytes(40 * MIB)).build())
                        .timeout(Duration.ofSeconds(2))
                        .build()) {
            assertThat(catchThrowableOfType(QueryCancelledException.class, () -> client.run(QUERY))
                            .jobCancelled())
                    .isTrue();
            assertThat(refused(client, QUERY).bytesLeft()).isEqualTo(10 * MIB);
        }
    }

    @Test
    void what_has_no_upper_bound_is_stopped_by_bigquery_at_what_fits() {
        try (FakeBigQuery server = FakeBigQuery.start(
                        query -> query.dryRun() ? ONE_ROW.bytes(0).accuracy("LOWER_BOUND") : ONE_ROW.bytes(90 * MIB));
                BigQueryClient client =
                        client(server, budgets().perDay(Limit.bytes(50 * MIB)).build())) {
            QueryFailedException failure = catchThrowableOfType(QueryFailedException.class, () -> client.run(QUERY));
            assertThat(failure.reason()).isEqualTo("bytesBilledLimitExceeded");
            assertThat(server.queries().get(0).maximumBytesBilled()).isEqualTo(50 * MIB);
            assertThat(server.billedBytes()).isZero();
        }
    }

    @Test
    void queries_at_the_same_time_do_not_exceed_a_budget_together() throws Exception {
        try (FakeBigQuery server = FakeBigQuery.answering(ONE_ROW.bytes(30 * MIB));
                BigQueryClient client =
                        client(server, budgets().perDay(Limit.bytes(100 * MIB)).build())) {
            List<FutureTask<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                FutureTask<Boolean> task = new FutureTask<>(() -> {
                    try {
                        client.run(QUERY).close();
                        return true;
                    } catch (BudgetExceededException e) {
                        return false;
                    }
                });
                tasks.add(task);
                new Thread(task).start();
            }
            int ran = 0;
            for (FutureTask<Boolean> task : tasks) {
                ran += task.get(30, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(ran).isEqualTo(3);
            assertThat(server.billedBytes()).isEqualTo(90 * MIB);
            assertThat(client.refused()).isEqualTo(9);
        }
    }

    /** Clocks in Pacific time go forward and back: the day has 23 and 25 hours then. */
    @ParameterizedTest
    @CsvSource({
        "2026-03-08T07:59:59Z, 2026-03-08T08:00:00Z",
        "2026-03-08T08:00:00Z, 2026-03-09T07:00:00Z",
        "2026-11-01T07:00:00Z, 2026-11-02T08:00:00Z",
        "2026-12-31T23:00:00Z, 2027-01-01T08:00:00Z"
    })
    void a_day_is_as_long_as_it_is_in_pacific_time(Instant at, Instant midnight) {
        now.set(at);
        try (FakeBigQuery server = FakeBigQuery.answering(ONE_ROW.bytes(30 * MIB));
                BigQueryClient client =
                        client(server, budgets().perDay(Limit.bytes(50 * MIB)).build())) {
            client.run(QUERY).close();
            assertThat(refused(client, QUERY).renewsAt()).contains(midnight);
            now.set(midnight.minusMillis(1));
            assertThat(refused(client, QUERY).renewsAt()).contains(midnight);
            now.set(midnight);
            client.run(QUERY).close();
        }
    }

    @Test
    void a_clock_that_is_set_back_over_midnight_does_not_give_the_budget_again() {
        now.set(Instant.parse("2026-07-02T07:00:00Z"));
        try (FakeBigQuery server = FakeBigQuery.answering(ONE_ROW.bytes(30 * MIB));
                BigQueryClient client =
                        client(server, budgets().perDay(Limit.bytes(50 * MIB)).build())) {
            client.run(QUERY).close();
            now.set(Instant.parse("2026-07-02T06:59:59Z"));
            assertThat(refused(client, QUERY).bytesLeft()).isEqualTo(20 * MIB);
            now.set(Instant.parse("2026-07-02T07:00:01Z"));
            assertThat(refused(client, QUERY).bytesLeft()).isEqualTo(20 * MIB);
        }
    }

    @Test
    void a_query_that_no_budget_limits_has_no_limit() {
        try (FakeBigQuery server = FakeBigQuery.answering(ONE_ROW.bytes(30 * MIB));
                BigQueryClient client =
                        client(server, budgets().perUser(Limit.bytes(50 * MIB)).build())) {
            client.run(QUERY).close();
            assertThat(server.queries().get(0).maximumBytesBilled()).isZero();
        }
    }

    @Test
    void a_dry_run_of_more_bytes_than_there_are_is_refused() {
        for (long bytes : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 10 * MIB}) {
            FakeResult huge = ONE_ROW.bytes(bytes).tables(List.of("p.d.a", "p.d.b", "p.d.c"));
            try (FakeBigQuery server = FakeBigQuery.answering(huge);
                    BigQueryClient client = client(
                            server, budgets().perDay(Limit.bytes(500 * MIB)).build())) {
                assertThat(refused(client, QUERY).bytesLeft()).isEqualTo(500 * MIB);
            }
        }
    }

    @Test
    void a_job_that_failed_by_itself_costs_nothing_even_if_its_end_was_told_otherwise() {
        try (FakeBigQuery server = FakeBigQuery.start(
                        query -> query.dryRun() ? ONE_ROW.bytes(30 * MIB) : FakeResult.failing(403, "accessDenied"));
                BigQueryClient client =
                        client(server, budgets().perDay(Limit.bytes(30 * MIB)).build())) {
            for (int i = 0; i < 3; i++) {
                assertThat(catchThrowableOfType(QueryFailedException.class, () -> client.run(QUERY))
                                .reason())
                        .isEqualTo("accessDenied");
            }
        }
    }

    @Test
    void a_label_of_the_client_counts_as_one_of_the_query() {
        try (FakeBigQuery server = FakeBigQuery.answering(ONE_ROW.bytes(30 * MIB));
                BigQueryClient client = BigQueryClient.builder("p", TokenSource.of("t"))
                        .endpoint(server.address())
                        .label("team", "x")
                        .budgets(budgets()
                                .perLabel("team", Limit.bytes(40 * MIB))
                                .build())
                        .build()) {
            client.run(QUERY).close();
            assertThat(server.queries().get(0).maximumBytesBilled()).isEqualTo(30 * MIB);
            BudgetExceededException refusal = refused(client, QUERY);
            assertThat(refusal.key()).isEqualTo("team=x");
            assertThat(refusal.bytesLeft()).isEqualTo(10 * MIB);
            client.run(QueryRequest.builder("SELECT 1").label("team", "y").build())
                    .close();
            assertThat(server.queries())
                    .as("the query's own label counts where both have one")
                    .hasSize(2);
        }
    }

    @Test
    void a_query_of_no_bytes_may_be_billed_the_minimum() {
        FakeResult nothing = ONE_ROW.bytes(0);
        try (FakeBigQuery server = FakeBigQuery.answering(nothing);
                BigQueryClient client =
                        client(server, budgets().perDay(Limit.bytes(0)).build())) {
            assertThat(refused(client, QUERY).bytesAsked()).isEqualTo(10 * MIB);
            assertThat(server.queries()).isEmpty();
        }
        try (FakeBigQuery server = FakeBigQuery.answering(nothing);
                BigQueryClient client =
                        client(server, budgets().perDay(Limit.bytes(10 * MIB)).build())) {
            client.run(QUERY).close();
            client.run(QUERY).close();
            assertThat(server.queries()).as("what was billed counts").hasSize(2);
            assertThat(server.queries().get(0).maximumBytesBilled()).isEqualTo(10 * MIB);
        }
        Budgets trusting = budgets()
                .perDay(Limit.bytes(0))
                .trust(CostAssumption.ZERO_BYTES_ARE_FREE)
                .build();
        try (FakeBigQuery server = FakeBigQuery.answering(nothing);
                BigQueryClient client = client(server, trusting)) {
            client.run(QUERY).close();
            assertThat(server.queries()).hasSize(1);
        }
    }
}
