package dev.tentpole.core.frame;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes meta data and field configs of JSON members.
 *
 * <p>Nothing here makes a frame unreadable: a key that is unknown, or whose value is not of the kind that this library
 * knows, is kept as it is.
 */
final class MetaReader {

    private static final ObjectMapper MAPPER = JsonMapper.shared();

    private static final BigDecimal MAX_INTERVAL =
            BigDecimal.valueOf(Long.MAX_VALUE).movePointLeft(6);

    private MetaReader() {}

    static FieldConfig.Builder config(Map<String, String> members) {
        FieldConfig.Builder config = FieldConfig.builder();
        members.forEach((key, json) -> set(config, key, json));
        return config;
    }

    static FieldConfig.Builder set(FieldConfig.Builder config, String key, String json) {
        return member(config, key, json) ? config : config.keep(key, json);
    }

    private static boolean member(FieldConfig.Builder config, String key, String json) {
        JsonNode value = parse(json);
        switch (key) {
            case "displayName" -> value.stringValueOpt().ifPresent(config::displayName);
            case "displayNameFromDS" -> value.stringValueOpt().ifPresent(config::displayNameFromDS);
            case "description" -> value.stringValueOpt().ifPresent(config::description);
            case "unit" -> value.stringValueOpt().ifPresent(config::unit);
            case "noValue" -> value.stringValueOpt().ifPresent(config::noValue);
            default -> {
                return otherMember(config, key, value, json);
            }
        }
        return value.isString();
    }

    private static boolean otherMember(FieldConfig.Builder config, String key, JsonNode value, String json) {
        switch (key) {
            case "decimals" -> {
                if (!value.isInt() || value.intValue() < 0 || value.intValue() > 0xFFFF) {
                    return false;
                }
                config.decimals(value.intValue());
            }
            case "min", "max" -> {
                Optional<Double> limit = limit(value, json);
                if (limit.isEmpty()) {
                    return false;
                }
                if (key.equals("min")) {
                    config.min(limit.get());
                } else {
                    config.max(limit.get());
                }
            }
            case "interval" -> {
                Optional<Duration> interval = interval(value, json);
                interval.ifPresent(config::interval);
                return interval.isPresent();
            }
            case "filterable" -> {
                if (!value.isBoolean()) {
                    return false;
                }
                config.filterable(value.booleanValue());
            }
            case "type" -> {
                return enumType(config, value);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Optional<Double> limit(JsonNode value, String json) {
        if (value.isNull()) {
            return Optional.of(Double.NaN);
        }
        if (!value.isNumber()) {
            return Optional.empty();
        }
        double limit = Double.parseDouble(json);
        return Double.isFinite(limit) ? Optional.of(limit) : Optional.empty();
    }

    /** Milliseconds, taken if they are whole nanoseconds. */
    private static Optional<Duration> interval(JsonNode value, String json) {
        if (!value.isNumber() || json.length() > 40) {
            return Optional.empty();
        }
        BigDecimal millis = new BigDecimal(json);
        if (millis.signum() < 0
                || Math.abs(millis.scale()) > 40
                || millis.compareTo(MAX_INTERVAL) > 0
                || millis.stripTrailingZeros().scale() > 6) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(millis.movePointRight(6).longValueExact()));
    }

    /** Takes the texts of an enum; whether they are all there is. */
    private static boolean enumType(FieldConfig.Builder config, JsonNode type) {
        JsonNode node = type.path("enum").path("text");
        boolean usable = node.isArray()
                && node.size() <= FieldConfig.MAX_ENUM_TEXTS
                && node.valueStream().allMatch(JsonNode::isString);
        List<String> texts =
                usable ? node.valueStream().map(JsonNode::stringValue).toList() : List.of();
        if (texts.isEmpty() || type.size() != 1 || type.path("enum").size() != 1) {
            config.enumTextBesideType(texts);
            return false;
        }
        config.enumText(texts);
        return true;
    }

    static FrameMeta meta(Map<String, String> members) {
        FrameMeta.Builder meta = FrameMeta.builder();
        members.forEach((key, json) -> set(meta, key, json));
        return meta.build();
    }

    static FrameMeta.Builder set(FrameMeta.Builder meta, String key, String json) {
        return member(meta, key, json) ? meta : meta.keep(key, json);
    }

    private static boolean member(FrameMeta.Builder meta, String key, String json) {
        if (key.equals("custom")) {
            meta.compactCustom(json);
            return true;
        }
        JsonNode value = parse(json);
        switch (key) {
            case "type" -> value.stringValueOpt().ifPresent(meta::typeId);
            case "executedQueryString" -> value.stringValueOpt().ifPresent(meta::executedQuery);
            case "preferredVisualisationType" -> value.stringValueOpt().ifPresent(meta::preferredVisualisation);
            case "channel" -> value.stringValueOpt().ifPresent(meta::channel);
            case "typeVersion" -> {
                if (value.size() != 2 || !isCount(value.path(0)) || !isCount(value.path(1))) {
                    return false;
                }
                meta.typeVersion(new FrameMeta.TypeVersion(
                        value.path(0).intValue(), value.path(1).intValue()));
                return true;
            }
            case "notices" -> {
                return all(json, MetaReader::notice).map(meta::notices).isPresent();
            }
            case "stats" -> {
                return all(json, MetaReader::stat).map(meta::stats).isPresent();
            }
            default -> {
                return false;
            }
        }
        return value.isString();
    }

    private static boolean isCount(JsonNode value) {
        return value.isInt() && value.intValue() >= 0;
    }

    private interface Item<T> {
        @Nullable
        T of(String json);
    }

    /** The items of an array that is not empty; empty if one of them is not of the kind. */
    private static <T> Optional<List<T>> all(String array, Item<T> kind) {
        if (!array.startsWith("[") || array.equals("[]")) {
            return Optional.empty();
        }
        List<T> items = new ArrayList<>();
        for (String json : RawJson.items(array)) {
            T item = kind.of(json);
            if (item == null) {
                return Optional.empty();
            }
            items.add(item);
        }
        return Optional.of(items);
    }

    /** A notice; null if it says more than a notice of this library can. */
    private static @Nullable Notice notice(String json) {
        JsonNode value = parse(json);
        if (!value.isObject() || !value.path("text").isString()) {
            return null;
        }
        Optional<Notice.Severity> severity = Stream.of(Notice.Severity.values())
                .filter(s -> value.path("severity").stringValueOpt().equals(Optional.of(s.id())))
                .findFirst();
        Optional<Notice.Inspect> inspect = Stream.of(Notice.Inspect.values())
                .filter(i -> value.path("inspect").stringValueOpt().equals(Optional.of(i.id())))
                .findFirst();
        Optional<String> link = value.path("link").stringValueOpt();
        int known = 2 + (inspect.isPresent() ? 1 : 0) + (link.isPresent() ? 1 : 0);
        return severity.isEmpty() || value.size() != known
                ? null
                : new Notice(severity.get(), value.path("text").stringValue(), link, inspect);
    }

    /** A figure; null if it is none. */
    private static @Nullable QueryStat stat(String json) {
        if (!json.startsWith("{")) {
            return null;
        }
        Map<String, String> members = RawJson.members(json);
        String figure = members.remove("value");
        if (figure == null || !parse(figure).isNumber() || !Double.isFinite(Double.parseDouble(figure))) {
            return null;
        }
        return new QueryStat(config(members).build(), Double.parseDouble(figure));
    }

    private static JsonNode parse(String json) {
        return MAPPER.readTree(json);
    }
}
