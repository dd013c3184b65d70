package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.bigquery.TableField.Mode;
import dev.tentpole.bigquery.TablePartitioning.Unit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures that courses and Google's pages have published, to the printed digit; the console's MB are MiB. */
final class PublishedTruthTest {

    private static final Catalog CATALOG = Catalog.of(
            taxi("course.trips.yellow", 20_332_093).build(),
            taxi("course.trips.green", 840_402).build(),
            greenByDay(),
            taxi("course.trips.external", 0).kind(TableStats.Kind.EXTERNAL).build(),
            TableStats.builder("bigquery-public-data.samples.shakespeare")
                    .rows(164_656)
                    .bytes(6_432_064)
                    .field(TableField.of("word", TableField.Type.STRING, Mode.REQUIRED))
                    .field(TableField.of("word_count", TableField.Type.INT64, Mode.REQUIRED))
                    .field(TableField.of("corpus", TableField.Type.STRING, Mode.REQUIRED))
                    .field(TableField.of("corpus_date", TableField.Type.INT64, Mode.REQUIRED))
                    .build());

    private static TableStats.Builder taxi(String name, long rows) {
        return TableStats.builder(name)
                .rows(rows)
                // Five columns of eight bytes, none of them null.
                .bytes(rows * 40)
                .field("VendorID", TableField.Type.INT64)
                .field("PULocationID", TableField.Type.INT64)
                .field("DOLocationID", TableField.Type.INT64)
                .field("tpep_dropoff_datetime", TableField.Type.TIMESTAMP)
                .field("lpep_pickup_datetime", TableField.Type.TIMESTAMP);
    }

