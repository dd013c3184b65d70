package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class BulkheadTest {

    private final FakeTime time = new FakeTime();

    @Test
    void no_more_calls_than_permits_are_under_way() {
        Bulkhead bulkhead = Bulkhead.builder("db").permits(1).build(time);
        Bulkhead.Permit permit = bulkhead.acquire();
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> bulkhead.call(() -> 1))
                .withMessageContaining("all 1 permits of bulkhead db")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(CallRejectedException.Reason.BULKHEAD_FULL));
        permit.close();
        permit.close();
        assertThat(bulkhead.available()).isEqualTo(1);
        assertThat(bulkhead.<Integer, RuntimeException>call(() -> 1)).isEqualTo(1);
        assertThatThrownBy(() -> bulkhead.run(() -> {
                    throw new IOException();
                }))
                .isInstanceOf(IOException.class);
        assertThat(bulkhead.available()).isEqualTo(1);
        assertThat(bulkhead.refused()).isEqualTo(1);
    }

    @Test
    void it_waits_no_longer_than_it_may() {
        Bulkhead bulkhead =
                Bulkhead.builder("db").permits(1).maxWait(Duration.ofSeconds(3)).build(time);
        Bulkhead.Permit permit = bulkhead.acquire();
        assertThatExceptionOfType(CallRejectedException.class).isThrownBy(bulkhead::acquire);
        assertThat(time.waited()).isEqualTo(Duration.ofSeconds(3));
        time.duringNextWait(permit::close);
        bulkhead.acquire().close();
        assertThat(time.waited()).isEqualTo(Duration.ofSeconds(3));
        assertThat(bulkhead.waiting()).isZero();
    }

    @Test
    void an_interrupted_or_closed_wait_takes_no_place() {
        Bulkhead bulkhead =
                Bulkhead.builder("db").permits(1).maxWait(Duration.ofSeconds(3)).build(time);
        Bulkhead.Permit permit = bulkhead.acquire();
        time.duringNextWait(() -> Thread.currentThread().interrupt());
        assertThatExceptionOfType(CallInterruptedException.class).isThrownBy(bulkhead::acquire);
        assertThat(Thread.interrupted()).isTrue();
        time.duringNextWait(bulkhead::close);
        assertThatExceptionOfType(CallRejectedException.class).isThrownBy(bulkhead::acquire);
        permit.close();
        assertThat(bulkhead.available()).isEqualTo(1);
        assertThat(bulkhead.waiting()).isZero();
    }

    @RepeatedTest(10)
    void threads_that_wait_all_get_their_turn_and_the_bound_holds() throws Exception {
        Bulkhead bulkhead = Bulkhead.builder("db")
                .permits(2)
                .maxWait(Duration.ofSeconds(30))
                .build();
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 200; i++) {
                    bulkhead.run(() -> {
                        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                        Thread.onSpinWait();
                        underWay.decrementAndGet();
                    });
                    done.incrementAndGet();
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(done).hasValue(1_600);
        assertThat(most.get()).isLessThanOrEqualTo(2);
        assertThat(bulkhead.available()).isEqualTo(2);
    }

    @Test
    void those_who_wait_are_served_in_their_order() throws Exception {
        Bulkhead bulkhead = Bulkhead.builder("db")
                .permits(1)
                .maxWait(Duration.ofSeconds(30))
                .build();
        Bulkhead.Permit permit = bulkhead.acquire();
        List<Integer> order = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 5; t++) {
            int number = t;
            Thread thread = new Thread(() -> bulkhead.run(() -> order.add(number)));
            threads.add(thread);
            thread.start();
            while (bulkhead.waiting() <= t) {
                LockSupport.parkNanos(100_000);
            }
        }
        permit.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }
}
