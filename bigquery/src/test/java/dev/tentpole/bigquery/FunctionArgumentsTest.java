package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of constants, whatever their arguments, are computed or left alone. */
@Tag("thorough")
final class FunctionArgumentsTest {

    private static final List<String> VALUES = List.of(
            "NULL",
            "0",
            "-9223372036854775808",
            "9223372036854775807",
            "1.5",
            "TRUE",
            "''",
            "'2024-01-10'",
            "'%Y-%m-%d'",
            "'+'",
            "b'x'",
            "DATE '2024-01-10'",
            "DATE '9999-12-31'",
            "TIMESTAMP '2024-01-10 10:00:00'",
            "DATETIME '0001-01-01'",
            "INTERVAL 1 DAY",
            "INTERVAL 9223372036854775807 YEAR",
            "DAY",
            "WEEK(",
            "[1]");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DATE",
                "TIMESTAMP",
                "DATETIME",
                "TIME",
                "STRING",
                "TIMESTAMP_SECONDS",
                "TIMESTAMP_MILLIS",
                "TIMESTAMP_MICROS",
                "DATE_ADD",
                "TIMESTAMP_ADD",
                "DATETIME_ADD",
                "DATE_SUB",
                "TIMESTAMP_SUB",
                "DATETIME_SUB",
                "DATE_TRUNC",
                "TIMESTAMP_TRUNC",
                "DATETIME_TRUNC",
                "LAST_DAY",
                "PARSE_DATE",
                "PARSE_TIMESTAMP",
                "PARSE_DATETIME",
                "FORMAT_DATE",
                "FORMAT_TIMESTAMP",
                "FORMAT_DATETIME",
                "CONCAT",
                "SUBSTR",
                "SUBSTRING",
                "STARTS_WITH",
                "CURRENT_DATE",
                "CURRENT_TIMESTAMP",
                "CURRENT_DATETIME",
                "COALESCE",
                "NULLIF",
                "IF",
                "COUNT",
                "UNNEST",
                "GENERATE_DATE_ARRAY",
                "`AND`",
                "`OR`",
                "`NOT`",
                "`IN`",
                "`IN UNNEST`",
                "`LIKE`",
                "`LIKE ANY`",
                "`BETWEEN`",
                "`INTERVAL`",
                "`ARRAY`",
                "`CASE`",
                "`IS NULL`",
                "`IS NOT NULL`",
                "`=`",
                "`!=`",
                "`<`",
                "`+`",
                "`-`",
                "`*`",
                "`||`",
                "`CAST DATE`",
                "`CAST `",
                "`EXTRACT YEAR`",
                "`COUNT DISTINCT`",
                "`dev.ds.f`",
                "SAFE.DATE",
                "f"
            })
    void any_arguments_in_any_number_get_an_estimate(String function) {
        for (String arguments : arguments()) {
            String call = function + "(" + arguments + ")";
            SqlFuzzPropertyTest.answered("SELECT user FROM days WHERE " + call + " = day AND NOT " + call);
        }
    }

    @Test
    void a_function_that_is_named_as_an_operator_is_no_operator() {
        long all = SampleCatalog.estimate("SELECT n FROM events WHERE f(ts)")
                .bytes()
                .upper();

        for (String condition :
                List.of("`<`(ts, TIMESTAMP '2000-01-01')", "`IS NULL`(ts)", "`AND`(FALSE, ts IS NULL)")) {
            assertThat(SampleCatalog.estimate("SELECT n FROM events WHERE " + condition)
                            .bytes()
                            .upper())
                    .as(condition)
                    .isGreaterThanOrEqualTo(all);
        }
    }

    /** No argument, one, two and three of all kinds, and four. */
    private static List<String> arguments() {
        List<String> lists = new ArrayList<>(List.of("", "1, 2, 3, 4", "NULL, NULL, NULL, NULL, NULL, NULL, NULL"));
        for (String first : VALUES) {
            lists.add(first);
            for (String second : VALUES) {
                lists.add(first + ", " + second);
            }
            lists.add(first + ", 1, 2");
            lists.add("1, " + first + ", 2");
            lists.add("'2024-01-10', 1, " + first);
            lists.add(first + ", " + first + ", " + first);
        }
        return lists;
    }
}
