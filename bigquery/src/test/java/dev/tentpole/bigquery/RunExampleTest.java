package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeResult;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's example of running a query: it does what it shows. */
final class RunExampleTest {

    private static final String SOURCE = "src/test/java/dev/tentpole/bigquery/RunExampleTest.java";

    private static List<String> run(URI server, TokenSource tokens) {
        List<String> lines = new ArrayList<>();
        // example
        BigQueryClient client = BigQueryClient.builder("my-project", tokens)
                .location("EU")
                .maximumBytesBilled(1L << 40)
                .endpoint(server)
                .build();
        QueryRequest request = QueryRequest.builder("SELECT name FROM `d.t` WHERE state = @state")
                .parameters(List.of(SqlParameter.of("state", TableField.Type.STRING, "TX")))
                .timeout(Duration.ofMinutes(1))
                .build();
        long bytes = client.dryRun(request).bytes();
        try (QueryResult result = client.run(request)) {
            for (QueryPage page : result) {
                QueryColumn names = page.column("name");
                for (int row = 0; row < page.rows(); row++) {
                    lines.add(names.isNull(row) ? "" : names.stringAt(row));
                }
            }
        }
        // end
        assertThat(bytes).isEqualTo(10L << 20);
        client.close();
        return lines;
    }

    @Test
    void the_example_works() {
        FakeResult names = FakeResult.of(
                List.of(FakeColumn.of("name", "STRING")),
                List.of(List.of("Ann"), Arrays.asList((Object) null), List.of("Bob")));
        try (FakeBigQuery server = FakeBigQuery.answering(names)) {
            assertThat(run(server.address(), TokenSource.of("t"))).containsExactly("Ann", "", "Bob");
        }
    }

    @Test
    void the_readme_shows_the_example() throws IOException {
        String source = Files.readString(Path.of(SOURCE));
        int start = source.indexOf("// example\n") + "// example\n".length();
        String example = source.substring(start, source.indexOf("// end\n", start));
        assertThat(Files.readString(Path.of("README.md")).replaceAll("\\s", ""))
                .contains(example.replaceAll("\\s", ""));
    }
}
