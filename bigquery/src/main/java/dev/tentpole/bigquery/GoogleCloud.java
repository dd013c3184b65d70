package dev.tentpole.bigquery;

import com.google.auth.Credentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.RangePartitioning;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import dev.tentpole.base.Args;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes what users of Google's own {@code google-cloud-bigquery} have already, so that they can price, limit and stream their queries
 * without saying anything twice: its options, its credentials, its queries and its tables.
 *
 * <p>Needs that library on the class path, which nothing else here does. Stateless and safe for use by several threads.
 */
public final class GoogleCloud {

    private GoogleCloud() {}

    /**
     * {@return a builder of a client with the project, the credentials, the location and the host of Google's}
     *
     * @param options the options of Google's client
     * @throws IllegalArgumentException if they have no project
     */
    public static BigQueryClient.Builder client(BigQueryOptions options) {
        String project = options.getProjectId();
        Args.check(project != null, "the options' projectId", project, "set");
        BigQueryClient.Builder builder =
                BigQueryClient.builder(Objects.requireNonNull(project), tokens(options.getScopedCredentials()));
        String location = options.getLocation();
        if (location != null && !location.isBlank()) {
            builder.location(location);
        }
        String host = options.getHost();
        // The older name of the same server.
        if (host != null && !host.isBlank() && !host.startsWith("https://www.googleapis.com")) {
            builder.endpoint(URI.create(host.endsWith("/") ? host.substring(0, host.length() - 1) : host));
        }
        return builder;
    }

    /**
     * {@return the tokens of Google's credentials, which keep and renew them by themselves}
     *
     * <p>Getting one may block without heeding an interrupt, as long as Google's library does.
     *
     * @param credentials whatever Google's library has; those that have no tokens, as for an emulator, send one that is none
     */
    public static TokenSource tokens(@Nullable Credentials credentials) {
        return credentials == null || credentials instanceof NoCredentials || !credentials.hasRequestMetadata()
                ? TokenSource.of("anonymous")
                : new GoogleTokens(credentials);
    }

    /**
     * {@return the same query for our client}
     *
     * @param configuration a query of Google's client
     * @throws IllegalArgumentException if it has what our client does not do: the older dialect of SQL, a destination, tables or
     *     functions of its own, structs or ranges as parameters
     */
    public static QueryRequest.Builder request(QueryJobConfiguration configuration) {
        refuse(Boolean.TRUE.equals(configuration.useLegacySql()), "useLegacySql");
        refuse(configuration.getDestinationTable() != null, "destinationTable");
        refuse(configuration.getTableDefinitions() != null, "tableDefinitions");
        refuse(configuration.getUserDefinedFunctions() != null, "userDefinedFunctions");
        QueryRequest.Builder request = QueryRequest.builder(configuration.getQuery());
        List<SqlParameter> parameters = new ArrayList<>();
        configuration.getNamedParameters().forEach((name, value) -> parameters.add(parameter(name, value)));
        configuration.getPositionalParameters().forEach(value -> parameters.add(parameter("", value)));
        request.parameters(parameters);
        if (configuration.getLabels() != null) {
            configuration.getLabels().forEach((key, value) -> request.label(key, value == null ? "" : value));
        }
        Long most = configuration.getMaximumBytesBilled();
        if (most != null) {
            request.maximumBytesBilled(most);
        }
        Boolean cache = configuration.useQueryCache();
        if (cache != null) {
            request.useQueryCache(cache);
        }
        DatasetId dataset = configuration.getDefaultDataset();
        if (dataset != null) {
            String project = dataset.getProject();
            request.defaultDataset((project == null ? "" : project + ".") + dataset.getDataset());
        }
        return request;
    }

    private static void refuse(boolean has, String setting) {
        Args.check(!has, setting, has ? "(set)" : "", "not set: this client has no such thing");
    }

    private static SqlParameter parameter(String name, QueryParameterValue value) {
        boolean array = value.getType() == StandardSQLTypeName.ARRAY;
        StandardSQLTypeName type = array ? value.getArrayType() : value.getType();
        Args.check(
                type != null
                        && type != StandardSQLTypeName.STRUCT
                        && type != StandardSQLTypeName.ARRAY
                        && type != StandardSQLTypeName.RANGE,
                "the type of parameter @" + name,
                type,
                "one of single values, or an array of them");
        TableField.Type own = TableField.Type.of(String.valueOf(type));
        if (!array) {
            String text = value.getValue();
            return new SqlParameter(name, own, false, text == null ? List.of() : List.of(text), true);
        }
        List<QueryParameterValue> elements = value.getArrayValues();
        return SqlParameter.array(
                name,
                own,
                elements == null
                        ? List.of()
                        : elements.stream().map(QueryParameterValue::getValue).toList());
    }

    /**
     * {@return what a catalog has of a table: schema, rows, bytes, partitioning and clustering}
     *
     * <p>A {@link Calibrator} adds the rest, once its partitions are named.
     *
     * @param table a table of which Google's client has been asked, in a project that is named
     * @throws IllegalArgumentException if it is no table of BigQuery's own, such as a view
     */
    public static TableStats table(TableInfo table) {
        TableId id = table.getTableId();
        TableDefinition definition = table.getDefinition();
        if (!(definition instanceof StandardTableDefinition standard)) {
            throw new IllegalArgumentException(
                    "table " + id.getTable() + " is a " + definition.getType() + ", must be a TABLE");
        }
        TableStats.Builder stats = TableStats.builder(id.getProject() + "." + id.getDataset() + "." + id.getTable());
        if (standard.getSchema() != null) {
            stats.fields(standard.getSchema().getFields().stream()
                    .map(GoogleCloud::field)
                    .toList());
        }
        stats.rows(orZero(standard.getNumRows())).bytes(orZero(standard.getNumBytes()));
        if (standard.getStreamingBuffer() != null) {
            stats.streamingBufferBytes(orZero(standard.getStreamingBuffer().getEstimatedBytes()));
        }
        Clustering clustering = standard.getClustering();
        if (clustering != null && clustering.getFields() != null) {
            stats.clustering(clustering.getFields());
        }
        partitioning(standard, stats);
        return stats.requirePartitionFilter(Boolean.TRUE.equals(table.getRequirePartitionFilter()))
                .build();
    }

    private static void partitioning(StandardTableDefinition table, TableStats.Builder stats) {
        TimePartitioning time = table.getTimePartitioning();
        RangePartitioning range = table.getRangePartitioning();
        if (time != null) {
            TablePartitioning.Unit unit =
                    TablePartitioning.Unit.valueOf(time.getType().name());
            String field = time.getField();
            stats.partitioning(field == null ? TablePartitioning.ingestion(unit) : TablePartitioning.time(unit, field));
        } else if (range != null) {
            RangePartitioning.Range bounds = range.getRange();
            stats.partitioning(TablePartitioning.range(
                    range.getField(), bounds.getStart(), bounds.getEnd(), bounds.getInterval()));
        }
    }

    private static TableField field(Field field) {
        TableField.Mode mode = field.getMode() == null
                ? TableField.Mode.NULLABLE
                : TableField.Mode.valueOf(field.getMode().name());
        if (field.getType().getStandardType() == StandardSQLTypeName.STRUCT) {
            return TableField.struct(
                    field.getName(),
                    mode,
                    field.getSubFields().stream().map(GoogleCloud::field).toArray(TableField[]::new));
        }
        TableField.Type type =
                TableField.Type.of(field.getType().getStandardType().name());
        return TableField.of(field.getName(), type, mode);
    }

    private static long orZero(@Nullable Number number) {
        return number == null ? 0 : number.longValue();
    }
}
