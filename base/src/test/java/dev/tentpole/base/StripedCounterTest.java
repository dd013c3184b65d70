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

    @Test
    void nothing_is_lost_when_threads_end_and_others_take_their_stripes() throws InterruptedException {
        StripedCounter counter = new StripedCounter();
        long expected = 0;
        for (int round = 0; round < 300; round++) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int times = 100 * (i + 1);
                Thread thread = new Thread(() -> {
                    for (int k = 0; k < times; k++) {
                        counter.increment();
                    }
                });
                thread.start();
                threads.add(thread);
                expected += times;
            }
            for (Thread thread : threads) {
                thread.join();
            }
            if (round % 50 == 0) {
                System.gc();
            }
            counter.increment();
            expected++;
            assertThat(counter.sum()).isEqualTo(expected);
        }
    }
}
