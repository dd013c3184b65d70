package dev.tentpole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.examples.RunningBigTent.Client;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.interactions.Actions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page in a real browser before a real Big Tent. */
@ExtendWith(RunningBigTent.class)
@Timeout(120)
@Tag("thorough")
final class PageBrowserTest {

    /** A minute of one point per second: "up" counts from 0 to 59, "down" from 100 to 41. */
    private static final String LINES = "WITH RECURSIVE n AS (SELECT 0 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 59)"
            + " SELECT UNIX_TIMESTAMP() - 60 + i AS time, i AS up, 100 - i AS down FROM n ORDER BY i";

    private static final String EXACT =
            "SELECT TIMESTAMP'2026-01-02 03:04:05.123456' AS at, CAST(18446744073709551615 AS UNSIGNED) AS big,"
                    + " -9007199254740993 AS low, 0.1E0 + 0.2E0 AS fraction, NULL AS nothing, '<img src=x onerror=\"xss=1\">' AS markup"
                    + " UNION ALL SELECT TIMESTAMP'2025-12-31 23:59:59', CAST(7 AS UNSIGNED), 8, -1.5E-7, 9, 'b'";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static HeadlessChromium browser;
    private static BigTent faulty;
    private static PageObject page;
    private static Client client;

    @BeforeAll
    static void start(Client running) throws Exception {
        Assumptions.assumeTrue(EmbeddedMariaDb.isAvailable(), "skipped: no MariaDB is embedded for this platform");
        client = running;
        browser = HeadlessChromium.startOrSkip();
        page = new PageObject(browser, client.bigTent().address());
        // Nothing listens on port 1: two sources that fail at once, and rest, which works.
        faulty = BigTent.start(Options.defaults()
                .withPort(0)
                .withMysqlUrl("jdbc:mariadb://127.0.0.1:1/none")
                .withPrometheusUrl(URI.create("http://127.0.0.1:1/")));
        browser.devTools("Emulation.setTimezoneOverride", Map.of("timezoneId", "Europe/Berlin"));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (faulty != null) {
            faulty.close();
        }
    }

    @AfterEach
    void nothing_is_complained_of_and_nobody_else_is_asked() {
        assertThat(browser.complaints()).as("console").isEmpty();
        assertThat(browser.requestedAddresses())
                .as("requests")
                .allSatisfy(address -> assertThat(address).startsWith("http://127.0.0.1:"));
    }

    @Test
    void a_first_visit_shows_the_sources_with_their_health_and_a_live_example() {
        page.open();

        String series = page.legend(1).keySet().iterator().next();
        browser.await("a drawn line", d -> page.pixelsOf(series) > 5);
        assertThat(page.text("[data-source=mysql] summary")).contains("MariaDB");
        browser.await("its health", d -> page.isShown("[data-source=mysql] .dot.ok"));
    }

    @Test
    void a_typed_query_is_drawn_and_listed_with_its_numbers() {
        page.openChart("SELECT 1");

        page.typeAndRun("A", LINES);

        assertThat(page.legend(2))
                .containsEntry("up", List.of("59", "0", "59", "29.5"))
                .containsEntry("down", List.of("41", "41", "100", "70.5"));
        assertThat(page.pixelsOf("up")).isGreaterThan(300);
        assertThat(page.pixelsOf("down")).isGreaterThan(300);
        assertThat(page.widestGap("up")).isLessThan(0.05);
        assertThat(page.text("[data-ref=A] .card-result")).isEqualTo("60 rows in 1 frame");
    }

    @Test
    void a_null_is_a_gap_in_the_line() {
        page.openChart(LINES.replace("i AS up, 100 - i AS down", "IF(i BETWEEN 20 AND 29, NULL, i) AS up"));

        page.legend(1);

        // Seconds 19 to 30 of 59.
        assertThat(page.widestGap("up")).isBetween(0.15, 0.22);
    }

