package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerAdviceTest {

    private static final Instant NOW = Instant.parse("2026-11-06T08:49:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | PT0S",
                "120 | PT2M",
                " 7  | PT7S",
                "99999999999999999999 | PT277777777777777H46M39S",
                "Fri, 06 Nov 2026 08:49:37 GMT | PT37S",
                "Fri, 06 Nov 2026 08:49:60 GMT | PT1M",
                "Friday, 06-Nov-26 08:49:60 GMT | PT1M",
                "Fri Nov  6 08:49:60 2026 | PT1M",
                "Friday, 06-Nov-26 08:49:37 GMT | PT37S",
                "Fri Nov  6 08:49:37 2026 | PT37S",
                "Fri, 06 Nov 2026 08:00:00 GMT | PT0S",
                "Sun, 06 Nov 1994 08:49:37 GMT | PT0S"
            })
    void retry_after_is_seconds_or_a_date_in_each_of_the_three_forms(String value, Duration advice) {
        assertThat(ServerAdvice.retryAfter(value, NOW)).contains(advice);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "Fri, 06 Nov 2026", "1e3", "٣"})
    void what_cannot_be_read_is_no_advice(String value) {
        assertThat(ServerAdvice.retryAfter(value, NOW)).isEmpty();
        if (!value.equals("1.5")) {
            assertThat(ServerAdvice.rateLimitReset(value, NOW)).isEmpty();
        }
    }

    @Test
    void the_reset_of_a_rate_limit_is_seconds_or_a_point_in_time() {
        assertThat(ServerAdvice.rateLimitReset("30", NOW)).contains(Duration.ofSeconds(30));
        assertThat(ServerAdvice.rateLimitReset("" + NOW.plusSeconds(5).getEpochSecond(), NOW))
                .contains(Duration.ofSeconds(5));
        assertThat(ServerAdvice.rateLimitReset("" + NOW.minusSeconds(5).getEpochSecond(), NOW))
                .contains(Duration.ZERO);
        assertThat(ServerAdvice.rateLimitReset("" + NOW.plusSeconds(5).toEpochMilli(), NOW))
                .contains(Duration.ofSeconds(5));
        assertThat(ServerAdvice.rateLimitReset("44.123", NOW)).contains(Duration.ofSeconds(45));
        assertThat(ServerAdvice.rateLimitReset(NOW.plusSeconds(4).getEpochSecond() + ".5", NOW))
                .contains(Duration.ofSeconds(5));
        assertThat(ServerAdvice.rateLimitReset("999999999999999999", NOW)).isPresent();
    }

    @Test
    void grpc_pushback_is_a_wait_or_a_refusal() {
        Failure failure = Failure.of(FailureKind.TRANSIENT);
        assertThat(ServerAdvice.pushback(failure, "250").retryAfter()).contains(Duration.ofMillis(250));
        assertThat(ServerAdvice.pushback(failure, "250").refusesRetry()).isFalse();
        assertThat(ServerAdvice.pushback(failure, "-1").refusesRetry()).isTrue();
        assertThat(ServerAdvice.pushback(failure, "later").refusesRetry()).isTrue();
    }
}
