package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten seconds of the soak; {@link Soak} runs it for a minute, or for longer. */
final class SoakTest {

    @Test
    @Timeout(120)
    void whatever_happens_the_pool_adds_up_and_leaves_nothing_behind() throws InterruptedException {
        new Soak().run(Duration.ofSeconds(10), 20261127);
        Until.holds(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("tentpole-pool-")));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