    @Test
    void a_series_is_hidden_shown_alone_and_shown_again_from_the_legend() {
        page.openChart(LINES);
        page.legend(2);

        page.click("#legend [aria-label='Show up']");
        browser.await("no line of up", d -> page.pixelsOf("up") == 0);
        assertThat(page.pixelsOf("down")).isPositive();
        assertThat(page.link()).contains("hide=A%3Aup");

        page.click("#legend tr[data-key='A:up'] .series-name");
        browser.await("only up", d -> page.pixelsOf("down") == 0 && page.pixelsOf("up") > 0);
        page.click("#legend tr[data-key='A:up'] .series-name");
        browser.await("both again", d -> page.pixelsOf("down") > 0 && page.pixelsOf("up") > 0);
    }

    @Test
    void the_table_shows_what_the_api_answers_to_the_last_digit() throws Exception {
        page.open("view", "table", "raw", "1", "A.source", "mysql", "A.format", "table", "A.expr", EXACT);

        List<List<String>> shown = page.table(2);

        JsonNode columns = client.query("{\"refId\":\"A\",\"datasource\":\"mysql\",\"format\":\"table\",\"expression\":"
                        + JSON.writeValueAsString(EXACT) + "}")
                .at("/A/frames/0/data/values");
        assertThat(columns.size()).isEqualTo(6);
        for (int row = 0; row < 2; row++) {
            for (int column = 1; column < 6; column++) {
                JsonNode value = columns.path(column).path(row);
                String cell = shown.get(row).get(column);
                if (value.isFloat() || value.isDouble() || value.isBigDecimal()) {
                    assertThat(Double.parseDouble(cell)).isEqualTo(value.asDouble());
                } else {
                    assertThat(cell).isEqualTo(value.isNull() ? "null" : value.asString());
                }
            }
        }
        assertThat(shown.get(0)).startsWith("2026-01-02 04:04:05.123", "18446744073709551615", "-9007199254740993");
        assertThat(page.exactCells(0)).startsWith("2026-01-02T03:04:05.123456000Z");
        assertThat(browser.evaluate("return typeof window.xss;")).isEqualTo("undefined");
    }

    @Test
    void a_column_sorts_up_then_down_then_as_it_came() {
        page.openTable("SELECT 10 AS n UNION ALL SELECT NULL UNION ALL SELECT 9 UNION ALL SELECT 100");

        page.table(4);
        page.click("#table th .sort");
        assertThat(page.table(4)).containsExactly(List.of("9"), List.of("10"), List.of("100"), List.of("null"));
        page.click("#table th .sort");
        assertThat(page.table(4)).containsExactly(List.of("100"), List.of("10"), List.of("9"), List.of("null"));
        page.click("#table th .sort");
        assertThat(page.table(4)).containsExactly(List.of("10"), List.of("null"), List.of("9"), List.of("100"));
    }

    @Test
    void a_long_table_says_how_much_of_it_is_not_shown() {
        page.openTable("SELECT seq AS n FROM seq_1_to_2500", "sort", "-0");

        List<List<String>> rows = page.table(1000);

        assertThat(rows.get(0)).containsExactly("2500");
        assertThat(page.text(".table-note"))
                .contains("The first 1,000 of 2,500 rows")
                .contains("1,500 rows not shown");
    }

    @Test
    void an_error_is_shown_at_its_query_while_the_others_are_drawn() {
        page.openChart("SELEC nonsense", "B.source", "mysql", "B.expr", LINES);

        assertThat(page.text("[data-ref=A] .card-error")).contains("SQL syntax").contains("SELEC nonsense");
        page.legend(2);
        assertThat(page.pixelsOf("up")).isGreaterThan(300);
        assertThat(page.isShown("[data-ref=B] .card-error")).isFalse();
    }

    @Test
    void a_source_that_is_down_says_so_at_its_query() {
        PageObject broken = new PageObject(browser, faulty.address());
        broken.open("A.source", "prometheus", "A.expr", "up");

        browser.await("its health", d -> broken.isShown("[data-source=prometheus] .dot.error"));
        assertThat(broken.text("[data-source=prometheus] summary")).contains("no connection");
        assertThat(broken.text("[data-ref=A] .card-error"))
                .contains("prometheus")
                .contains("no connection");
        assertThat(page.text("#chart-empty")).contains("Query A failed");
    }

