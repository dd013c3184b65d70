package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What Micrometer is shown of a connection. */
final class ConnectionMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double gauge(String name, String... tags) {
        return registry.get("tentpole.stream." + name).tags(tags).gauge().value();
    }

    private double count(String name, String... tags) {
        return registry.get("tentpole.stream." + name)
                .tags(tags)
                .functionCounter()
                .count();
    }

    @Test
    void state_reconnects_gaps_tokens_lag_and_stale_callbacks_are_shown() {
        Rig rig = new Rig(builder -> builder.name("live").tokens(fresh -> TokenSource.Token.of("t")));
        try (ConnectionMetrics metrics = new ConnectionMetrics(rig.connection)) {
            metrics.bindTo(registry);
            assertThatIllegalStateException().isThrownBy(() -> metrics.bindTo(registry));
            rig.connection.subscribe("c");
            FakeTransport.Peer old = rig.openNow();
            rig.say("ack c e 1");
            assertThat(gauge("connection.status", "connection", "live", "state", "ready"))
                    .isOne();
            assertThat(gauge("connection.status", "state", "open")).isZero();
            rig.loop.holdsDelivery = true;
            rig.say("data c e 2 x");
            rig.say("data c e 2 x");
            rig.loop.pass(Duration.ofSeconds(2));
            rig.loop.holdsDelivery = false;
            rig.loop.runHeldDeliveries();
            assertThat(registry.get("tentpole.stream.connection.lag")
                            .functionTimer()
                            .totalTime(TimeUnit.MILLISECONDS))
                    .isEqualTo(2_000);
            assertThat(count("duplicates")).isOne();
            old.drop();
            rig.loop.run();
            old.say("late");
            rig.passRetry();
            rig.openNow();
            rig.say("ack c e 5");
            assertThat(count("reconnects", "reason", "connection_lost")).isOne();
            assertThat(count("connection.gaps", "reason", "missed")).isOne();
            assertThat(count("token.refresh", "outcome", "success")).isOne();
            assertThat(count("stale.callbacks")).isOne();
            assertThat(gauge("outbound.bytes")).isZero();
        }
        assertThat(registry.getMeters()).isEmpty();
    }
}
