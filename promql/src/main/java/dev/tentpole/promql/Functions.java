package dev.tentpole.promql;

import static dev.tentpole.promql.LanguageLevel.PROMETHEUS_3_14;
import static dev.tentpole.promql.LanguageLevel.PROMETHEUS_3_5;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of functions, open to a lookup by a slice of the query that needs no copy of it.
 *
 * <p>Source: the functions of Prometheus 3.5 and 3.14 ({@code promql/parser/functions.go}).
 */
final class Functions {

    /** All functions by name. */
    static final List<FunctionSignature> ALL;

    /** At most a fifth full, so that a name that is no function is mostly answered by the first slot. */
    private static final int SLOTS = 512;

    private static final @Nullable FunctionSignature[] TABLE = new FunctionSignature[SLOTS];

    static {
        List<FunctionSignature> all = new ArrayList<>();
        stable(
                all,
                "V",
                "abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count"
                        + " histogram_stddev histogram_stdvar histogram_sum ln log10 log2 rad sgn sin sinh sort"
                        + " sort_desc sqrt tan tanh timestamp");
        stable(
                all,
                "M",
                "absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate"
                        + " last_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time"
                        + " stdvar_over_time sum_over_time");
        stable(all, "VSS", "clamp");
        stable(all, "VS", "clamp_max clamp_min");
        stable(all, "SSV", "histogram_fraction");
        stable(all, "SV", "histogram_quantile");
        stable(all, "VTTTT", "label_replace");
        stable(all, "MS", "predict_linear");
        stable(all, "SM", "quantile_over_time");
        stable(all, "S", "vector");
        add(all, "day_of_month", "V", 0, 1);
        add(all, "day_of_week", "V", 0, 1);
        add(all, "day_of_year", "V", 0, 1);
        add(all, "days_in_month", "V", 0, 1);
        add(all, "hour", "V", 0, 1);
        add(all, "minute", "V", 0, 1);
        add(all, "month", "V", 0, 1);
        add(all, "year", "V", 0, 1);
        add(all, "round", "VS", 1, 2);
        add(all, "label_join", "VTTT", 3, Integer.MAX_VALUE);
        add(all, "first_over_time", "M", 1, 1, ValueType.INSTANT_VECTOR, PROMETHEUS_3_14, false);
        for (String name : List.of("pi", "time")) {
            add(all, name, "", 0, 0, ValueType.SCALAR, PROMETHEUS_3_5, false);
        }
        add(all, "scalar", "V", 1, 1, ValueType.SCALAR, PROMETHEUS_3_5, false);

        experimental(all, "info", "VV", 1, 2, PROMETHEUS_3_5);
        experimental(all, "double_exponential_smoothing", "MSS", 3, 3, PROMETHEUS_3_5);
        for (String name :
                List.of("mad_over_time", "ts_of_last_over_time", "ts_of_max_over_time", "ts_of_min_over_time")) {
            experimental(all, name, "M", 1, 1, PROMETHEUS_3_5);
        }
        experimental(all, "sort_by_label", "VT", 1, Integer.MAX_VALUE, PROMETHEUS_3_5);
        experimental(all, "sort_by_label_desc", "VT", 1, Integer.MAX_VALUE, PROMETHEUS_3_5);
        experimental(all, "histogram_quantiles", "VTSS", 3, 12, PROMETHEUS_3_14);
        experimental(all, "start_timestamp", "V", 1, 1, PROMETHEUS_3_14);
        experimental(all, "ts_of_first_over_time", "M", 1, 1, PROMETHEUS_3_14);
        for (String name : List.of("start", "end", "step", "range")) {
            add(all, name, "", 0, 0, ValueType.SCALAR, PROMETHEUS_3_14, true);
        }
        for (String name : List.of("max_of", "min_of")) {
            add(all, name, "SS", 2, 2, ValueType.SCALAR, PROMETHEUS_3_14, true);
        }
        all.sort(Comparator.comparing(FunctionSignature::name));
        ALL = List.copyOf(all);
        for (FunctionSignature function : ALL) {
            int slot = slot(function.name(), 0, function.name().length());
            while (TABLE[slot] != null) {
                slot = (slot + 1) & (SLOTS - 1);
            }
            TABLE[slot] = function;
        }
    }

    private Functions() {}

    /**
     * {@return the function whose name stands at a place in a text}
     *
     * @param text the text, such as the query
     * @param start where the name starts
     * @param end where the name ends
     */
    static @Nullable FunctionSignature find(String text, int start, int end) {
        if (start == end) {
            return null;
        }
        int slot = slot(text, start, end);
        FunctionSignature candidate = TABLE[slot];
        while (candidate != null) {
            String name = candidate.name();
            if (name.length() == end - start && text.startsWith(name, start)) {
                return candidate;
            }
            slot = (slot + 1) & (SLOTS - 1);
            candidate = TABLE[slot];
        }
        return null;
    }

    /** Tells names apart by their length and three of their characters. */
    private static int slot(String text, int start, int end) {
        int middle = text.charAt((start + end) >>> 1);
        return (text.charAt(start) * 11 + middle * 37 + text.charAt(end - 1) * 3 + (end - start) * 101) & (SLOTS - 1);
    }

    private static void stable(List<FunctionSignature> all, String arguments, String names) {
        for (String name : names.split(" ", -1)) {
            add(all, name, arguments, arguments.length(), arguments.length());
        }
    }

    private static void add(List<FunctionSignature> all, String name, String arguments, int min, int max) {
        add(all, name, arguments, min, max, ValueType.INSTANT_VECTOR, PROMETHEUS_3_5, false);
    }

    private static void experimental(
            List<FunctionSignature> all, String name, String arguments, int min, int max, LanguageLevel since) {
        add(all, name, arguments, min, max, ValueType.INSTANT_VECTOR, since, true);
    }

    private static void add(
            List<FunctionSignature> all,
            String name,
            String arguments,
            int min,
            int max,
            ValueType result,
            LanguageLevel since,
            boolean experimental) {
        List<ValueType> types = arguments.chars().mapToObj(Functions::type).toList();
        all.add(new FunctionSignature(name, types, min, max, result, since, experimental));
    }

    private static ValueType type(int letter) {
        return switch (letter) {
            case 'V' -> ValueType.INSTANT_VECTOR;
            case 'M' -> ValueType.RANGE_VECTOR;
            case 'S' -> ValueType.SCALAR;
            default -> ValueType.STRING;
        };
    }
}