    /** The course prints 1.12 MB for June; 73,718 rows of it make that figure with 16 bytes each. */
    private static TableStats greenByDay() {
        long june = 73_718;
        return taxi("course.trips.green_by_month", 840_402)
                .partitioning(TablePartitioning.time(Unit.MONTH, "lpep_pickup_datetime"))
                .partition("202206", june, june * 40)
                .partition("202205", 840_402 - june, (840_402 - june) * 40)
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT COUNT(DISTINCT PULocationID) FROM course.trips.yellow | 155.12",
                "SELECT PULocationID FROM `course.trips.yellow` | 155.12",
                "SELECT PULocationID, DOLocationID FROM course.trips.yellow | 310.24",
                "SELECT COUNT(DISTINCT(PULocationID)) FROM course.trips.green | 6.41",
                "SELECT COUNT(DISTINCT PULocationID) FROM course.trips.green "
                        + "WHERE lpep_pickup_datetime BETWEEN '2022-06-01' AND '2022-06-30' | 12.82",
                "SELECT COUNT(DISTINCT PULocationID) FROM course.trips.green_by_month "
                        + "WHERE lpep_pickup_datetime BETWEEN '2022-06-01' AND '2022-06-30' | 1.12",
                "SELECT COUNT(*) FROM course.trips.green | 0.00",
                "SELECT COUNT(DISTINCT PULocationID) FROM course.trips.external | 0.00"
            })
    void a_published_figure_is_reproduced(String sql, String printed) {
        CostEstimate estimate = CostEstimator.ofDefaults().estimate(sql, CATALOG, Pricing.onDemand("US"));
        assertThat(mebibytes(estimate.bytes().expected())).isEqualTo(printed);
        if (!sql.contains("external")) {
            assertThat(estimate.accuracy()).isEqualTo(CostAccuracy.PRECISE);
        } else {
            assertThat(estimate.accuracy()).isEqualTo(CostAccuracy.LOWER_BOUND);
        }
    }

    @Test
    void a_column_of_shakespeare_is_billed_the_minimum() {
        CostEstimate estimate = CostEstimator.ofDefaults()
                .estimate(
                        "SELECT word_count FROM `bigquery-public-data.samples.shakespeare`",
                        CATALOG,
                        Pricing.onDemand("US"));
        assertThat(estimate.bytes()).isEqualTo(CostBytes.exactly(1_317_248));
        assertThat(estimate.billedBytes().expected()).isEqualTo(10_485_760);
        // 6.25 USD for 2^40 bytes.
        assertThat(estimate.money().expected())
                .isEqualByComparingTo(new BigDecimal("6.25")
                        .multiply(new BigDecimal(10_485_760))
                        .divide(new BigDecimal(1L << 40), 12, RoundingMode.HALF_UP));
    }

    @Test
    void an_array_of_four_whole_numbers_has_32_bytes() {
        TableStats table = TableStats.builder("p.d.arrays")
                .rows(1)
                .bytes(32)
                .field(TableField.of("a", TableField.Type.INT64, Mode.REPEATED))
                .build();
        CostEstimate estimate = CostEstimator.ofDefaults()
                .estimate("SELECT a FROM p.d.arrays", Catalog.of(table), Pricing.onDemand("US"));
        assertThat(estimate.bytes()).isEqualTo(CostBytes.exactly(32));
    }

    @Test
    void weather_stations_of_two_suffixes_are_two_tables() {
        Catalog.Builder catalog = Catalog.builder();
        for (int year = 1940; year <= 1949; year++) {
            catalog.table(TableStats.builder("bigquery-public-data.noaa_gsod.gsod" + year)
                    .rows(10)
                    .field(TableField.of("max", TableField.Type.FLOAT64, Mode.REQUIRED))
                    .build());
        }
        CostEstimate estimate = CostEstimator.ofDefaults()
                .estimate(
                        "SELECT max FROM `bigquery-public-data.noaa_gsod.gsod194*` "
                                + "WHERE _TABLE_SUFFIX = '0' OR _TABLE_SUFFIX = '4'",
                        catalog.build(),
                        Pricing.onDemand("US"));
        assertThat(estimate.tables())
                .extracting(TableCost::table)
                .containsExactly("bigquery-public-data.noaa_gsod.gsod1940", "bigquery-public-data.noaa_gsod.gsod1944");
        assertThat(estimate.bytes().expected()).isEqualTo(160);
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f", bytes / (double) (1 << 20));
    }

    /** Google's own sample of what {@code bq query --dry_run} prints for three columns. */
    @Test
    void what_bq_prints_is_a_dry_run() {
        QueryDryRun dryRun = QueryDryRun.ofBq("""
                Query successfully validated. Assuming the tables are not modified, running this query will
                process 10918 bytes of data.
                """);
        assertThat(dryRun.bytes()).isEqualTo(10_918);
        assertThat(dryRun.accuracy()).isEqualTo(CostAccuracy.PRECISE);
        assertThat(QueryDryRun.ofBq("running this query will process upper bound of 3230365 bytes of data.")
                        .accuracy())
                .isEqualTo(CostAccuracy.UPPER_BOUND);
        assertThat(QueryDryRun.ofBq("running this query will process lower bound of 0 bytes of data.")
                        .accuracy())
                .isEqualTo(CostAccuracy.LOWER_BOUND);
        assertThat(QueryDryRun.ofBq(
                                "this query will process 12 of data and the accuracy is unknown because of federated"
                                        + " tables or clustered tables.")
                        .accuracy())
                .isEqualTo(CostAccuracy.UNKNOWN);
        QueryDryRun job = QueryDryRun.ofBq("""
                {"statistics": {"query": {"totalBytesProcessed": "7", "totalBytesProcessedAccuracy": "UPPER_BOUND",
                  "referencedTables": [{"projectId": "p", "datasetId": "d", "tableId": "t"}]}}}""");
        assertThat(job.bytes()).isEqualTo(7);
        assertThat(job.tables()).containsExactly("p.d.t");
        assertThatThrownBy(() -> QueryDryRun.ofBq("Error in query string: Unrecognized name: x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bq query --dry_run");
        assertThatThrownBy(() -> QueryDryRun.ofBq("{\"statistics\": "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no job in JSON");
        assertThatThrownBy(() -> QueryDryRun.ofBq("{\"error\": {\"message\": \"Not found\"}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("statistics.query.totalBytesProcessed");
    }
}
