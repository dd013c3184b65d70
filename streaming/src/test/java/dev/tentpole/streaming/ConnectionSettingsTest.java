package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Settings and sizes. */
final class ConnectionSettingsTest {

    @Example
    void a_setting_out_of_range_is_refused_with_name_value_and_range() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> ConnectionSettings.builder().heartbeatMisses(0).build())
                .withMessage("heartbeatMisses = 0 is not in 1..100");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        ConnectionSettings.builder().sendTimeout(Duration.ZERO).build())
                .withMessage("sendTimeout = PT0S is not in PT0.001S..PT5M");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionSettings.builder()
                        .backoffBase(Duration.ofMinutes(1))
                        .build())
                .withMessage("backoffBase = PT1M, must be at most backoffCap = PT30S");
    }

    @Example
    void a_block_lasts_half_a_heartbeat_and_five_seconds_at_most() {
        assertThat(ConnectionSettings.defaults().longestBlock()).isEqualTo(Duration.ofSeconds(5));
        assertThat(ConnectionSettings.builder()
                        .heartbeat(Duration.ofSeconds(1))
                        .build()
                        .longestBlock())
                .isEqualTo(Duration.ofMillis(500));
    }

    @Property
    void the_size_of_text_is_that_of_its_utf8(@ForAll String text) {
        String readBack = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        if (readBack.equals(text)) {
            assertThat(WireMessage.text(text).size()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
            assertThat(WireMessage.text(text).bytes()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> WireMessage.text(text));
        }
    }
}
