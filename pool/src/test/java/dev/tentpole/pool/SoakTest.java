package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Ten seconds of the soak, or as long as {@code -Dtentpole.soak=PT1M} says. */
final class SoakTest {

    private static final Duration LENGTH = Duration.parse(System.getProperty("tentpole.soak", "PT10S"));

    @Test
    void whatever_happens_the_pool_adds_up_and_leaves_nothing_behind() {
        assertTimeoutPreemptively(LENGTH.plusSeconds(60), SoakTest::runAndWaitForTheEndOfItsThreads);
    }

    private static void runAndWaitForTheEndOfItsThreads() throws InterruptedException, IOException {
        new Soak().run(LENGTH, 20261127);
        Until.holds(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("tentpole-pool-")));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
