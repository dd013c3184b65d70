package dev.tentpole.core.frame;

import dev.tentpole.base.Args;
import java.util.Objects;

/**
 * A figure about the query itself, such as rows read or time spent, shown in the panel's inspector.
 *
 * @param config the figure's name ({@link FieldConfig#displayName()}), unit and decimals
 * @param value the figure, finite; -0.0 becomes 0.0
 */
public record QueryStat(FieldConfig config, double value) {

    /**
     * Refuses null, NaN and infinities.
     *
     * @param config the figure's name, unit and decimals
     * @param value the figure
     */
    public QueryStat {
        Objects.requireNonNull(config, "config");
        Args.check(Double.isFinite(value), "value", value, "finite");
        value += 0.0;
    }

    /**
     * {@return a figure without a unit}
     *
     * @param name the figure's name
     * @param value the figure, finite
     */
    public static QueryStat of(String name, double value) {
        return new QueryStat(FieldConfig.builder().displayName(name).build(), value);
    }

    /**
     * {@return a figure with a unit}
     *
     * @param name the figure's name
     * @param value the figure, finite
     * @param unit Grafana's name of the unit, such as {@code ms} or {@code bytes}
     */
    public static QueryStat of(String name, double value, String unit) {
        return new QueryStat(FieldConfig.builder().displayName(name).unit(unit).build(), value);
    }
}
