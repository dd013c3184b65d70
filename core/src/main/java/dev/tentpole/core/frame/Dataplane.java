package dev.tentpole.core.frame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks frames against Grafana's dataplane contract, which alerting, expressions and other machines rely on.
 *
 * <p>The rules are those of the contract's version 0.1 for time series and numbers, and of 0.0 for log lines (the
 * documents {@code docs/contract} of grafana/dataplane). Frames that declare no type, one of the other types, or version
 * 0.0 of a type that has a newer one promise nothing and are not checked. Stateless and safe for use by several threads.
 */
public final class Dataplane {

    private static final FrameMeta.TypeVersion BEFORE_CONTRACT = new FrameMeta.TypeVersion(0, 0);

    private Dataplane() {}

    /** A rule of the contract. */
    public enum Rule {
        /** All frames of one answer that declare a type declare the same one. */
        ONE_TYPE("frames of one answer have one type"),
        /** A frame without fields stands for "no data": no other frame of the type is beside it. */
        NO_DATA_ALONE("a frame without fields, which means no data, is alone"),
        /** The wide and long types are one frame. */
        ONE_FRAME("this type is one frame"),
        /** A time series has a time field. */
        TIME_FIELD("there is a time field"),
        /** No time is null. */
        TIME_NOT_NULL("no time is null"),
        /** Times rise. */
        TIME_SORTED("times are in ascending order"),
        /** No two points have the same time. */
        TIME_UNIQUE("no time comes twice"),
        /** There is a value field: numbers or booleans. */
        VALUE_FIELD("there is a field of numbers or booleans"),
        /** An item's identity, its value field's name and its labels or dimensions, comes once. */
        UNIQUE_ITEMS("no two items have the same name and labels"),
        /** The wide and multi shapes of numbers have at most one row. */
        ONE_ROW("there is at most one row"),
        /** Log lines have a time field {@code timestamp} without nulls. */
        LOG_TIMESTAMP("log lines have a time field 'timestamp' without nulls"),
        /** Log lines have a text field {@code body} without nulls. */
        LOG_BODY("log lines have a string field 'body' without nulls"),
        /** The fields {@code severity}, {@code id}, {@code labels} and {@code labelTypes} of log lines have their types. */
        LOG_FIELD_TYPE("optional fields of log lines have their types"),
        /** Log lines ask to be shown as logs. */
        LOG_VISUALISATION("log lines have the preferred visualisation 'logs'");

        private final String text;

        Rule(String text) {
            this.text = text;
        }

        /** {@return the rule as a sentence} */
        public String text() {
            return text;
        }
    }

    /**
     * A rule that a frame breaks.
     *
     * @param rule the rule
     * @param frame the frame's place in the list
     * @param field the field's name, empty if it is not about one
     * @param message what is wrong, for people
     */
    public record Violation(Rule rule, int frame, String field, String message) {

