package dev.tentpole.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
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

    @Test
    void threads_that_call_themselves_alike_lose_nothing() throws InterruptedException {
        StripedCounter counter = new StripedCounter();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Namesake(() -> {
                for (int k = 0; k < 200_000; k++) {
                    counter.increment();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(counter.sum()).isEqualTo(800_000);
    }

    @Test
    void a_sum_has_all_that_was_added_before_and_never_falls_while_one_is_added() throws InterruptedException {
        StripedCounter counter = new StripedCounter();
        AtomicLong added = new AtomicLong();
        Thread adder = new Thread(() -> {
            for (int k = 0; k < 500_000; k++) {
                counter.increment();
                added.set(k + 1);
            }
        });
        adder.start();
        long last = 0;
        while (adder.isAlive()) {
            long before = added.get();
            long sum = counter.sum();
            assertThat(sum).isBetween(Math.max(before, last), added.get() + 1);
            last = sum;
        }
        assertThat(counter.sum()).isEqualTo(500_000);
    }

    private static final class Namesake extends Thread {

        Namesake(Runnable task) {
            super(task);
        }

        @Override
        public long getId() {
            return 1_234_567;
        }
    }
}
