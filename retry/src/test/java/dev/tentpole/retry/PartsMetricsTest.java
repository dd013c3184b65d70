package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    @Test
    void a_second_one_is_refused_where_the_registry_maps_names() {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.withName("company." + id.getName()).withTag(Tag.of("name", "one of many"));
            }
        });
        try (Resilience one = Resilience.builder("one").build(time, false);
                Resilience two = Resilience.builder("two").build(time, false);
                RetryMetrics first = new RetryMetrics(one);
                RetryMetrics second = new RetryMetrics(two)) {
            one.call(Operation.of("orders.read"), () -> 1);
            first.bindTo(registry);
            int count = registry.getMeters().size();
            assertThat(count).isPositive();
            assertThatIllegalStateException()
                    .isThrownBy(() -> second.bindTo(registry))
                    .withMessageContaining("name = two");
            second.close();
            assertThat(registry.getMeters()).hasSize(count);
            first.close();
            assertThat(registry.getMeters()).isEmpty();
            second.bindTo(registry);
            assertThat(registry.getMeters()).isNotEmpty();
        }
    }

    @Test
    void meters_of_an_operation_that_the_registry_takes_for_those_of_another_one_stay_that_ones() {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getTag("operation") == null ? id : id.withTag(Tag.of("name", "one of many"));
            }
        });
        Operation read = Operation.of("orders.read");
        try (Resilience one = Resilience.builder("one").build(time, false);
                Resilience two = Resilience.builder("two").build(time, false);
                RetryMetrics first = new RetryMetrics(one);
                RetryMetrics second = new RetryMetrics(two)) {
            first.bindTo(registry);
            second.bindTo(registry);
            assertThat(one.<Integer, RuntimeException>call(read, () -> 1)).isEqualTo(1);
            assertThat(two.<Integer, RuntimeException>call(read, () -> 2)).isEqualTo(2);
            assertThat(two.<Integer, RuntimeException>call(read, () -> 3)).isEqualTo(3);
            second.close();
            assertThat(registry.get("tentpole.retry.attempts").functionCounter().count())
                    .isEqualTo(1);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void of_two_of_one_name_that_are_bound_at_once_one_is_refused() throws Exception {
        try (RateLimiter limiter =
                RateLimiter.builder("orders").permits(2, Duration.ofDays(1)).build(time)) {
            for (int i = 0; i < 500; i++) {
                AtomicInteger refused = new AtomicInteger();
                List<RetryMetrics> both = List.of(new RetryMetrics(limiter), new RetryMetrics(limiter));
                Crowd.work(2, number -> {
                    try {
                        both.get(number).bindTo(registry);
                    } catch (IllegalStateException e) {
                        refused.incrementAndGet();
                    }
                });
                assertThat(refused).hasValue(1);
                assertThat(registry.getMeters()).hasSize(3);
                both.forEach(RetryMetrics::close);
                assertThat(registry.getMeters()).isEmpty();
            }
        }
    }

    @Test
    void the_limits_of_a_retryer_how_full_they_are_and_how_often_they_refused() throws Exception {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        Operation read = Operation.idempotent("orders.read");
        try (Retryer retryer = Retryer.builder()
                        .maxOperations(1)
                        .maxAsyncCalls(2)
                        .maxThreads(1)
                        .defaultPolicy(Policy.none())
                        .build();
                RetryMetrics metrics = new RetryMetrics("orders", retryer)) {
            metrics.bindTo(registry);
            CompletableFuture<?> first = retryer.runAsync(read, answer::get);
            assertThat(shown("operations", "operations.refused")).containsExactly(1.0, 0.0);
            assertThat(shown("async.calls", "async.refused")).containsExactly(1.0, 0.0);
            assertThat(shown("threads.busy", "threads.refused")).containsExactly(1.0, 0.0);

            assertThat(retryer.runAsync(read, answer::get)).isCompletedExceptionally();
            assertThat(shown("threads.busy", "threads.refused")).containsExactly(1.0, 1.0);
            CompletableFuture<?> second = retryer.stageAsync(read, () -> answer);
            assertThat(retryer.stageAsync(read, () -> answer)).isCompletedExceptionally();
            assertThat(shown("async.calls", "async.refused")).containsExactly(2.0, 1.0);
            assertThatIllegalStateException().isThrownBy(() -> retryer.run(Operation.of("orders.7"), () -> {}));
            assertThat(shown("operations", "operations.refused")).containsExactly(1.0, 1.0);

            answer.complete(null);
            first.get(10, TimeUnit.SECONDS);
            second.get(10, TimeUnit.SECONDS);
            assertThat(shown("async.calls", "threads.busy")).containsExactly(0.0, 0.0);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void threads_of_another_have_no_meters_here() {
        try (Retryer retryer = Retryer.builder().executor(Runnable::run).build();
                RetryMetrics metrics = new RetryMetrics("orders", retryer)) {
            metrics.bindTo(registry);
            assertThat(registry.find("tentpole.retry.async.calls").gauge()).isNotNull();
            assertThat(registry.find("tentpole.retry.threads.busy").gauge()).isNull();
        }
    }

    private List<Double> shown(String... names) {
        return Stream.of(names)
                .map(name -> value(registry.get("tentpole.retry." + name).meter()))
                .toList();
    }
}
