package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the package's page and of the README: it does what it shows, and both show the same. */
final class EstimateExampleTest {

    private static final String SOURCE = "src/test/java/dev/tentpole/bigquery/EstimateExampleTest.java";

    @Test
    void the_example_works() {
        // example
        Catalog catalog = Catalog.of(TableStats.builder("shop.web.views")
                .rows(20_332_093)
                .bytes(325_313_488)
                .field("visitor", TableField.Type.INT64)
                .field("at", TableField.Type.TIMESTAMP)
                .build());
        CostEstimate estimate = CostEstimator.ofDefaults()
                .estimate("SELECT COUNT(DISTINCT visitor) FROM shop.web.views", catalog, Pricing.onDemand("EU"));
        CostBytes read = estimate.bytes();
        BigDecimal dollars = estimate.money().expected();
        // end
        assertThat(read).isEqualTo(new CostBytes(162_656_744, 162_656_744, 162_656_744));
        // 156 MiB at 6.25 for 2^20 of them.
        assertThat(dollars).isEqualByComparingTo("0.000929832458");
    }

    @Test
    void readme_and_package_page_show_the_example() throws IOException {
        List<String> source = Files.readAllLines(Path.of(SOURCE));
        int start = indexOf(source, "// example") + 1;
        String example =
                compact(source.subList(start, start + indexOf(source.subList(start, source.size()), "// end")));
        assertThat(example).contains("COUNT(DISTINCT");
        assertThat(compact(Files.readAllLines(Path.of("README.md")))).contains(example);
        assertThat(compact(Files.readAllLines(Path.of("src/main/java/dev/tentpole/bigquery/package-info.java")).stream()
                        .map(line -> line.replaceFirst("^ \\* ?", ""))
                        .toList()))
                .contains(example);
    }

    @Test
    void the_readme_has_every_warning_and_every_assumption() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (CostWarning.Id id : CostWarning.Id.values()) {
            assertThat(readme).contains("`" + id + "`");
        }
        for (CostAssumption assumption : CostAssumption.values()) {
            assertThat(readme).contains("`" + assumption + "`");
        }
    }

    private static int indexOf(List<String> lines, String mark) {
        return lines.stream().map(String::strip).toList().indexOf(mark);
    }

    /** Without white space, in which a formatter and a page may differ. */
    private static String compact(List<String> lines) {
        return String.join("", lines).replaceAll("\\s", "");
    }
}
