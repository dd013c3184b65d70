package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeFault;
import dev.tentpole.bigquery.fake.FakeResult;
import dev.tentpole.bigquery.fake.FakeRoute;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** What a closed transport leaves behind. */
@Timeout(60)
final class HttpTransportTest {

    private static final int CLIENTS = 10;
    private static final FakeResult ROW = FakeResult.of(List.of(FakeColumn.of("n", "INTEGER")), List.of(List.of(1)));

    private static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread ->
                !thread.getName().startsWith("HttpClient-") && !thread.getName().startsWith("tentpole-bigquery-"));
        return threads;
    }

    private static Transport.Request dryRun(FakeBigQuery server) {
        return new Transport.Request(
                "POST",
                server.address().resolve("/bigquery/v2/projects/p/jobs"),
                Map.of("Authorization", "Bearer t"),
                "{\"configuration\": {\"dryRun\": true, \"query\": {\"query\": \"SELECT 1\"}}}",
                Duration.ofSeconds(40));
    }

    /** Which threads are looked at is known before anything is closed: others begin and end none of them. */
    @Test
    void closed_clients_leave_no_thread_but_one_each_where_the_jdk_cannot_close() throws Exception {
        Set<Thread> before = threads();
        Set<Thread> ours = new HashSet<>();
        try (FakeBigQuery server = FakeBigQuery.answering(ROW)) {
            for (int i = 0; i < CLIENTS; i++) {
                try (BigQueryClient client = BigQueryClient.builder("p", TokenSource.of("t"))
                        .endpoint(server.address())
                        .build()) {
                    client.run(QueryRequest.of("SELECT 1")).close();
                    ours.addAll(threads());
                }
            }
        }
        ours.removeAll(before);
        assertThat(ours).hasSizeGreaterThanOrEqualTo(CLIENTS);
        boolean closes = Runtime.version().feature() >= 21;
        int left = 0;
        for (Thread thread : ours) {
            boolean stays = !closes && thread.getName().startsWith("HttpClient-");
            left += stays ? 1 : 0;
            if (!stays) {
                thread.join(20_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
        assertThat(left).isLessThanOrEqualTo(CLIENTS);
    }

    @Test
    void a_closed_transport_takes_nothing_more_and_keeps_the_threads_interrupt() {
        try (FakeBigQuery server = FakeBigQuery.answering(ROW)) {
            Transport transport = Transport.http(Duration.ofSeconds(5));
            Thread.currentThread().interrupt();
            transport.close();
            assertThat(Thread.interrupted()).isTrue();
            transport.close();
            assertThat(Thread.interrupted()).isFalse();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> transport.send(dryRun(server)));
            assertThat(server.requests(FakeRoute.DRY_RUN)).isZero();
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "the JDK's client can't be closed before")
    void closing_ends_what_is_under_way() throws Exception {
        try (FakeBigQuery server = FakeBigQuery.answering(ROW).fault(FakeRoute.DRY_RUN, FakeFault.hang())) {
            Transport transport = Transport.http(Duration.ofSeconds(5));
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                try {
                    transport.send(dryRun(server)).body().close();
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
            new Thread(task).start();
            while (server.requests(FakeRoute.DRY_RUN) == 0) {
                Thread.onSpinWait();
            }
            transport.close();
            assertThat(task.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
