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
    private final Stuck slow = new Stuck();
    private final Subscription<String> innocent = topics.subscribe(
            SubscriptionSettings.<String>of("t").maxMessages(100_000).build(), free);
    private final Subscription<String> full = topics.subscribe(blocking(1, HOUR), slow);

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
        slow.released.countDown();
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
    void closing_the_topics_wakes_it_also_if_its_subscription_is_being_completed() throws Exception {
        Future<PublishResult> waiting = waiting();
        full.complete();
        topics.close();
        assertThat(waiting.get()).isEqualTo(PublishResult.PARTLY_DROPPED);
        assertThat(full.endReason()).contains(EndReason.of(EndReason.Kind.CLOSED));
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
        slow.released.countDown();
        for (Future<PublishResult> result : results) {
            assertThat(result.get()).isEqualTo(PublishResult.ACCEPTED);
        }
        assertThat(full.awaitEnd(LONG)).isTrue();
        assertThat(slow.seen.take())
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
        slow.released.countDown();
        assertThat(first.get()).isEqualTo(PublishResult.ACCEPTED);
        assertThat(last.get()).isEqualTo(PublishResult.ACCEPTED);
        topics.complete();
        assertThat(full.awaitEnd(LONG)).isTrue();
        assertThat(slow.seen.take())
                .containsExactly(
                        "handled@1", "buffered@2", "waiting@3", "gap 1 4..4 EXPIRED", "last@5", "end COMPLETED");
    }

    @Test
    void what_is_lost_behind_one_that_waits_is_counted_at_once_and_told_in_its_place() throws Exception {
        full.close();
        Stuck held = new Stuck();
        Subscription<String> picky = topics.subscribe(
                SubscriptionSettings.<String>of(">")
                        .maxMessages(1)
                        .overflow(Overflow.block(HOUR))
                        .filter(message -> {
                            if (message.startsWith("bad")) {
                                throw new IllegalStateException(message);
                            }
                            return true;
                        })
                        .build(),
                held);
        topics.publish("t", "a");
        held.entered.await();
        topics.publish("t", "b");
        Future<PublishResult> first = publishing("waits", 3);
        topics.announceReset("t", 1, "all that is void");
        assertThat(topics.publish("t", "bad 4")).isEqualTo(PublishResult.PARTLY_DROPPED);
        assertThat(topics.publish("t", "bad 5")).isEqualTo(PublishResult.PARTLY_DROPPED);
        Future<PublishResult> second = publishing("waits, too", 6);
        assertThat(topics.publish("t", "bad 7")).isEqualTo(PublishResult.PARTLY_DROPPED);
        assertThat(picky.counters().dropped(DropReason.REJECTED)).isEqualTo(3);
        held.released.countDown();
        assertThat(first.get()).isEqualTo(PublishResult.ACCEPTED);
        assertThat(second.get()).isEqualTo(PublishResult.ACCEPTED);
        topics.publish("t", "c");
        topics.complete();
        assertThat(picky.awaitEnd(LONG)).isTrue();
        assertThat(held.seen.take())
                .filteredOn(line -> !line.startsWith("failure"))
                .containsExactly(
                        "a@1",
                        "b@2",
                        "waits@3",
                        "reset 1 all that is void",
                        "gap 2 4..5 REJECTED",
                        "waits, too@6",
                        "gap 1 7..7 REJECTED",
                        "c@8",
                        "end COMPLETED");
    }

    @Test
    void what_a_listener_loses_that_it_publishes_to_itself_comes_after_what_waits() throws Exception {
        full.close();
        CountDownLatch go = new CountDownLatch(1);
        Seen<String> heard = new Seen<>();
        Subscription<String> echo = topics.subscribe(blocking(1, HOUR), (message, number) -> {
            boolean unused = number > 1 || Until.within(LONG, () -> go.getCount() == 0);
            heard.onMessage(message, number);
            if (number == 1) {
                heard.onMessage("own " + topics.publish("t", "own"), 0);
            }
        });
        topics.publish("t", "a");
        Until.holds(() -> echo.counters().inFlight() == 1);
        topics.publish("t", "b");
        Future<PublishResult> waiting = publishing("waits", 3);
        topics.announceReset("t", 1, "void");
        go.countDown();
        assertThat(waiting.get()).isEqualTo(PublishResult.ACCEPTED);
        topics.complete();
        assertThat(echo.awaitEnd(LONG)).isTrue();
        assertThat(heard.take()).containsExactly("a@1", "own PARTLY_DROPPED@0", "b@2", "waits@3");
        assertThat(echo.counters().dropped(DropReason.EXPIRED)).isOne();
    }

    @Test
    void what_a_rate_drops_behind_one_that_waits_comes_after_it() throws Exception {
        Topics<String> timeless =
                Topics.<String>builder(String::length).clock(() -> 1).build();
        Stuck held = new Stuck();
        Subscription<String> limited = timeless.subscribe(
                SubscriptionSettings.<String>of("t")
                        .maxMessages(1)
                        .overflow(Overflow.block(HOUR))
                        .maxRate(30)
                        .build(),
                held);
        timeless.publish("t", "a");
        held.entered.await();
        timeless.publish("t", "b");
        Thread publisher = new Thread(() -> timeless.publish("t", "waits"));
        publisher.start();
        Until.holds(() -> publisher.getState() == Thread.State.TIMED_WAITING);
        assertThat(timeless.publish("t", "too fast")).isEqualTo(PublishResult.PARTLY_DROPPED);
        held.released.countDown();
        publisher.join();
        timeless.complete();
        assertThat(limited.awaitEnd(LONG)).isTrue();
        assertThat(held.seen.take())
                .containsExactly("a@1", "b@2", "waits@3", "gap 1 4..4 RATE_LIMITED", "end COMPLETED");
    }

    @Test
    void one_whose_publisher_waits_longer_for_another_subscription_gives_up_in_time() throws Exception {
        Stuck brief = new Stuck();
        Subscription<String> impatient = topics.subscribe(blocking(1, Duration.ofMillis(50)), brief);
        topics.publish("t", "a");
        brief.entered.await();
        topics.publish("t", "b");
        Future<PublishResult> waiting = publishing("waits for both", 3);
        Until.holds(() -> impatient.counters().dropped(DropReason.EXPIRED) == 1);
        assertThat(waiting).isNotDone();
        brief.released.countDown();
        slow.released.countDown();
        assertThat(waiting.get()).isEqualTo(PublishResult.PARTLY_DROPPED);
        topics.complete();
        assertThat(impatient.awaitEnd(LONG)).isTrue();
        assertThat(brief.seen.take()).containsExactly("a@1", "b@2", "gap 1 3..3 EXPIRED", "end COMPLETED");
    }

    @Test
    void one_that_has_waited_long_enough_gives_up_and_leaves_a_gap() throws Exception {
        full.close();
        Stuck brief = new Stuck();
        Subscription<String> impatient = topics.subscribe(blocking(1, Duration.ofMillis(5)), brief);
        topics.publish("t", "a");
        brief.entered.await();
        topics.publish("t", "b");
        assertThat(topics.publish("t", "c")).isEqualTo(PublishResult.PARTLY_DROPPED);
        assertThat(impatient.counters().dropped(DropReason.EXPIRED)).isOne();
        brief.released.countDown();
        topics.complete();
        assertThat(impatient.awaitEnd(LONG)).isTrue();
        assertThat(brief.seen.take()).containsExactly("a@1", "b@2", "gap 1 3..3 EXPIRED", "end COMPLETED");
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
    void a_light_message_does_not_overtake_a_heavy_one_that_waits() throws Exception {
        full.close();
        Stuck held = new Stuck();
        Subscription<String> narrow = topics.subscribe(
                SubscriptionSettings.<String>of("t")
                        .maxBytes(10)
                        .overflow(Overflow.block(HOUR))
                        .build(),
                held);
        topics.publish("t", "handled");
        held.entered.await();
        topics.publish("t", "buffered");
        Future<PublishResult> heavy = publishing("is heavy", 3);
        Future<PublishResult> light = publishing("l", 4);
        held.released.countDown();
        assertThat(heavy.get()).isEqualTo(PublishResult.ACCEPTED);
        assertThat(light.get()).isEqualTo(PublishResult.ACCEPTED);
        topics.complete();
        assertThat(narrow.awaitEnd(LONG)).isTrue();
        assertThat(held.seen.take()).containsExactly("handled@1", "buffered@2", "is heavy@3", "l@4", "end COMPLETED");
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
