package dev.tentpole.core.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Takes the series of a long frame apart. */
final class LongSeries {

    private LongSeries() {}

    /** The series of each value field, in the order of fields, and within it in the order of their first rows. */
    static List<Series> of(Frame frame, Conversion conversion) {
        Field time = conversion.firstTime(frame);
        List<Field> values = conversion.values(frame);
        List<Field> dimensions =
                frame.fields().stream().filter(Conversion::isDimension).toList();
        conversion.leaveOut(frame, field -> Conversion.isValue(field) || Conversion.isDimension(field));

        int[] groupOfRow = new int[frame.rows()];
        // Without dimensions there is one series even if it has no rows.
        int groups = dimensions.isEmpty() ? 1 : 0;
        for (Field dimension : dimensions) {
            groups = split(groupOfRow, codes(dimension));
        }
        int[][] rowsOfGroup = rows(groupOfRow, groups);
        long[] times = TimeAxis.times(time);
        List<Series> first = new ArrayList<>(groups);
        for (int[] rows : rowsOfGroup) {
            Map<String, String> labels = rows.length == 0 ? Map.of() : labels(dimensions, rows[0]);
            first.add(Series.of(labelled(values.get(0), labels), rows, times, conversion));
        }
        List<Series> all = new ArrayList<>(first);
        for (Field value : values.subList(1, values.size())) {
            for (Series series : first) {
                all.add(series.withValue(labelled(value, labels(dimensions, series))));
            }
        }
        return all;
    }

    private static Field labelled(Field value, Map<String, String> labels) {
        if (labels.isEmpty()) {
            return value;
        }
        Map<String, String> all = new TreeMap<>(value.labels());
        all.putAll(labels);
        return value.withLabels(all);
    }

    private static Map<String, String> labels(List<Field> dimensions, Series series) {
        return series.rows().length == 0 ? Map.of() : labels(dimensions, series.rows()[0]);
    }

    private static Map<String, String> labels(List<Field> dimensions, int row) {
        Map<String, String> labels = new TreeMap<>();
        for (Field dimension : dimensions) {
            String text = dimension.getString(row);
            if (!text.isEmpty()) {
                labels.put(dimension.name(), text);
            }
        }
        return labels;
    }

    /** A number for each distinct text, from 0 on; null counts as the empty text. */
    private static int[] codes(Field dimension) {
        Map<String, Integer> codes = new HashMap<>();
        int[] codeOfRow = new int[dimension.size()];
        for (int row = 0; row < codeOfRow.length; row++) {
            String text = dimension.getString(row);
            Integer code = codes.get(text);
            if (code == null) {
                code = codes.size();
                codes.put(text, code);
            }
            codeOfRow[row] = code;
        }
        return codeOfRow;
    }

    /** Numbers the distinct pairs of group and code in the order of their first rows; returns how many there are. */
    private static int split(int[] groupOfRow, int[] codeOfRow) {
        PairNumbers numbers = new PairNumbers();
        for (int row = 0; row < groupOfRow.length; row++) {
            groupOfRow[row] = numbers.of(groupOfRow[row], codeOfRow[row]);
        }
        return numbers.size;
    }

    private static int[][] rows(int[] groupOfRow, int groups) {
        int[] sizes = new int[groups];
        for (int group : groupOfRow) {
            sizes[group]++;
        }
        int[][] rows = new int[groups][];
        for (int group = 0; group < groups; group++) {
            rows[group] = new int[sizes[group]];
        }
        Arrays.fill(sizes, 0);
        for (int row = 0; row < groupOfRow.length; row++) {
            int group = groupOfRow[row];
            rows[group][sizes[group]++] = row;
        }
        return rows;
    }

    /** Numbers pairs of ints from 0 on: a hash table with open addressing, as a map would box each of them. */
    private static final class PairNumbers {

        private long[] keys = new long[64];
        private int[] numbers = new int[64];
        private int size;

        int of(int a, int b) {
            long key = ((long) a << 32) | b;
            int slot = slot(key);
            if (numbers[slot] == 0) {
                if (size * 2 >= keys.length) {
                    grow();
                    slot = slot(key);
                }
                keys[slot] = key;
                // One more than the number, as 0 is an empty slot.
                numbers[slot] = ++size;
            }
            return numbers[slot] - 1;
        }

        private int slot(long key) {
            int mask = keys.length - 1;
            int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
            while (numbers[slot] != 0 && keys[slot] != key) {
                slot = (slot + 1) & mask;
            }
            return slot;
        }

        private void grow() {
            long[] oldKeys = keys;
            int[] oldNumbers = numbers;
            keys = new long[oldKeys.length * 2];
            numbers = new int[keys.length];
            for (int i = 0; i < oldKeys.length; i++) {
                if (oldNumbers[i] != 0) {
                    int slot = slot(oldKeys[i]);
                    keys[slot] = oldKeys[i];
                    numbers[slot] = oldNumbers[i];
                }
            }
        }
    }
}
