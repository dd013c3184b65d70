package dev.tentpole.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StripedCounterTest {

    @Test
    void nothing_that_threads_add_is_lost() throws InterruptedException {
        StripedCounter counter = new StripedCounter();
        List<Thread> threads = new ArrayList<>();
        // More threads than there can be cells, so that some share one.
        for (int i = 0; i < 150; i++) {
            Thread thread = new Thread(() -> {
                for (int k = 0; k < 10_000; k++) {
                    counter.increment();
                }
                counter.add(-500);
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(counter.sum()).isEqualTo(150 * 9_500L);
    }
}
