package dev.tentpole.benchmarks.bigquery;

import dev.tentpole.bigquery.BigQueryClient;
import dev.tentpole.bigquery.QueryColumn;
import dev.tentpole.bigquery.QueryPage;
import dev.tentpole.bigquery.QueryRequest;
import dev.tentpole.bigquery.QueryResult;
import dev.tentpole.bigquery.TokenSource;
import dev.tentpole.bigquery.fake.FakeBigQuery;

/** Reads with Tentpole. */
final class TentpoleRows implements RowSource {

    private final FakeBigQuery server;
    private final BigQueryClient client;

    TentpoleRows(FakeBigQuery server, int pageRows) {
        this.server = server;
        this.client = BigQueryClient.builder("p", TokenSource.of("t"))
                .endpoint(server.address())
                .pageRows(pageRows)
                .build();
    }

    @Override
    public double sum() {
        double sum = 0;
        try (QueryResult result = client.run(QueryRequest.of("SELECT 1"))) {
            for (QueryPage page : result) {
                QueryColumn ids = page.column(0);
                QueryColumn names = page.column(1);
                QueryColumn values = page.column(2);
                QueryColumn times = page.column(3);
                for (int row = 0; row < page.rows(); row++) {
                    sum += ids.longAt(row) + values.doubleAt(row);
                    if (names.stringAt(row).isEmpty() || times.longAt(row) < 0) {
                        throw new IllegalStateException("a row is wrong");
                    }
                }
            }
        }
        return sum;
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
