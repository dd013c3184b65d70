package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.zetasql.AnalyzerOptions;
import com.google.zetasql.LanguageOptions;
import com.google.zetasql.PreparedExpression;
import com.google.zetasql.SimpleCatalog;
import com.google.zetasql.SqlException;
import com.google.zetasql.Value;
import com.google.zetasql.ZetaSQLBuiltinFunctionOptions;
import com.google.zetasql.ZetaSQLOptions.ProductMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Constants are worth for us what Google's own evaluator computes, or are not understood. */
final class ZetaFoldTest {

    private static final int EXPRESSIONS = 12_000;
    private static final int DEEPEST = 3;
    private static final int SEED = 20_240_131;

    private static final List<String> ZONES = List.of(
            "UTC",
            "America/Los_Angeles",
            "Asia/Kathmandu",
            "America/Sao_Paulo",
            "Australia/Lord_Howe",
            "Asia/Tokyo",
            "+05:30",
            "-8",
            "UTC+3",
            "GMT-5",
            "x");

    private static final List<String> TEXTS = List.of(
            "2024-01-31",
            "2024-1-2",
            "2024-11-03 09:30:00",
            "2024-03-10T10:30:00.25",
            "2024-02-29 23:59:59.999999+00",
            "2018-11-04 01:30:00 America/Sao_Paulo",
            "2024-01-01 05:00:00-08",
            "2024-01-01 05:00:00Z",
            "2024-01-01 05:00",
            " 2024-01-01",
            "0001-01-01",
            "9999-12-31",
            "10000-01-01",
            "20240131",
            "2024",
            "5",
            "-7",
            " 12 ",
            "0x1f",
            "1e3",
            "true",
            "x",
            "");

    private static final List<String> PARTS = List.of(
            "MICROSECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "WEEK(MONDAY)", "MONTH", "QUARTER", "YEAR", "ISOWEEK");

    private static final AnalyzerOptions OPTIONS = new AnalyzerOptions();
    private static final SimpleCatalog FUNCTIONS = new SimpleCatalog("functions");

    private final Random random = new Random(SEED);

    @BeforeAll
    static void start() {
        try {
            LanguageOptions language = new LanguageOptions();
            language.enableMaximumLanguageFeatures();
            language.setProductMode(ProductMode.PRODUCT_EXTERNAL);
            OPTIONS.setLanguageOptions(language);
            OPTIONS.setDefaultTimezone("UTC");
            FUNCTIONS.addZetaSQLFunctionsAndTypes(new ZetaSQLBuiltinFunctionOptions(language));
            FUNCTIONS.register();
        } catch (LinkageError | RuntimeException e) {
            assumeTrue(false, "Google's evaluator cannot be loaded on this machine: " + e);
        }
    }

    @Test
    void a_constant_is_worth_what_google_computes() {
        List<String> wrong = new ArrayList<>();
        int understood = 0;
        int failed = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            String expression = any(DEEPEST);
            String own = Folded.value(expression).orElse("");
            if (own.isEmpty()) {
                continue;
            }
            understood++;
            String google = google(expression);
            if (google.startsWith("refused")) {
                continue;
            }
            failed += google.startsWith("failed") ? 1 : 0;
            if (!google.equals(own)) {
                wrong.add(expression + ": " + own + " instead of " + google);
            }
        }
        System.out.println("of " + EXPRESSIONS + " expressions " + understood + " understood");
        assertThat(wrong.stream().limit(20)).isEmpty();
        assertThat(failed).isZero();
        assertThat(understood).isGreaterThan(EXPRESSIONS / 6);
    }

    /** The value; {@code failed: …} for one that cannot be computed, {@code refused: …} for what is no expression. */
    private static String google(String expression) {
        try (PreparedExpression prepared = new PreparedExpression("FORMAT('%T', " + expression + ")")) {
            try {
                prepared.prepareWithCatalog(OPTIONS, FUNCTIONS);
            } catch (SqlException e) {
                return "refused: " + e.getMessage();
            }
            Value value = prepared.execute();
            return value.isNull() ? "NULL" : value.getStringValue();
        } catch (SqlException e) {
            return "failed: " + e.getMessage();
        }
    }

    private String any(int depth) {
        return switch (random.nextInt(6)) {
            case 0 -> date(depth);
            case 1 -> datetime(depth);
            case 2 -> timestamp(depth);
            case 3 -> text(depth);
            case 4 -> number(depth);
            default -> "SAFE_CAST(" + text(depth - 1) + " AS " + one("DATE", "DATETIME", "TIMESTAMP", "INT64", "BOOL") + ")";
        };
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }

