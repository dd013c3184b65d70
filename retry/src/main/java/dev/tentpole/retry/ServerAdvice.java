package dev.tentpole.retry;

import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads what servers say about when to come back: {@code Retry-After}, gRPC's pushback, the reset of a rate limit.
 *
 * <p>What can't be read is no advice: an empty answer, never an exception. Advice about the past is zero. Stateless and
 * safe for use by several threads.
 */
public final class ServerAdvice {

    /** Larger numbers of seconds are points in time (seconds since 1970), as in {@code X-RateLimit-Reset}. */
    private static final long EPOCH_SECONDS = 1_000_000_000L;

    /** In seconds the year 5138. */
    private static final long EPOCH_MILLIS = 100_000_000_000L;

    private static final int TWO_DIGIT_YEARS = 100;
    private static final int PAST_YEARS = 50;

    /** Longer numbers are taken for the largest of so many digits, which is beyond every bound. */
    private static final int MAX_DIGITS = 18;

    private static final long LARGEST = 999_999_999_999_999_999L;

    private ServerAdvice() {}

    /**
     * {@return what the value of a {@code Retry-After} header says: seconds or an HTTP date, RFC 9110 section 10.2.3}
     *
     * <p>All three forms of HTTP dates are read (RFC 9110 section 5.6.7).
     *
     * @param value the header's value
     * @param now the time that a date is compared with
     */
    public static Optional<Duration> retryAfter(String value, Instant now) {
        String text = value.strip();
        Optional<Long> seconds = number(text);
        if (seconds.isPresent()) {
            return seconds.filter(number -> number >= 0).map(Duration::ofSeconds);
        }
        // A leap second, which no instant has, is the second after the one before it.
        boolean leaps = text.contains(":60 ");
        Optional<Instant> date = date(leaps ? text.replace(":60 ", ":59 ") : text, now);
        return date.map(then -> until(leaps ? then.plusSeconds(1) : then, now));
    }

    private static Optional<Instant> date(String text, Instant now) {
        for (DateTimeFormatter form : dateForms(now)) {
            ParsePosition position = new ParsePosition(0);
            TemporalAccessor parsed = form.parseUnresolved(text, position);
            if (parsed != null && position.getErrorIndex() < 0 && position.getIndex() == text.length()) {
                return date(form, text);
            }
        }
        return Optional.empty();
    }

    /** The form fits; the date itself may still be none, such as the 30th of February. */
    private static Optional<Instant> date(DateTimeFormatter form, String text) {
        try {
            return Optional.of(Instant.from(form.parse(text)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * {@return what the reset of a rate limit says ({@code RateLimit-Reset}, {@code X-RateLimit-Reset}): seconds from now,
     * or, from 1,000,000,000 up, seconds since 1970, or, from 100,000,000,000 up, milliseconds since 1970}
     *
     * <p>Parts of a second, which some servers send, count as a whole one.
     *
     * @param value the header's value
     * @param now the time that a point in time is compared with
     */
    public static Optional<Duration> rateLimitReset(String value, Instant now) {
        String text = value.strip();
        int point = text.indexOf('.');
        if (point > 0 && number(text.substring(point + 1)).orElse(-1L) >= 0) {
            return rateLimitReset(text.substring(0, point), now).map(time -> time.plusSeconds(1));
        }
        return number(text).filter(number -> number >= 0).map(number -> {
            if (number < EPOCH_SECONDS) {
                return Duration.ofSeconds(number);
            }
            return until(number < EPOCH_MILLIS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number), now);
        });
    }

    /**
     * {@return the failure with what gRPC's {@code grpc-retry-pushback-ms} says: wait that long, or, if it is negative or
     * can't be read, do not try again (gRPC proposal A6)}
     *
     * @param failure what is known else
     * @param value the trailer's value
     */
    public static Failure pushback(Failure failure, String value) {
        return number(value.strip())
                .filter(millis -> millis >= 0)
                .map(millis -> failure.after(Duration.ofMillis(millis)))
                .orElseGet(failure::withoutRetry);
    }

    private static Duration until(Instant then, Instant now) {
        return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
    }

    private static Optional<Long> number(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        boolean digits = text.length() > start && text.chars().skip(start).allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            return Optional.empty();
        }
        boolean tooLong = text.length() - start > MAX_DIGITS;
        return Optional.of(tooLong ? (start == 0 ? LARGEST : -LARGEST) : Long.parseLong(text));
    }

    /** The form of today, RFC 850's with its two-digit year (at most 50 years in the future), and asctime's. */
    private static List<DateTimeFormatter> dateForms(Instant now) {
        int firstYear = now.atZone(ZoneOffset.UTC).getYear() + PAST_YEARS - TWO_DIGIT_YEARS + 1;
        return List.of(
                DateTimeFormatter.RFC_1123_DATE_TIME,
                new DateTimeFormatterBuilder()
                        .appendPattern("EEEE, dd-MMM-")
                        .appendValueReduced(ChronoField.YEAR, 2, 2, firstYear)
                        .appendPattern(" HH:mm:ss 'GMT'")
                        .toFormatter(Locale.ENGLISH)
                        .withZone(ZoneOffset.UTC),
                DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
                        .withZone(ZoneOffset.UTC));
    }
}
