package dev.tentpole.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class CoarseClockTest {

    @Test
    void it_follows_the_precise_clock_and_is_never_ahead() {
        try (CoarseClock clock = CoarseClock.open()) {
            long start = clock.nanoTime();
            while (clock.nanoTime() == start) {
                LockSupport.parkNanos(1_000_000);
                assertThat(System.nanoTime() - clock.nanoTime()).isNotNegative();
            }
            assertThat(clock.nanoTime() - start).isPositive();
        }
    }

    @Test
    void the_thread_ends_with_the_last_clock_and_starts_again_with_the_next() {
        awaitNoThread();
        CoarseClock first = CoarseClock.open();
        CoarseClock second = CoarseClock.open();
        List<Thread> threads = clockThreads();
        assertThat(threads).hasSize(1);
        assertThat(threads.get(0).isDaemon()).isTrue();
        first.close();
        first.close();
        assertThat(clockThreads()).hasSize(1);
        second.close();
        awaitNoThread();
        try (CoarseClock third = CoarseClock.open()) {
            assertThat(clockThreads()).hasSize(1);
            assertThat(System.nanoTime() - third.nanoTime()).isNotNegative();
        }
        awaitNoThread();
    }

    @Test
    void a_closed_clock_is_precise() {
        CoarseClock clock = CoarseClock.open();
        clock.close();
        long before = System.nanoTime();
        assertThat(clock.nanoTime() - before).isNotNegative();
    }

    private static void awaitNoThread() {
        while (!clockThreads().isEmpty()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static List<Thread> clockThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tentpole-base-clock"))
                .toList();
    }
}
