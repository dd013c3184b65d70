package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeFault;
import dev.tentpole.bigquery.fake.FakeResult;
import dev.tentpole.bigquery.fake.FakeRoute;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BigQueryMetricsTest {

    @Test
    void what_a_client_does_is_counted() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        FakeResult rows = FakeResult.of(List.of(FakeColumn.of("n", "INTEGER")), List.of(List.of(1)));
        try (FakeBigQuery server = FakeBigQuery.answering(rows);
                BigQueryClient client = BigQueryClient.builder("p", TokenSource.of("t"))
                        .endpoint(server.address())
                        .pauses(new TestTime().pauses())
                        .build()) {
            new BigQueryMetrics(client).bindTo(registry);
            server.fault(FakeRoute.INSERT, FakeFault.status(503, "backendError"));
            client.run(QueryRequest.of("SELECT 1")).close();
            assertThat(count(registry, "queries")).isEqualTo(1);
            assertThat(count(registry, "requests")).isEqualTo(3);
            assertThat(count(registry, "requests.retried")).isEqualTo(1);
            assertThat(count(registry, "queries.cancelled")).isZero();
            assertThat(count(registry, "queries.refused")).isZero();
        }
    }

    private static double count(SimpleMeterRegistry registry, String name) {
        return registry.get("tentpole.bigquery." + name).functionCounter().count();
    }
}
