package dev.tentpole.examples;

import dev.tentpole.bigquery.BigQueryClient;
import dev.tentpole.bigquery.BigQueryException;
import dev.tentpole.bigquery.BudgetExceededException;
import dev.tentpole.bigquery.Catalog;
import dev.tentpole.bigquery.CostEstimate;
import dev.tentpole.bigquery.CostEstimator;
import dev.tentpole.bigquery.CostWarning;
import dev.tentpole.bigquery.MacroContext;
import dev.tentpole.bigquery.MacroEngine;
import dev.tentpole.bigquery.MacroException;
import dev.tentpole.bigquery.MacroQuery;
import dev.tentpole.bigquery.Pricing;
import dev.tentpole.bigquery.QueryCancelledException;
import dev.tentpole.bigquery.QueryDryRun;
import dev.tentpole.bigquery.QueryFailedException;
import dev.tentpole.bigquery.QueryRequest;
import dev.tentpole.bigquery.QueryResult;
import dev.tentpole.bigquery.TokenSource;
import dev.tentpole.bigquery.Transport;
import dev.tentpole.core.Backend;
import dev.tentpole.core.BackendHealth;
import dev.tentpole.core.Query;
import dev.tentpole.core.QueryContext;
import dev.tentpole.core.QueryException;
import dev.tentpole.core.frame.Frame;
import dev.tentpole.core.frame.FrameMeta;
import dev.tentpole.core.frame.FrameType;
import dev.tentpole.core.frame.Notice;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers GoogleSQL queries from BigQuery; without a project it answers what they would cost, by the catalog alone.
 */
final class BigQueryBackend implements Backend {

    private static final int MAX_ROWS = 100_000;
    private static final String DEFAULT_REGION = "US";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Pattern WILDCARD_DATE = Pattern.compile("\\d{4,}$");

    private final String name;
    private final Catalog catalog;
    private final boolean hasCatalog;
    private final Pricing pricing;
    private final MacroEngine macros = MacroEngine.standard();
    private final Transport transport = Transport.http(CONNECT_TIMEOUT);
    private final @Nullable BigQueryClient client;

    private BigQueryBackend(String name, BigQuerySettings settings, Catalog catalog) throws IOException {
        this.name = name;
        this.catalog = catalog;
        this.hasCatalog = settings.catalog().isPresent();
        this.pricing = Pricing.onDemand(settings.location().orElse(DEFAULT_REGION));
        this.client = settings.project().isPresent()
                ? client(settings, settings.project().get())
                : null;
    }

    /**
     * Reads catalog and key; connects to nothing.
     *
     * @throws IOException if a file can't be read
     * @throws IllegalArgumentException if a file is not what it should be
     */
    static BigQueryBackend open(String name, BigQuerySettings settings) throws IOException {
        Catalog catalog =
                settings.catalog().isPresent() ? Catalog.read(settings.catalog().get()) : Catalog.of();
        return new BigQueryBackend(name, settings, catalog);
    }

