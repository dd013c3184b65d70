package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one subscription promises beyond its messages: their numbers, what else it is told, how it comes and goes. */
@Timeout(60)
final class SubscriptionTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Topics<String> topics =
            Topics.<String>builder(String::length).clock(() -> 1).build();

    @AfterEach
    void close() {
        topics.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void filtered_messages_have_no_number_and_leave_no_hole_in_a_gap(boolean shared) throws InterruptedException {
        Seen<String> seen = new Seen<>();
        Subscription<String> subscription = topics.subscribe(
                TopicsTest.settings(
                        "t",
                        builder -> (shared ? builder : builder.maxMessages(1_024))
                                .filter(text -> text.length() == 1)
                                .maxRate(20)),
                seen);
        for (int i = 1; i <= 5; i++) {
            topics.publish("t", "" + i);
            topics.publish("t", "no");
        }
        topics.complete();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(seen.take()).containsExactly("1@1", "2@2", "gap 3 3..5 RATE_LIMITED", "end COMPLETED");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void announcements_keep_their_place_beside_a_filter(boolean shared) throws InterruptedException {
        Stuck first = new Stuck();
        Subscription<String> subscription = topics.subscribe(
                TopicsTest.settings(
                        "t",
                        builder -> (shared ? builder : builder.maxMessages(1_024)).filter(text -> text.length() == 1)),
                first);
        topics.publish("t", "a");
        first.entered.await();
        for (int i = 0; i < 10; i++) {
            topics.publish("t", "no");
        }
        topics.publish("t", "b");
        topics.announceResumed("t", 7);
        topics.publish("t", "c");
        first.released.countDown();
        topics.complete();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(first.seen.take()).containsExactly("a@1", "b@2", "resumed 7", "c@3", "end COMPLETED");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_a_filter_throws_is_told_to_its_subscriber_though_that_waits_for_messages(boolean shared) {
        List<Thread> threads = new ArrayList<>();
        Seen<String> seen = new Seen<>();
        try (Topics<String> own = Topics.<String>builder(String::length)
                .threads(task -> {
                    threads.add(new Thread(task));
                    return threads.get(0);
                })
                .build()) {
            own.subscribe(
                    TopicsTest.settings(
                            "t",
                            builder -> (shared ? builder : builder.maxMessages(1_024)).filter(text -> {
                                throw new AssertionError("a filter of a test");
                            })),
                    seen);
            Until.holds(() -> threads.get(0).getState() == Thread.State.TIMED_WAITING);
            assertThat(own.publish("t", "a")).isEqualTo(shared ? PublishResult.ACCEPTED : PublishResult.PARTLY_DROPPED);
            Until.holds(() -> seen.all.contains("failure a filter of a test"));
        }
    }

    @Test
    void an_announcement_does_not_wait_for_the_rate_of_messages_that_are_not_there() {
        Seen<String> seen = new Seen<>();
        Subscription<String> subscription = topics.subscribe(
                TopicsTest.settings("t", builder -> builder.maxRate(0.001).overflow(Overflow.conflate(text -> text))),
                seen);
        topics.publish("t", "a");
        Until.holds(() -> subscription.counters().delivered() == 1);
        topics.announceReset("t", 1, "why");
        Until.holds(() -> seen.all.contains("reset 1 why"));
        topics.publish("t", "b");
        topics.announceReset("t", 2, "later");
        assertThat(seen.all).as("while a message waits before it").containsExactly("a@1", "reset 1 why");
        subscription.close();
        Until.holds(() -> seen.all.contains("end UNSUBSCRIBED"));
        // Whether the second one is told once that message is dropped is a matter of who comes first.
        seen.all.remove("reset 2 later");
        assertThat(seen.take()).containsExactly("a@1", "reset 1 why", "end UNSUBSCRIBED");
    }

    @Test
    void what_waits_for_a_reader_of_a_log_weighs_what_it_weighs() throws InterruptedException {
        Stuck behind = new Stuck();
        Subscription<String> slow = topics.subscribe(TopicsTest.settings("t", true), behind);
        topics.publish("t", "0");
        behind.entered.await();
        Stuck other = new Stuck();
        Subscription<String> slower = topics.subscribe(TopicsTest.settings("t", true), other);
        topics.publish("t", "333");
        other.entered.await();
        topics.publish("t", "55555");
        assertThat(slow.counters().bufferedBytes()).isEqualTo(8);
        assertThat(slower.counters().bufferedBytes()).isEqualTo(5);
        slow.complete();
        topics.publish("t", "7777777");
        assertThat(slow.counters().bufferedBytes()).isEqualTo(8);
        assertThat(slower.counters().bufferedBytes()).isEqualTo(12);
    }

    @Test
    void delivery_that_fails_for_a_reason_of_its_own_ends_the_subscription_and_tells_why() throws InterruptedException {
        AtomicLong readings = new AtomicLong();
        Topics<String> broken = Topics.<String>builder(String::length)
                .clock(() -> {
                    if (readings.incrementAndGet() > 1) {
                        throw new IllegalStateException("a clock of a test");
                    }
                    return 0;
                })
                .build();
        Seen<String> seen = new Seen<>();
        Subscription<String> subscription = broken.subscribe(
                TopicsTest.settings("t", builder -> builder.maxRate(10).overflow(Overflow.conflate(text -> text))),
                seen);
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(seen.take()).containsExactly("failure a clock of a test", "end FAILED");
        assertThat(broken.subscriptions()).isEmpty();
    }

    @Test
    void the_last_call_is_not_interrupted_by_the_subscriptions_own_end() throws InterruptedException {
        CountDownLatch lastCall = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        List<Boolean> flags = new ArrayList<>();
        Topics<String> own = Topics.<String>builder(String::length)
                .threads(task -> new Thread(task) {
                    @Override
                    public void interrupt() {
                        boolean unused = Until.within(Duration.ofMillis(200), () -> lastCall.getCount() == 0);
                        super.interrupt();
                        interrupted.countDown();
                    }
                })
                .build();
        Subscription<String> subscription = own.subscribe(TopicsTest.settings("t", true), new SubscriptionListener<>() {
            @Override
            public void onMessage(String message, long sequence) {
                throw new AssertionError(message);
            }

            @Override
            public void onEnd(EndReason reason) {
                lastCall.countDown();
                boolean unused = Until.within(Duration.ofMillis(500), () -> interrupted.getCount() == 0);
                flags.add(Thread.currentThread().isInterrupted());
            }
        });
        subscription.close();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(flags).containsExactly(false);
    }

    @Test
    void the_last_call_is_not_interrupted_by_an_end_that_is_slow_to_come_to_it() throws InterruptedException {
        CountDownLatch lastCall = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        List<Boolean> flags = new ArrayList<>();
        SubscriptionSettings<String> settings = TopicsTest.settings("t", false);
        BufferFeed<String> feed = new BufferFeed<>(settings, String::length, new Signal(), came -> {}, () -> 1);
        Thread closer = Thread.currentThread();
        Subscription<String> subscription = new Subscription<>(
                topics, 1, settings, slowToClose(feed, closer, lastCall), null, new SubscriptionListener<>() {
                    @Override
                    public void onMessage(String message, long sequence) {
                        throw new AssertionError(message);
                    }

                    @Override
                    public void onEnd(EndReason reason) {
                        lastCall.countDown();
                        boolean unused = Until.within(LONG, () -> ended.getCount() == 0);
                        flags.add(Thread.currentThread().isInterrupted());
                    }
                });
        subscription.start(new Thread(subscription::run));
        subscription.close();
        ended.countDown();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(flags).containsExactly(false);
    }

    /** A feed that, closed by a thread, lets the subscription's own come to its last call before it returns. */
    @SuppressWarnings("unchecked") // a proxy knows no type parameters
    private static Feed<String> slowToClose(Feed<String> feed, Thread closer, CountDownLatch lastCall) {
        return (Feed<String>) Proxy.newProxyInstance(
                Feed.class.getClassLoader(), new Class<?>[] {Feed.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(feed, arguments);
                    if (method.getName().equals("close") && Thread.currentThread() == closer) {
                        Until.holds(() -> lastCall.getCount() == 0);
                    }
                    return result;
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void one_that_is_being_completed_is_not_over_and_hears_what_all_hear(boolean shared) throws InterruptedException {
        Stuck first = new Stuck();
        Subscription<String> subscription = topics.subscribe(TopicsTest.settings("t", shared), first);
        topics.publish("t", "a");
        first.entered.await();
        topics.publish("t", "b");
        subscription.complete();
        assertThat(topics.publish("t", "c")).isEqualTo(PublishResult.NO_SUBSCRIBER);
        assertThat(topics.subscriptions()).containsExactly(subscription);
        topics.announceReset("t", 1, "why");
        first.released.countDown();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(first.seen.take()).containsExactly("a@1", "b@2", "reset 1 why", "end COMPLETED");
        assertThat(topics.subscriptions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closing_the_topics_ends_what_is_being_completed_at_once(boolean shared) throws InterruptedException {
        Stuck first = new Stuck();
        Subscription<String> subscription = topics.subscribe(TopicsTest.settings("t", shared), first);
        topics.publish("t", "a");
        first.entered.await();
        topics.publish("t", "b");
        subscription.complete();
        topics.close();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(first.seen.take()).containsExactly("failure interrupted", "end CLOSED");
        assertThat(subscription.counters().dropped(DropReason.CLOSED)).isOne();
    }

    @Test
    void a_factory_of_threads_may_publish_and_take_its_time() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<Topics<String>> self = new ArrayList<>();
        Topics<String> own = Topics.<String>builder(String::length)
                .threads(task -> {
                    PublishResult unheard = self.get(0).publish("threads", "one more");
                    assertThat(unheard).isEqualTo(PublishResult.NO_SUBSCRIBER);
                    asked.countDown();
                    assertThat(Until.within(LONG, () -> go.getCount() == 0)).isTrue();
                    return new Thread(task);
                })
                .build();
        self.add(own);
        Seen<String> seen = new Seen<>();
        CompletableFuture<Subscription<String>> coming =
                CompletableFuture.supplyAsync(() -> own.subscribe(TopicsTest.settings("t", true), seen));
        asked.await();
        assertThat(own.publish("t", "a")).isEqualTo(PublishResult.ACCEPTED);
        assertThat(coming).isNotDone();
        go.countDown();
        Subscription<String> subscription = coming.get();
        own.complete();
        assertThat(subscription.awaitEnd(LONG)).isTrue();
        assertThat(seen.take()).containsExactly("a@1", "end COMPLETED");
    }

    @Test
    void one_that_cannot_be_made_leaves_no_log_behind() {
        Topics<String> broken = Topics.<String>builder(String::length)
                .clock(() -> {
                    throw new OutOfMemoryError("of a test");
                })
                .build();
        assertThatThrownBy(
                        () -> broken.subscribe(TopicsTest.settings("t", builder -> builder.maxRate(10)), new Seen<>()))
                .hasMessage("of a test");
        assertThat(broken.publish("t", "a")).isEqualTo(PublishResult.NO_SUBSCRIBER);
        assertThat(broken.subscriptions()).isEmpty();
    }

    @Test
    void one_type_too_many_leaves_nothing_behind() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            String type = "type" + i;
            Subscription<String> subscription =
                    topics.subscribe(TopicsTest.settings("t", builder -> builder.type(type)), new Seen<>());
            subscription.close();
            assertThat(subscription.awaitEnd(LONG)).isTrue();
        }
        assertThatThrownBy(() ->
                        topics.subscribe(TopicsTest.settings("u", builder -> builder.type("other")), new Seen<>()))
                .hasMessageContaining("type = other");
        assertThat(topics.publish("u", "a")).isEqualTo(PublishResult.NO_SUBSCRIBER);
    }

    @Test
    void fifty_thousand_subscriptions_come_and_go_in_no_time() {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Topics<String> many = Topics.<String>builder(String::length)
                .maxSubscriptions(50_000)
                .logMessages(1)
                .threads(task -> new Thread(task) {
                    @Override
                    public void start() {
                        // What is measured is how they come and go.
                    }
                })
                .build();
        for (int i = 0; i < 50_000; i++) {
            many.subscribe(TopicsTest.settings("t." + i, true), new Seen<>());
        }
        many.subscriptions().forEach(Subscription::close);
        assertThat(many.subscriptions()).isEmpty();
        assertThat(many.publish("t.1", "a")).isEqualTo(PublishResult.NO_SUBSCRIBER);
        // Of the processor, since a busy machine may take its time.
        long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        assertThat(Duration.ofNanos(spent)).isLessThan(Duration.ofSeconds(5));
    }
}
