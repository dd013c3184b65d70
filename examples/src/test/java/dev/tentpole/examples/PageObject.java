package dev.tentpole.examples;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.Select;

/**
 * Big Tent's page as a person uses it. Whatever is read is waited for.
 */
final class PageObject {

    private final HeadlessChromium browser;
    private final ChromeDriver driver;
    private final URI address;

    PageObject(HeadlessChromium browser, URI address) {
        this.browser = browser;
        this.driver = browser.driver();
        this.address = address;
    }

    /** Opens a link; parameters are alternating names and values of its fragment. */
    void open(String... namesAndValues) {
        StringBuilder fragment = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fragment.append(i == 0 ? '#' : '&')
                    .append(namesAndValues[i])
                    .append('=')
                    .append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
        }
        // Between two links of the same page, a browser would only follow the fragment.
        driver.get("about:blank");
        driver.get(address + fragment.toString());
    }

    /** Opens a link to the chart of an SQL query over the last two minutes, with more of its fragment behind. */
    void openChart(String sql, String... more) {
        openQuery(List.of("from", "now-2m", "to", "now", "A.source", "mysql", "A.expr", sql), more);
    }

    /** Opens a link to the table of an SQL query, with more of its fragment behind. */
    void openTable(String sql, String... more) {
        openQuery(List.of("view", "table", "A.source", "mysql", "A.format", "table", "A.expr", sql), more);
    }

    private void openQuery(List<String> query, String... more) {
        open(Stream.concat(query.stream(), Stream.of(more)).toArray(String[]::new));
    }

    /** Replaces the text of a query by typing. */
    void type(String refId, String text) {
        editor(refId).sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
    }

    void typeAndRun(String refId, String text) {
        type(refId, text);
        editor(refId).sendKeys(Keys.chord(Keys.CONTROL, Keys.ENTER));
    }

    WebElement editor(String refId) {
        return find("[data-ref='" + refId + "'] textarea[aria-label='Query " + refId + "']");
    }

    void choose(String css, String value) {
        new Select(find(css)).selectByValue(value);
    }

    void click(String css) {
        find(css).click();
    }

    WebElement find(String css) {
        return browser.await(
                css + " is shown",
                d -> d.findElements(By.cssSelector(css)).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst()
                        .orElse(null));
    }

    boolean isShown(String css) {
        return driver.findElements(By.cssSelector(css)).stream().anyMatch(WebElement::isDisplayed);
    }

    String text(String css) {
        return find(css).getText();
    }

    /** Waits until an element's text is as wanted, and answers it. */
    String textThat(String css, Predicate<String> wanted) {
        return browser.await("the text of " + css, d -> {
            String text = find(css).getText();
            return wanted.test(text) ? text : null;
        });
    }

    /** The names in the legend with last, min, max and mean as they are shown, once there are so many. */
    Map<String, List<String>> legend(int series) {
        return browser.await(series + " rows in the legend", d -> {
            Map<String, List<String>> rows = new LinkedHashMap<>();
            for (List<?> row : rows("#legend tbody tr")) {
                rows.put(
                        String.valueOf(row.get(0)).strip(),
                        row.subList(1, row.size()).stream().map(String::valueOf).toList());
            }
            return rows.size() == series ? rows : null;
        });
    }

    /** Waits until the legend has so many rows, of whatever names. */
    void legendRows(int count) {
        browser.await(
                count + " rows in the legend", d -> rows("#legend tbody tr").size() == count);
    }

    /** The cells of the table, row by row, once there are so many. */
    List<List<String>> table(int count) {
        return browser.await(count + " rows in the table", d -> {
            List<List<String>> rows = rows("#table tbody tr").stream()
                    .map(row -> row.stream().map(String::valueOf).toList())
                    .toList();
            return rows.size() == count ? rows : null;
        });
    }

    /** The exact values that cells of a row have as their titles, or as their texts where those are exact. */
    List<String> exactCells(int row) {
        return strings(driver.executeScript(
                "return [...document.querySelectorAll('#table tbody tr')[arguments[0]].cells]"
                        + ".map((cell) => cell.title || cell.textContent)",
                row));
    }

    /** How many pixels of the chart have the colour of a series. */
    long pixelsOf(String series) {
        return ((Number) Objects.requireNonNull(driver.executeScript(PIXELS + "return pixels.length;", series)))
                .longValue();
    }

    /** The widest gap in a drawn line, as a share of its width. */
    double widestGap(String series) {
        return ((Number) Objects.requireNonNull(driver.executeScript(
                        PIXELS
                                + "const columns = [...new Set(pixels.map((p) => p % canvas.width))].sort((a, b) => a - b);"
                                + "let gap = 0; columns.forEach((x, i) => { if (i) gap = Math.max(gap, x - columns[i - 1]); });"
                                + "return gap / (columns.at(-1) - columns[0]);",
                        series)))
                .doubleValue();
    }

    String style(String css, String property) {
        return find(css).getCssValue(property);
    }

    String link() {
        return Objects.requireNonNull(driver.getCurrentUrl());
    }

    static List<String> strings(@Nullable Object list) {
        return ((List<?>) Objects.requireNonNull(list))
                .stream().map(String::valueOf).toList();
    }

    private List<List<?>> rows(String css) {
        Object rows = Objects.requireNonNull(driver.executeScript(
                "return [...document.querySelectorAll(arguments[0])].map((row) => [...row.cells]"
                        + ".map((cell) => (cell.querySelector('.series-name') ?? cell).textContent))",
                css));
        return ((List<?>) rows).stream().<List<?>>map(row -> (List<?>) row).toList();
    }

    /** Collects the indexes of the chart's pixels whose colour is nearly that of the legend's mark of a series. */
    private static final String PIXELS = """
            const row = [...document.querySelectorAll('#legend tbody tr')]
              .find((one) => one.querySelector('.series-name').textContent === arguments[0]);
            const wanted = getComputedStyle(row.querySelector('.swatch')).borderTopColor.match(/\\d+/g).map(Number);
            const canvas = document.querySelector('#chart canvas');
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            const pixels = [];
            for (let i = 0; i < data.length; i += 4) {
              const far = Math.abs(data[i] - wanted[0]) + Math.abs(data[i + 1] - wanted[1]) + Math.abs(data[i + 2] - wanted[2]);
              if (data[i + 3] > 100 && far < 60) pixels.push(i / 4);
            }
            """;
}
