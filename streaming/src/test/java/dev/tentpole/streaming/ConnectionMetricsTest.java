package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
            assertThat(count("received")).isEqualTo(2);
            assertThat(count("connection.messages", "outcome", "published")).isOne();
            assertThat(count("connection.messages", "outcome", "duplicate")).isOne();
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

    @Test
    void every_message_of_a_connection_has_one_outcome() {
        Rig rig = new Rig(builder -> builder.replays((channel, after, upTo) -> List.of()));
        try (ConnectionMetrics metrics = new ConnectionMetrics(rig.connection)) {
            metrics.bindTo(registry);
            rig.connection.subscribe("c");
            rig.openNow();
            rig.say("ack c e 1");
            rig.say("data c e 2 published");
            rig.say("data c e 2 duplicate");
            rig.say("data d e 2 unwanted");
            rig.loop.holdsBlockingCalls = true;
            rig.say("data c e 4 waits");
            rig.loop.holdsDelivery = true;
            assertThat(gauge("connection.waiting")).isOne();
            rig.server.last().drop();
            rig.loop.run();
            assertThat(gauge("connection.waiting")).isZero();
            rig.passRetry();
            rig.openNow();
            rig.say("ack c e 2");
            rig.say("data c e 3 waits");
            assertThat(gauge("connection.waiting")).isOne();
            CompletableFuture<DrainReport> report = rig.connection.drain(Duration.ofSeconds(1));
            rig.loop.run();
            rig.say("data c e 4 drained");
            assertThat(count("received")).isEqualTo(6);
            assertThat(count("connection.messages", "outcome", "published")).isOne();
            assertThat(count("connection.messages", "outcome", "duplicate")).isOne();
            assertThat(count("connection.messages", "outcome", "unwanted")).isOne();
            assertThat(count("connection.messages", "outcome", "discarded")).isOne();
            assertThat(count("connection.messages", "outcome", "drained")).isOne();
            assertThat(gauge("connection.waiting")).isOne();
            rig.loop.runHeldDeliveries();
            rig.loop.pass(Duration.ofSeconds(1));
            assertThat(report).isDone();
            assertThat(count("connection.messages", "outcome", "published")).isEqualTo(2);
        }
    }

    @Test
    void the_readme_lists_every_meter() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        Rig rig = new Rig();
        rig.listen("c");
        try (ConnectionMetrics metrics = new ConnectionMetrics(rig.connection);
                StreamMetrics topics = new StreamMetrics(rig.connection.topics())) {
            metrics.bindTo(registry);
            topics.bindTo(registry);
            assertThat(registry.getMeters())
                    .isNotEmpty()
                    .allSatisfy(meter ->
                            assertThat(readme).contains("`" + meter.getId().getName() + "`"));
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void a_second_connection_of_the_same_name_is_refused_and_takes_nothing_from_the_first() {
        Rig one = new Rig(builder -> builder.name("same"));
        Rig two = new Rig(builder -> builder.name("same"));
        try (ConnectionMetrics first = new ConnectionMetrics(one.connection);
                ConnectionMetrics second = new ConnectionMetrics(two.connection)) {
            first.bindTo(registry);
            assertThatIllegalStateException()
                    .isThrownBy(() -> second.bindTo(registry))
                    .withMessageContaining("same");
            second.close();
            assertThat(gauge("outbound.bytes", "connection", "same")).isZero();
        }
    }
}
