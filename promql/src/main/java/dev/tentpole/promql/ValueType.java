package dev.tentpole.promql;

/** What an expression evaluates to. */
public enum ValueType {
    /** One number per evaluation step. */
    SCALAR("scalar", "scalar"),
    /** A text; there are no operators on it. */
    STRING("string", "string"),
    /** A set of series with one sample each. */
    INSTANT_VECTOR("instant vector", "vector"),
    /** A set of series with the samples of a time range each. */
    RANGE_VECTOR("range vector", "matrix");

    private final String documentedName;
    private final String wireName;

    ValueType(String documentedName, String wireName) {
        this.documentedName = documentedName;
        this.wireName = wireName;
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
