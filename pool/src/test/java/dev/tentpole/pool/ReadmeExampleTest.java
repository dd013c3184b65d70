package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example of the package's page and of the README: it does what it shows, and both show the same. */
final class ReadmeExampleTest {

    private static final String SOURCE = "src/test/java/dev/tentpole/pool/ReadmeExampleTest.java";

    @Test
    @Timeout(60)
    void the_example_works() throws IOException {
        Allocator<InputStream> parsers = () -> new ByteArrayInputStream(new byte[] {42});
        int answer;
        // example
        PoolSettings settings = PoolSettings.named("parsers")
                .size(1, 8)
                .acquireTimeout(Duration.ofSeconds(2))
                .leakThreshold(Duration.ofMinutes(1))
                .build();
        try (Pool<InputStream> pool = Pool.open(settings, parsers);
                Lease<InputStream> lease = pool.acquire()) {
            answer = lease.get().read();
        }
        // end
        assertThat(answer).isEqualTo(42);
    }

    @Test
    void readme_and_package_page_show_the_example() throws IOException {
        List<String> source = Files.readAllLines(Path.of(SOURCE));
        int start = indexOf(source, "// example") + 1;
        String example =
                compact(source.subList(start, start + indexOf(source.subList(start, source.size()), "// end")));
        assertThat(example).contains("acquireTimeout");
        assertThat(compact(Files.readAllLines(Path.of("README.md")))).contains(example);
        assertThat(compact(Files.readAllLines(Path.of("src/main/java/dev/tentpole/pool/package-info.java")).stream()
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