    @Test
    void parameters_that_are_not_json_are_told_before_anything_is_sent() {
        page.open("A.source", "rest", "A.format", "table", "A.expr", "/disks", "A.params", "{rows", "view", "table");

        assertThat(page.text("[data-ref=A] .card-error")).contains("not JSON");
    }

    @Test
    void a_frame_without_time_is_offered_as_a_table() {
        page.open("A.source", "mysql", "A.format", "table", "A.expr", "SELECT 1 AS one");

        assertThat(page.text("#chart-empty")).contains("A was asked for as a table");
        page.click("#chart-empty button");
        assertThat(page.table(1)).containsExactly(List.of("1"));
    }

    @Test
    void a_link_shows_the_same_in_a_fresh_page() {
        page.openChart(LINES);
        page.legend(2);
        page.click("#legend [aria-label='Show down']");
        page.click("[data-ref=A] [aria-label='Duplicate query A']");
        page.choose("[data-ref=B] .format-select", "table");
        page.type("B", "SELECT 3 AS n UNION ALL SELECT 4 -- \u00e4 & #=+%");
        page.click("#run");
        page.click("#tab-table");
        page.choose("#frame", "B.0");
        page.table(2);
        page.click("#table th .sort");
        page.click("#table th .sort");
        List<List<String>> table = page.table(2);
        assertThat(table).containsExactly(List.of("4"), List.of("3"));
        String link = page.link();

        String before = browser.driver().getWindowHandle();
        browser.driver().switchTo().newWindow(WindowType.TAB);
        try {
            browser.driver().get(link);

            assertThat(page.table(2)).isEqualTo(table);
            assertThat(page.find("#table th").getDomAttribute("aria-sort")).isEqualTo("descending");
            assertThat(page.editor("A").getDomProperty("value")).isEqualTo(LINES);
            assertThat(page.editor("B").getDomProperty("value"))
                    .isEqualTo("SELECT 3 AS n UNION ALL SELECT 4 -- \u00e4 & #=+%");
            assertThat(page.text("#range-button")).isEqualTo("now-2m to now");
            page.click("#tab-chart");
            page.legend(2);
            browser.await("up is drawn, down is hidden", d -> page.pixelsOf("up") > 300 && page.pixelsOf("down") == 0);
        } finally {
            browser.driver().close();
            browser.driver().switchTo().window(before);
        }
    }

    @Test
    void back_leads_to_what_was_shown_before() {
        page.openTable("SELECT 1 AS n");
        page.table(1);
        page.typeAndRun("A", "SELECT 2 AS n");
        browser.await("the second answer", d -> page.table(1).equals(List.of(List.of("2"))));

        browser.driver().navigate().back();

        browser.await("the first answer", d -> page.table(1).equals(List.of(List.of("1"))));
        assertThat(page.editor("A").getDomProperty("value")).isEqualTo("SELECT 1 AS n");
    }

    @Test
    void live_refresh_brings_new_data_and_never_overlaps_itself() {
        page.openTable("SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) AS ms, SLEEP(1.2) AS slept");
        String first = page.table(1).get(0).get(0);
        browser.driver()
                .executeScript("const real = window.fetch; window.flying = 0; window.most = 0;"
                        + "window.fetch = (...args) => { if (!String(args[0]).includes('query')) return real(...args);"
                        + " window.most = Math.max(window.most, ++window.flying);"
                        + " return real(...args).finally(() => { window.flying--; }); };");

        page.choose("#refresh", "1");

        String second =
                browser.await("a refresh", d -> other(page.table(1).get(0).get(0), first));
        browser.await("one more", d -> other(page.table(1).get(0).get(0), second));
        assertThat(page.isShown("#live-dot")).isTrue();
        assertThat(browser.evaluate("return window.most;")).isEqualTo(1L);
        page.choose("#refresh", "0");
        assertThat(page.isShown("#live-dot")).isFalse();
    }

    @Test
    void a_newer_run_takes_the_place_of_a_slow_one() {
        page.openTable("SELECT SLEEP(15) AS n");
        browser.await("a run that takes long", d -> page.isShown("#progress"));

        page.typeAndRun("A", "SELECT 42 AS n");

        assertThat(page.table(1)).containsExactly(List.of("42"));
        assertThat(page.isShown("#progress")).isFalse();
    }

