package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.retry.CircuitBreaker.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CircuitBreakerTest {

    private final FakeTime time = new FakeTime();
    private final List<String> changes = new ArrayList<>();

    private CircuitBreaker.Builder builder() {
        return CircuitBreaker.builder("db")
                .countWindow(4)
                .minimumCalls(4)
                .openJitter(0)
                .onChange((from, to) -> {
                    throw new IllegalStateException("a listener that is wrong");
                })
                .onChange((from, to) -> changes.add(from + ">" + to));
    }

    private static void fail(CircuitBreaker breaker, int times) {
        for (int i = 0; i < times; i++) {
            assertThatThrownBy(() -> breaker.run(() -> {
                        throw new IOException();
                    }))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void failures_open_it_time_half_opens_it_and_good_probes_close_it() {
        CircuitBreaker breaker = builder().probes(2).build(time);
        fail(breaker, 4);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> breaker.call(() -> 1))
                .withMessageContaining("db")
                .withMessageContaining("OPEN")
                .satisfies(e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(5)));
        assertThat(breaker.refused()).isEqualTo(1);
        time.pass(Duration.ofSeconds(5));
        assertThat(breaker.call(() -> 1)).isEqualTo(1);
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        assertThat(breaker.call(() -> 1)).isEqualTo(1);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(changes).containsExactly("CLOSED>OPEN", "OPEN>HALF_OPEN", "HALF_OPEN>CLOSED");
    }

    @Test
    void a_servers_advice_keeps_it_open_for_longer_within_its_bound() {
        CircuitBreaker breaker = builder()
                .maxAdvice(Duration.ofSeconds(20))
                .classifier(thrown -> Failure.of(FailureKind.OVERLOADED).after(Duration.ofHours(1)))
                .build(time);
        fail(breaker, 4);
        time.pass(Duration.ofSeconds(19));
        assertThat(breaker.mayPass()).isFalse();
        time.pass(Duration.ofSeconds(1));
        assertThat(breaker.mayPass()).isTrue();
    }

    @Test
    void jitter_makes_it_stay_open_longer_and_never_shorter() {
        CircuitBreaker breaker =
                builder().openFor(Duration.ofSeconds(10)).openJitter(1).build(time);
        fail(breaker, 4);
        time.pass(Duration.ofNanos(9_999_999_999L));
        assertThat(breaker.mayPass()).isFalse();
        time.pass(Duration.ofSeconds(10));
        assertThat(breaker.mayPass()).isTrue();
    }

    @Test
    void a_lost_probe_is_replaced_after_its_time() {
        CircuitBreaker breaker =
                builder().probes(1).probeTimeout(Duration.ofSeconds(30)).build(time);
        fail(breaker, 4);
        time.pass(Duration.ofSeconds(5));
        BreakerPhase lost = breaker.acquire();
        assertThat(lost).isNotNull();
        assertThat(breaker.acquire()).isNull();
        time.pass(Duration.ofSeconds(29));
        assertThat(breaker.acquire()).isNull();
        time.pass(Duration.ofSeconds(1));
        assertThat(breaker.call(() -> 1)).isEqualTo(1);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.lostProbes()).isEqualTo(1);
        long now = time.clock().nanoTime();
        lost.failed(now, now, Failure.of(FailureKind.TRANSIENT));
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void forced_states_stay_until_someone_says_otherwise() {
        CircuitBreaker breaker = builder().build(time);
        breaker.forceOpen();
        time.pass(Duration.ofDays(1));
        assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> breaker.call(() -> 1));
        breaker.forceClosed();
        fail(breaker, 20);
        assertThat(breaker.state()).isEqualTo(State.FORCED_CLOSED);
        breaker.automatic();
        fail(breaker, 3);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        fail(breaker, 1);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void forcing_wins_over_whatever_calls_report() {
        CircuitBreaker breaker = builder().build(time);
        fail(breaker, 3);
        BreakerPhase late = breaker.acquire();
        breaker.forceClosed();
        long now = time.clock().nanoTime();
        late.failed(now, now, Failure.of(FailureKind.TRANSIENT));
        assertThat(breaker.state()).isEqualTo(State.FORCED_CLOSED);
    }

    @Test
    void cancelled_calls_and_bugs_are_neither_and_refused_requests_are_good() {
        CircuitBreaker breaker = builder().build(time);
        for (RuntimeException thrown :
                new RuntimeException[] {new java.util.concurrent.CancellationException(), new NullPointerException()}) {
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> breaker.call(() -> {
                            throw thrown;
                        }))
                        .isSameAs(thrown);
            }
        }
        assertThat(breaker.failureRate()).isZero();
        fail(breaker, 2);
        assertThat(breaker.failureRate()).isEqualTo(1);
        assertThatThrownBy(() -> breaker.call(() -> {
            throw new IllegalArgumentException();
        }));
        assertThat(breaker.failureRate()).isEqualTo(2.0 / 3);
    }

    @Test
    void slow_calls_open_it() {
        CircuitBreaker breaker = builder().slowCalls(Duration.ofMillis(50), 0.5).build(time);
        for (int i = 0; i < 4; i++) {
            breaker.run(() -> time.pass(Duration.ofMillis(50)));
        }
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void probes_are_held_to_the_same_limits_as_calls() {
        CircuitBreaker breaker = builder().slowCalls(Duration.ofMillis(50), 1).build(time);
        fail(breaker, 4);
        time.pass(Duration.ofSeconds(5));
        for (int i = 0; i < 2; i++) {
            breaker.run(() -> time.pass(Duration.ofMillis(50)));
        }
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        breaker.run(() -> {});
        assertThat(breaker.state()).as("not all probes were slow").isEqualTo(State.CLOSED);
    }

    @Test
    void a_time_window_forgets() {
        CircuitBreaker breaker =
                builder().timeWindow(Duration.ofSeconds(10)).minimumCalls(4).build(time);
        fail(breaker, 3);
        time.pass(Duration.ofSeconds(10));
        fail(breaker, 3);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.failureRate()).isEqualTo(1);
        fail(breaker, 1);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @RepeatedTest(20)
    void no_more_probes_pass_than_allowed_however_many_threads_ask() throws Exception {
        CircuitBreaker breaker = builder().probes(3).build(time);
        fail(breaker, 4);
        time.pass(Duration.ofSeconds(5));
        int threads = 8;
        CyclicBarrier together = new CyclicBarrier(threads);
        AtomicInteger passed = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(threads);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                try {
                    together.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                if (breaker.acquire() != null) {
                    passed.incrementAndGet();
                }
                asked.countDown();
            });
            all.add(thread);
            thread.start();
        }
        asked.await();
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(passed).hasValue(3);
    }

    @RepeatedTest(5)
    void calls_of_several_threads_are_all_counted() throws Exception {
        CircuitBreaker breaker =
                CircuitBreaker.builder("b").minimumCalls(100_000).build(time);
        int threads = 4;
        int each = 5_000;
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    boolean bad = i % 4 == 0;
                    try {
                        breaker.run(() -> {
                            if (bad) {
                                throw new IOException();
                            }
                        });
                    } catch (IOException e) {
                        assertThat(bad).isTrue();
                    }
                }
            });
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(breaker.failureRate()).isEqualTo(0.25);
    }
}