        /**
         * Refuses null.
         *
         * @param rule the rule
         * @param frame the frame's place in the list
         * @param field the field's name
         * @param message what is wrong
         */
        public Violation {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(field, "field");
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * {@return the rules that the frames of one answer break, in the order of the frames; empty if they keep all}
     *
     * @param frames the frames that answer one query
     */
    public static List<Violation> validate(List<Frame> frames) {
        Check check = new Check();
        List<Integer> checked = new ArrayList<>();
        FrameType declared = null;
        for (int i = 0; i < frames.size(); i++) {
            FrameType own = promised(frames.get(i)).orElse(null);
            if (own == null) {
                continue;
            }
            declared = declared == null ? own : declared;
            if (own == declared) {
                checked.add(i);
            } else {
                check.add(Rule.ONE_TYPE, i, "", own.id() + " beside " + declared.id());
            }
        }
        if (declared == null) {
            return List.of();
        }
        for (int i : checked) {
            Frame frame = frames.get(i);
            if (frame.fields().isEmpty()) {
                if (checked.size() > 1) {
                    check.add(Rule.NO_DATA_ALONE, i, "", checked.size() + " frames of type " + declared.id());
                }
            } else {
                check.frame(declared, i, frame, i == checked.get(0));
            }
        }
        return List.copyOf(check.violations);
    }

    /** The type, if the frame promises to keep a contract that is known here. */
    private static Optional<FrameType> promised(Frame frame) {
        return frame.meta().type().filter(type -> switch (type) {
            case TIMESERIES_WIDE, TIMESERIES_LONG, TIMESERIES_MULTI, NUMERIC_WIDE, NUMERIC_LONG, NUMERIC_MULTI ->
                frame.meta().typeVersion().orElse(BEFORE_CONTRACT).compareTo(BEFORE_CONTRACT) > 0;
            case LOG_LINES -> true;
            case HEATMAP_ROWS, HEATMAP_CELLS, TABLE, DIRECTORY_LISTING -> false;
        });
    }

    private static final class Check {

        private final List<Violation> violations = new ArrayList<>();
        private final Set<List<Object>> items = new HashSet<>();

        void add(Rule rule, int frame, String field, String found) {
            violations.add(new Violation(rule, frame, field, rule.text() + ": " + found));
        }

        void frame(FrameType type, int at, Frame frame, boolean first) {
            boolean multi = type == FrameType.TIMESERIES_MULTI || type == FrameType.NUMERIC_MULTI;
            if (!multi && !first) {
                add(Rule.ONE_FRAME, at, "", "another frame of type " + type.id());
            }
            switch (type) {
                case TIMESERIES_WIDE, TIMESERIES_MULTI -> {
                    time(at, frame, true);
                    items(at, values(at, frame), multi);
                }
                case TIMESERIES_LONG -> {
                    Optional<Field> time = time(at, frame, false);
                    values(at, frame);
                    names(at, frame);
                    time.ifPresent(field -> rows(at, frame, field));
                }
                case NUMERIC_WIDE, NUMERIC_MULTI -> {
                    items(at, values(at, frame), multi);
                    if (frame.rows() > 1) {
                        add(Rule.ONE_ROW, at, "", frame.rows() + " rows");
                    }
                }
                case NUMERIC_LONG -> {
                    values(at, frame);
                    names(at, frame);
                    rows(at, frame, null);
                }
                default -> logLines(at, frame);
            }
        }

        private Optional<Field> time(int at, Frame frame, boolean unique) {
            Optional<Field> time = frame.fields().stream()
                    .filter(field -> field.type() == FieldType.TIME)
                    .findFirst();
            if (time.isEmpty()) {
                add(Rule.TIME_FIELD, at, "", "no field of type time");
                return time;
            }
            Field field = time.get();
            if (field.hasNulls()) {
                add(Rule.TIME_NOT_NULL, at, field.name(), "null in field '" + field.name() + "'");
                return Optional.empty();
            }
            for (int row = 1; row < field.size(); row++) {
                long before = field.getLong(row - 1);
                long now = field.getLong(row);
                if (now < before) {
                    add(Rule.TIME_SORTED, at, field.name(), "field '" + field.name() + "' falls at row " + row);
                    break;
                }
                if (unique && now == before) {
                    add(
                            Rule.TIME_UNIQUE,
                            at,
                            field.name(),
                            "field '" + field.name() + "' rows " + (row - 1) + " and " + row);
                    break;
                }
            }
            return time;
        }

        private List<Field> values(int at, Frame frame) {
            List<Field> values =
                    frame.fields().stream().filter(Conversion::isValue).toList();
            if (values.isEmpty()) {
                add(Rule.VALUE_FIELD, at, "", "none in this frame");
            }
            return values;
        }

        private void items(int at, List<Field> values, boolean multi) {
            // In the multi shapes all but the first value field are no items.
            for (Field value : multi && !values.isEmpty() ? values.subList(0, 1) : values) {
                if (!items.add(List.of(value.name(), value.labels()))) {
                    add(Rule.UNIQUE_ITEMS, at, value.name(), "'" + value.name() + "'" + value.labels());
                }
            }
        }

        /** In the long shapes the names of value fields and dimensions tell items apart. */
        private void names(int at, Frame frame) {
            Set<String> names = new HashSet<>();
            for (Field field : frame.fields()) {
                boolean counts = Conversion.isValue(field) || Conversion.isDimension(field);
                if (counts && !names.add(field.name())) {
                    add(Rule.UNIQUE_ITEMS, at, field.name(), "two fields '" + field.name() + "'");
                }
            }
        }

        /** In the long shapes no two rows have the same time and dimensions. */
        private void rows(int at, Frame frame, @Nullable Field time) {
            List<Field> dimensions =
                    frame.fields().stream().filter(Conversion::isDimension).toList();
            Map<List<Object>, Integer> seen = new HashMap<>();
            for (int row = 0; row < frame.rows(); row++) {
                List<Object> key = new ArrayList<>();
                if (time != null) {
                    key.add(time.getLong(row));
                }
                for (Field dimension : dimensions) {
                    key.add(dimension.getString(row));
                }
                Integer before = seen.putIfAbsent(key, row);
                if (before != null) {
                    Rule rule = time == null ? Rule.UNIQUE_ITEMS : Rule.TIME_UNIQUE;
                    add(
                            rule,
                            at,
                            "",
                            "rows " + before + " and " + row + " are of the same item"
                                    + (time == null ? "" : " at the same time"));
                    break;
                }
            }
        }

        private void logLines(int at, Frame frame) {
            required(at, frame, "timestamp", FieldType.TIME, Rule.LOG_TIMESTAMP);
            required(at, frame, "body", FieldType.STRING, Rule.LOG_BODY);
            optional(at, frame, "severity", FieldType.STRING);
            optional(at, frame, "id", FieldType.STRING);
            optional(at, frame, "labels", FieldType.JSON);
            optional(at, frame, "labelTypes", FieldType.JSON);
            String shown = frame.meta().preferredVisualisation().orElse("");
            if (!shown.equals("logs")) {
                add(Rule.LOG_VISUALISATION, at, "", shown.isEmpty() ? "none is set" : "'" + shown + "'");
            }
        }

        private void required(int at, Frame frame, String name, FieldType type, Rule rule) {
            Optional<Field> field = frame.field(name);
            if (field.isEmpty()) {
                add(rule, at, name, "there is none");
            } else if (field.get().type() != type) {
                add(rule, at, name, "it is of type " + field.get().type().frameName());
            } else if (field.get().hasNulls()) {
                add(rule, at, name, "it has nulls");
            }
        }

        private void optional(int at, Frame frame, String name, FieldType type) {
            frame.field(name)
                    .filter(field -> field.type() != type)
                    .ifPresent(field -> add(
                            Rule.LOG_FIELD_TYPE,
                            at,
                            name,
                            "field '" + name + "' is of type " + field.type().frameName() + ", not "
                                    + type.frameName()));
        }
    }
}