    @Test
    void a_running_query_is_cancelled_by_its_button() {
        page.openTable("SELECT SLEEP(15) AS n");
        page.textThat("#run", "Cancel"::equals);

        page.click("#run");

        page.textThat("#run", "Run"::equals);
        assertThat(page.isShown("#progress")).isFalse();
    }

    @Test
    void a_drag_zooms_and_a_double_click_goes_back() {
        page.open("from", "now-5m", "to", "now", "A.source", "mysql", "A.expr", LINES);
        page.legend(2);

        new Actions(browser.driver())
                .moveToElement(page.find("#chart .u-over"), -100, 0)
                .clickAndHold()
                .moveByOffset(250, 0)
                .release()
                .perform();

        browser.await("an absolute range", d -> page.link().matches(".*#from=\\d{13}&to=\\d{13}&.*"));
        Matcher range = Pattern.compile("#from=(\\d+)&to=(\\d+)&").matcher(page.link());
        assertThat(range.find()).isTrue();
        assertThat(Duration.ofMillis(Long.parseLong(range.group(2)) - Long.parseLong(range.group(1))))
                .isBetween(Duration.ofSeconds(40), Duration.ofSeconds(150));

        page.legend(2);
        new Actions(browser.driver()).doubleClick(page.find("#chart .u-over")).perform();

        page.textThat("#range-button", "Last 5 minutes"::equals);
    }

    @Test
    void the_pointer_and_the_arrow_keys_show_the_values_at_a_time() {
        page.openChart(LINES);
        page.legend(2);

        page.find("#chart").sendKeys(Keys.END);

        page.textThat(".tooltip", text -> valuesIn(text).matches("(?s).*up\\s+59\\b.*down\\s+41\\b.*"));
        page.find("#chart").sendKeys(Keys.ARROW_LEFT);
        page.textThat(".tooltip", text -> valuesIn(text).matches("(?s).*up\\s+58\\b.*down\\s+42\\b.*"));
        new Actions(browser.driver()).moveToElement(page.find("#chart .u-over")).perform();
        page.textThat(".tooltip", text -> valuesIn(text).matches("(?s).*up\\s+(?!58\\b)\\d.*"));
    }

    /** {@return what is below a tooltip's first line, which is a time and may have any digits in it} */
    private static String valuesIn(String tooltip) {
        return tooltip.substring(tooltip.indexOf('\n') + 1);
    }

    @Test
    void a_range_is_picked_typed_and_refused_where_it_is_none() {
        page.open("from", "now-5m", "to", "now", "A.source", "mysql", "A.expr", LINES);
        page.click("#range-button");
        page.find("#range-from").sendKeys(Keys.chord(Keys.CONTROL, "a"), "yesterday", Keys.ENTER);
        assertThat(page.text(".form-error")).contains("yesterday");

        page.find("#range-from").sendKeys(Keys.chord(Keys.CONTROL, "a"), "2026-01-02 04:00:00");
        page.find("#range-to").sendKeys(Keys.chord(Keys.CONTROL, "a"), "2026-01-02 05:00:00", Keys.ENTER);

        page.textThat("#range-button", "2026-01-02 04:00:00 to 05:00:00"::equals);
        assertThat(page.link()).contains("from=1767322800000&to=1767326400000");
        page.textThat("#chart-note", text -> text.contains("outside of the time range"));
    }

    @Test
    void dark_and_light_are_a_choice_that_lasts() {
        page.open("A.source", "mysql", "A.expr", LINES);
        page.legend(2);
        String first = page.style("body", "background-color");
        long lines = page.pixelsOf("up");

        page.click("#theme");

        String second = page.style("body", "background-color");
        assertThat(second).isNotEqualTo(first);
        assertThat(page.pixelsOf("up")).isBetween(lines / 2, lines * 2);
        browser.driver().navigate().refresh();
        assertThat(page.style("body", "background-color")).isEqualTo(second);
        page.legend(2);
        page.click("#theme");
        assertThat(page.style("body", "background-color")).isEqualTo(first);
    }

