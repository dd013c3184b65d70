package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Meters of what is used alone. */
final class PartsMetricsTest {

    private final FakeTime time = new FakeTime();
    private final MeterRegistry registry = new SimpleMeterRegistry();

    /** By name, but for the state of a breaker. */
    private Map<String, Double> shown() {
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getTag("name"))
                .containsOnly("orders");
        return registry.getMeters().stream()
                .filter(meter -> meter.getId().getTag("state") == null)
                .collect(Collectors.toMap(meter -> meter.getId().getName(), PartsMetricsTest::value));
    }

    private static double value(Meter meter) {
        return meter.measure().iterator().next().getValue();
    }

    @Test
    void a_rate_limit_alone() {
        try (RateLimiter limiter = RateLimiter.builder("orders")
                        .permits(2, Duration.ofDays(1))
                        .build(time);
                RetryMetrics metrics = new RetryMetrics(limiter)) {
            metrics.bindTo(registry);
            for (int i = 0; i < 5; i++) {
                assertThat(limiter.tryAcquire()).isEqualTo(i < 2);
            }
            assertThat(shown())
                    .isEqualTo(Map.of(
                            "tentpole.retry.limiter.permits", 0.0,
                            "tentpole.retry.limiter.waiting", 0.0,
                            "tentpole.retry.limiter.refused", 3.0));
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void a_bulkhead_alone() {
        try (Bulkhead bulkhead = Bulkhead.builder("orders").permits(1).build(time);
                RetryMetrics metrics = new RetryMetrics(bulkhead)) {
            metrics.bindTo(registry);
            bulkhead.run(() ->
                    assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> bulkhead.run(() -> {})));
            assertThat(shown())
                    .isEqualTo(Map.of(
                            "tentpole.retry.bulkhead.permits", 1.0,
                            "tentpole.retry.bulkhead.waiting", 0.0,
                            "tentpole.retry.bulkhead.refused", 1.0));
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void a_breaker_alone() {
        try (CircuitBreaker breaker = CircuitBreaker.builder("orders").build(time);
                RetryMetrics metrics = new RetryMetrics(breaker)) {
            metrics.bindTo(registry);
            breaker.forceOpen();
            assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> breaker.run(() -> {}));
            assertThat(shown())
                    .isEqualTo(Map.of(
                            "tentpole.retry.breaker.failure.rate", 0.0,
                            "tentpole.retry.breaker.refused", 1.0,
                            "tentpole.retry.breaker.probes.lost", 0.0));
            assertThat(registry.get("tentpole.retry.breaker.state").gauges())
                    .hasSize(5)
                    .filteredOn(gauge -> gauge.value() == 1)
                    .singleElement()
                    .satisfies(
                            gauge -> assertThat(gauge.getId().getTag("state")).isEqualTo("forced_open"));
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void a_budget_that_several_share() {
        RetryBudget budget =
                RetryBudget.builder().ratio(0).perSecond(0).maxSaved(1).build(time.clock());
        Policy policy = Policy.builder().backoff(Backoff.none()).build();
        try (Retryer retryer =
                        Retryer.builder().budget(budget).defaultPolicy(policy).build(time, false);
                RetryMetrics metrics = new RetryMetrics("orders", budget)) {
            metrics.bindTo(registry);
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> retryer.call(Operation.idempotent("read"), () -> {
                        throw new ConnectException();
                    }));
            assertThat(shown())
                    .isEqualTo(Map.of(
                            "tentpole.retry.budget", 0.0,
                            "tentpole.retry.budget.spent", 1.0,
                            "tentpole.retry.budget.refused", 1.0));
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void rate_limits_of_keys_are_shown_together_however_many_keys_there_are() {
        try (KeyedRateLimiter<Integer> limiter = RateLimiter.builder("orders")
                        .permits(1, Duration.ofDays(1))
                        .maxKeys(100)
                        .buildKeyed(time);
                RetryMetrics metrics = new RetryMetrics(limiter)) {
            metrics.bindTo(registry);
            for (int key = 0; key < 150; key++) {
                assertThat(limiter.tryAcquire(key)).isEqualTo(key <= 100);
            }
            assertThat(limiter.tryAcquire(0)).isFalse();
            assertThat(shown())
                    .isEqualTo(Map.of(
                            "tentpole.retry.keyed.keys", 100.0,
                            "tentpole.retry.keyed.refused", 50.0,
                            "tentpole.retry.keyed.overflows", 50.0));
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void parts_of_one_name_stand_beside_each_other_and_two_of_a_kind_do_not() {
        RateLimiter.Builder limit = RateLimiter.builder("orders").permits(1, Duration.ofDays(1));
        try (RateLimiter limiter = limit.build(time);
                RateLimiter another = limit.build(time);
                Bulkhead bulkhead = Bulkhead.builder("orders").build(time);
                Resilience all = Resilience.builder("orders").build(time, false);
                RetryMetrics ofLimiter = new RetryMetrics(limiter);
                RetryMetrics ofAnother = new RetryMetrics(another);
                RetryMetrics ofBulkhead = new RetryMetrics(bulkhead);
                RetryMetrics ofAll = new RetryMetrics(all)) {
            ofLimiter.bindTo(registry);
            ofBulkhead.bindTo(registry);
            int meters = registry.getMeters().size();
            assertThat(meters).isEqualTo(6);
            for (RetryMetrics taken : new RetryMetrics[] {ofAnother, ofAll}) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> taken.bindTo(registry))
                        .withMessageContaining("name = orders");
            }
            assertThat(registry.getMeters()).hasSize(meters);
        }
        assertThat(registry.getMeters()).isEmpty();
    }
}
