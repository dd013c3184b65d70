package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What topics promise to publishers and subscribers. */
@Timeout(60)
final class TopicsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final AtomicLong now = new AtomicLong(1);
    private final Topics<String> topics = Topics.<String>builder(String::length)
            .clock(now::get)
            .maxSubscriptions(50)
            .build();

    @AfterEach
    void close() {
        topics.close();
    }

    static SubscriptionSettings<String> settings(
            String pattern, UnaryOperator<SubscriptionSettings.Builder<String>> more) {
        return more.apply(SubscriptionSettings.of(pattern)).build();
    }

    static SubscriptionSettings<String> settings(String pattern, boolean shared) {
        return settings(pattern, builder -> shared ? builder : builder.maxMessages(1_024));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void subscribers_get_what_their_pattern_covers_in_order(boolean shared) throws InterruptedException {
        Seen<String> wide = new Seen<>();
        Seen<String> narrow = new Seen<>();
        Subscription<String> one = topics.subscribe(settings("m.>", shared), wide);
        Subscription<String> two = topics.subscribe(settings("m.*.cpu", shared), narrow);
        assertThat(topics.publish("m.a.cpu", "1")).isEqualTo(PublishResult.ACCEPTED);
        topics.publish("m.a.mem", "2");
        assertThat(topics.publish("n", "3")).isEqualTo(PublishResult.NO_SUBSCRIBER);
        topics.publish("m.b.cpu", "4");
        topics.complete();
        assertThat(one.awaitEnd(LONG) && two.awaitEnd(LONG)).isTrue();
        assertThat(wide.take()).containsExactly("1@1", "2@2", "4@3", "end COMPLETED");
        assertThat(narrow.take()).containsExactly("1@1", "4@2", "end COMPLETED");
        assertThat(topics.unheard()).isOne();
        assertThat(topics.counters().received()).isEqualTo(5);
        assertThat(topics.counters().delivered()).isEqualTo(5);
        assertThat(topics.publish("m.a", "5")).isEqualTo(PublishResult.CLOSED);
        assertThatThrownBy(() -> topics.subscribe(settings("m", shared), wide))
                .isInstanceOfSatisfying(
                        StreamingException.class,
                        refused -> assertThat(refused.problem()).isEqualTo(StreamingException.Problem.CLOSED));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_subscriber_that_never_returns_delays_nobody_and_grows_nothing(boolean shared) throws InterruptedException {
        Stuck stuck = new Stuck();
        Subscription<String> dead = topics.subscribe(settings("t", shared), stuck);
        Seen<String> seen = new Seen<>();
        Subscription<String> live =
                topics.subscribe(settings("t", builder -> shared ? builder : builder.maxMessages(100_000)), seen);
        topics.publish("t", "0");
        stuck.entered.await();
        for (int i = 1; i < 20_000; i++) {
            topics.publish("t", "m");
            if (i % 1_000 == 0) {
                while (live.counters().buffered() > 0) {
                    Thread.onSpinWait();
                }
            }
        }
        live.complete();
        assertThat(live.awaitEnd(LONG)).isTrue();
        assertThat(live.counters().delivered()).isEqualTo(20_000);
        BufferCounters counters = dead.counters();
        assertThat(counters.received()).isEqualTo(20_000);
        assertThat(counters.inFlight()).isBetween(1L, 64L);
        assertThat(counters.buffered()).isLessThanOrEqualTo(1_024);
        dead.close();
        assertThat(dead.awaitEnd(LONG)).isTrue();
        assertThat(stuck.seen.take()).containsExactly("failure interrupted", "end UNSUBSCRIBED");
        assertThat(dead.counters().inFlight()).isZero();
        assertThat(dead.counters().failed()).isOne();
    }

    @Test
    void a_hundred_subscriptions_cost_the_publisher_what_one_costs_unless_they_want_a_buffer_of_their_own() {
        AtomicLong weighed = new AtomicLong();
        try (Topics<String> counted = Topics.<String>builder(message -> {
                    weighed.incrementAndGet();
                    return message.length();
                })
                .build()) {
            for (int i = 0; i < 100; i++) {
                counted.subscribe(settings("t", builder -> builder.overflow(Overflow.dropOldest())), new Seen<>());
            }
            counted.publish("t", "a");
            assertThat(weighed.get()).isOne();
            counted.subscribe(settings("t", builder -> builder.maxMessages(8)), new Seen<>());
            counted.subscribe(settings("t", builder -> builder.maxBytes(8)), new Seen<>());
            counted.subscribe(settings("t", builder -> builder.overflow(Overflow.dropNewest())), new Seen<>());
            counted.publish("t", "b");
            assertThat(weighed.get()).isEqualTo(1 + 1 + 3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_a_subscriber_loses_it_is_told_exactly(boolean shared) throws InterruptedException {
        Topics<String> small =
                Topics.<String>builder(String::length).logMessages(4).build();
        Stuck stuck = new Stuck();
        Subscription<String> subscription =
                small.subscribe(settings("t", builder -> shared ? builder : builder.maxMessages(4)), stuck);
        small.publish("t", "0");
        stuck.entered.await();
        for (int i = 1; i <= 10; i++) {
            small.publish("t", "" + i);
        }
        assertThat(subscription.counters().dropped(DropReason.OLDEST)).isEqualTo(6);
        stuck.released.countDown();
        small.complete();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(stuck.seen.take())
                .containsExactly("0@1", "gap 6 2..7 OLDEST", "7@8", "8@9", "9@10", "10@11", "end COMPLETED");
        small.close();
    }

    @Test
    void a_log_is_bounded_in_bytes_and_a_message_too_large_for_it_is_a_gap() throws InterruptedException {
        Topics<String> small =
                Topics.<String>builder(String::length).logBytes(6).build();
        Stuck stuck = new Stuck();
        Subscription<String> subscription = small.subscribe(settings("t", true), stuck);
        small.publish("t", "0");
        stuck.entered.await();
        small.publish("t", "aaa");
        small.publish("t", "bbb");
        assertThat(small.publish("t", "too large")).isEqualTo(PublishResult.PARTLY_DROPPED);
        small.publish("t", "cc");
        assertThat(subscription.counters().bufferedBytes()).isLessThanOrEqualTo(6);
        stuck.released.countDown();
        small.complete();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(stuck.seen.take())
                .containsExactly("0@1", "gap 1 2..2 OLDEST", "bbb@3", "gap 1 4..4 TOO_LARGE", "cc@5", "end COMPLETED");
        small.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_throwing_subscriber_harms_nobody_and_goes_on(boolean shared) throws InterruptedException {
        List<String> heard = new ArrayList<>();
        Subscription<String> angry = topics.subscribe(settings("t", shared), new SubscriptionListener<>() {
            @Override
            public void onMessage(String message, long sequence) {
                throw new AssertionError(message);
            }

            @Override
            public void onFailure(Throwable failure) {
                heard.add(failure.getMessage());
                throw new IllegalStateException("again");
            }
        });
        Seen<String> seen = new Seen<>();
        Subscription<String> calm = topics.subscribe(settings("t", shared), seen);
        topics.publish("t", "a");
        topics.publish("t", "b");
        topics.complete();
        assertThat(angry.awaitEnd(LONG) && calm.awaitEnd(LONG)).isTrue();
        assertThat(heard).containsExactly("a", "b");
        assertThat(angry.counters().failed()).isEqualTo(2);
        assertThat(seen.take()).containsExactly("a@1", "b@2", "end COMPLETED");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_filter_chooses_and_one_that_throws_is_its_own_subscribers_loss(boolean shared) throws InterruptedException {
        Seen<String> seen = new Seen<>();
        Subscription<String> subscription = topics.subscribe(
                settings(
                        "t",
                        builder -> (shared ? builder : builder.maxMessages(1_024)).filter(text -> {
                            if (text.equals("bad")) {
                                throw new IllegalStateException(text);
                            }
                            return !text.equals("no");
                        })),
                seen);
        topics.publish("t", "a");
        topics.publish("t", "no");
        topics.publish("t", "bad");
        topics.publish("t", "b");
        topics.complete();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(seen.take())
                .hasSize(5)
                .contains("failure bad", "end COMPLETED")
                .anyMatch(text -> text.endsWith("REJECTED"));
        BufferCounters counters = subscription.counters();
        assertThat(counters.filtered()).isOne();
        assertThat(counters.delivered()).isEqualTo(2);
        assertThat(counters.dropped(DropReason.REJECTED)).isOne();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void announcements_have_their_place_between_messages(boolean shared) throws InterruptedException {
        Stuck first = new Stuck();
        Subscription<String> subscription = topics.subscribe(settings("t.*", shared), first);
        topics.announceResumed("t.x", 1);
        topics.publish("t.x", "a");
        first.entered.await();
        topics.publish("t.x", "b");
        topics.announceGap("t.x", new Gap(3, 7, 9, DropReason.UPSTREAM));
        topics.announceReset("t.y", 2, "new epoch");
        topics.announceReset("other", 2, "not for us");
        topics.publish("t.x", "c");
        topics.announceResumed("t.x", 3);
        first.released.countDown();
        topics.complete();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(first.seen.take())
                .containsExactly(
                        "resumed 1",
                        "a@1",
                        "b@2",
                        "gap 3 7..9 UPSTREAM",
                        "reset 2 new epoch",
                        "c@3",
                        "resumed 3",
                        "end COMPLETED");
        assertThat(topics.observation().gaps(DropReason.UPSTREAM)).isOne();
    }

    @Test
    void too_many_waiting_announcements_become_one_reset() {
        Notices notices = new Notices();
        for (int i = 1; i <= 70; i++) {
            notices.add(new Notices.Notice(Notices.Kind.RESUMED, i, i, "", null));
        }
        Notices.Notice first = notices.pollBefore(1_000);
        assertThat(first.kind()).isEqualTo(Notices.Kind.RESET);
        assertThat(first.generation()).isEqualTo(65);
        assertThat(notices.size()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_rate_limit_drops_what_is_above_it(boolean shared) throws InterruptedException {
        Seen<String> seen = new Seen<>();
        Subscription<String> subscription = topics.subscribe(
                settings("t", builder -> (shared ? builder : builder.maxMessages(1_024)).maxRate(20)), seen);
        for (int i = 0; i < 10; i++) {
            topics.publish("t", "a");
        }
        while (shared
                && subscription.counters().buffered() + subscription.counters().inFlight() > 0) {
            Thread.onSpinWait();
        }
        now.addAndGet(Duration.ofMillis(50).toNanos());
        topics.publish("t", "b");
        topics.publish("t", "c");
        topics.complete();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(seen.take())
                .containsExactly(
                        "a@1", "a@2", "gap 8 3..10 RATE_LIMITED", "b@11", "gap 1 12..12 RATE_LIMITED", "end COMPLETED");
        assertThat(subscription.counters().dropped(DropReason.RATE_LIMITED)).isEqualTo(9);
    }

    @Test
    void a_rate_limit_with_conflation_drops_nothing_and_shows_the_latest() throws InterruptedException {
        Seen<String> seen = new Seen<>();
        Subscription<String> subscription = topics.subscribe(
                settings("t", builder -> builder.maxRate(10).overflow(Overflow.conflate(text -> text.charAt(0)))),
                seen);
        topics.publish("t", "a0");
        while (subscription.counters().delivered() == 0) {
            Thread.onSpinWait();
        }
        for (int i = 1; i <= 100; i++) {
            topics.publish("t", "a" + i);
        }
        assertThat(subscription.counters().delivered()).isOne();
        now.addAndGet(Duration.ofMillis(100).toNanos());
        topics.complete();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(seen.take()).containsExactly("a0@1", "a100@101", "end COMPLETED");
        assertThat(subscription.counters().conflated()).isEqualTo(99);
    }

    @Test
    void a_disconnected_subscriber_is_told_that_it_was_too_slow() throws InterruptedException {
        Stuck stuck = new Stuck();
        Subscription<String> subscription = topics.subscribe(
                settings("t", builder -> builder.maxMessages(1).overflow(Overflow.disconnect())), stuck);
        topics.publish("t", "a");
        stuck.entered.await();
        topics.publish("t", "b");
        assertThat(topics.publish("t", "c")).isEqualTo(PublishResult.PARTLY_DROPPED);
        stuck.released.countDown();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(stuck.seen.take()).containsExactly("a@1", "b@2", "gap 1 3..3 DISCONNECTED", "end TOO_SLOW");
        assertThat(topics.publish("t", "d")).isEqualTo(PublishResult.NO_SUBSCRIBER);
        assertThat(subscription.endReason()).contains(EndReason.of(EndReason.Kind.TOO_SLOW));
    }

    @Test
    void the_end_is_told_exactly_once_whoever_asks_for_it() throws Exception {
        for (int round = 0; round < 100; round++) {
            Seen<String> seen = new Seen<>();
            Subscription<String> subscription = topics.subscribe(settings("t", round % 2 == 0), seen);
            CyclicBarrier start = new CyclicBarrier(3);
            List<Runnable> ways = List.of(
                    subscription::close,
                    () -> subscription.end(EndReason.of(EndReason.Kind.REFUSED)),
                    subscription::complete);
            List<Thread> threads = ways.stream()
                    .map(way -> new Thread(() -> {
                        try {
                            start.await();
                        } catch (Exception broken) {
                            throw new IllegalStateException(broken);
                        }
                        way.run();
                    }))
                    .toList();
            threads.forEach(Thread::start);
            assertThat(subscription.awaitEnd(LONG)).isTrue();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(seen.take()).hasSize(1).allMatch(text -> text.startsWith("end "));
        }
        assertThat(topics.subscriptions()).isEmpty();
    }

    @Test
    void a_listener_may_close_its_own_subscription() throws InterruptedException {
        Seen<String> seen = new Seen<>();
        Subscription<String>[] self = newArray();
        CountDownLatch ready = new CountDownLatch(1);
        self[0] = topics.subscribe(settings("t", false), new SubscriptionListener<String>() {
            @Override
            public void onMessage(String message, long sequence) {
                try {
                    ready.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
                self[0].close();
            }

            @Override
            public void onFailure(Throwable failure) {
                seen.onFailure(failure);
            }

            @Override
            public void onEnd(EndReason reason) {
                seen.onEnd(reason);
            }
        });
        topics.publish("t", "a");
        topics.publish("t", "b");
        ready.countDown();
        assertThat(self[0].awaitEnd(LONG)).isTrue();
        assertThat(seen.take()).containsExactly("end UNSUBSCRIBED");
        assertThat(self[0].counters().delivered()).isOne();
        assertThat(self[0].counters().dropped(DropReason.CLOSED)).isOne();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private static Subscription<String>[] newArray() {
        return new Subscription[1];
    }

    @Test
    void there_are_as_many_subscriptions_as_allowed_and_no_more() {
        List<Subscription<String>> all = IntStream.range(0, 50)
                .mapToObj(i -> topics.subscribe(settings("t", i % 2 == 0), new Seen<>()))
                .toList();
        assertThat(all.stream().mapToLong(Subscription::id).distinct()).hasSize(50);
        assertThatThrownBy(() -> topics.subscribe(settings("t", false), new Seen<>()))
                .isInstanceOfSatisfying(
                        StreamingException.class,
                        refused -> assertThat(refused.problem())
                                .isEqualTo(StreamingException.Problem.TOO_MANY_SUBSCRIPTIONS))
                .hasMessageContaining("maxSubscriptions");
    }

    @Test
    void closing_leaves_no_thread() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        Topics<String> own = Topics.<String>builder(String::length)
                .threads(task -> {
                    Thread thread = new Thread(task);
                    threads.add(thread);
                    return thread;
                })
                .build();
        for (int i = 0; i < 10; i++) {
            own.subscribe(settings("t", i % 2 == 0), new Stuck());
        }
        own.publish("t", "a");
        own.close();
        own.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(threads).hasSize(10);
    }

    @Test
    void a_subscription_whose_thread_cannot_be_made_leaves_nothing_behind() {
        Topics<String> own = Topics.<String>builder(String::length)
                .threads(task -> {
                    throw new IllegalStateException("no thread");
                })
                .build();
        assertThatThrownBy(() -> own.subscribe(settings("t", true), new Seen<>()))
                .hasMessage("no thread");
        assertThat(own.subscriptions()).isEmpty();
        assertThat(own.publish("t", "a")).isEqualTo(PublishResult.NO_SUBSCRIBER);
    }

    @Test
    void bad_settings_are_refused() {
        assertThatThrownBy(() -> settings("t", builder -> builder.maxRate(0))).hasMessageContaining("maxRate = 0.0");
        assertThatThrownBy(() -> settings("t", builder -> builder.maxRate(Double.POSITIVE_INFINITY)))
                .hasMessageContaining("maxRate");
        assertThatThrownBy(() -> settings("t", builder -> builder.type(" "))).hasMessageContaining("type");
        assertThatThrownBy(() -> settings("t", builder -> builder.maxMessages(0)))
                .hasMessageContaining("maxMessages = 0");
        assertThatThrownBy(() -> settings("t", builder -> builder.maxBytes(0))).hasMessageContaining("maxBytes = 0");
        assertThatThrownBy(() -> Topics.<String>builder(String::length)
                        .maxSubscriptions(0)
                        .build())
                .hasMessageContaining("maxSubscriptions = 0");
        assertThatThrownBy(() -> topics.publish("a.>", "x")).hasMessageContaining("topic \"a.>\"");
    }
}
