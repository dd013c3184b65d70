package dev.tentpole.examples;

import dev.tentpole.core.frame.Field;
import dev.tentpole.core.frame.FieldBuilder;
import dev.tentpole.core.frame.FieldConfig;
import dev.tentpole.core.frame.FieldType;
import dev.tentpole.core.frame.Frame;
import dev.tentpole.core.frame.FrameMeta;
import dev.tentpole.core.frame.FrameType;
import dev.tentpole.core.frame.Notice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes frames of an answer of Prometheus's HTTP API.
 *
 * <p>For a chart there is a frame for each series, since series need not share their times; for a table one frame with a
 * column for each label.
 */
final class PrometheusFrames {

    private static final Pattern LABEL = Pattern.compile("\\{\\{\\s*([^{}]*?)\\s*}}");

    private PrometheusFrames() {}

    /** The labels of a series and its samples. */
    private record Series(Map<String, String> labels, List<Sample> samples) {}

    private record Sample(long epochNanos, double value) {}

    static List<Frame> of(JsonNode answer, PrometheusModel model) {
        JsonNode data = answer.path("data");
        List<Notice> notices = notices(answer);
        if (data.path("resultType").asString("").equals("string")) {
            return List.of(text(data.path("result"), meta(model, notices, FrameType.TABLE)));
        }
        boolean histograms = false;
        List<Series> series = new ArrayList<>();
        for (JsonNode result : results(data)) {
            series.add(series(result));
            histograms |= result.has("histogram") || result.has("histograms");
        }
        if (histograms) {
            notices.add(Notice.warning(
                    "Native histograms are not shown: use histogram_quantile, histogram_count or" + " histogram_sum."));
        }
        return model.isTable() ? List.of(table(series, model, notices)) : charts(series, model, notices);
    }

    private static List<Frame> charts(List<Series> all, PrometheusModel model, List<Notice> notices) {
        FrameMeta first = meta(model, notices, FrameType.TIMESERIES_MULTI);
        FrameMeta rest = meta(model, List.of(), FrameType.TIMESERIES_MULTI);
        List<Frame> frames = new ArrayList<>();
        for (Series series : all) {
            FieldBuilder times = Field.builder("Time", FieldType.TIME);
            String name = series.labels().getOrDefault("__name__", "Value");
            FieldBuilder values = Field.builder(name, FieldType.FLOAT64)
                    .labels(series.labels())
                    .config(FieldConfig.builder()
                            .displayNameFromDS(legend(series.labels(), model.legendFormat()))
                            .build());
            for (Sample sample : series.samples()) {
                times.appendLong(sample.epochNanos());
                values.appendDouble(sample.value());
            }
            frames.add(Frame.of("", times.build(), values.build()).withMeta(frames.isEmpty() ? first : rest));
        }
        return frames.isEmpty() ? List.of(Frame.of("").withMeta(first)) : frames;
    }

    private static Frame table(List<Series> all, PrometheusModel model, List<Notice> notices) {
        TreeSet<String> names = new TreeSet<>();
        all.forEach(series -> names.addAll(series.labels().keySet()));
        FieldBuilder times = Field.builder("Time", FieldType.TIME);
        Map<String, FieldBuilder> labels = new LinkedHashMap<>();
        names.forEach(name -> labels.put(name, Field.builder(name, FieldType.STRING)));
        FieldBuilder values = Field.builder("Value", FieldType.FLOAT64);
        for (Series series : all) {
            for (Sample sample : series.samples()) {
                times.appendLong(sample.epochNanos());
                labels.forEach(
                        (name, column) -> column.appendString(series.labels().getOrDefault(name, "")));
                values.appendDouble(sample.value());
            }
        }
        List<Field> fields = new ArrayList<>();
        fields.add(times.build());
        labels.values().forEach(column -> fields.add(column.build()));
        fields.add(values.build());
        return Frame.builder("")
                .fields(fields)
                .meta(meta(model, notices, FrameType.TABLE))
                .build();
    }

    private static Frame text(JsonNode sample, FrameMeta meta) {
        Field time = Field.ofTimes("Time", nanos(sample.path(0)));
        return Frame.of("", time, Field.ofStrings("Value", sample.path(1).asString("")))
                .withMeta(meta);
    }

    private static FrameMeta meta(PrometheusModel model, List<Notice> notices, FrameType type) {
        FrameMeta.Builder meta = FrameMeta.builder().executedQuery(model.promql());
        notices.forEach(meta::notice);
        return meta.build().withType(type);
    }

    private static List<Notice> notices(JsonNode answer) {
        List<Notice> notices = new ArrayList<>();
        answer.path("warnings").forEach(text -> notices.add(Notice.warning(text.asString(""))));
        answer.path("infos").forEach(text -> notices.add(Notice.info(text.asString(""))));
        return notices;
    }

    /** A scalar is one sample without labels. */
    private static Iterable<JsonNode> results(JsonNode data) {
        return data.path("resultType").asString("").equals("scalar") ? List.of(data) : data.path("result");
    }

    private static Series series(JsonNode result) {
        Map<String, String> labels = new TreeMap<>();
        result.path("metric")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
        List<Sample> samples = new ArrayList<>();
        result.path("values").forEach(value -> samples.add(sample(value)));
        for (String one : List.of("value", "result")) {
            if (result.has(one)) {
                samples.add(sample(result.path(one)));
            }
        }
        return new Series(labels, samples);
    }

    private static Sample sample(JsonNode pair) {
        String text = pair.path(1).asString("NaN");
        double value = switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
        return new Sample(nanos(pair.path(0)), value);
    }

    private static long nanos(JsonNode epochSeconds) {
        return epochSeconds.asDecimal(BigDecimal.ZERO).movePointRight(9).longValue();
    }

    private static String legend(Map<String, String> labels, @Nullable String format) {
        if (format == null || format.isBlank() || format.equals("__auto")) {
            return metric(labels);
        }
        return LABEL.matcher(format)
                .replaceAll(match -> Matcher.quoteReplacement(labels.getOrDefault(match.group(1), "")));
    }

    private static String metric(Map<String, String> labels) {
        StringBuilder text = new StringBuilder(labels.getOrDefault("__name__", ""));
        List<String> pairs = labels.entrySet().stream()
                .filter(label -> !label.getKey().equals("__name__"))
                .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
                .toList();
        if (!pairs.isEmpty()) {
            text.append('{').append(String.join(", ", pairs)).append('}');
        }
        return text.isEmpty() ? "Value" : text.toString();
    }
}
