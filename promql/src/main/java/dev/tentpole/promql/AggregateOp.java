package dev.tentpole.promql;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The aggregations, which fold the series of a vector. */
public enum AggregateOp {
    /** Sum. */
    SUM,
    /** Arithmetic mean. */
    AVG,
    /** Number of series. */
    COUNT,
    /** Smallest value. */
    MIN,
    /** Largest value. */
    MAX,
    /** One series with the value 1 per group. */
    GROUP,
    /** Population standard deviation. */
    STDDEV,
    /** Population variance. */
    STDVAR,
    /** The largest k series. */
    TOPK(ValueType.SCALAR, false),
    /** The smallest k series. */
    BOTTOMK(ValueType.SCALAR, false),
    /** Number of series per value. */
    COUNT_VALUES(ValueType.STRING, false),
    /** Quantile over the series. */
    QUANTILE(ValueType.SCALAR, false),
    /** Any k series; experimental. */
    LIMITK(ValueType.SCALAR, true),
    /** A pseudo-random share of the series; experimental. */
    LIMIT_RATIO(ValueType.SCALAR, true);

    private final String symbol;
    private final @Nullable ValueType parameterType;
    private final boolean experimental;

    AggregateOp() {
        this(null, false);
    }

    AggregateOp(@Nullable ValueType parameterType, boolean experimental) {
        this.symbol = Ascii.toLowerCase(name());
        this.parameterType = parameterType;
        this.experimental = experimental;
    }

    /** {@return the operator as it is written, in lower case} */
    public String symbol() {
        return symbol;
    }

    /** {@return the type of the first argument, for the aggregations that take a parameter} */
    public Optional<ValueType> parameterType() {
        return Optional.ofNullable(parameterType);
    }

    /** {@return whether a server needs {@code --enable-feature=promql-experimental-functions} for it} */
    public boolean experimental() {
        return experimental;
    }

    boolean hasParameter() {
        return parameterType != null;
    }
}