    private BigQueryClient client(BigQuerySettings settings, String project) throws IOException {
        TokenSource tokens = settings.key().isPresent()
                ? TokenSource.serviceAccount(Files.readString(settings.key().get()), transport)
                : TokenSource.metadataServer(transport);
        BigQueryClient.Builder builder = BigQueryClient.builder(project, tokens).label("app", "bigtent");
        settings.location().ifPresent(builder::location);
        settings.endpoint().ifPresent(builder::endpoint);
        return builder.build();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String type() {
        return "bigquery";
    }

    @Override
    public List<Frame> query(Query query, QueryContext context) {
        BigQueryModel model = query.as(BigQueryModel.class);
        boolean timeSeries = model.isTimeSeries();
        MacroQuery expanded = expand(model.sql(), query);
        BigQueryClient connection = client;
        if (connection == null || model.isEstimate()) {
            return List.of(estimate(expanded, connection, context));
        }
        Frame table = run(connection, expanded, context);
        FrameMeta meta = table.meta().toBuilder().executedQuery(expanded.sql()).build();
        return List.of(timeSeries ? Series.of(table.withMeta(meta)) : table.withMeta(meta.withType(FrameType.TABLE)));
    }

    @Override
    public BackendHealth checkHealth(QueryContext context) {
        BigQueryClient connection = client;
        if (connection == null) {
            return BackendHealth.ok("no project: queries are not run, but their costs are told, of "
                    + catalog.tables().size() + " tables");
        }
        try {
            connection.dryRun(
                    QueryRequest.builder("SELECT 1").timeout(remaining(context)).build());
            return BackendHealth.ok("BigQuery answers a dry run");
        } catch (BigQueryException e) {
            return BackendHealth.error(String.valueOf(translate(e).getMessage()));
        }
    }

    @Override
    public void close() {
        BigQueryClient connection = client;
        if (connection != null) {
            connection.close();
        }
        transport.close();
    }

    private MacroQuery expand(String sql, Query query) {
        MacroContext.Builder context = MacroContext.builder(
                        query.timeRange().from(), query.timeRange().to())
                .interval(query.interval());
        // Another table may have columns of the same names, but of other types.
        catalog.tables().stream().filter(table -> isNamed(table.name(), sql)).forEach(context::table);
        try {
            return macros.expand(sql, context.build());
        } catch (MacroException e) {
            throw QueryException.badQuery(name + ": " + e.getMessage(), e);
        }
    }

    /** Tables of a wildcard are named without their date. */
    private static boolean isNamed(String table, String sql) {
        String name = table.substring(table.lastIndexOf('.') + 1);
        return sql.contains(WILDCARD_DATE.matcher(name).replaceFirst(""));
    }

    private Frame run(BigQueryClient connection, MacroQuery query, QueryContext context) {
        QueryRequest request = query.request().timeout(remaining(context)).build();
        try (QueryResult result = connection.run(request)) {
            Frame frame = BigQueryFrames.read(result, MAX_ROWS);
            return result.totalRows() > MAX_ROWS
                    ? frame.withMeta(frame.meta()
                            .withNotice(Notice.warning("Only the first " + MAX_ROWS + " of " + result.totalRows()
                                    + " rows are shown: narrow the time range, group, or add a LIMIT.")))
                    : frame;
        } catch (BigQueryException e) {
            throw translate(e);
        }
    }

    /** By the catalog where there is one; what a connection's dry run says is told as well. */
    private Frame estimate(MacroQuery query, @Nullable BigQueryClient connection, QueryContext context) {
        CostEstimate estimate = CostEstimator.ofDefaults().estimate(query.sql(), query.parameters(), catalog, pricing);
        FrameMeta.Builder meta = FrameMeta.builder()
                .type(FrameType.TABLE)
                .executedQuery(query.sql())
                .notice(Notice.info(summary(estimate)));
        if (!hasCatalog) {
            meta.notice(Notice.info("There is no catalog of tables: start Big Tent with --bigquery-catalog FILE."));
        }
        for (CostWarning warning : estimate.warnings()) {
            String text = warning.id() + ": " + warning.reason()
                    + warning.rewrite().map(rewrite -> "; instead: " + rewrite).orElse("");
            meta.notice(warning.severity() == CostWarning.Severity.INFO ? Notice.info(text) : Notice.warning(text));
        }
        dryRun(query, connection, context)
                .ifPresent(dryRun -> meta.notice(Notice.info(
                        "BigQuery's dry run says " + dryRun.bytes() + " bytes, " + dryRun.accuracy() + ".")));
        return BigQueryFrames.of(estimate).withMeta(meta.build());
    }

    private Optional<QueryDryRun> dryRun(MacroQuery query, @Nullable BigQueryClient connection, QueryContext context) {
        if (connection == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(connection.dryRun(
                    query.request().timeout(remaining(context)).build()));
        } catch (BigQueryException e) {
            throw translate(e);
        }
    }

    private static String summary(CostEstimate estimate) {
        return "Reads " + estimate.bytes().expected() + " bytes, is billed for "
                + estimate.billedBytes().expected() + ", costs "
                + estimate.money().currency() + " "
                + estimate.money().expected().toPlainString() + " (" + estimate.accuracy() + ", prices of "
                + estimate.money().priceDate() + ").";
    }

    private static Duration remaining(QueryContext context) {
        Duration remaining = context.remaining();
        return remaining.compareTo(SHORTEST) < 0 ? SHORTEST : remaining;
    }

    private QueryException translate(BigQueryException e) {
        if (e instanceof QueryFailedException failed) {
            int status = failed.httpStatus() == 0 || failed.httpStatus() >= 500 ? 502 : failed.httpStatus();
            String words = failed.serverMessage().isEmpty() ? "" : ": " + failed.serverMessage();
            return QueryException.downstream(
                    status == 200 ? 400 : status, name + ": " + failed.getMessage() + words, failed);
        }
        if (e instanceof BudgetExceededException) {
            return QueryException.badQuery(name + ": " + e.getMessage(), e);
        }
        int status = e instanceof QueryCancelledException ? 504 : 502;
        return QueryException.downstream(status, name + ": " + e.getMessage(), e);
    }
}
