package dev.tentpole.benchmarks;

import dev.tentpole.benchmarks.Run.Score;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables that READMEs show, made from a run.
 *
 * <p>A file takes them between {@code <!-- benchmark ClassName -->} and {@code <!-- /benchmark -->}; what stood there is
 * replaced, so that no figure is typed by hand. {@code <!-- benchmark ClassName on 25 -->} takes them only of a run on that
 * release of the JDK.
 */
final class Report {

    private static final Pattern PLACE =
            Pattern.compile("(<!-- benchmark (\\w+)(?: on (\\d+))? -->\n).*?(<!-- /benchmark -->)", Pattern.DOTALL);
    private static final String HEADER = """
            | work | implementation | mean | ± 99.9 % | bytes/op | Tentpole is |
            |---|---|---:|---:|---:|---:|
            """;
    private static final String HEADER_WITH_CPU = """
            | work | implementation | mean | ± 99.9 % | bytes/op | cpu/op | Tentpole is |
            |---|---|---:|---:|---:|---:|---:|
            """;
    private static final String OURS = "tentpole";
    /** Of {@code resilience4j-time-window}, {@code resilience4j}. */
    private static final Pattern FIRST_WORD = Pattern.compile("^(\\w+).*");
    /** Shorter words, such as parameters that are numbers, are in too many names. */
    private static final int WIDTH = 120;

    private static final int SHORTEST_WORD = 3;

    private final Run run;

    Report(Run run) {
        this.run = run;
    }

    String all() {
        Set<String> classes = new LinkedHashSet<>();
        run.scores().forEach(score -> classes.add(className(score)));
        return classes.stream()
                .map(name -> "### " + name + "\n\n" + table(name))
                .collect(Collectors.joining("\n"));
    }

    String fill(String text) {
        Matcher place = PLACE.matcher(text);
        return place.replaceAll(match -> {
            String name = match.group(2);
            boolean wanted = match.group(3) == null || match.group(3).equals(run.release());
            boolean measured =
                    run.scores().stream().anyMatch(score -> className(score).equals(name));
            return Matcher.quoteReplacement(
                    wanted && measured ? match.group(1) + table(name) + match.group(4) : match.group());
        });
    }

    private String table(String className) {
        Map<String, Map<String, Score>> groups = new LinkedHashMap<>();
        for (Score score : run.scores()) {
            if (className(score).equals(className)) {
                groups.computeIfAbsent(title(score), key -> new LinkedHashMap<>())
                        .put(score.implementation(), score);
            }
        }
        boolean withCpu = groups.values().stream()
                .flatMap(scores -> scores.values().stream())
                .anyMatch(score -> score.cpuPerOperation() > 0);
        StringBuilder out = new StringBuilder(withCpu ? HEADER_WITH_CPU : HEADER);
        groups.forEach((title, scores) -> {
            Score ours = scores.get(OURS);
            for (Score score : scores.values()) {
                out.append("| ")
                        .append(String.join(
                                " | ",
                                title,
                                score.implementation(),
                                number(score.score()) + " " + score.unit(),
                                number(score.error()),
                                number(score.bytesPerOperation())
                                        + (withCpu ? " | " + nanos(score.cpuPerOperation()) : ""),
                                ours == null || score.equals(ours) ? "" : ratio(ours, score)))
                        .append(" |\n");
            }
        });
        return out.append("\nOn ")
                .append(run.machine())
                .append("; ")
                .append(run.jdk())
                .append("; ")
                .append(run.time())
                .append(".<br>\n`")
                .append(run.command())
                .append("`<br>\n")
                .append(peers(className))
                .append('\n')
                .toString();
    }

    /** {@return the versions of JMH and of the libraries that what a benchmark compares is named after} */
    private String peers(String className) {
        Set<String> words = run.scores().stream()
                .filter(score -> className(score).equals(className))
                .flatMap(
                        score -> Stream.concat(Stream.of(score.implementation()), score.parameters().values().stream()))
                .map(name -> FIRST_WORD.matcher(name).replaceAll("$1"))
                .filter(word -> word.length() >= SHORTEST_WORD)
                .collect(Collectors.toSet());
        words.add("jmh");
        return run.versions().entrySet().stream()
                .filter(version -> !version.getKey().startsWith("dev.tentpole:"))
                .filter(version -> words.stream().anyMatch(version.getKey().toLowerCase(Locale.ROOT)::contains))
                .map(version ->
                        version.getKey().substring(version.getKey().indexOf(':') + 1) + " " + version.getValue())
                .reduce("", Report::continued);
    }

    /** Adds a name to a list, on a line of its own where the last one would become too long. */
    private static String continued(String list, String name) {
        if (list.isEmpty()) {
            return name;
        }
        int line = list.length() - list.lastIndexOf('\n') - 1;
        return list + (line + name.length() + 2 < WIDTH ? ", " : ",\n") + name;
    }

    private static String ratio(Score ours, Score peer) {
        double factor = ours.higherIsBetter() ? ours.score() / peer.score() : peer.score() / ours.score();
        return String.format(Locale.ROOT, factor >= 10 ? "%.0fx" : "%.2fx", factor);
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        double size = Math.abs(value);
        if (size < 0.001) {
            return "0";
        }
        return String.format(Locale.ROOT, size < 1 ? "%.3f" : size < 100 ? "%.1f" : "%,.0f", value);
    }

    private static String nanos(double value) {
        return Double.isNaN(value) ? "" : number(value) + " ns";
    }

    private static String title(Score score) {
        List<String> parameters = score.parameters().entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                .toList();
        String method = score.benchmark().substring(score.benchmark().indexOf('.') + 1);
        return parameters.isEmpty() ? method : method + " " + String.join(", ", parameters);
    }

    private static String className(Score score) {
        return score.benchmark().substring(0, score.benchmark().indexOf('.'));
    }
}
