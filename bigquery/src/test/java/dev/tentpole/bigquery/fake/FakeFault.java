package dev.tentpole.bigquery.fake;

import java.nio.charset.StandardCharsets;

/**
 * What goes wrong with one request to a {@link FakeBigQuery}.
 *
 * @param kind what happens
 * @param status the HTTP status, for {@link Kind#STATUS}
 * @param reason BigQuery's reason, for {@link Kind#STATUS}
 * @param retryAfter the header {@code Retry-After}, empty for none
 * @param afterBytes where the body breaks off, for {@link Kind#CUT}
 * @param body what is answered, for {@link Kind#BODY}; a character a byte
 */
public record FakeFault(Kind kind, int status, String reason, String retryAfter, int afterBytes, String body) {

    private FakeFault(Kind kind, int afterBytes) {
        this(kind, 0, "", "", afterBytes, "");
    }

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
        STALL,
        /** The request is served; the answer comes a byte at a time, slowly. */
        DRIP,
        /** The request is not served; something else is answered. */
        BODY
    }

    /**
     * {@return an error}
     *
     * @param status the HTTP status
     * @param reason BigQuery's reason
     */
    public static FakeFault status(int status, String reason) {
        return new FakeFault(Kind.STATUS, status, reason, "", 0, "");
    }

    /**
     * {@return too many requests}
     *
     * @param retryAfterSeconds how long the client shall wait
     */
    public static FakeFault tooMany(int retryAfterSeconds) {
        return tooMany(Integer.toString(retryAfterSeconds));
    }

    /**
     * {@return too many requests}
     *
     * @param retryAfter the header, whatever it is
     */
    public static FakeFault tooMany(String retryAfter) {
        return new FakeFault(Kind.STATUS, 429, "rateLimitExceeded", retryAfter, 0, "");
    }

    /**
     * {@return an answer that comes a byte at a time}
     */
    public static FakeFault drip() {
        return new FakeFault(Kind.DRIP, 0);
    }

    /**
     * {@return another answer than BigQuery's}
     *
     * @param status the HTTP status
     * @param body its body
     */
    public static FakeFault body(int status, String body) {
        return new FakeFault(Kind.BODY, status, "", "", 0, latin1(body.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * {@return an answer that is said to be compressed}
     *
     * @param body its body
     */
    public static FakeFault gzip(byte[] body) {
        return new FakeFault(Kind.BODY, 200, "", "", 1, latin1(body));
    }

    /**
     * {@return an answer that is lost}
     */
    public static FakeFault loseAnswer() {
        return new FakeFault(Kind.LOSE_ANSWER, 0);
    }

    /**
     * {@return an answer that breaks off}
     *
     * @param afterBytes after how many bytes of its body
     */
    public static FakeFault cut(int afterBytes) {
        return new FakeFault(Kind.CUT, afterBytes);
    }

    /**
     * {@return no answer at all}
     */
    public static FakeFault hang() {
        return new FakeFault(Kind.HANG, 0);
    }

    /**
     * {@return an answer that stops in the middle}
     *
     * @param afterBytes after how many bytes of its body
     */
    public static FakeFault stall(int afterBytes) {
        return new FakeFault(Kind.STALL, afterBytes);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
