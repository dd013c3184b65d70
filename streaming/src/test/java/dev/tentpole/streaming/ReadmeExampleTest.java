package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example of the package's page and of the README: it does what it shows, and both show the same. */
final class ReadmeExampleTest {

    private static final String SOURCE = "src/test/java/dev/tentpole/streaming/ReadmeExampleTest.java";

    @Test
    @Timeout(30)
    void the_example_works() throws InterruptedException {
        Seen<String> panel = new Seen<>();
        // example
        Topics<String> topics =
                Topics.<String>builder(line -> 2L * line.length()).build();
        Subscription<String> subscription = topics.subscribe(
                SubscriptionSettings.<String>of("metrics.*.cpu")
                        .maxMessages(1_000)
                        .overflow(Overflow.dropOldest())
                        .build(),
                panel);
        PublishResult result = topics.publish("metrics.web-1.cpu", "0.93");
        topics.complete();
        boolean over = subscription.awaitEnd(Duration.ofSeconds(10));
        BufferCounters counters = subscription.counters();
        // end
        assertThat(result).isEqualTo(PublishResult.ACCEPTED);
        assertThat(over).isTrue();
        assertThat(counters.delivered()).isOne();
        assertThat(panel.take()).containsExactly("0.93@1", "end COMPLETED");
        topics.close();
    }

    @Test
    void readme_and_package_page_show_the_example() throws IOException {
        List<String> source = Files.readAllLines(Path.of(SOURCE));
        int start = indexOf(source, "// example") + 1;
        String example =
                compact(source.subList(start, start + indexOf(source.subList(start, source.size()), "// end")));
        assertThat(example).contains("publish");
        assertThat(compact(Files.readAllLines(Path.of("README.md")))).contains(example);
        assertThat(compact(
                        Files.readAllLines(Path.of("src/main/java/dev/tentpole/streaming/package-info.java")).stream()
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
