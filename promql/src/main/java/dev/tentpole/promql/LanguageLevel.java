package dev.tentpole.promql;

/** The releases of Prometheus whose language is understood. Later constants understand more. */
public enum LanguageLevel {
    /** Prometheus 3.5, the long-term release: no fill modifiers, trim operators, anchored or smoothed ranges. */
    PROMETHEUS_3_5,
    /** Prometheus 3.14. */
    PROMETHEUS_3_14;

    /**
     * {@return whether what came with the other level is part of this one}
     *
     * @param other the level that brought it
     */
    public boolean includes(LanguageLevel other) {
        return compareTo(other) >= 0;
    }
}
