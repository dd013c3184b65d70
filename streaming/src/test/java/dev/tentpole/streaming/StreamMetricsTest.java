package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a meter registry shows of topics. */
@Timeout(30)
final class StreamMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void shows_messages_by_type_and_outcome_of_living_and_ended_subscriptions() throws InterruptedException {
        AtomicLong now = new AtomicLong();
        Topics<String> topics =
                Topics.<String>builder(String::length).clock(now::get).build();
        StreamMetrics metrics = new StreamMetrics(topics);
        metrics.bindTo(registry);
        Subscription<String> one = topics.subscribe(
                SubscriptionSettings.<String>of("t")
                        .type("panel")
                        .filter(text -> !text.equals("no"))
                        .build(),
                (message, number) -> now.addAndGet(Duration.ofMillis(30).toNanos()));
        topics.publish("t", "a");
        topics.publish("t", "no");
        topics.announceGap("t", new Gap(2, 1, 2, DropReason.UPSTREAM));
        topics.publish("other", "x");
        one.complete();
        assertThat(one.awaitEnd(Duration.ofSeconds(20))).isTrue();
        assertThat(messages("panel", "delivered", "none")).isOne();
        assertThat(messages("panel", "filtered", "none")).isOne();
        assertThat(messages("panel", "dropped", "oldest")).isZero();
        assertThat(registry.get("tentpole.stream.gaps")
                        .tag("reason", "upstream")
                        .functionCounter()
                        .count())
                .isOne();
        assertThat(registry.get("tentpole.stream.messages.unheard")
                        .functionCounter()
                        .count())
                .isOne();
        assertThat(registry.get("tentpole.stream.lag")
                        .tag("subscription_type", "panel")
                        .timer()
                        .count())
                .isOne();
        assertThat(registry.get("tentpole.stream.buffered.messages").gauge().value())
                .isZero();
        assertThat(registry.get("tentpole.stream.buffered.bytes").gauge().value())
                .isZero();
        metrics.close();
        metrics.close();
        assertThat(registry.getMeters()).isEmpty();
        topics.close();
    }

    @Test
    void shows_what_waits_and_what_was_lost_by_reason() throws InterruptedException {
        Stuck first = new Stuck();
        Stuck second = new Stuck();
        try (Topics<String> topics = Topics.<String>builder(String::length).build();
                StreamMetrics metrics = new StreamMetrics(topics)) {
            Subscription<String> full = topics.subscribe(
                    SubscriptionSettings.<String>of("t")
                            .type("full")
                            .maxMessages(1)
                            .overflow(Overflow.dropNewest())
                            .build(),
                    first);
            metrics.bindTo(registry);
            topics.subscribe(
                    SubscriptionSettings.<String>of("t")
                            .type("latest")
                            .overflow(Overflow.conflate(text -> "one key"))
                            .build(),
                    second);
            topics.publish("t", "a");
            first.entered.await();
            second.entered.await();
            topics.publish("t", "bb");
            topics.publish("t", "ccc");
            assertThat(buffered("messages", "full")).isOne();
            assertThat(buffered("bytes", "full")).isEqualTo(2);
            assertThat(messages("full", "dropped", "newest")).isOne();
            assertThat(buffered("messages", "latest")).isOne();
            assertThat(buffered("bytes", "latest")).isEqualTo(3);
            assertThat(messages("latest", "conflated", "none")).isOne();
            full.close();
            assertThat(full.awaitEnd(Duration.ofSeconds(20))).isTrue();
            assertThat(messages("full", "failed", "none")).isOne();
            assertThat(messages("full", "dropped", "closed")).isOne();
            assertThat(buffered("messages", "full")).isZero();
        }
    }

    private double buffered(String what, String type) {
        return registry.get("tentpole.stream.buffered." + what)
                .tag("subscription_type", type)
                .gauge()
                .value();
    }

    @Test
    void lag_is_the_time_from_publishing_to_the_handler() throws InterruptedException {
        AtomicLong now = new AtomicLong();
        for (boolean shared : new boolean[] {false, true}) {
            Topics<String> topics =
                    Topics.<String>builder(String::length).clock(now::get).build();
            StreamMetrics metrics = new StreamMetrics(topics);
            SubscriptionSettings.Builder<String> settings = SubscriptionSettings.of("t");
            Subscription<String> slow = topics.subscribe(
                    (shared ? settings : settings.maxMessages(1_024))
                            .type("t" + shared)
                            .build(),
                    (message, number) -> {
                        while (topics.counters().received() < 2) {
                            Thread.onSpinWait();
                        }
                        now.addAndGet(Duration.ofMillis(30).toNanos());
                    });
            metrics.bindTo(registry);
            topics.publish("t", "a");
            topics.publish("t", "b");
            topics.complete();
            assertThat(slow.awaitEnd(Duration.ofSeconds(20))).isTrue();
            assertThat(registry.get("tentpole.stream.lag")
                            .tag("subscription_type", "t" + shared)
                            .timer()
                            .totalTime(TimeUnit.MILLISECONDS))
                    .isEqualTo(30);
            assertThatThrownBy(() -> metrics.bindTo(registry)).isInstanceOf(IllegalStateException.class);
            metrics.close();
            topics.close();
        }
    }

    @Test
    void two_topics_in_one_registry_are_told_apart_by_tags_or_the_second_is_refused() {
        Topics<String> one = Topics.<String>builder(String::length).build();
        Topics<String> two = Topics.<String>builder(String::length).build();
        try (StreamMetrics first = new StreamMetrics(one, Tags.of("connection", "one"));
                StreamMetrics second = new StreamMetrics(two, Tags.of("connection", "two"));
                StreamMetrics clash = new StreamMetrics(two, Tags.of("connection", "one"))) {
            first.bindTo(registry);
            second.bindTo(registry);
            PublishResult unused = two.publish("t", "a");
            assertThat(unheard("one")).isZero();
            assertThat(unheard("two")).isOne();
            assertThatThrownBy(() -> clash.bindTo(registry))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("connection");
            clash.close();
            second.close();
            assertThat(unheard("one")).isZero();
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    private double unheard(String connection) {
        return registry.get("tentpole.stream.messages.unheard")
                .tag("connection", connection)
                .functionCounter()
                .count();
    }

    private double messages(String type, String outcome, String reason) {
        return registry.get("tentpole.stream.messages")
                .tags("subscription_type", type, "outcome", outcome, "reason", reason)
                .functionCounter()
                .count();
    }

    @Test
    void the_lag_of_a_message_of_a_connection_begins_when_it_was_received() throws InterruptedException {
        Topics<StreamMessage<String>> topics = Topics.<StreamMessage<String>>builder(StreamMessage::bytes)
                .clock(() -> 7_000_000)
                .build();
        try (StreamMetrics metrics = new StreamMetrics(topics)) {
            metrics.bindTo(registry);
            Subscription<StreamMessage<String>> subscription = topics.subscribe(
                    SubscriptionSettings.<StreamMessage<String>>of("c").build(), (message, sequence) -> {});
            PublishResult unused = topics.publish("c", new StreamMessage<>("c", "x", 1, null, 1, 2_000_000));
            topics.complete();
            assertThat(subscription.awaitEnd(Duration.ofSeconds(20))).isTrue();
            assertThat(registry.get("tentpole.stream.lag").timer().totalTime(TimeUnit.MILLISECONDS))
                    .isEqualTo(5);
        }
    }
}
