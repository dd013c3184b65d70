package dev.tentpole.benchmarks.bigquery;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.QueryJobConfiguration;
import dev.tentpole.bigquery.fake.FakeBigQuery;

/** Reads with Google's client, by a job as Tentpole does. */
final class GoogleRows implements RowSource {

    private final FakeBigQuery server;
    private final BigQuery client;
    private final int pageRows;

    GoogleRows(FakeBigQuery server, int pageRows) {
        this.server = server;
        this.pageRows = pageRows;
        this.client = BigQueryOptions.newBuilder()
                .setProjectId("p")
                .setHost(server.address().toString())
                .setLocation("US")
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService();
    }

    @Override
    public double sum() throws InterruptedException {
        double sum = 0;
        JobInfo job = JobInfo.newBuilder(QueryJobConfiguration.of("SELECT 1"))
                .setJobId(JobId.newBuilder().setRandomJob().build())
                .build();
        Iterable<FieldValueList> rows = client.create(job)
                .getQueryResults(BigQuery.QueryResultsOption.pageSize(pageRows))
                .iterateAll();
        for (FieldValueList row : rows) {
            sum += row.get(0).getLongValue() + row.get(2).getDoubleValue();
            if (row.get(1).getStringValue().isEmpty() || row.get(3).getTimestampValue() < 0) {
                throw new IllegalStateException("a row is wrong");
            }
        }
        return sum;
    }

    @Override
    public void close() {
        server.close();
    }
}
