package dev.tentpole.core.frame;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Turns a wide frame into a long one. */
final class WideToLong {

    private WideToLong() {}

    static Frame convert(Frame frame, Conversion conversion) {
        if (frame.fields().isEmpty()) {
            return frame.withMeta(frame.meta().withType(FrameType.TIMESERIES_LONG));
        }
        Field time = conversion.firstTime(frame);
        List<Field> values = conversion.values(frame);
        conversion.leaveOut(frame, Conversion::isValue);

        // For each set of labels, the value fields by name.
        Map<Map<String, String>, Map<String, Field>> groups = new LinkedHashMap<>();
        Map<String, List<Field>> names = new LinkedHashMap<>();
        for (Field value : values) {
            Map<String, Field> group = groups.computeIfAbsent(value.labels(), labels -> new LinkedHashMap<>());
            if (group.put(value.name(), value) != null) {
                conversion.duplicateSeries(value);
            }
            names.computeIfAbsent(value.name(), name -> new ArrayList<>()).add(value);
        }

        List<Map<String, Field>> sets = List.copyOf(groups.values());
        int size = countRows(sets, frame.rows());
        conversion.checkSize(size, 1 + names.size() + 1L);
        int[] rows = new int[size];
        int[] setOfRow = new int[size];
        int at = 0;
        for (int row = 0; row < frame.rows(); row++) {
            for (int set = 0; set < sets.size(); set++) {
                if (hasValue(sets.get(set), row)) {
                    rows[at] = row;
                    setOfRow[at++] = set;
                }
            }
        }

        List<Field> fields = new ArrayList<>();
        fields.add(Copy.of(time, rows).build(time, false));
        names.forEach((name, same) -> fields.add(value(same, sets, rows, setOfRow)));
        fields.addAll(dimensions(List.copyOf(groups.keySet()), setOfRow));
        return frame.withFields(fields).withMeta(conversion.meta(frame.meta(), FrameType.TIMESERIES_LONG));
    }

    private static int countRows(List<Map<String, Field>> sets, int rows) {
        long size = 0;
        for (int row = 0; row < rows; row++) {
            for (Map<String, Field> set : sets) {
                size += hasValue(set, row) ? 1 : 0;
            }
        }
        return Math.toIntExact(size);
    }

    private static boolean hasValue(Map<String, Field> set, int row) {
        for (Field field : set.values()) {
            if (!field.isNull(row)) {
                return true;
            }
        }
        return false;
    }

    private static Field value(List<Field> same, List<Map<String, Field>> sets, int[] rows, int[] setOfRow) {
        Field first = same.get(0);
        boolean nullable = false;
        for (Field field : same) {
            if (field.type() != first.type()) {
                throw new IllegalArgumentException("field '" + first.name() + "' is of type "
                        + first.type().frameName() + " and of type "
                        + field.type().frameName()
                        + ": a long frame has one column for both");
            }
            nullable |= field.nullable();
        }
        Copy copy = new Copy(first.type(), rows.length);
        for (int i = 0; i < rows.length; i++) {
            Field source = sets.get(setOfRow[i]).get(first.name());
            if (source == null) {
                copy.set(i, first, Copy.GAP);
            } else {
                copy.set(i, source, rows[i]);
            }
        }
        boolean oneConfig = same.stream().allMatch(field -> field.config().equals(first.config()));
        FieldConfig config = oneConfig
                ? first.config()
                : first.config().toBuilder().withoutDisplayNames().build();
        return copy.build(first.withLabels(Map.of()).withConfig(config), nullable);
    }

    private static List<Field> dimensions(List<Map<String, String>> sets, int[] setOfRow) {
        TreeSet<String> keys = new TreeSet<>();
        sets.forEach(labels -> keys.addAll(labels.keySet()));
        List<Field> fields = new ArrayList<>();
        for (String key : keys) {
            FieldBuilder field = Field.builder(key, FieldType.STRING).expect(setOfRow.length);
            for (int set : setOfRow) {
                field.appendString(sets.get(set).getOrDefault(key, ""));
            }
            fields.add(field.build());
        }
        return fields;
    }
}
