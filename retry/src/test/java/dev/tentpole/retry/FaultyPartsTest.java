package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Classifiers, listeners, carriers and registries may be wrong: calls go on as if they were not there. */
@Timeout(60)
final class FaultyPartsTest {

    private static final Operation READ = Operation.idempotent("orders.read");

    private final FakeTime time = new FakeTime();
    private final Retryer.Builder builder = Retryer.builder()
            .withoutBudget()
            .defaultPolicy(Policy.builder().backoff(Backoff.none()).build());

    /** Throws what nobody declares, as other languages and some tools allow. */
    private static RuntimeException sneaky() {
        throw Engine.<RuntimeException>as(new Exception("sneaky"));
    }

    private static final RetryListener WRONG = new RetryListener() {
        @Override
        public void onFailedAttempt(Operation operation, Attempt attempt) {
            throw sneaky();
        }

        @Override
        public void onRecovered(Operation operation, List<Attempt> failed) {
            throw sneaky();
        }

        @Override
        public void onFailed(Operation operation, List<Attempt> failed) {
            throw sneaky();
        }
    };

    @Test
    void a_listener_that_throws_what_it_does_not_declare_harms_nobody() throws Exception {
        Retryer retryer = builder.listener(WRONG).build(time, false);
        assertThat(retryer.call(READ, new Script(new IOException(), "a"))).isEqualTo("a");
        IOException failure = new IOException();
        assertThatThrownBy(() -> retryer.call(READ, new Script(failure))).isSameAs(failure);
        assertThatThrownBy(retryer.stageAsync(READ, () -> {
                    throw Engine.<RuntimeException>as(failure);
                })::get)
                .cause()
                .isSameAs(failure);
        assertThat(retryer.asyncCalls().count()).isZero();
    }

    @Test
    void a_fallback_that_fails_ended_no_call_and_keeps_the_failure() {
        IOException failure = new IOException();
        try (Resilience all = Resilience.builder("orders").build(time, false)) {
            assertThatThrownBy(() -> all.call(READ, Duration.ofDays(1), new Script(failure), thrown -> sneaky()))
                    .hasMessage("sneaky")
                    .hasSuppressedException(failure);
            assertThat(all.fallbacks()).isZero();
        }
    }

    @Test
    void not_even_at_the_finest_level_are_messages_logged_that_may_hold_secrets() {
        Logger logger = (Logger) LoggerFactory.getLogger(Retryer.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        Level before = logger.getLevel();
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.TRACE);
        try {
            Retryer retryer = builder.listener(WRONG).build(time, false);
            catchThrowable(() -> retryer.call(READ, new Script(new IOException())));
        } finally {
            logger.setLevel(before);
            logger.detachAppender(appender);
        }
        assertThat(appender.list)
                .anyMatch(event -> event.getLevel() == Level.DEBUG)
                .allSatisfy(event -> {
                    assertThat(event.getThrowableProxy()).isNull();
                });
    }

    @Test
    void a_classifier_that_throws_what_it_does_not_declare_makes_the_failure_unknown() throws Exception {
        Classifier wrong = new Classifier() {
            @Override
            public Failure classify(Throwable thrown) {
                throw sneaky();
            }

            @Override
            public Optional<Failure> classifyResult(Object result) {
                throw sneaky();
            }

            @Override
            public boolean judgesResults() {
                return true;
            }
        };
        Retryer retryer = builder.defaultPolicy(
                        Policy.builder().classifier(wrong).build())
                .build(time, false);
        IOException failure = new IOException();
        assertThatThrownBy(() -> retryer.call(READ, new Script(failure))).isSameAs(failure);
        assertThat(retryer.call(READ, new Script("a"))).isEqualTo("a");
    }

    @Test
    void a_breakers_own_classifier_and_listener_may_be_wrong_too() {
        for (Classifier wrong : List.<Classifier>of(thrown -> null, thrown -> {
            throw sneaky();
        })) {
            CircuitBreaker breaker = CircuitBreaker.builder("b")
                    .countWindow(1)
                    .minimumCalls(1)
                    .classifier(wrong)
                    .onChange((from, to) -> {
                        throw sneaky();
                    })
                    .build(time);
            IOException failure = new IOException();
            assertThatThrownBy(() -> breaker.call(new Script(failure))).isSameAs(failure);
            assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.OPEN);
        }
    }

    @Test
    void interrupts_open_no_breaker_whatever_its_classifier_says() {
        CircuitBreaker breaker = CircuitBreaker.builder("b")
                .countWindow(1)
                .minimumCalls(1)
                .classifier(Classifiers.sql())
                .build(time);
        catchThrowable(() -> breaker.call(new Script(new InterruptedException())));
        catchThrowable(() -> breaker.call(new Script(new CallInterruptedException("s", "i", null))));
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void a_carrier_that_fails_on_the_other_thread_fails_the_attempt_and_nobody_waits_for_it() {
        IllegalStateException wrong = new IllegalStateException("carrier");
        boolean[] loses = new boolean[1];
        Resilience all = Resilience.builder("x")
                .executor(Runnable::run)
                .context(task -> () -> {
                    if (!loses[0]) {
                        throw wrong;
                    }
                })
                .hedging(Hedging.standard())
                .build(time, false);
        assertThatThrownBy(() -> all.call(READ, () -> 1)).isSameAs(wrong);
        loses[0] = true;
        assertThatThrownBy(() -> all.call(READ, () -> 1)).hasMessageContaining("carrier");
        assertThat(all.abandoned()).isZero();
    }

    @Test
    void a_registry_that_refuses_meters_keeps_no_call_from_being_made() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Retryer retryer = builder.build(time, false);
        new RetryMetrics("x", retryer).bindTo(registry);
        Gauge.builder("tentpole.retry.calls", () -> 1)
                .tags("name", "x", "operation", "orders.read", "idempotent", "true", "outcome", "success")
                .register(registry);
        assertThat(retryer.<Integer, RuntimeException>call(READ, () -> 1)).isEqualTo(1);
        assertThat(retryer.engine().state(READ).succeeded()).isEqualTo(1);
    }
}
