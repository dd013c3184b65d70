package dev.tentpole.retry;

import dev.tentpole.base.StressRun;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("thorough")
final class StressTest {

    @Test
    @Timeout(300)
    void no_interleaving_breaks_a_promise() throws IOException, InterruptedException {
        StressRun.of(StressTest.class, Duration.ofMillis(300), 64);
    }
}
