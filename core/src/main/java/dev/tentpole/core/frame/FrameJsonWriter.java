package dev.tentpole.core.frame;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Frames, and what belongs to them, as JSON tokens. */
final class FrameJsonWriter {

    static final int NANOS_PER_MILLI = 1_000_000;

    private static final int MAX_ESTIMATE = 64 * 1024 * 1024;

    private FrameJsonWriter() {}

    /** About as many bytes as the frame's JSON has: a first capacity. */
    static int estimate(Frame frame) {
        long perRow = 0;
        for (Field field : frame.fields()) {
            perRow += switch (field.storage()) {
                case BYTE -> 5;
                case SHORT -> 6;
                case INT -> 10;
                case LONG -> field.type() == FieldType.TIME ? 14 : 18;
                case FLOAT -> 12;
                case DOUBLE -> 20;
                case TEXT -> 24;
            };
        }
        return (int) Math.min(MAX_ESTIMATE, 256 + 128L * frame.fields().size() + perRow * frame.rows());
    }

    static void frame(Frame frame, JsonOut out) {
        out.openObject();
        out.key("schema");
        schema(frame, out);
        out.key("data");
        data(frame, out);
        out.closeObject();
    }

    private static void schema(Frame frame, JsonOut out) {
        out.openObject();
        textUnlessEmpty("name", frame.name(), out);
        textUnlessEmpty("refId", frame.refId(), out);
        if (!frame.meta().isNone()) {
            out.key("meta");
            meta(frame.meta(), out);
        }
        out.key("fields");
        out.raw('[');
        List<Field> fields = frame.fields();
        for (int i = 0; i < fields.size(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            field(fields.get(i), out);
        }
        out.raw(']');
        out.closeObject();
    }

    private static void field(Field field, JsonOut out) {
        out.openObject();
        textUnlessEmpty("name", field.name(), out);
        text("type", field.type().simpleType(), out);
        out.key("typeInfo");
        out.openObject();
        text("frame", field.type().frameName(), out);
        if (field.nullable()) {
            out.key("nullable");
            out.literal(true);
        }
        out.closeObject();
        if (!field.labels().isEmpty()) {
            out.key("labels");
            out.openObject();
            field.labels().forEach((key, value) -> text(key, value, out));
            out.closeObject();
        }
        if (!field.config().isNone()) {
            out.key("config");
            config(field.config(), out);
        }
        out.closeObject();
    }

    static void config(FieldConfig config, JsonOut out) {
        out.openObject();
        configMembers(config, out);
        out.closeObject();
    }

    private static void configMembers(FieldConfig config, JsonOut out) {
        config.displayName().ifPresent(value -> text("displayName", value, out));
        config.displayNameFromDS().ifPresent(value -> text("displayNameFromDS", value, out));
        config.description().ifPresent(value -> text("description", value, out));
        config.unit().ifPresent(value -> text("unit", value, out));
        config.decimals().ifPresent(value -> {
            out.key("decimals");
            out.number((long) value);
        });
        config.min().ifPresent(value -> limit("min", value, out));
        config.max().ifPresent(value -> limit("max", value, out));
        config.interval().ifPresent(value -> {
            out.key("interval");
            out.raw(new BigDecimal(value.toNanos())
                    .movePointLeft(6)
                    .stripTrailingZeros()
                    .toPlainString());
        });
        config.noValue().ifPresent(value -> text("noValue", value, out));
        config.filterable().ifPresent(value -> {
            out.key("filterable");
            out.literal(value);
        });
        if (!config.enumText().isEmpty() && !config.other().containsKey("type")) {
            out.key("type");
            out.openObject();
            out.key("enum");
            out.openObject();
            out.key("text");
            array(config.enumText(), (value, json) -> json.string(value), out);
            out.closeObject();
            out.closeObject();
        }
        others(config.other(), out);
    }

    static void meta(FrameMeta meta, JsonOut out) {
        out.openObject();
        meta.typeId().ifPresent(value -> text("type", value, out));
        meta.typeVersion().ifPresent(value -> {
            out.key("typeVersion");
            out.raw("[" + value.major() + "," + value.minor() + "]");
        });
        if (!meta.notices().isEmpty()) {
            out.key("notices");
            array(meta.notices(), FrameJsonWriter::notice, out);
        }
        if (!meta.stats().isEmpty()) {
            out.key("stats");
            array(meta.stats(), FrameJsonWriter::stat, out);
        }
        meta.executedQuery().ifPresent(value -> text("executedQueryString", value, out));
        meta.preferredVisualisation().ifPresent(value -> text("preferredVisualisationType", value, out));
        meta.channel().ifPresent(value -> text("channel", value, out));
        meta.custom().ifPresent(value -> {
            out.key("custom");
            out.raw(value);
        });
        others(meta.other(), out);
        out.closeObject();
    }

    private static void notice(Notice notice, JsonOut out) {
        out.openObject();
        text("severity", notice.severity().id(), out);
        text("text", notice.text(), out);
        notice.link().ifPresent(value -> text("link", value, out));
        notice.inspect().ifPresent(value -> text("inspect", value.id(), out));
        out.closeObject();
    }

    private static void stat(QueryStat stat, JsonOut out) {
        out.openObject();
        configMembers(stat.config(), out);
        out.key("value");
        out.number(stat.value());
        out.closeObject();
    }

    private static void data(Frame frame, JsonOut out) {
        List<Field> fields = frame.fields();
        SpecialValues[] special = new SpecialValues[fields.size()];
        boolean anySpecial = false;
        boolean[] nanos = new boolean[fields.size()];
        boolean anyNanos = false;
        out.openObject();
        out.key("values");
        out.raw('[');
        for (int i = 0; i < special.length; i++) {
            if (i > 0) {
                out.raw(',');
            }
            special[i] = new SpecialValues();
            nanos[i] = ColumnJson.write(fields.get(i), out, special[i]);
            anySpecial |= !special[i].isEmpty();
            anyNanos |= nanos[i];
        }
        out.raw(']');
        if (anySpecial) {
            out.key("entities");
            array(List.of(special), SpecialValues::write, out);
        }
        if (anyNanos) {
            out.key("nanos");
            out.raw('[');
            for (int i = 0; i < nanos.length; i++) {
                if (i > 0) {
                    out.raw(',');
                }
                if (nanos[i]) {
                    ColumnJson.writeNanos(fields.get(i), out);
                } else {
                    out.raw("null");
                }
            }
            out.raw(']');
        }
        out.closeObject();
    }

    private static void text(String key, String value, JsonOut out) {
        out.key(key);
        out.string(value);
    }

    private static void textUnlessEmpty(String key, String value, JsonOut out) {
        if (!value.isEmpty()) {
            text(key, value, out);
        }
    }

    private static void limit(String key, double value, JsonOut out) {
        out.key(key);
        if (Double.isNaN(value)) {
            out.raw("null");
        } else {
            out.number(value);
        }
    }

    private static void others(Map<String, String> members, JsonOut out) {
        members.forEach((key, json) -> {
            out.key(key);
            out.raw(json);
        });
    }

    private static <T> void array(List<T> items, BiConsumer<T, JsonOut> each, JsonOut out) {
        out.raw('[');
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            each.accept(items.get(i), out);
        }
        out.raw(']');
    }
}
