package dev.tentpole.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeRangeTest {

    /** A Wednesday. */
    private static final Instant NOW = Instant.parse("2026-02-18T13:45:30.500Z");

    @ParameterizedTest
    @CsvSource({
        "now,        2026-02-18T13:45:30.500Z",
        "now-6h,     2026-02-18T07:45:30.500Z",
        "now-90s,    2026-02-18T13:44:00.500Z",
        "now-500ms,  2026-02-18T13:45:30Z",
        "now-h,      2026-02-18T12:45:30.500Z",
        "now-1d/d,   2026-02-17T00:00:00Z",
        "now/w,      2026-02-16T00:00:00Z",
        "now-1M/M,   2026-01-01T00:00:00Z",
        "now/Q,      2026-01-01T00:00:00Z",
        "now-2y/y,   2024-01-01T00:00:00Z",
        "now/h-10m,  2026-02-18T12:50:00Z",
        "now-1Q,     2025-11-18T13:45:30.500Z",
        "1764000000000, 2025-11-24T16:00:00Z",
        "-1000,      1969-12-31T23:59:59Z",
        "2026-01-01T00:00:00Z, 2026-01-01T00:00:00Z",
    })
    void a_start_is_read_as_grafana_writes_it(String text, String expected) {
        assertThat(TimeRange.parse(text, "now", InstantSource.fixed(NOW)).from())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "now/d,   2026-02-18T23:59:59.999Z",
        "now/w,   2026-02-22T23:59:59.999Z",
        "now/M,   2026-02-28T23:59:59.999Z",
        "now/Q,   2026-03-31T23:59:59.999Z",
        "now/y,   2026-12-31T23:59:59.999Z",
        "now+1h,  2026-02-18T14:45:30.500Z",
    })
    void an_end_is_rounded_up(String text, String expected) {
        assertThat(TimeRange.parse("now-1y", text, InstantSource.fixed(NOW)).to())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "now-",
                "now-5",
                "now-5x",
                "now 5m",
                "now/",
                "now-99999999999999999999h",
                "now-999999999999999y",
                "99999999999999999",
                "-99999999999999999",
                "9999-01-01T00:00:00Z",
                "1e3",
                "now-1hnow-1hnow-1hnow-1hnow-1hnow-1hnow-1hnow-1hnow-1hnow-1hnow-1h"
            })
    void what_can_not_be_read_is_refused_by_name(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeRange.parse(text, "now", InstantSource.fixed(NOW)))
                .withMessageContaining("from");
    }

    @Test
    void a_range_that_ends_before_it_starts_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeRange.parse("now", "now-1h", InstantSource.fixed(NOW)))
                .withMessage("the time range ends at 2026-02-18T12:45:30.500Z, before its start at"
                        + " 2026-02-18T13:45:30.500Z: swap from and to");
    }

    @Test
    void the_ends_are_what_nanoseconds_can_hold() {
        TimeRange widest = new TimeRange(TimeRange.EARLIEST, TimeRange.LATEST);
        assertThat(widest.from()).isEqualTo("1677-09-21T00:12:43.145224192Z");
        assertThat(widest.to()).isEqualTo("2262-04-11T23:47:16.854775807Z");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TimeRange(TimeRange.EARLIEST.minusNanos(1), TimeRange.LATEST));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TimeRange(TimeRange.EARLIEST, TimeRange.LATEST.plusNanos(1)));
    }
}
