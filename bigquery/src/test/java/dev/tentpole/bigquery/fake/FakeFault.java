package dev.tentpole.bigquery.fake;

/**
 * What goes wrong with one request to a {@link FakeBigQuery}.
 *
 * @param kind what happens
 * @param status the HTTP status, for {@link Kind#STATUS}
 * @param reason BigQuery's reason, for {@link Kind#STATUS}
 * @param retryAfterSeconds the header {@code Retry-After}, 0 for none
 * @param afterBytes where the body breaks off, for {@link Kind#CUT}
 */
public record FakeFault(Kind kind, int status, String reason, int retryAfterSeconds, int afterBytes) {

    /** What happens. */
    public enum Kind {
        /** The request is not served; an error is answered. */
        STATUS,
        /** The request is served, and then the connection is closed without an answer. */
        LOSE_ANSWER,
        /** The request is served, and the connection is closed within the answer's body. */
        CUT,
        /** The request is not served, and nothing is answered until the server closes. */
        HANG,
        /** The request is served; the answer's head is sent and a part of the body, and then nothing until the server closes. */
        STALL
    }

    /**
     * {@return an error}
     *
     * @param status the HTTP status
     * @param reason BigQuery's reason
     */
    public static FakeFault status(int status, String reason) {
        return new FakeFault(Kind.STATUS, status, reason, 0, 0);
    }

    /**
     * {@return too many requests}
     *
     * @param retryAfterSeconds how long the client shall wait
     */
    public static FakeFault tooMany(int retryAfterSeconds) {
        return new FakeFault(Kind.STATUS, 429, "rateLimitExceeded", retryAfterSeconds, 0);
    }

    /**
     * {@return an answer that is lost}
     */
    public static FakeFault loseAnswer() {
        return new FakeFault(Kind.LOSE_ANSWER, 0, "", 0, 0);
    }

    /**
     * {@return an answer that breaks off}
     *
     * @param afterBytes after how many bytes of its body
     */
    public static FakeFault cut(int afterBytes) {
        return new FakeFault(Kind.CUT, 0, "", 0, afterBytes);
    }

    /**
     * {@return no answer at all}
     */
    public static FakeFault hang() {
        return new FakeFault(Kind.HANG, 0, "", 0, 0);
    }

    /**
     * {@return an answer that stops in the middle}
     *
     * @param afterBytes after how many bytes of its body
     */
    public static FakeFault stall(int afterBytes) {
        return new FakeFault(Kind.STALL, 0, "", 0, afterBytes);
    }
}
