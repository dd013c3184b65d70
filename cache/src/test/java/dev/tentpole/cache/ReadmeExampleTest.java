package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the package's page and of the README: it does what it shows, and both show the same. */
final class ReadmeExampleTest {

    private static final String SOURCE = "src/test/java/dev/tentpole/cache/ReadmeExampleTest.java";

    private static final Server SERVER = new Server();

    /** What is asked. */
    private static final class Server {

        String labels(CacheKey key) {
            return "labels of " + key.scope();
        }

        SeriesGrid<String> query(TimeGrid grid) {
            SeriesGrid.Builder<String> builder = SeriesGrid.builder(grid);
            return builder.set(builder.series("up"), 0, 1.0).build();
        }
    }

    @Test
    void the_example_works() throws InterruptedException {
        Server server = SERVER;
        Instant now = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
        // example
        try (QueryCache<CacheKey, String> labels = QueryCache.<CacheKey, String>builder()
                        .timeToLive(Duration.ofMinutes(5))
                        .refreshAfter(Duration.ofMinutes(1))
                        .staleIfError(Duration.ofHours(1))
                        .build();
                RangeCache<CacheKey, SeriesGrid<String>> ranges = RangeCache.<CacheKey, SeriesGrid<String>>builder(
                                SeriesGrid.values())
                        .build()) {
            CacheKey key = CacheKey.of("prom", "sum(rate(http_requests_total[5m]))");
            String answer = labels.get(key, (missing, load) -> server.labels(missing));
            TimeGrid day = TimeGrid.of(now.minus(Duration.ofDays(1)), now, Duration.ofMinutes(1));
            RangeRequest<CacheKey> request =
                    RangeRequest.of(key, day, now.minusSeconds(60)).withTags("prom");
            RangeAnswer<SeriesGrid<String>> series =
                    ranges.get(request, (missing, points, load) -> server.query(points));
            // end
            assertThat(answer).isEqualTo("labels of prom");
            assertThat(series.fetched()).isEqualTo(1_441);
            assertThat(ranges.get(request, (missing, points, load) -> server.query(points))
                            .fetched())
                    .isEqualTo(1);
        }
    }

    @Test
    void readme_and_package_page_show_the_example() throws IOException {
        List<String> source = Files.readAllLines(Path.of(SOURCE));
        int start = indexOf(source, "// example") + 1;
        String example =
                compact(source.subList(start, start + indexOf(source.subList(start, source.size()), "// end")));
        assertThat(example).contains("withTags");
        assertThat(compact(Files.readAllLines(Path.of("README.md")))).contains(example);
        assertThat(compact(Files.readAllLines(Path.of("src/main/java/dev/tentpole/cache/package-info.java")).stream()
                        .map(line -> line.replaceFirst("^ \\* ?", ""))
                        .toList()))
                .contains(example);
    }

    private static int indexOf(List<String> lines, String mark) {
        return lines.stream().map(String::strip).toList().indexOf(mark);
    }

    /** Without white space, in which a formatter and a page may differ. */
    private static String compact(List<String> lines) {
        return String.join("", lines).replaceAll("\\s", "");
    }
}
