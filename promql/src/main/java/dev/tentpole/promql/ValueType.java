package dev.tentpole.promql;

/** What an expression evaluates to. */
public enum ValueType {
    /** One number per evaluation step. */
    SCALAR(1, "scalar", "scalar"),
    /** A text; there are no operators on it. */
    STRING(2, "string", "string"),
    /** A set of series with one sample each. */
    INSTANT_VECTOR(3, "instant vector", "vector"),
    /** A set of series with the samples of a time range each. */
    RANGE_VECTOR(4, "range vector", "matrix");

    private final byte code;
    private final String documentedName;
    private final String wireName;

    ValueType(int code, String documentedName, String wireName) {
        this.code = (byte) code;
        this.documentedName = documentedName;
        this.wireName = wireName;
    }

    /** {@return the type as a small number, from 1} */
    byte code() {
        return code;
    }

    /** {@return the name as documentation and error messages have it: {@code instant vector}} */
    public String documentedName() {
        return documentedName;
    }

    /** {@return the name as the HTTP API has it: {@code vector}} */
    public String wireName() {
        return wireName;
    }
}
