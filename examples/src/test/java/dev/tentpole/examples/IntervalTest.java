package dev.tentpole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IntervalTest {

    @ParameterizedTest
    @CsvSource({"1ms,PT0.001S", "90s,PT1M30S", "5m,PT5M", "2h,PT2H", "1d,PT24H", "1w,PT168H", "1y,PT8760H"})
    void an_interval_is_read(String text, Duration expected) {
        assertThat(Interval.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "0s", "-5m", "5 m", "1.5h", "5M", "9999999999999999d", "999999999999999y"})
    void what_is_not_an_interval_is_nothing(String text) {
        assertThat(Interval.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT0.001S,1ms", "PT1.5S,1500ms", "PT90S,90s", "PT5M,5m", "PT2H,2h", "PT48H,2d", "PT0S,1ms"})
    void an_interval_is_written_with_the_largest_unit_that_divides_it(Duration interval, String expected) {
        assertThat(Interval.format(interval)).isEqualTo(expected);
    }
}
