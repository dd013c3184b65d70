package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

@Timeout(60)
final class ObservabilityTest {

    private static final Operation READ = Operation.idempotent("orders.read");

    private final FakeTime time = new FakeTime();
    private final Policy policy =
            Policy.builder().backoff(Backoff.fixed(Duration.ofMillis(100))).build();

    @Test
    void an_exhausted_call_is_one_log_event_with_every_attempt_and_no_message() {
        Logger logger = (Logger) LoggerFactory.getLogger(Retryer.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.INFO);
        try (Retryer retryer = Retryer.builder().defaultPolicy(policy).build(time, false)) {
            catchThrowable(() -> retryer.call(READ, () -> {
                time.pass(Duration.ofMillis(7));
                throw new IOException("secret");
            }));
            catchThrowable(() -> retryer.call(READ, new Script(new IllegalArgumentException())));
            catchThrowable(() -> retryer.call(READ, new Script(new IOException(), "a")));
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(Level.OFF);
        }
        assertThat(appender.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("Operation orders.read failed, no attempts are left (maxAttempts). Attempts: "
                        + "1: transient java.io.IOException after 7 ms, waited 100 ms; "
                        + "2: transient java.io.IOException after 7 ms, waited 100 ms; "
                        + "3: transient java.io.IOException after 7 ms");
    }

    @Test
    void meters_show_what_happened_and_go_with_the_binder() throws Exception {
        MeterRegistry registry = new SimpleMeterRegistry();
        CircuitBreaker breaker = CircuitBreaker.builder("b").build(time);
        Bulkhead bulkhead = Bulkhead.builder("h").permits(3).build(time);
        RateLimiter limiter =
                RateLimiter.builder("l").permits(100, Duration.ofSeconds(1)).build(time);
        try (Resilience all = Resilience.builder("orders")
                .policy(policy)
                .breaker(breaker)
                .bulkhead(bulkhead)
                .rateLimit(limiter, Duration.ZERO)
                .build(time, false)) {
            all.call(READ, () -> 1);
            RetryMetrics metrics = new RetryMetrics(all);
            metrics.bindTo(registry);
            assertThatIllegalStateException().isThrownBy(() -> metrics.bindTo(registry));
            all.call(READ, new Script(new IOException(), "a"));
            all.call(Operation.of("orders.write"), () -> 1);
            catchThrowable(() -> all.call(READ, new Script(new IllegalArgumentException())));
            assertThat(counter(registry, "tentpole.retry.calls", "outcome", "success"))
                    .isEqualTo(2);
            assertThat(counter(registry, "tentpole.retry.calls", "outcome", "caller_fault"))
                    .isEqualTo(1);
            assertThat(counter(registry, "tentpole.retry.attempts")).isEqualTo(4);
            assertThat(counter(registry, "tentpole.retry.attempts.failed", "kind", "transient"))
                    .isEqualTo(1);
            assertThat(counter(registry, "tentpole.retry.retries")).isEqualTo(1);
            assertThat(counter(registry, "tentpole.retry.wait")).isEqualTo(0.1);
            assertThat(registry.get("tentpole.retry.budget").gauge().value()).isEqualTo(9);
            assertThat(registry.get("tentpole.retry.bulkhead.permits").gauge().value())
                    .isEqualTo(3);
            assertThat(registry.get("tentpole.retry.limiter.permits").gauge().value())
                    .isEqualTo(97);
            assertThat(registry.get("tentpole.retry.breaker.state").gauges()).hasSize(5);
            assertThat(registry.get("tentpole.retry.breaker.state")
                            .tag("state", "closed")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            breaker.forceOpen();
            assertThat(registry.get("tentpole.retry.breaker.state")
                            .tag("state", "forced_open")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            metrics.close();
            metrics.close();
            all.retryer().call(Operation.of("later"), () -> 1);
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    @Test
    void a_registry_that_refuses_a_meter_has_none_of_them_and_may_be_asked_again() {
        boolean[] refuses = {true};
        SimpleMeterRegistry registry = new SimpleMeterRegistry() {
            @Override
            protected <T> io.micrometer.core.instrument.FunctionCounter newFunctionCounter(
                    io.micrometer.core.instrument.Meter.Id id, T source, java.util.function.ToDoubleFunction<T> count) {
                if (refuses[0] && id.getName().equals("tentpole.retry.rejected")) {
                    throw new IllegalArgumentException("refused");
                }
                return super.newFunctionCounter(id, source, count);
            }
        };
        try (Resilience all = Resilience.builder("orders").build();
                RetryMetrics metrics = new RetryMetrics(all)) {
            all.call(READ, () -> 1);
            assertThatIllegalArgumentException().isThrownBy(() -> metrics.bindTo(registry));
            assertThat(registry.getMeters()).isEmpty();
            refuses[0] = false;
            metrics.bindTo(registry);
            assertThat(registry.get("tentpole.retry.rejected").functionCounter().count())
                    .isZero();
        }
    }

    @Test
    void another_one_of_the_same_name_is_refused_and_its_meters_stay() {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (Resilience one = Resilience.builder("orders").build();
                Resilience two = Resilience.builder("orders").build();
                Resilience other = Resilience.builder("users").build();
                RetryMetrics first = new RetryMetrics(one);
                RetryMetrics second = new RetryMetrics(two);
                RetryMetrics third = new RetryMetrics(other)) {
            first.bindTo(registry);
            int meters = registry.getMeters().size();
            assertThatIllegalStateException()
                    .isThrownBy(() -> second.bindTo(registry))
                    .withMessageContaining("name = orders");
            second.close();
            assertThat(registry.getMeters()).hasSize(meters);
            third.bindTo(registry);
            first.close();
            second.bindTo(registry);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void waits_are_counted_and_told_as_they_were_and_not_as_they_were_meant_to_be() {
        Journal journal = new Journal();
        try (Retryer retryer =
                Retryer.builder().defaultPolicy(policy).listener(journal).build(time, false)) {
            time.duringNextWait(() -> {
                time.pass(Duration.ofMillis(7));
                Thread.currentThread().interrupt();
            });
            catchThrowable(() -> retryer.call(READ, new Script(new IOException())));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(retryer.engine().state(READ).waitedNanos()).isEqualTo(7_000_000);
            assertThat(journal.lines.get(1)).startsWith("ended").endsWith("Optional.empty]");
        }
    }

    @Test
    void what_listeners_log_holds_no_message() {
        Attempt attempt = new Attempt(
                2,
                Failure.of(FailureKind.TRANSIENT),
                java.util.Optional.of(new IOException("token=secret")),
                Duration.ofMillis(3),
                java.util.Optional.empty());
        assertThat(attempt)
                .hasToString("Attempt[number=2, failure=transient, thrown=java.io.IOException, duration=PT0.003S,"
                        + " nextWait=none]");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        try (Retryer retryer = Retryer.builder()
                .defaultPolicy(Policy.builder()
                        .classifier(thrown -> {
                            throw new IllegalStateException(thrown);
                        })
                        .build())
                .build(time, false)) {
            List<ILoggingEvent> events = logged(
                    appender, () -> catchThrowable(() -> retryer.call(READ, new Script(new IOException("secret")))));
            assertThat(events).hasSize(1);
            assertThat(events.get(0).getFormattedMessage())
                    .contains("IllegalStateException", "ObservabilityTest")
                    .doesNotContain("secret");
            assertThat(events.get(0).getThrowableProxy()).isNull();
        }
    }

    private static List<ILoggingEvent> logged(ListAppender<ILoggingEvent> appender, Runnable action) {
        Logger logger = (Logger) LoggerFactory.getLogger(Retryer.class);
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.INFO);
        try {
            action.run();
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(Level.OFF);
        }
        return appender.list;
    }

    @Test
    void listeners_and_the_log_of_an_asynchronous_call_see_the_context_of_its_caller() throws Exception {
        List<String> seen = new ArrayList<>();
        RetryListener listener = new RetryListener() {
            @Override
            public void onFailedAttempt(Operation operation, Attempt attempt) {
                seen.add("attempt " + MDC.get("request"));
            }

            @Override
            public void onFailed(Operation operation, List<Attempt> failed) {
                seen.add("end " + MDC.get("request"));
            }
        };
        ListAppender<ILoggingEvent> appender = new ListAppender<>() {
            @Override
            protected void append(ILoggingEvent event) {
                event.prepareForDeferredProcessing();
                super.append(event);
            }
        };
        try (Retryer retryer = Retryer.builder()
                .defaultPolicy(policy)
                .listener(listener)
                .context(ContextCarrier.mdc())
                .executor(Runnable::run)
                .build(time, false)) {
            List<ILoggingEvent> events = logged(appender, () -> {
                java.util.concurrent.CompletableFuture<String> stage = new java.util.concurrent.CompletableFuture<>();
                MDC.put("request", "r1");
                assertThat(retryer.stageAsync(READ, () -> stage)).isNotDone();
                MDC.clear();
                stage.completeExceptionally(new IOException());
                retryer.close();
            });
            assertThat(seen).containsExactly("attempt r1", "end r1");
            assertThat(events).hasSize(1);
            assertThat(events.get(0).getMDCPropertyMap()).containsEntry("request", "r1");
        }
    }

    private static double counter(MeterRegistry registry, String name, String... tags) {
        return registry.get(name)
                .tags("operation", "orders.read", "name", "orders")
                .tags(tags)
                .functionCounter()
                .count();
    }

    @Test
    void the_logging_context_is_carried_across_threads_and_left_clean() {
        List<String> seen = new ArrayList<>();
        MDC.put("request", "r1");
        try (Retryer retryer = Retryer.builder()
                        .defaultPolicy(policy)
                        .context(ContextCarrier.mdc())
                        .build();
                Resilience all = Resilience.builder("x")
                        .policy(policy)
                        .context(ContextCarrier.mdc().and(ContextCarrier.none()))
                        .attemptTimeout(Duration.ofSeconds(30))
                        .build()) {
            retryer.runAsync(READ, () -> seen.add(MDC.get("request"))).join();
            all.run(READ, () -> seen.add(MDC.get("request")));
            Runnable carried = ContextCarrier.mdc().carry(() -> seen.add(MDC.get("request")));
            MDC.put("request", "r2");
            carried.run();
            seen.add(MDC.get("request"));
            MDC.clear();
            Runnable without = ContextCarrier.mdc().carry(() -> seen.add("" + MDC.get("request")));
            MDC.put("request", "r3");
            without.run();
        } finally {
            MDC.clear();
        }
        assertThat(seen).containsExactly("r1", "r1", "r1", "r2", "null");
    }

    @Test
    void retries_of_an_asynchronous_call_carry_the_context_too() {
        List<String> seen = new ArrayList<>();
        MDC.put("request", "r1");
        try (Retryer retryer = Retryer.builder()
                .defaultPolicy(Policy.builder()
                        .backoff(Backoff.fixed(Duration.ofMillis(1)))
                        .build())
                .context(ContextCarrier.mdc())
                .build()) {
            retryer.runAsync(READ, () -> {
                        seen.add(MDC.get("request"));
                        if (seen.size() < 3) {
                            throw new IOException();
                        }
                    })
                    .join();
        } finally {
            MDC.clear();
        }
        assertThat(seen).containsExactly("r1", "r1", "r1");
    }
}
