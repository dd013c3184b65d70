package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeResult;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A million rows are read by a JVM that has 64 MB of heap; the server is outside of it. */
final class PagingHeapTest {

    private static final long ROWS = 1_000_000;
    private static final List<FakeColumn> COLUMNS = List.of(
            FakeColumn.of("id", "INTEGER"),
            FakeColumn.of("name", "STRING"),
            FakeColumn.of("value", "FLOAT"),
            FakeColumn.of("at", "TIMESTAMP"));

    /** The program that reads; prints how many rows there were and the sum of their ids. */
    public static void main(String[] args) {
        try (BigQueryClient client = BigQueryClient.builder("p", TokenSource.of("t"))
                        .endpoint(URI.create(args[0]))
                        .build();
                QueryResult result = client.run(QueryRequest.of("SELECT 1"))) {
            long rows = 0;
            long sum = 0;
            for (QueryPage page : result) {
                for (int row = 0; row < page.rows(); row++) {
                    sum += page.column(0).longAt(row);
                }
                rows += page.rows();
            }
            System.out.println(rows + " rows, " + sum);
        }
    }

    @Test
    @Timeout(180)
    void a_million_rows_need_no_more_than_64_megabytes() throws Exception {
        FakeResult result = FakeResult.generated(
                COLUMNS, ROWS, row -> List.of(row, "name of row " + row, row / 8.0, Instant.ofEpochSecond(row)));
        try (FakeBigQuery server = FakeBigQuery.answering(result)) {
            Process reader = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            PagingHeapTest.class.getName(),
                            server.address().toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(reader.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(output.strip()).isEqualTo(ROWS + " rows, " + ROWS * (ROWS - 1) / 2);
        }
    }
}
