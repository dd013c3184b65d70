package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the package's page and of the README: it does what it shows, and both show the same. */
final class ReadmeExampleTest {

    private static final String SOURCE = "src/test/java/dev/tentpole/retry/ReadmeExampleTest.java";

    private int asked;

    private String fetch(String id) throws IOException {
        if (asked++ == 0) {
            throw new IOException("connection reset");
        }
        return "order " + id;
    }

    @Test
    void the_example_works() throws IOException {
        // example
        Operation read = Operation.idempotent("orders.read");
        Resilience orders = Resilience.builder("orders")
                .policy("orders", Policy.standard())
                .breaker(CircuitBreaker.builder("orders").build())
                .bulkhead(Bulkhead.builder("orders").permits(16).build())
                .attemptTimeout(Duration.ofSeconds(2))
                .build();
        String order = orders.call(read, () -> fetch("7"));
        // end
        assertThat(order).isEqualTo("order 7");
        assertThat(asked).isEqualTo(2);
        orders.close();
    }

    @Test
    void readme_and_package_page_show_the_example() throws IOException {
        List<String> source = Files.readAllLines(Path.of(SOURCE));
        int start = indexOf(source, "// example") + 1;
        String example =
                compact(source.subList(start, start + indexOf(source.subList(start, source.size()), "// end")));
        assertThat(example).contains("attemptTimeout");
        assertThat(compact(Files.readAllLines(Path.of("README.md")))).contains(example);
        assertThat(compact(Files.readAllLines(Path.of("src/main/java/dev/tentpole/retry/package-info.java")).stream()
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
