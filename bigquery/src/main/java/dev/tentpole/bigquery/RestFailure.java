package dev.tentpole.bigquery;

import dev.tentpole.bigquery.QueryFailedException.Retry;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What BigQuery answers when something is wrong, and what may be done again, by Google's page "Error messages".
 *
 * @param status the HTTP status, 0 if there was no answer
 * @param reason BigQuery's reason, or an own word where it gave none
 * @param serverMessage what the server said, may quote the query
 * @param retryAfter how long the server asks to wait
 */
record RestFailure(
        int status,
        String reason,
        String serverMessage,
        @Nullable Duration retryAfter) {

    private static final Set<String> SAME_REQUEST =
            Set.of("rateLimitExceeded", "backendError", "internalError", "connection");
    private static final Set<String> NEW_JOB = Set.of("jobBackendError", "jobInternalError", "jobRateLimitExceeded");
    /** What passes, whatever the reason: a proxy or a load balancer has its own words, or none. */
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

    private static final long LONGEST_WAIT_SECONDS = 1_000_000_000;
    private static final Pattern POSITION = Pattern.compile("\\[\\d{1,9}:\\d{1,9}]");
    private static final Pattern LOCATION = Pattern.compile("[A-Za-z][A-Za-z0-9-]{1,40}");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,100}");

    static RestFailure connection(String what) {
        return new RestFailure(0, "connection", what, null);
    }

    static RestFailure badAnswer(int status, String what) {
        return new RestFailure(status, "badAnswer", what, null);
    }

    /** Reads the body of an answer whose status is no success. */
    static RestFailure of(int status, byte[] body, Optional<String> retryAfter, Instant now) {
        Duration wait = retryAfter.map(value -> duration(value, now)).orElse(null);
        try {
            JsonNode error = Json.MAPPER.readTree(body).path("error");
            String reason = error.path("errors").path(0).path("reason").asString("");
            return new RestFailure(
                    status,
                    reason.isEmpty() ? word(status) : reason,
                    error.path("message").asString(""),
                    wait);
        } catch (JacksonException e) {
            // A proxy or a load balancer answers with a page, not JSON.
            return new RestFailure(status, word(status), "", wait);
        }
    }

    /** {@return where a job is of which BigQuery says that it is there already, empty if it doesn't say} */
    static Optional<String> locationOf(String message, String jobId) {
        int id = message.indexOf("." + jobId);
        int colon = id < 0 ? -1 : message.lastIndexOf(':', id);
        String location = colon < 0 ? "" : message.substring(colon + 1, id).strip();
        return LOCATION.matcher(location).matches() ? Optional.of(location) : Optional.empty();
    }

    /** Reads the {@code errorResult} of a job that is done. */
    static RestFailure ofJob(JsonNode errorResult) {
        String reason = errorResult.path("reason").asString("");
        return new RestFailure(
                200,
                reason.isEmpty() ? "unknown" : reason,
                errorResult.path("message").asString(""),
                null);
    }

    Retry retry() {
        if (NEW_JOB.contains(reason) || (isOfJob() && SAME_REQUEST.contains(reason))) {
            return Retry.NEW_JOB;
        }
        return SAME_REQUEST.contains(reason) || PASSING.contains(status) ? Retry.SAME_REQUEST : Retry.NEVER;
    }

    /** A job that is done stays so: the same request would bring the same failure. */
    private boolean isOfJob() {
        return status == 200;
    }

    QueryFailedException toException(String what, @Nullable String jobId, int attempts, @Nullable Throwable cause) {
        StringBuilder message = new StringBuilder(what).append(" failed: ").append(reason);
        if (status != 0) {
            message.append(", HTTP status ").append(status);
        }
        Matcher position = POSITION.matcher(serverMessage);
        if (position.find()) {
            message.append(", at ").append(position.group());
        }
        if (jobId != null) {
            message.append(", job ").append(jobId);
        }
        if (attempts > 1) {
            message.append(", after ").append(attempts).append(" attempts");
        }
        if (retryAfter != null) {
            message.append(", the server asks to wait ").append(retryAfter);
        }
        message.append(advice());
        return new QueryFailedException(this, message.toString(), jobId, cause);
    }

    private String advice() {
        return switch (reason) {
            case "bytesBilledLimitExceeded" -> "; maximumBytesBilled is too low for this query";
            case "notFound" -> "; a wrong location looks the same: set location";
            case "quotaExceeded" -> "; daily quotas begin anew at midnight, Pacific time";
            case "responseTooLarge" -> "; the result needs a destination table";
            case "authError", "unauthorized" -> "; the token source gave a token that is not accepted";
            default -> "";
        };
    }

    /** What a status without a reason means; 5xx and 429 may pass. */
    private static String word(int status) {
        return switch (status) {
            case 401 -> "authError";
            case 403 -> "accessDenied";
            case 404 -> "notFound";
            case 409 -> "duplicate";
            case 408, 429 -> "rateLimitExceeded";
            case 500, 502, 503, 504 -> "backendError";
            default -> "unknown";
        };
    }

    /** The two forms of RFC 9110, section 10.2.3; null for anything else. */
    private static @Nullable Duration duration(String value, Instant now) {
        String text = value.strip();
        if (SECONDS.matcher(text).matches()) {
            return Duration.ofSeconds(text.length() > 9 ? LONGEST_WAIT_SECONDS : Long.parseLong(text));
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
