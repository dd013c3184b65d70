package dev.tentpole.core.frame;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Frames of every type, with the values that break codecs more likely than chance would have them. */
final class RandomFrames {

    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        1,
        -1,
        0.1,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        0x1p53,
        0x1p53 + 2,
        1e15,
        1e21,
        1e22,
        9.007199254740994E22,
        123456789.1234,
        2.225073858507201E-308
    };
    private static final long[] LONGS = {
        0,
        1,
        -1,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        1L << 53,
        (1L << 53) + 1,
        -(1L << 53) - 1,
        999_999,
        1_000_000,
        -999_999
    };
    private static final String[] TEXTS = {
        "",
        "a",
        "null",
        "\"\\/\b\f\n\r\t",
        "\0\u001f\u007f\u0080",
        "é",
        "\u2028\uFFFD\uFEFF",
        "🦥",
        "\uD800",
        "\uDC00x",
        "\uD800x",
        "x\uD800\uD800\uDC00\uDC00",
        "x".repeat(5000) + "é"
    };
    private static final String[] JSONS = {
        "null", "0", "-1.50e+3", "true", "\"\"", "\"\\ud800\\n🦥\"", "{}", "[]", "{\"a\":[1,{\"b\":null}],\"a\":2}"
    };

    private RandomFrames() {}

    static Frame frame(Random random) {
        int rows = random.nextInt(4) == 0 ? 0 : random.nextInt(200);
        Frame.Builder frame = Frame.builder(text(random)).refId(random.nextBoolean() ? "" : "A");
        if (random.nextBoolean()) {
            frame.meta(meta(random));
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            frame.field(field(random, oneOf(FieldType.class, random), rows));
        }
        return frame.build();
    }

    static Field field(Random random, FieldType type, int rows) {
        FieldBuilder field = Field.builder(text(random), type).labels(labels(random));
        if (random.nextBoolean()) {
            field.config(config(random));
        }
        boolean nullable = random.nextBoolean();
        if (nullable) {
            field.nullable();
        }
        boolean millis = random.nextBoolean();
        for (int row = 0; row < rows; row++) {
            if (nullable && random.nextInt(3) == 0) {
                field.appendNull();
                continue;
            }
            switch (type) {
                case BOOL -> field.appendBoolean(random.nextBoolean());
                case STRING -> field.appendString(text(random));
                case JSON -> field.appendJson(JSONS[random.nextInt(JSONS.length)]);
                case FLOAT64 -> field.appendDouble(aDouble(random));
                case FLOAT32 -> field.appendDouble(aFloat(random));
                case INT64, UINT64 -> field.appendLong(aLong(random));
                case TIME -> field.appendLong(millis ? aLong(random) / 2_000_000 * 1_000_000 : aLong(random));
                default -> field.appendLong(within(random, type.min(), type.max()));
            }
        }
        return field.build();
    }

    private static long within(Random random, long min, long max) {
        return switch (random.nextInt(4)) {
            case 0 -> min;
            case 1 -> max;
            default -> min + (long) (random.nextDouble() * (max - min));
        };
    }

    private static long aLong(Random random) {
        return random.nextBoolean() ? LONGS[random.nextInt(LONGS.length)] : random.nextLong() >> random.nextInt(64);
    }

    static double aDouble(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> DOUBLES[random.nextInt(DOUBLES.length)];
            case 1 -> random.nextInt(2_000_000) / 1e4 - 100;
            case 2 -> random.nextGaussian();
            case 3 -> aLong(random);
            default -> Double.longBitsToDouble(random.nextLong());
        };
    }

    static float aFloat(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Float.intBitsToFloat(random.nextInt());
            case 1 -> random.nextInt(20000) / 100f;
            default ->
                new float[] {Float.MIN_VALUE, Float.MAX_VALUE, Float.MIN_NORMAL, Float.NaN, -0f, 0x1p24f}
                        [random.nextInt(6)];
        };
    }

    private static <E extends Enum<E>> E oneOf(Class<E> type, Random random) {
        List<E> all = List.copyOf(EnumSet.allOf(type));
        return all.get(random.nextInt(all.size()));
    }

    private static String text(Random random) {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private static Map<String, String> labels(Random random) {
        Map<String, String> labels = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            labels.put(text(random), text(random));
        }
        return labels;
    }

    private static FieldConfig config(Random random) {
        FieldConfig.Builder config = FieldConfig.builder();
        if (random.nextBoolean()) {
            config.displayName(text(random)).decimals(random.nextInt(0x10000)).min(aDouble(random));
        }
        if (random.nextBoolean()) {
            config.unit(text(random)).max(aDouble(random)).interval(Duration.ofNanos(random.nextInt(2_000_000_000)));
        }
        if (random.nextBoolean()) {
            config.displayNameFromDS(text(random)).description(text(random)).noValue(text(random));
        }
        if (random.nextBoolean()) {
            config.filterable(random.nextBoolean()).enumText(List.of("", "é", text(random)));
        }
        if (random.nextBoolean()) {
            config.other("links", "[{\"title\":\"x\"}]").other("unit", "5");
        }
        if (random.nextInt(4) == 0) {
            config.other("type", "{\"enum\":{\"text\":[\"a\",\"b\"],\"color\":[\"red\"]}}");
        }
        return config.build();
    }

    private static FrameMeta meta(Random random) {
        FrameMeta.Builder meta = FrameMeta.builder();
        if (random.nextBoolean()) {
            meta.type(oneOf(FrameType.class, random));
        } else if (random.nextBoolean()) {
            meta.typeId("not-yet-invented").typeVersion(new FrameMeta.TypeVersion(3, 7));
        }
        if (random.nextBoolean()) {
            meta.notice(Notice.warning(text(random)).withLink(text(random)))
                    .notice(Notice.error(text(random)).withInspect(Notice.Inspect.STATS));
        }
        if (random.nextBoolean()) {
            meta.stat(QueryStat.of(text(random), 1.25, "ms")).stat(QueryStat.of(text(random), -0.0));
        }
        if (random.nextBoolean()) {
            meta.executedQuery(text(random)).preferredVisualisation("graph").channel("ds/x/y");
        }
        if (random.nextBoolean()) {
            meta.custom(JSONS[random.nextInt(JSONS.length)]).other("uniqueRowIdFields", "[0, 1]");
        }
        return meta.build();
    }
}
