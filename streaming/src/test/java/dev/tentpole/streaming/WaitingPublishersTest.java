package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A publisher that waits for a full subscription waits alone. */
@Timeout(60)
final class WaitingPublishersTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Topics<String> topics = Topics.<String>builder(String::length).build();
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final Seen<String> free = new Seen<>();
    private final Seen<String> seen = new Seen<>();
    private final CountDownLatch go = new CountDownLatch(1);
    private final Subscription<String> innocent = topics.subscribe(
            SubscriptionSettings.<String>of("t").maxMessages(100_000).build(), free);
    private final Subscription<String> full = topics.subscribe(blocking(1, HOUR), new SubscriptionListener<String>() {
        @Override
        public void onMessage(String message, long sequence) {
            try {
                go.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException("interrupted", interrupted);
            }
            seen.onMessage(message, sequence);
        }

        @Override
        public void onGap(Gap gap) {
            seen.onGap(gap);
        }

        @Override
        public void onReset(long generation, String why) {
            seen.onReset(generation, why);
        }

        @Override
        public void onEnd(EndReason reason) {
            seen.onEnd(reason);
        }
    });

    @AfterEach
    void stop() {
        others.shutdownNow();
        topics.close();
    }

    private static SubscriptionSettings<String> blocking(int maxMessages, Duration maxWait) {
        return SubscriptionSettings.<String>of("t")
                .maxMessages(maxMessages)
                .overflow(Overflow.block(maxWait))
                .build();
    }

    /** Publishes one message that is being handled, one that fills the buffer, and one that waits for room. */
    private Future<PublishResult> waiting() throws InterruptedException {
        topics.publish("t", "handled");
        Until.holds(() -> full.counters().inFlight() == 1);
        topics.publish("t", "buffered");
        return publishing("waiting", 3);
    }

    /** Publishes by another thread; returns once all others have the message. */
    private Future<PublishResult> publishing(String message, int number) {
        Future<PublishResult> result = others.submit(() -> topics.publish("t", message));
        Until.holds(() -> innocent.counters().delivered() == number);
        assertThat(result).isNotDone();
        return result;
    }

    @Test
    void others_publish_subscribe_announce_and_leave_meanwhile() throws Exception {
        Future<PublishResult> waiting = waiting();
        assertThat(topics.publish("other", "x")).isEqualTo(PublishResult.NO_SUBSCRIBER);
        Seen<String> late = new Seen<>();
        Subscription<String> another =
                topics.subscribe(SubscriptionSettings.<String>of("other").build(), late);
        assertThat(topics.publish("other", "y")).isEqualTo(PublishResult.ACCEPTED);
        topics.announceReset("other", 1, "why");
        another.complete();
        assertThat(another.awaitEnd(LONG)).isTrue();
        assertThat(late.take()).containsExactly("y@1", "reset 1 why", "end COMPLETED");
        innocent.close();
        assertThat(innocent.awaitEnd(LONG)).isTrue();
        assertThat(waiting).isNotDone();
        go.countDown();
        assertThat(waiting.get()).isEqualTo(PublishResult.ACCEPTED);
    }

    @Test
    void closing_the_topics_wakes_it_and_waits_for_nobody() throws Exception {
        Future<PublishResult> waiting = waiting();
        topics.close();
        assertThat(waiting.get()).isEqualTo(PublishResult.PARTLY_DROPPED);
        assertThat(full.awaitEnd(LONG)).isTrue();
        assertThat(full.counters().dropped(DropReason.CLOSED)).isEqualTo(2);
        assertThat(full.counters().received()).isEqualTo(3);
    }

    @Test
    void messages_that_wait_are_delivered_in_their_order_and_before_the_end_of_what_is_completed() throws Exception {
        List<Future<PublishResult>> results = new ArrayList<>(List.of(waiting()));
        for (int i = 4; i < 10; i++) {
            results.add(publishing("m" + i, i));
        }
        topics.announceReset("t", 1, "after");
        topics.complete();
        assertThat(topics.publish("t", "late")).isEqualTo(PublishResult.CLOSED);
        go.countDown();
        for (Future<PublishResult> result : results) {
            assertThat(result.get()).isEqualTo(PublishResult.ACCEPTED);
        }
        assertThat(full.awaitEnd(LONG)).isTrue();
        assertThat(seen.take())
                .containsExactly(
                        "handled@1",
                        "buffered@2",
                        "waiting@3",
                        "m4@4",
                        "m5@5",
                        "m6@6",
                        "m7@7",
                        "m8@8",
                        "m9@9",
                        "reset 1 after",
                        "end COMPLETED");
    }

    @Test
    void one_that_is_interrupted_gives_up_and_those_behind_it_go_on() throws Exception {
        Future<PublishResult> first = waiting();
        Thread interrupted = new Thread(() -> {
            PublishResult result = topics.publish("t", "given up");
            free.onFailure(new IllegalStateException(
                    result + " " + Thread.currentThread().isInterrupted()));
        });
        interrupted.start();
        Until.holds(() -> innocent.counters().delivered() == 4);
        Future<PublishResult> last = publishing("last", 5);
        interrupted.interrupt();
        interrupted.join();
        assertThat(free.take()).contains("failure PARTLY_DROPPED true");
        assertThat(full.counters().dropped(DropReason.EXPIRED)).isOne();
        go.countDown();
        assertThat(first.get()).isEqualTo(PublishResult.ACCEPTED);
        assertThat(last.get()).isEqualTo(PublishResult.ACCEPTED);
        topics.complete();
        assertThat(full.awaitEnd(LONG)).isTrue();
        assertThat(seen.take())
                .containsSubsequence("handled@1", "buffered@2", "last@5", "end COMPLETED")
                .contains("gap 1 3..3 EXPIRED");
    }

    @Test
    void one_that_has_waited_long_enough_gives_up_and_leaves_a_gap() throws Exception {
        Seen<String> brief = new Seen<>();
        CountDownLatch entered = new CountDownLatch(1);
        Subscription<String> impatient =
                topics.subscribe(blocking(1, Duration.ofMillis(5)), new SubscriptionListener<String>() {
                    @Override
                    public void onMessage(String message, long sequence) {
                        entered.countDown();
                        try {
                            go.await();
                        } catch (InterruptedException over) {
                            throw new IllegalStateException("interrupted", over);
                        }
                        brief.onMessage(message, sequence);
                    }

                    @Override
                    public void onGap(Gap gap) {
                        brief.onGap(gap);
                    }
                });
        full.close();
        topics.publish("t", "a");
        entered.await();
        topics.publish("t", "b");
        assertThat(topics.publish("t", "c")).isEqualTo(PublishResult.PARTLY_DROPPED);
        assertThat(impatient.counters().dropped(DropReason.EXPIRED)).isOne();
        go.countDown();
        topics.complete();
        assertThat(impatient.awaitEnd(LONG)).isTrue();
        assertThat(brief.take()).containsExactly("a@1", "b@2", "gap 1 3..3 EXPIRED");
    }

    @Test
    void a_listener_that_publishes_elsewhere_delays_nobody() throws Exception {
        innocent.close();
        full.close();
        Seen<String> derived = new Seen<>();
        Subscription<String> copies =
                topics.subscribe(SubscriptionSettings.<String>of("derived").build(), derived);
        Subscription<String> relay = topics.subscribe(
                blocking(4, HOUR),
                (message, number) ->
                        assertThat(topics.publish("derived", message)).isEqualTo(PublishResult.ACCEPTED));
        for (int i = 0; i < 500; i++) {
            assertThat(topics.publish("t", "m")).isEqualTo(PublishResult.ACCEPTED);
        }
        relay.complete();
        assertThat(relay.awaitEnd(LONG)).isTrue();
        assertThat(relay.counters().delivered()).isEqualTo(500);
        assertThat(copies.counters().received()).isEqualTo(500);
    }

    @Test
    void a_listener_does_not_wait_for_itself() throws Exception {
        innocent.close();
        full.close();
        List<PublishResult> results = new ArrayList<>();
        Subscription<String> echo = topics.subscribe(blocking(1, HOUR), (message, number) -> {
            if (message.equals("first")) {
                results.add(topics.publish("t", "fits"));
                results.add(topics.publish("t", "does not"));
            }
        });
        topics.publish("t", "first");
        Until.holds(() -> echo.counters().delivered() == 2);
        assertThat(results).containsExactly(PublishResult.ACCEPTED, PublishResult.PARTLY_DROPPED);
        assertThat(echo.counters().dropped(DropReason.EXPIRED)).isOne();
    }

    @Test
    void all_subscriptions_see_one_order_however_many_publishers_wait() throws Exception {
        full.close();
        Seen<String> one = new Seen<>();
        Seen<String> two = new Seen<>();
        Subscription<String> first = topics.subscribe(blocking(3, HOUR), one);
        Subscription<String> second = topics.subscribe(blocking(5, HOUR), two);
        List<Future<?>> publishers = IntStream.range(0, 4)
                .<Future<?>>mapToObj(id -> others.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        assertThat(topics.publish("t", id + ":" + i)).isEqualTo(PublishResult.ACCEPTED);
                    }
                }))
                .toList();
        for (Future<?> publisher : publishers) {
            publisher.get();
        }
        topics.complete();
        for (Subscription<String> subscription : List.of(first, second, innocent)) {
            assertThat(subscription.awaitEnd(LONG)).isTrue();
            assertThat(subscription.counters().delivered()).isEqualTo(2_000);
        }
        List<String> order = free.take();
        assertThat(one.take()).isEqualTo(order);
        assertThat(two.take()).isEqualTo(order);
    }

    @Test
    void what_a_filter_publishes_is_refused_since_subscriptions_could_not_agree_on_its_place() throws Exception {
        full.close();
        Seen<String> filtered = new Seen<>();
        List<Throwable> refusals = new ArrayList<>();
        Subscription<String> nesting = topics.subscribe(
                SubscriptionSettings.<String>of(">")
                        .maxMessages(10)
                        .filter(message -> {
                            if (message.equals("a")) {
                                assertThatThrownBy(() -> topics.publish("t", "nested"))
                                        .satisfies(refusals::add);
                            }
                            return true;
                        })
                        .build(),
                filtered);
        topics.publish("t", "a");
        topics.publish("t", "b");
        topics.complete();
        assertThat(nesting.awaitEnd(LONG) && innocent.awaitEnd(LONG)).isTrue();
        assertThat(refusals)
                .hasSize(1)
                .allSatisfy(refused -> assertThat(refused)
                        .isInstanceOfSatisfying(
                                StreamingException.class,
                                problem -> assertThat(problem.problem()).isEqualTo(StreamingException.Problem.NESTED)));
        assertThat(filtered.take()).containsExactly("a@1", "b@2", "end COMPLETED");
        assertThat(free.take()).containsExactly("a@1", "b@2", "end COMPLETED");
    }
}
