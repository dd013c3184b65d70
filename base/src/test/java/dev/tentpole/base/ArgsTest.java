package dev.tentpole.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ArgsTest {

    @Test
    void bounds_are_inclusive() {
        assertThat(Args.inRange("size", 1, 1, 3)).isEqualTo(1);
        assertThat(Args.inRange("size", 3, 1, 3)).isEqualTo(3);
        assertThat(Args.inRange("bytes", 3L, 1L, 3L)).isEqualTo(3);
        assertThat(Args.inRange("wait", Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1)))
                .isZero();
    }

    @Test
    void a_refusal_names_setting_value_and_range() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Args.inRange("size", 0, 1, 3))
                .withMessage("size = 0 is not in 1..3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Args.inRange("bytes", 4L, 1L, 3L))
                .withMessage("bytes = 4 is not in 1..3");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Args.inRange("wait", Duration.ofSeconds(2), Duration.ofMillis(1), Duration.ofSeconds(1)))
                .withMessage("wait = PT2S is not in PT0.001S..PT1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Args.notBlank("name", " "))
                .withMessage("name is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Args.check(false, "jitter", 2.0, "0.0 to 1.0"))
                .withMessage("jitter = 2.0, must be 0.0 to 1.0");
    }

    @Test
    void a_missing_value_is_named() {
        assertThatNullPointerException()
                .isThrownBy(() -> Args.notBlank("name", null))
                .withMessage("name");
        assertThatNullPointerException()
                .isThrownBy(() -> Args.inRange("wait", null, Duration.ZERO, Duration.ZERO))
                .withMessage("wait");
    }
}
