package dev.tentpole.health;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a {@link HealthCheck} found: healthy, degraded or unhealthy, why, and for how long to believe it.
 *
 * <p>Immutable. The message is the check author's own words and is shown to authorised readers: no secret and no
 * exception's text belongs in it. An exception given to {@link #withException} is kept as text, not as an object, and is
 * shown in full reports only.
 */
public final class CheckResult {

    private static final int MAX_TEXT = 1_024;
    private static final int MAX_DETAILS = 32;
    private static final int MAX_CAUSES = 4;
    private static final Duration SHORTEST_TIME_TO_LIVE = Duration.ofMillis(100);
    private static final Duration LONGEST_TIME_TO_LIVE = Duration.ofDays(7);
    private static final CheckResult HEALTHY =
            new CheckResult(Status.HEALTHY, ReasonCategory.NONE, "", Map.of(), null, null);

    private final Status status;
    private final ReasonCategory reason;
    private final String message;
    private final Map<String, String> details;
    private final @Nullable Duration timeToLive;
    private final @Nullable String exceptionText;

    private CheckResult(
            Status status,
            ReasonCategory reason,
            String message,
            Map<String, String> details,
            @Nullable Duration timeToLive,
            @Nullable String exceptionText) {
        this.status = status;
        this.reason = reason;
        this.message = message;
        this.details = details;
        this.timeToLive = timeToLive;
        this.exceptionText = exceptionText;
    }

    /**
     * {@return a healthy result without a message; always the same one}
     */
    public static CheckResult healthy() {
        return HEALTHY;
    }

    /**
     * {@return a healthy result}
     *
     * @param message a few words for authorised readers; cut at 1,024 characters
     */
    public static CheckResult healthy(String message) {
        return new CheckResult(Status.HEALTHY, ReasonCategory.NONE, cut(message), Map.of(), null, null);
    }

    /**
     * {@return a degraded result: it works, but worse than it should}
     *
     * @param reason why
     * @param message a few words for authorised readers; cut at 1,024 characters
     */
    public static CheckResult degraded(ReasonCategory reason, String message) {
        return new CheckResult(
                Status.DEGRADED, Objects.requireNonNull(reason, "reason"), cut(message), Map.of(), null, null);
    }

    /**
     * {@return an unhealthy result}
     *
     * @param reason why
     * @param message a few words for authorised readers; cut at 1,024 characters
     */
    public static CheckResult unhealthy(ReasonCategory reason, String message) {
        return new CheckResult(
                Status.UNHEALTHY, Objects.requireNonNull(reason, "reason"), cut(message), Map.of(), null, null);
    }

    /**
     * {@return an unhealthy result for an exception: its category, its type's name as the message, its text for full
     * reports only}
     *
     * @param exception what was thrown
     */
    public static CheckResult failed(Throwable exception) {
        return unhealthy(
                        ReasonCategory.of(exception),
                        "threw " + exception.getClass().getSimpleName())
                .withException(exception);
    }

    /**
     * {@return this result with one detail more, for full reports}
     *
     * @param name the detail's name, not blank; a detail of that name is replaced
     * @param value the detail's value; cut at 1,024 characters
     * @throws IllegalArgumentException if the name is blank, or there would be more than 32 details
     */
    public CheckResult withDetail(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(details);
        more.put(cut(Args.notBlank("detail", name)), cut(String.valueOf(value)));
        Args.inRange("details", more.size(), 0, MAX_DETAILS);
        return new CheckResult(status, reason, message, Collections.unmodifiableMap(more), timeToLive, exceptionText);
    }

    /**
     * {@return this result, to be believed for the given time instead of the check's own terms}
     *
     * <p>The next run is due when the time is over, and the check is stale if that run brings nothing within its timeout.
     *
     * @param time for how long, 100 ms to 7 days
     * @throws IllegalArgumentException if the time is out of range
     */
    public CheckResult withTimeToLive(Duration time) {
        Args.inRange("timeToLive", time, SHORTEST_TIME_TO_LIVE, LONGEST_TIME_TO_LIVE);
        return new CheckResult(status, reason, message, details, time, exceptionText);
    }

    /**
     * {@return this result with an exception's text, for full reports only}
     *
     * @param exception what was thrown; its type and message and those of up to three causes are kept, not the object
     */
    public CheckResult withException(Throwable exception) {
        StringBuilder text = new StringBuilder();
        Throwable current = Objects.requireNonNull(exception, "exception");
        for (int depth = 0; current != null && depth < MAX_CAUSES; depth++) {
            text.append(depth == 0 ? "" : "; caused by ").append(textOf(current));
            current = current.getCause();
        }
        return new CheckResult(status, reason, message, details, timeToLive, cut(text.toString()));
    }

    /**
     * {@return healthy, degraded or unhealthy}
     */
    public Status status() {
        return status;
    }

    /**
     * {@return why; {@link ReasonCategory#NONE} for a healthy result}
     */
    public ReasonCategory reason() {
        return reason;
    }

    /**
     * {@return the check author's words, maybe empty}
     */
    public String message() {
        return message;
    }

    /**
     * {@return further facts, in the order in which they were added; not modifiable}
     */
    public Map<String, String> details() {
        return details;
    }

    /**
     * {@return for how long to believe this result, if it says so itself}
     */
    public Optional<Duration> timeToLive() {
        return Optional.ofNullable(timeToLive);
    }

    /**
     * {@return the text of the exception behind this result, if there is one; may hold secrets}
     */
    public Optional<String> exceptionText() {
        return Optional.ofNullable(exceptionText);
    }

    @Override
    public String toString() {
        return "CheckResult[" + status + ", " + reason + ", " + message + "]";
    }

    /** A broken {@code getMessage()} must not break the check that reports it. */
    private static String textOf(Throwable exception) {
        try {
            return exception.toString();
        } catch (RuntimeException e) {
            return exception.getClass().getName();
        }
    }

    private static String cut(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        boolean insidePair = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1));
        return text.substring(0, insidePair ? MAX_TEXT - 1 : MAX_TEXT);
    }
}
