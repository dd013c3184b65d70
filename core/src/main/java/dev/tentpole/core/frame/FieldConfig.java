package dev.tentpole.core.frame;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a field is to be shown: name, unit, range, texts of an enum. Everything is optional.
 *
 * <p>Keys of Grafana's field config that have no method here (mappings, thresholds, links, colours …) are kept as JSON
 * text in {@link #other()}, and so are keys with a value of an unexpected kind. Immutable and safe for use by several
 * threads.
 */
public final class FieldConfig {

    /** As many as an index of 16 bits tells apart. */
    static final int MAX_ENUM_TEXTS = 0x10000;

    private static final FieldConfig NONE = new FieldConfig(new Builder(), true);

    private final boolean none;
    private final @Nullable String displayName;
    private final @Nullable String displayNameFromDS;
    private final @Nullable String description;
    private final @Nullable String unit;
    private final @Nullable String noValue;
    private final @Nullable Integer decimals;
    private final @Nullable Double min;
    private final @Nullable Double max;
    private final @Nullable Duration interval;
    private final @Nullable Boolean filterable;
    private final List<String> enumText;
    private final Map<String, String> other;

    private FieldConfig(Builder from, boolean none) {
        this.none = none;
        this.displayName = from.displayName;
        this.displayNameFromDS = from.displayNameFromDS;
        this.description = from.description;
        this.unit = from.unit;
        this.noValue = from.noValue;
        this.decimals = from.decimals;
        this.min = from.min;
        this.max = from.max;
        this.interval = from.interval;
        this.filterable = from.filterable;
        this.enumText = from.enumText;
        this.other = Collections.unmodifiableMap(new LinkedHashMap<>(from.other));
    }

    /** {@return no configuration at all, which is not written; one without settings is written as an empty object} */
    public static FieldConfig none() {
        return NONE;
    }

    /** {@return a new builder without settings} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a new builder with these settings} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.displayName = displayName;
        builder.displayNameFromDS = displayNameFromDS;
        builder.description = description;
        builder.unit = unit;
        builder.noValue = noValue;
        builder.decimals = decimals;
        builder.min = min;
        builder.max = max;
        builder.interval = interval;
        builder.filterable = filterable;
        builder.enumText = enumText;
        builder.other.putAll(other);
        return builder;
    }

    /** {@return whether this is {@link #none()}} */
    public boolean isNone() {
        return none;
    }

    /** {@return the name to show, which replaces the field's name and labels} */
    public Optional<String> displayName() {
        return Optional.ofNullable(displayName);
    }

    /** {@return the name to show that the data source chose, weaker than {@link #displayName()}} */
    public Optional<String> displayNameFromDS() {
        return Optional.ofNullable(displayNameFromDS);
    }

    /** {@return a description for people} */
    public Optional<String> description() {
        return Optional.ofNullable(description);
    }

    /** {@return Grafana's name of the unit, such as {@code percent} or {@code ms}} */
    public Optional<String> unit() {
        return Optional.ofNullable(unit);
    }

    /** {@return the text to show where there is no value} */
    public Optional<String> noValue() {
        return Optional.ofNullable(noValue);
    }

    /** {@return the number of decimals to show, at least 0} */
    public OptionalInt decimals() {
        return decimals == null ? OptionalInt.empty() : OptionalInt.of(decimals);
    }

    /** {@return the smallest value to expect; NaN for a key that is present as null} */
    public OptionalDouble min() {
        return min == null ? OptionalDouble.empty() : OptionalDouble.of(min);
    }

    /** {@return the largest value to expect; NaN for a key that is present as null} */
    public OptionalDouble max() {
        return max == null ? OptionalDouble.empty() : OptionalDouble.of(max);
    }

    /** {@return for a time field, the distance of its points} */
    public Optional<Duration> interval() {
        return Optional.ofNullable(interval);
    }

    /** {@return whether the data source can filter by this field's values} */
    public Optional<Boolean> filterable() {
        return Optional.ofNullable(filterable);
    }

    /** {@return the texts of an ENUM field, by index; empty if there are none} */
    public List<String> enumText() {
        return enumText;
    }

    /** {@return the keys of Grafana's field config that have no method here, with their values as JSON text} */
    public Map<String, String> other() {
        return other;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof FieldConfig that && none == that.none && key().equals(that.key());
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        return none ? "FieldConfig[none]" : "FieldConfig" + FrameJson.toString(this);
    }

    private List<Object> key() {
        return List.of(
                displayName(),
                displayNameFromDS(),
                description(),
                unit(),
                noValue(),
                decimals(),
                min(),
                max(),
                interval(),
                filterable(),
                enumText,
                other);
    }

    /** Builds a {@link FieldConfig}. For one thread at a time; may build several times. */
    public static final class Builder {

        private final Map<String, String> other = new LinkedHashMap<>();
        private @Nullable String displayName;
        private @Nullable String displayNameFromDS;
        private @Nullable String description;
        private @Nullable String unit;
        private @Nullable String noValue;
        private @Nullable Integer decimals;
        private @Nullable Double min;
        private @Nullable Double max;
        private @Nullable Duration interval;
        private @Nullable Boolean filterable;
        private List<String> enumText = List.of();

        private Builder() {}

        /**
         * Sets the name to show, which replaces the field's name and labels.
         *
         * @param displayName the name
         * @return this
         */
        public Builder displayName(String displayName) {
            this.displayName = Objects.requireNonNull(displayName, "displayName");
            other.remove("displayName");
            return this;
        }

        /**
         * Sets the name to show that the data source chose. {@link #displayName} is stronger.
         *
         * @param displayNameFromDS the name
         * @return this
         */
        public Builder displayNameFromDS(String displayNameFromDS) {
            this.displayNameFromDS = Objects.requireNonNull(displayNameFromDS, "displayNameFromDS");
            other.remove("displayNameFromDS");
            return this;
        }

        /**
         * Sets a description for people.
         *
         * @param description the description
         * @return this
         */
        public Builder description(String description) {
            this.description = Objects.requireNonNull(description, "description");
            other.remove("description");
            return this;
        }

        /**
         * Sets the unit.
         *
         * @param unit Grafana's name of the unit, such as {@code percent} or {@code ms}
         * @return this
         */
        public Builder unit(String unit) {
            this.unit = Objects.requireNonNull(unit, "unit");
            other.remove("unit");
            return this;
        }

        /**
         * Sets the text to show where there is no value.
         *
         * @param noValue the text
         * @return this
         */
        public Builder noValue(String noValue) {
            this.noValue = Objects.requireNonNull(noValue, "noValue");
            other.remove("noValue");
            return this;
        }

        /**
         * Sets the number of decimals to show.
         *
         * @param decimals the number, 0 to 65535
         * @return this
         */
        public Builder decimals(int decimals) {
            this.decimals = Args.inRange("decimals", decimals, 0, 0xFFFF);
            other.remove("decimals");
            return this;
        }

        /**
         * Sets the smallest value to expect.
         *
         * @param min the value; NaN and infinities are all taken as NaN, and written as null
         * @return this
         */
        public Builder min(double min) {
            this.min = finiteOrNaN(min);
            other.remove("min");
            return this;
        }

        /**
         * Sets the largest value to expect.
         *
         * @param max the value; NaN and infinities are all taken as NaN, and written as null
         * @return this
         */
        public Builder max(double max) {
            this.max = finiteOrNaN(max);
            other.remove("max");
            return this;
        }

        /**
         * Sets, for a time field, the distance of its points.
         *
         * @param interval the distance, 0 to 292 years
         * @return this
         */
        public Builder interval(Duration interval) {
            this.interval = Args.inRange("interval", interval, Duration.ZERO, Duration.ofNanos(Long.MAX_VALUE));
            other.remove("interval");
            return this;
        }

        /**
         * Sets whether the data source can filter by this field's values.
         *
         * @param filterable whether it can
         * @return this
         */
        public Builder filterable(boolean filterable) {
            this.filterable = filterable;
            other.remove("filterable");
            return this;
        }

        /**
         * Sets the texts of an ENUM field. Replaces the key {@code type} if it was set by {@link #other}.
         *
         * @param enumText the texts by index, at most 65536
         * @return this
         */
        public Builder enumText(List<String> enumText) {
            Args.inRange("enumText.size", enumText.size(), 0, MAX_ENUM_TEXTS);
            this.enumText = List.copyOf(enumText);
            other.remove("type");
            return this;
        }

        /**
         * Sets any key of Grafana's field config by its JSON. For keys that have no method here: a key that has
         * one is set as by its method, or kept as it is if its value is of another kind.
         *
         * @param key the key
         * @param json its value, one JSON value as text
         * @return this
         * @throws IllegalArgumentException if the text is not one JSON value
         */
        public Builder other(String key, String json) {
            Objects.requireNonNull(key, "key");
            return MetaReader.set(this, RawJson.wellFormed(key), RawJson.compact(json));
        }

        /** For the reader: a key whose value is not of the kind that its method takes, or that has no method. */
        Builder keep(String key, String compactJson) {
            switch (key) {
                case "displayName" -> displayName = null;
                case "displayNameFromDS" -> displayNameFromDS = null;
                case "description" -> description = null;
                case "unit" -> unit = null;
                case "noValue" -> noValue = null;
                case "decimals" -> decimals = null;
                case "min" -> min = null;
                case "max" -> max = null;
                case "interval" -> interval = null;
                case "filterable" -> filterable = null;
                default -> {}
            }
            other.put(key, compactJson);
            return this;
        }

        /** {@return the configuration} */
        public FieldConfig build() {
            return new FieldConfig(this, false);
        }

        /** For a field that stands for several, of which each had its own name. */
        Builder withoutDisplayNames() {
            displayName = null;
            displayNameFromDS = null;
            return this;
        }

        /** For the reader: texts that are also part of a raw {@code type}, which is written instead. */
        Builder enumTextBesideType(List<String> texts) {
            this.enumText = List.copyOf(texts);
            return this;
        }

        private static double finiteOrNaN(double value) {
            return Double.isFinite(value) ? value : Double.NaN;
        }
    }
}