    @Test
    void hundreds_of_series_are_drawn_and_listed() {
        page.openChart(
                "SELECT UNIX_TIMESTAMP() - 60 + t.seq AS time, CONCAT('s', s.seq) AS name, s.seq * 10 + t.seq AS value"
                        + " FROM seq_1_to_300 s, seq_1_to_50 t ORDER BY t.seq");

        Map<String, List<String>> legend = page.legend(300);

        assertThat(legend).containsEntry("s300", List.of("3050", "3001", "3050", "3026"));
        assertThat(page.pixelsOf("s300")).isGreaterThan(100);
    }

    @Test
    void queries_are_added_switched_off_and_removed() {
        page.openChart(LINES);
        page.legend(2);

        page.click("[data-ref=A] [aria-label='Duplicate query A']");
        page.legendRows(4);
        page.click("[data-ref=B] [aria-label='Switch query B off']");
        page.legendRows(2);
        assertThat(page.link()).contains("B.off=1");
        page.click("[data-ref=B] [aria-label='Remove query B']");
        browser.await("one card", d -> !page.isShown("[data-ref=B]"));
        page.click("[data-ref=A] [aria-label='Remove query A']");
        assertThat(page.text("#chart-empty")).contains("Start with a source");
    }

    @Test
    void the_editor_indents_while_it_is_written_in_and_traps_nobody() {
        page.open("A.source", "mysql", "A.expr", "SELECT 1");
        page.type("A", "SELECT" + Keys.ENTER + Keys.TAB + "1" + Keys.ENTER + "2");
        assertThat(page.editor("A").getDomProperty("value")).isEqualTo("SELECT\n  1\n  2");

        page.editor("A").sendKeys(Keys.HOME, Keys.ESCAPE, Keys.TAB);

        assertThat(browser.evaluate("return document.activeElement.tagName;")).isNotEqualTo("TEXTAREA");
        assertThat(page.editor("A").getDomProperty("value")).isEqualTo("SELECT\n  1\n  2");
    }

    @Test
    void inspection_shows_the_executed_query() {
        page.openTable("SELECT '$__from' AS kept, $__from AS since");
        page.click("#tab-inspect");

        page.textThat(".inspect-query", text -> text.contains("Executed query\nSELECT '$__from' AS kept, 1"));
    }

    @Test
    void a_phone_has_nothing_to_scroll_sideways() {
        try {
            browser.devTools(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
            for (String view : List.of("chart", "table", "inspect")) {
                page.open("view", view, "from", "now-2m", "to", "now", "A.source", "mysql", "A.expr", LINES);
                page.find("[data-ref=A] .card-result");

                assertThat(browser.evaluate("return document.documentElement.scrollWidth;"))
                        .as(view)
                        .isEqualTo(390L);
            }
        } finally {
            browser.devTools("Emulation.clearDeviceMetricsOverride", Map.of());
        }
    }

    @Test
    void a_server_that_is_gone_is_told_and_the_picture_stays() {
        page.openChart(LINES);
        page.legend(2);
        Map<String, Object> offline =
                Map.of("offline", true, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1);
        try {
            browser.devTools("Network.emulateNetworkConditions", offline);
            page.click("#run");

            assertThat(page.text("#banner")).contains("Big Tent does not answer");
            assertThat(page.legend(2)).containsKey("up");
        } finally {
            browser.devTools(
                    "Network.emulateNetworkConditions",
                    Map.of("offline", false, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
        }
        page.click("#banner button");
        browser.await("no banner", d -> !page.isShown("#banner"));
        assertThat(browser.complaints()).allMatch(text -> text.contains("ERR_INTERNET_DISCONNECTED"));
    }

    @Test
    void every_control_has_a_name() {
        page.open("A.source", "mysql", "A.expr", LINES);
        page.legend(2);
        page.click("#range-button");

        assertThat(browser.driver().findElements(By.cssSelector("button, input, select, textarea, [tabindex='0']")))
                .filteredOn(WebElement::isDisplayed)
                .hasSizeGreaterThan(30)
                .allSatisfy(control -> assertThat(control.getAccessibleName())
                        .as(control.getDomProperty("outerHTML"))
                        .isNotBlank());
    }

    private static @Nullable String other(String now, String before) {
        return now.equals(before) ? null : now;
    }
}
