package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The header of RFC 9110, section 10.2.3, with the dates of section 5.6.7. */
final class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30 | 30",
                "0000000000005 | 5",
                "000 | 0",
                "0000000000000000000000000000000000000000000000000000 | 0",
                "99999999999999999999999 | 3600",
                "Sat, 28 Nov 2026 10:00:30 GMT | 30",
                "Saturday, 28-Nov-26 10:00:30 GMT | 30",
                "Sat Nov 28 10:00:30 2026 | 30",
                "Tue Dec  1 10:00:30 2026 | 3600",
                "Mon, 28 Nov 2026 10:00:30 GMT | 30",
                "Mon Nov 28 10:00:30 2026 | 30",
                "Sunday, 06-Nov-94 08:49:37 GMT | 0",
                "Sat, 28 Nov 2026 09:00:00 GMT | 0",
                "Sat, 31 Feb 2026 10:00:30 GMT | 0",
                "2026-11-28T10:00:30Z | 0",
                "-5 | 0",
                "'' | 0",
            })
    void it_is_a_number_of_seconds_or_a_date_in_any_of_three_forms(String value, long seconds) {
        assertThat(RetryAfter.parse(Map.of("retry-after", List.of(value)), NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
