package dev.tentpole.streaming;

import static java.time.temporal.ChronoField.DAY_OF_MONTH;
import static java.time.temporal.ChronoField.HOUR_OF_DAY;
import static java.time.temporal.ChronoField.MINUTE_OF_HOUR;
import static java.time.temporal.ChronoField.MONTH_OF_YEAR;
import static java.time.temporal.ChronoField.SECOND_OF_MINUTE;
import static java.time.temporal.ChronoField.YEAR;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The header of RFC 9110, section 10.2.3: a number of seconds, or a date in one of the three forms of section 5.6.7. */
final class RetryAfter {

    /** What a server can ask for at most; a client that waits for a day is dead to its user. */
    static final Duration LONGEST = Duration.ofHours(1);

    private RetryAfter() {}

    /** How long the server asks to wait; zero if it does not, or in a way that makes no sense. */
    static Duration parse(Map<String, List<String>> headers, Instant now) {
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            if (header.getKey().toLowerCase(Locale.ROOT).equals("retry-after")
                    && !header.getValue().isEmpty()) {
                return bounded(parse(header.getValue().get(0).strip(), now));
            }
        }
        return Duration.ZERO;
    }

    static Duration bounded(Duration wanted) {
        return wanted.isNegative() ? Duration.ZERO : wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
    }

    private static Duration parse(String value, Instant now) {
        if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            String digits = value.replaceFirst("^0+(?=.)", "");
            return digits.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
        }
        for (DateTimeFormatter form : forms(now.atOffset(ZoneOffset.UTC).toLocalDate())) {
            try {
                return Duration.between(now, LocalDateTime.parse(value, form).toInstant(ZoneOffset.UTC));
            } catch (DateTimeException e) {
                // It may have another form.
            }
        }
        return Duration.ZERO;
    }

    private static List<DateTimeFormatter> forms(LocalDate today) {
        return List.of(
                form(new DateTimeFormatterBuilder().appendPattern("EEE, d MMM uuuu HH:mm:ss 'GMT'")),
                // A year of two digits that would be more than 50 years ahead is of the century before.
                form(new DateTimeFormatterBuilder()
                        .appendPattern("EEEE, dd-MMM-")
                        .appendValueReduced(YEAR, 2, 2, today.minusYears(49))
                        .appendPattern(" HH:mm:ss 'GMT'")),
                form(new DateTimeFormatterBuilder().appendPattern("EEE MMM ppd HH:mm:ss uuuu")));
    }

    /** The day of the week is read and not believed. */
    private static DateTimeFormatter form(DateTimeFormatterBuilder pattern) {
        return pattern.toFormatter(Locale.US)
                .withResolverStyle(ResolverStyle.STRICT)
                .withResolverFields(YEAR, MONTH_OF_YEAR, DAY_OF_MONTH, HOUR_OF_DAY, MINUTE_OF_HOUR, SECOND_OF_MINUTE);
    }
}
