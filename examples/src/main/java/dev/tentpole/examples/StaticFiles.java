package dev.tentpole.examples;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files of the page: ours, and the chart library's from its WebJar.
 */
final class StaticFiles {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+");
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String UPLOT_PATH = "/webjars/uplot/";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    private StaticFiles() {}

    /** A file and its media type. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, only sent.
    record StaticFile(String type, byte[] content) {}

    static Optional<StaticFile> find(String path) throws IOException {
        String name = path.equals("/") ? "index.html" : path.substring(path.lastIndexOf('/') + 1);
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        String resource;
        if (path.equals("/") || path.equals("/" + name)) {
            resource = "/dev/tentpole/examples/web/" + name;
        } else if (path.equals(UPLOT_PATH + name)) {
            resource = UPLOT + name;
        } else {
            return Optional.empty();
        }
        try (InputStream in = StaticFiles.class.getResourceAsStream(resource)) {
            return in == null ? Optional.empty() : Optional.of(new StaticFile(type, in.readAllBytes()));
        }
    }
}
