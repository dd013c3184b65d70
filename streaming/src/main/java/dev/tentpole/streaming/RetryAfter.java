package dev.tentpole.streaming;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The header of RFC 9110, section 10.2.3: a number of seconds, or a date. */
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
        try {
            if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return value.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(value));
            }
            return Duration.between(
                    now,
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
