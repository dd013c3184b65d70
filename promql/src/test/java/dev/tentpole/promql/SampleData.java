package dev.tentpole.promql;

import dev.tentpole.promql.PrometheusServer.Sample;
import dev.tentpole.promql.PrometheusServer.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Samples to run queries over, always the same: counters with resets, gauges, gaps, series that end, and classic
 * histograms, under labels of which each is missing in some series.
 */
final class SampleData {

    static final long START = 1_700_000_000L;
    /** A server that takes samples by remote write takes none that are an hour older than the newest. */
    private static final int SAMPLES = 200;

    private static final int INTERVAL = 15;
    private static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);

    private final Random random = new Random(7);

    /** {@return the metrics of {@link QuerySource}, and those that a list of queries by hand needs} */
    List<Series> own() {
        List<Series> all = new ArrayList<>();
        for (String metric : QuerySource.METRICS) {
            if (metric.equals("lone")) {
                all.add(series(metric, Map.of("job", "a"), 0));
                continue;
            }
            for (String job : List.of("a", "b")) {
                for (String instance : List.of("a", "b", "c", "")) {
                    for (String zone : List.of("", "a", "b")) {
                        if (random.nextInt(4) > 0) {
                            all.add(series(metric, labels("job", job, "instance", instance, "zone", zone), all.size()));
                        }
                    }
                }
            }
        }
        for (String le : List.of("0.5", "1", "+Inf")) {
            for (String job : List.of("a", "b")) {
                all.add(series("h_bucket", Map.of("job", job, "le", le), 0));
            }
        }
        for (String job : List.of("a", "b")) {
            all.add(series("h_base", Map.of("job", job), 0));
            all.add(series("build_info", Map.of("job", job, "version", "1." + job), 0));
        }
        return all;
    }

    private static Map<String, String> labels(String... pairs) {
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i + 1].isEmpty()) {
                labels.put(pairs[i], pairs[i + 1]);
            }
        }
        return labels;
    }

    /** {@return series under the names and labels that expressions ask for, those first that most ask for} */
    List<Series> askedFor(List<Expr> expressions, int metrics, int seriesPerMetric) {
        Map<String, Integer> uses = new TreeMap<>();
        Map<String, Map<String, Set<String>>> labels = new HashMap<>();
        for (Expr expr : expressions) {
            Set<String> names = new LinkedHashSet<>();
            Set<String> mentioned = new LinkedHashSet<>();
            expr.forEach(part -> {
                if (part instanceof Expr.VectorSelector selector
                        && !selector.name().isEmpty()) {
                    names.add(selector.name());
                    ask(selector, labels.computeIfAbsent(selector.name(), name -> new TreeMap<>()));
                } else if (part instanceof Expr.Aggregation aggregation) {
                    mentioned.addAll(aggregation.grouping().labels());
                } else if (part instanceof Expr.Binary binary) {
                    mentioned.addAll(binary.matching().labels());
                }
            });
            for (String name : names) {
                uses.merge(name, 1, Integer::sum);
                mentioned.stream()
                        .filter(label -> !label.equals(Matcher.METRIC_NAME))
                        .forEach(label -> labels.get(name).computeIfAbsent(label, key -> new LinkedHashSet<>()));
            }
        }
        List<Series> all = new ArrayList<>();
        uses.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(metrics)
                .forEach(entry -> all.addAll(seriesOf(entry.getKey(), labels.get(entry.getKey()), seriesPerMetric)));
        return all;
    }

    private static void ask(Expr.VectorSelector selector, Map<String, Set<String>> labels) {
        for (Matcher matcher : selector.matchers()) {
            if (matcher.op() == Matcher.Op.PLACEHOLDER || matcher.name().isEmpty()) {
                continue;
            }
            Set<String> values = labels.computeIfAbsent(matcher.name(), name -> new LinkedHashSet<>());
            if (matcher.op() == Matcher.Op.EQUAL) {
                values.add(matcher.value());
            } else if (matcher.op() == Matcher.Op.REGEX) {
                List<String> known = RegexValues.of(matcher.value());
                values.addAll(known == null ? List.of(matcher.value().replaceAll("[^a-z0-9]", "")) : known);
            }
        }
    }

    private List<Series> seriesOf(String metric, Map<String, Set<String>> labels, int count) {
        Map<Map<String, String>, Series> all = new HashMap<>();
        for (int i = 0; i < count; i++) {
            Map<String, String> chosen = new TreeMap<>();
            for (Map.Entry<String, Set<String>> label : labels.entrySet()) {
                List<String> values = new ArrayList<>(label.getValue());
                values.add("other");
                if (label.getKey().equals("le")) {
                    values = List.of("0.1", "0.5", "1", "+Inf");
                }
                String value = random.nextInt(8) == 0 ? "" : values.get(random.nextInt(values.size()));
                if (!value.isEmpty()) {
                    chosen.put(label.getKey(), value);
                }
            }
            chosen.remove(Matcher.METRIC_NAME);
            all.computeIfAbsent(chosen, key -> series(metric, key, all.size()));
        }
        return List.copyOf(all.values());
    }

    private Series series(String metric, Map<String, String> labels, int number) {
        Map<String, String> all = new HashMap<>(labels);
        all.put(Matcher.METRIC_NAME, metric);
        boolean counter = metric.endsWith("_total")
                || metric.endsWith("_count")
                || metric.endsWith("_sum")
                || metric.endsWith("_bucket");
        List<Sample> samples = new ArrayList<>();
        double value = counter ? 0 : random.nextInt(100);
        for (int i = 0; i < SAMPLES; i++) {
            if (number % 5 == 2 && i > 60 && i < 90) {
                continue;
            }
            value = counter ? value + random.nextDouble() * 10 : Math.round(random.nextGaussian() * 1000) / 8.0;
            if (counter && random.nextInt(50) == 0) {
                value = 0;
            }
            boolean ends = number % 7 == 3 && i == 120;
            samples.add(new Sample((START + (long) i * INTERVAL) * 1000, ends ? STALE : value));
            if (ends) {
                break;
            }
        }
        return new Series(all, samples);
    }
}
