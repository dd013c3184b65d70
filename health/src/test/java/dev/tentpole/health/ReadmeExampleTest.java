package dev.tentpole.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The example of the package's page and of the README: it does what it shows, and both show the same. */
final class ReadmeExampleTest {

    private static final String SOURCE = "src/test/java/dev/tentpole/health/ReadmeExampleTest.java";

    @Test
    void the_example_works() throws InterruptedException {
        DataSource orders = orders();
        // example
        HealthRegistry health = HealthRegistry.builder()
                .check(
                        CheckSettings.remote("orders-db").critical(true).build(),
                        HealthChecks.dataSource(orders, Duration.ofSeconds(1)))
                .check(
                        CheckSettings.local("disk").weight(0.5).build(),
                        HealthChecks.diskSpace(Path.of("."), 2_000_000L, 1_000_000L))
                .build();
        health.refreshAll(Duration.ofSeconds(3));
        HealthReport report = health.report();
        int status = HealthRenderer.standard().httpStatus(report, Group.READY);
        String body = HealthRenderer.standard().json(report, Group.READY);
        // end
        assertThat(status).isEqualTo(200);
        assertThat(body).isEqualTo("{\"group\":\"ready\",\"status\":\"HEALTHY\"}");
        health.close();
    }

    @Test
    void readme_and_package_page_show_the_example() throws IOException {
        List<String> source = Files.readAllLines(Path.of(SOURCE));
        int start = indexOf(source, "// example") + 1;
        String example =
                compact(source.subList(start, start + indexOf(source.subList(start, source.size()), "// end")));
        assertThat(example).contains("refreshAll");
        assertThat(compact(Files.readAllLines(Path.of("README.md")))).contains(example);
        assertThat(compact(Files.readAllLines(Path.of("src/main/java/dev/tentpole/health/package-info.java")).stream()
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

    private static DataSource orders() {
        Connection connection = proxy(Connection.class, true);
        return proxy(DataSource.class, connection);
    }

    private static <T> T proxy(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader() == null ? ReadmeExampleTest.class.getClassLoader() : type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) ->
                        Arrays.asList("isValid", "getConnection").contains(method.getName()) ? answer : null));
    }
}
