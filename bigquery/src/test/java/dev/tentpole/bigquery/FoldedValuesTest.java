package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Constants have the value that GoogleSQL gives them, or none at all: a partition left out for a wrong one is a wrong price. */
final class FoldedValuesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            DATE('2024-01-02', 'America/New_York') | DATE "2024-01-01"
            DATE('2024-01-31 05:00:00+09') | DATE "2024-01-30"
            DATETIME('2024-01-02 05:00:00', 'America/New_York') | DATETIME "2024-01-02 00:00:00"
            DATE_TRUNC(TIMESTAMP '2024-01-01 05:30:00', HOUR) | TIMESTAMP "2024-01-01 05:00:00+00"
            DATE_TRUNC(CURRENT_DATETIME(), HOUR) | DATETIME "2024-01-31 12:00:00"
            DATE_ADD(TIMESTAMP '2024-01-01 05:30:00', INTERVAL 1 DAY) | TIMESTAMP "2024-01-02 05:30:00+00"
            DATE_SUB(DATETIME '2024-01-01 05:30:00', INTERVAL 1 MONTH) | DATETIME "2023-12-01 05:30:00"
            TIMESTAMP_TRUNC(DATETIME '2024-01-31 05:30:00', MONTH) | DATETIME "2024-01-01 00:00:00"
            DATE_TRUNC('2024-01-31', MONTH) | DATE "2024-01-01"
            TIMESTAMP_TRUNC(TIMESTAMP '2024-11-03 09:30:00', HOUR, 'America/Los_Angeles') | TIMESTAMP "2024-11-03 09:00:00+00"
            TIMESTAMP_TRUNC(TIMESTAMP '2024-11-03 09:30:00', DAY, 'America/Los_Angeles') | TIMESTAMP "2024-11-03 07:00:00+00"
            TIMESTAMP_TRUNC(TIMESTAMP '2018-11-04 12:30:00', DAY, 'America/Sao_Paulo') | TIMESTAMP "2018-11-04 03:00:00+00"
            DATE '2024-01-01' - INTERVAL 1 HOUR | DATETIME "2023-12-31 23:00:00"
            FORMAT_DATE('%F', TIMESTAMP '2024-01-01 23:00:00', 'Asia/Tokyo') | "2024-01-02"
            SUBSTR('a\\U0001F600c', 3) | "c"
            SUBSTR('abc', 3, 9223372036854775807) | "c"
            DATETIME_SUB(CURRENT_DATE(), INTERVAL 7 DAY) | DATETIME "2024-01-24 00:00:00"
            DATETIME_TRUNC(CURRENT_DATE(), MONTH) | DATETIME "2024-01-01 00:00:00"
            FORMAT_DATETIME('%Y%m%d', DATE '2024-01-05') | "20240105"
            TIMESTAMP_TRUNC(TIMESTAMP '2024-04-06 15:15:00', HOUR, 'Australia/Lord_Howe') | TIMESTAMP "2024-04-06 14:30:00+00"
            TIMESTAMP_TRUNC(TIMESTAMP '2024-10-05 15:45:00', HOUR, 'Australia/Lord_Howe') | TIMESTAMP "2024-10-05 15:00:00+00"
            CAST(TRUE AS STRING) | "true"
            CAST('2024-1-2 3:4:5.5+1' AS TIMESTAMP) | TIMESTAMP "2024-01-02 02:04:05.500+00"
            CAST('2024-01-02t03:04:05 Europe/Berlin' AS TIMESTAMP) | TIMESTAMP "2024-01-02 02:04:05+00"
            CAST('2024-01-02 03:04:05 UTC' AS TIMESTAMP) | TIMESTAMP "2024-01-02 03:04:05+00"
            CAST('2024-01-02 +01' AS TIMESTAMP) | TIMESTAMP "2024-01-01 23:00:00+00"
            CAST(' 5 ' AS INT64) | 5
            CAST('.5' AS FLOAT64) | 0.5
            CAST(NULL AS DATE) | NULL
            """)
    void a_constant_is_worth_what_google_says(String expression, String value) {
        assertThat(Folded.value(expression)).hasValue(value);
    }

    /** The query fails, or {@code SAFE} makes a null of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DATE_ADD(DATE '9999-12-31', INTERVAL 1 DAY)",
                "DATE_SUB(DATE '0001-01-01', INTERVAL 1 DAY)",
                "DATE '9999-12-31' + 1",
                "DATE(10000, 1, 1)",
                "DATE(2024, 2, 30)",
                "TIMESTAMP_SECONDS(999999999999)",
                "TIMESTAMP_ADD(TIMESTAMP '2024-01-31 00:00:00', INTERVAL 1 MONTH)",
                "TIMESTAMP_ADD(TIMESTAMP '2024-01-31 00:00:00', INTERVAL 1 WEEK)",
                "TIMESTAMP('2024-01-31 05:00:00+09', 'UTC')",
                "DATE_TRUNC(DATE '2024-01-01', HOUR)",
                "DATE(DATE '2024-01-31', 'Asia/Tokyo')",
                "TIMESTAMP(TIMESTAMP '2024-01-31 00:00:00', 'Asia/Tokyo')",
                "DATE(TIMESTAMP '2024-01-01 00:00:00', '-15')",
                "DATE(TIMESTAMP '2024-01-01 00:00:00', 'GMT-5')",
                "EXTRACT(HOUR FROM DATE '2024-01-15')",
                "FORMAT_DATE('%H', DATE '2024-01-01')",
                "PARSE_DATE('%Y-%m-%d %H', '2024-01-01 05')",
                "PARSE_DATE('%Y%m%d', '20240231')",
                "PARSE_DATE('%F', '2023-02-29')",
                "PARSE_TIMESTAMP('%F %T', '2024-01-01 24:00:00')",
                "DATETIME_ADD(DATETIME '2024-01-01 00:00:00', INTERVAL 9223372036854775807 QUARTER)",
                "SAFE_CAST('2024-01-01 10:00:00' AS DATE)",
                "SAFE_CAST('10000-01-01' AS DATE)",
                "SAFE_CAST('924-01-01' AS DATE)",
                "SAFE_CAST(' 2024-01-01' AS TIMESTAMP)",
                "SAFE_CAST('2024-01-31T11:00' AS TIMESTAMP)",
                "SAFE_CAST('2024-01-01+05' AS TIMESTAMP)",
                "SAFE_CAST('2024-01-01 01:02:03 +01' AS TIMESTAMP)",
                "SAFE_CAST('2024-01-01 01:02:03.' AS TIMESTAMP)",
                "SAFE_CAST('2024-01-05T09:30:00.1234567Z' AS TIMESTAMP)",
                "TIMESTAMP '2024-01-05 09:30:00.123456000+00'",
                "DATETIME '2024-01-05 09:30:00.1234567'",
                "SAFE.PARSE_TIMESTAMP('%F %T', '2024-01-05 09:30:00.1234567')",
                "SAFE_CAST('2024-01-01 10:00:00Z' AS DATETIME)",
                "SAFE_CAST('9999-12-31 23:59:59-01' AS TIMESTAMP)",
                "SAFE_CAST('x' AS BOOL)",
                "SAFE_CAST('5d' AS FLOAT64)",
                "SAFE_CAST('0x-5' AS INT64)",
                "SAFE_CAST('\u0663' AS INT64)"
            })
    void what_google_refuses_has_no_value(String expression) {
        assertThat(Folded.value(expression)).isEmpty();
    }

    /** GoogleSQL writes them in other forms than Java. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CAST(2.0 AS STRING)",
                "CAST(1e3 AS STRING)",
                "FORMAT_DATE('%Y', DATE '0999-01-01')",
                "STRING(TIMESTAMP '2024-01-01 00:00:00')"
            })
    void what_google_may_write_otherwise_has_no_value(String expression) {
        assertThat(Folded.value(expression)).isEmpty();
    }
}