    private String of(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private String day() {
        return one("2024-01-31", "2024-02-29", "2023-12-31", "2024-11-03", "2024-03-10", "0001-01-01", "9999-12-31");
    }

    private String time() {
        return day() + " " + one("00:00:00", "05:30:00", "09:30:00", "23:59:59.999999", "12:00:00.25");
    }

    private String moment(int depth) {
        return switch (random.nextInt(4)) {
            case 0 -> date(depth);
            case 1 -> datetime(depth);
            case 2 -> timestamp(depth);
            default -> quoted(of(TEXTS));
        };
    }

    /** Not a DATE where a DATETIME is wanted, of which this evaluator makes 1970. */
    private String time(int depth) {
        return switch (random.nextInt(3)) {
            case 0 -> datetime(depth);
            case 1 -> timestamp(depth);
            default -> quoted(of(TEXTS));
        };
    }

    private String interval(int depth) {
        return "INTERVAL " + (depth > 1 ? "(" + number(depth - 1) + ")" : one("1", "0", "-1", "13", "400"))
                + " " + one("MICROSECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR");
    }

    private String date(int depth) {
        if (depth <= 0) {
            return "DATE '" + day() + "'";
        }
        return switch (random.nextInt(9)) {
            case 0 -> "DATE(" + moment(depth - 1) + ")";
            case 1 -> "DATE(" + moment(depth - 1) + ", " + quoted(of(ZONES)) + ")";
            case 2 -> "DATE(" + number(depth - 1) + ", " + number(0) + ", " + number(0) + ")";
            case 3 -> "DATE_TRUNC(" + moment(depth - 1) + ", " + of(PARTS) + ")";
            case 4 -> one("DATE_ADD", "DATE_SUB") + "(" + moment(depth - 1) + ", " + interval(depth) + ")";
            case 5 -> "LAST_DAY(" + moment(depth - 1) + ")";
            case 6 -> "PARSE_DATE(" + format() + ", " + text(depth - 1) + ")";
            case 7 -> "EXTRACT(DATE FROM " + moment(depth - 1) + ")";
            default -> date(depth - 1) + one(" + ", " - ") + number(0);
        };
    }

    private String datetime(int depth) {
        if (depth <= 0) {
            return "DATETIME '" + time() + "'";
        }
        return switch (random.nextInt(6)) {
            case 0 -> "DATETIME(" + moment(depth - 1) + ")";
            case 1 -> "DATETIME(" + moment(depth - 1) + ", " + quoted(of(ZONES)) + ")";
            case 2 -> "DATETIME_TRUNC(" + time(depth - 1) + ", " + of(PARTS) + ")";
            case 3 -> one("DATETIME_ADD", "DATETIME_SUB") + "(" + time(depth - 1) + ", " + interval(depth) + ")";
            case 4 -> "PARSE_DATETIME(" + format() + ", " + text(depth - 1) + ")";
            // Not of a DATE, of which this evaluator makes 1970.
            default ->
                "CAST(" + (random.nextBoolean() ? timestamp(depth - 1) : quoted(of(TEXTS))) + " AS DATETIME)";
        };
    }

    private String timestamp(int depth) {
        if (depth <= 0) {
            return "TIMESTAMP '" + time() + one("", "+00", "-08", " Asia/Tokyo") + "'";
        }
        return switch (random.nextInt(8)) {
            case 0 -> "TIMESTAMP(" + moment(depth - 1) + ")";
            case 1 -> "TIMESTAMP(" + moment(depth - 1) + ", " + quoted(of(ZONES)) + ")";
            case 2 -> "TIMESTAMP_TRUNC(" + time(depth - 1) + ", " + of(PARTS) + ", " + quoted(of(ZONES)) + ")";
            case 3 -> "TIMESTAMP_TRUNC(" + time(depth - 1) + ", " + of(PARTS) + ")";
            case 4 -> one("TIMESTAMP_ADD", "TIMESTAMP_SUB") + "(" + time(depth - 1) + ", " + interval(depth) + ")";
            case 5 -> one("TIMESTAMP_SECONDS", "TIMESTAMP_MILLIS", "TIMESTAMP_MICROS") + "(" + number(depth - 1) + ")";
            case 6 -> "PARSE_TIMESTAMP(" + format() + ", " + text(depth - 1) + ", " + quoted(of(ZONES)) + ")";
            default -> moment(depth - 1) + one(" + ", " - ") + interval(depth);
        };
    }

    private String format() {
        return quoted(one("%Y%m%d", "%Y-%m-%d", "%F", "%F %T", "%Y", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y", "%H"));
    }

    private String text(int depth) {
        if (depth <= 0) {
            return quoted(of(TEXTS));
        }
        return switch (random.nextInt(6)) {
            case 0 ->
                random.nextBoolean()
                        ? "FORMAT_DATE(" + format() + ", " + moment(depth - 1) + ")"
                        : one("FORMAT_DATETIME(", "FORMAT_TIMESTAMP(") + format() + ", " + time(depth - 1) + ")";
            case 1 -> "FORMAT_TIMESTAMP(" + format() + ", " + time(depth - 1) + ", " + quoted(of(ZONES)) + ")";
            case 2 -> "CONCAT(" + text(depth - 1) + ", " + text(0) + ")";
            case 3 -> "SUBSTR(" + text(depth - 1) + ", " + number(0) + one("", ", 2") + ")";
            case 4 -> "CAST(" + any(depth - 1) + " AS STRING)";
            default -> text(depth - 1) + " || " + text(0);
        };
    }

    private String number(int depth) {
        if (depth <= 0) {
            return one("0", "1", "2", "5", "31", "2024", "1706704496", "-3", "9223372036854775807", "1.5");
        }
        return switch (random.nextInt(5)) {
            case 0 -> "EXTRACT(" + one("YEAR", "MONTH", "DAY", "HOUR") + " FROM " + moment(depth - 1) + ")";
            case 1 -> "CAST(" + text(depth - 1) + " AS INT64)";
            case 2 -> "(" + number(depth - 1) + one(" + ", " - ", " * ") + number(0) + ")";
            case 3 -> "-(" + number(depth - 1) + ")";
            default -> number(0);
        };
    }
}
