package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The caches work without the libraries that are optional. */
final class OptionalLibrariesTest {

    /** Uses both caches; loaded where the optional libraries are not. */
    public static final class Program implements Callable<String> {

        @Override
        public String call() throws InterruptedException {
            TimeGrid grid = TimeGrid.ofMillis(0, 9, 1);
            try (QueryCache<String, String> cache =
                            QueryCache.<String, String>builder().build();
                    RangeCache<String, SeriesGrid<String>> ranges = RangeCache.<String, SeriesGrid<String>>builder(
                                    SeriesGrid.values())
                            .build()) {
                RangeRequest<String> request = RangeRequest.of("k", grid, java.time.Instant.MAX);
                long fetched = ranges.get(
                                request,
                                (key, missing, load) ->
                                        SeriesGrid.<String>builder(missing).build())
                        .fetched();
                return cache.get("a", (key, load) -> key + fetched);
            }
        }
    }

    @Test
    void neither_jedis_nor_micrometer_is_needed() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            String name = Path.of(entry).getFileName().toString();
            if (!name.startsWith("jedis") && !name.startsWith("micrometer")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> loader.loadClass("redis.clients.jedis.RedisClient"))
                    .isInstanceOf(ClassNotFoundException.class);
            Object program = loader.loadClass(Program.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(((Callable<?>) program).call()).isEqualTo("a10");
        }
    }
}
