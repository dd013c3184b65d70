package dev.tentpole.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One run of benchmarks: where and with what it ran, and what it measured.
 *
 * @param command the command that repeats it
 * @param machine processor, cores and operating system
 * @param jdk the Java runtime
 * @param time when it ended, UTC
 * @param versions versions of the libraries in the jar, by {@code group:artifact}
 * @param scores what was measured
 */
record Run(String command, String machine, String jdk, String time, Map<String, String> versions, List<Score> scores) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(tools.jackson.databind.SerializationFeature.INDENT_OUTPUT)
            .build();

    /**
     * One line of a run.
     *
     * @param benchmark class and method, without the package
     * @param parameters the parameters but {@code implementation}, and the threads if more than one
     * @param implementation {@code tentpole} or a peer
     * @param score the mean
     * @param error half of the 99.9 % confidence interval, NaN if unknown
     * @param unit such as {@code ns/op}
     * @param bytesPerOperation allocated, NaN if unknown
     * @param cpuPerOperation nanoseconds of processor time of the JVM, NaN if unknown
     */
    record Score(
            String benchmark,
            Map<String, String> parameters,
            String implementation,
            double score,
            double error,
            String unit,
            double bytesPerOperation,
            double cpuPerOperation) {

        boolean higherIsBetter() {
            return unit.startsWith("ops/");
        }

        static Score of(JsonNode jmh) {
            String[] name = jmh.path("benchmark").asString().split("\\.", -1);
            Map<String, String> parameters = new TreeMap<>();
            jmh.path("params")
                    .properties()
                    .forEach(p -> parameters.put(p.getKey(), p.getValue().asString()));
            String implementation = Objects.requireNonNullElse(parameters.remove("implementation"), "tentpole");
            if (jmh.path("threads").asInt(1) > 1) {
                parameters.put("threads", jmh.path("threads").asString());
            }
            JsonNode metric = jmh.path("primaryMetric");
            return new Score(
                    name[name.length - 2] + "." + name[name.length - 1],
                    parameters,
                    implementation,
                    number(metric.path("score")),
                    number(metric.path("scoreError")),
                    metric.path("scoreUnit").asString(),
                    number(jmh.at("/secondaryMetrics/gc.alloc.rate.norm/score")),
                    number(jmh.at("/secondaryMetrics/" + CpuProfiler.RESULT + "/score")));
        }

        private static double number(JsonNode node) {
            return node.isNumber() ? node.asDouble() : Double.NaN;
        }
    }

    /** The release of the JDK, such as 17. */
    String release() {
        Matcher release = Pattern.compile(" (\\d+)[^ ]*$").matcher(jdk);
        return release.find() ? release.group(1) : "";
    }

    static Run capture(String command, Path jmhResult) throws IOException {
        List<Score> scores = new ArrayList<>();
        JSON.readTree(Files.readString(jmhResult)).forEach(node -> scores.add(Score.of(node)));
        String jdk = System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version");
        String time = Instant.now().truncatedTo(ChronoUnit.MINUTES).toString();
        return new Run(command, processor(), jdk, time, libraries(), List.copyOf(scores));
    }

    static Run read(Path file) throws IOException {
        return JSON.readValue(Files.readString(file), Run.class);
    }

    void write(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        ObjectNode tree = JSON.valueToTree(this);
        Files.writeString(file, JSON.writeValueAsString(tree) + "\n");
    }

    private static String processor() throws IOException {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        String processor = System.getProperty("os.arch");
        if (Files.isReadable(cpuinfo)) {
            processor = Files.readAllLines(cpuinfo).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(processor);
        }
        return processor + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
                + System.getProperty("os.name");
    }

    private static Map<String, String> libraries() throws IOException {
        URL self = Objects.requireNonNull(Run.class.getResource("Run.class"));
        Map<String, String> versions = new TreeMap<>();
        if (self.openConnection() instanceof JarURLConnection connection) {
            connection.setUseCaches(false);
            try (JarFile jar = connection.getJarFile()) {
                for (JarEntry entry : jar.stream().toList()) {
                    if (entry.getName().endsWith("/pom.properties")) {
                        Properties pom = new Properties();
                        try (InputStream in = jar.getInputStream(entry)) {
                            pom.load(in);
                        }
                        versions.put(
                                pom.getProperty("groupId") + ":" + pom.getProperty("artifactId"),
                                pom.getProperty("version"));
                    }
                }
            }
        }
        return versions;
    }
}
