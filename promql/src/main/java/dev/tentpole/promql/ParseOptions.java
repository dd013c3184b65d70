package dev.tentpole.promql;

import java.util.Objects;

/**
 * Which language {@link PromQl} reads: a release of Prometheus, its feature flags, and whether Grafana's variables may
 * stand in the text.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ParseOptions {

    private static final ParseOptions DEFAULTS = builder().build();

    private final LanguageLevel level;
    private final boolean experimentalFunctions;
    private final boolean durationExpressions;
    private final boolean fillModifiers;
    private final boolean extendedRangeSelectors;
    private final boolean templates;

    private ParseOptions(Builder builder) {
        boolean newest = builder.level == LanguageLevel.PROMETHEUS_3_14;
        this.level = builder.level;
        this.experimentalFunctions = builder.experimentalFunctions;
        this.durationExpressions = builder.durationExpressions;
        this.fillModifiers = builder.fillModifiers && newest;
        this.extendedRangeSelectors = builder.extendedRangeSelectors && newest;
        this.templates = builder.templates;
    }

    /** {@return all of Prometheus 3.14, experimental parts too, no templates} */
    public static ParseOptions defaults() {
        return DEFAULTS;
    }

    /**
     * {@return what a server of this release reads when it was started without feature flags}
     *
     * @param level the release
     */
    public static ParseOptions ofServer(LanguageLevel level) {
        return builder()
                .level(level)
                .experimentalFunctions(false)
                .durationExpressions(level.includes(LanguageLevel.PROMETHEUS_3_14))
                .fillModifiers(false)
                .extendedRangeSelectors(false)
                .build();
    }

    /** {@return a builder with the settings of {@link #defaults}} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder with these settings} */
    public Builder toBuilder() {
        return new Builder()
                .level(level)
                .experimentalFunctions(experimentalFunctions)
                .durationExpressions(durationExpressions)
                .fillModifiers(fillModifiers)
                .extendedRangeSelectors(extendedRangeSelectors)
                .templates(templates);
    }

    /** {@return the release whose language is read} */
    public LanguageLevel level() {
        return level;
    }

    /** {@return whether experimental functions and aggregations are known} */
    public boolean experimentalFunctions() {
        return experimentalFunctions;
    }

    /** {@return whether durations may be calculated: {@code foo[2 * 5m]}} */
    public boolean durationExpressions() {
        return durationExpressions;
    }

    /** {@return whether binary operators take {@code fill(0)}; never at level 3.5} */
    public boolean fillModifiers() {
        return fillModifiers;
    }

    /** {@return whether selectors take {@code anchored} and {@code smoothed}; never at level 3.5} */
    public boolean extendedRangeSelectors() {
        return extendedRangeSelectors;
    }

    /** {@return whether Grafana's variables are read as placeholders} */
    public boolean templates() {
        return templates;
    }

    /** Collects settings; not safe for use by several threads. */
    public static final class Builder {

        private LanguageLevel level = LanguageLevel.PROMETHEUS_3_14;
        private boolean experimentalFunctions = true;
        private boolean durationExpressions = true;
        private boolean fillModifiers = true;
        private boolean extendedRangeSelectors = true;
        private boolean templates;

        private Builder() {}

        /**
         * Chooses the release of Prometheus; {@link LanguageLevel#PROMETHEUS_3_14} unless set.
         *
         * @param level the release
         * @return this builder
         */
        public Builder level(LanguageLevel level) {
            this.level = Objects.requireNonNull(level, "level");
            return this;
        }

        /**
         * Knows experimental functions and aggregations, as a server does with
         * {@code --enable-feature=promql-experimental-functions}; true unless set.
         *
         * @param enabled whether they are known
         * @return this builder
         */
        public Builder experimentalFunctions(boolean enabled) {
            this.experimentalFunctions = enabled;
            return this;
        }

        /**
         * Lets durations be calculated, as a 3.5 server does with {@code --enable-feature=promql-duration-expr} and a
         * 3.14 server always does; true unless set.
         *
         * @param enabled whether they may
         * @return this builder
         */
        public Builder durationExpressions(boolean enabled) {
            this.durationExpressions = enabled;
            return this;
        }

        /**
         * Knows {@code fill}, {@code fill_left} and {@code fill_right} behind binary operators, as a 3.14 server does
         * with {@code --enable-feature=promql-binop-fill-modifiers}; true unless set, without effect at level 3.5.
         *
         * @param enabled whether they are known
         * @return this builder
         */
        public Builder fillModifiers(boolean enabled) {
            this.fillModifiers = enabled;
            return this;
        }

        /**
         * Knows {@code anchored} and {@code smoothed}, as a 3.14 server does with
         * {@code --enable-feature=promql-extended-range-selectors}; true unless set, without effect at level 3.5.
         *
         * @param enabled whether they are known
         * @return this builder
         */
        public Builder extendedRangeSelectors(boolean enabled) {
            this.extendedRangeSelectors = enabled;
            return this;
        }

        /**
         * Reads Grafana's variables ({@code $x}, {@code ${x:regex}}, {@code [[x]]}) and macros ({@code $__range}) as
         * placeholders, so that a dashboard's query can be read before Grafana fills it in; false unless set.
         *
         * @param enabled whether they are read
         * @return this builder
         */
        public Builder templates(boolean enabled) {
            this.templates = enabled;
            return this;
        }

        /** {@return the options} */
        public ParseOptions build() {
            return new ParseOptions(this);
        }
    }
}
