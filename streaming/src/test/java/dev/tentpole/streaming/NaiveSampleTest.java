package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The mistakes that a first draft of a stream's fan-out makes, one test each. */
@Timeout(120)
final class NaiveSampleTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** A message that says which one it is. */
    record Message(long index) {}

    /** A subscriber that dawdles now and then. */
    private static final class Dawdler implements SubscriptionListener<Message> {

        private final SplittableRandom random;
        private final AtomicLong disorder;
        private long last;
        private long jumped;
        private long told;

        Dawdler(long seed, AtomicLong disorder) {
            random = new SplittableRandom(seed);
            this.disorder = disorder;
        }

        @Override
        public void onMessage(Message message, long sequence) {
            if (message.index() <= last || message.index() != sequence) {
                disorder.incrementAndGet();
            }
            jumped += message.index() - last - 1;
            if (jumped != told) {
                disorder.incrementAndGet();
            }
            last = message.index();
            if (random.nextInt(5_000) == 0) {
                LockSupport.parkNanos(random.nextInt(200_000));
            }
        }

        @Override
        public void onGap(Gap gap) {
            told += gap.count();
        }
    }

    /** Not a thread, a task or a copy for each message and subscriber: order, threads and memory stay as they were. */
    @Test
    void a_million_messages_to_eight_subscribers_stay_in_order_on_eight_threads() throws InterruptedException {
        AtomicLong disorder = new AtomicLong();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        try (Topics<Message> topics = Topics.<Message>builder(message -> 24)
                .threads(task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    threads.add(thread);
                    return thread;
                })
                .build()) {
            List<Subscription<Message>> subscriptions = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                SubscriptionSettings.Builder<Message> settings = SubscriptionSettings.of("load.>");
                subscriptions.add(topics.subscribe(
                        (i % 2 == 0 ? settings : settings.maxMessages(1_024)).build(), new Dawdler(i, disorder)));
            }
            int running = Thread.activeCount();
            for (int i = 1; i <= 1_000_000; i++) {
                PublishResult unused = topics.publish("load.a", new Message(i));
                if (i % 100_000 == 0) {
                    assertThat(Thread.activeCount()).isLessThanOrEqualTo(running);
                    assertThat(topics.counters().buffered()).isLessThanOrEqualTo(4 * 1_024 + 4 * 4_096);
                }
            }
            topics.complete();
            for (Subscription<Message> subscription : subscriptions) {
                assertThat(subscription.awaitEnd(LONG)).isTrue();
                assertThat(subscription.counters().received()).isEqualTo(1_000_000);
            }
            assertThat(disorder.get()).isZero();
            assertThat(threads).hasSize(8);
            assertThat(topics.counters().received()).isEqualTo(8_000_000);
            assertThat(topics.counters().buffered() + topics.counters().inFlight())
                    .isZero();
        }
    }

    /** Identifiers come from a counter and not from a clock. */
    @Test
    void identifiers_of_a_million_subscriptions_made_by_eight_threads_at_one_moment_are_distinct()
            throws InterruptedException {
        try (Topics<String> topics =
                Topics.<String>builder(String::length).clock(() -> 0).build()) {
            Set<Long> ids = ConcurrentHashMap.newKeySet();
            List<Thread> makers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Thread maker = new Thread(() -> {
                    for (int k = 0; k < 125_000; k++) {
                        ids.add(topics.nextId());
                    }
                });
                makers.add(maker);
                maker.start();
            }
            for (Thread maker : makers) {
                maker.join();
            }
            assertThat(ids).hasSize(1_000_000);
        }
    }

    /** Buffers are bounded, in bytes too, and what does not fit is counted. */
    @Test
    void a_subscriber_that_sleeps_for_ever_holds_its_budget_and_no_more() throws InterruptedException {
        CountDownLatch asleep = new CountDownLatch(1);
        AtomicLong seen = new AtomicLong();
        try (Topics<byte[]> topics =
                Topics.<byte[]>builder(bytes -> bytes.length).logBytes(64_000).build()) {
            for (int i = 0; i < 2; i++) {
                SubscriptionSettings.Builder<byte[]> settings =
                        SubscriptionSettings.<byte[]>of("t").type("sleeper");
                Subscription<byte[]> unused =
                        topics.subscribe((i == 0 ? settings.maxBytes(64_000) : settings).build(), (message, number) -> {
                            asleep.countDown();
                            LockSupport.park();
                        });
            }
            SubscriptionSettings<byte[]> brisk = SubscriptionSettings.<byte[]>of("t")
                    .maxMessages(100_000)
                    .maxBytes(1L << 30)
                    .build();
            Subscription<byte[]> awake = topics.subscribe(brisk, (message, number) -> seen.incrementAndGet());
            for (int i = 0; i < 50_000; i++) {
                PublishResult unused = topics.publish("t", new byte[1_000]);
                if (i == 0) {
                    asleep.await();
                }
            }
            awake.complete();
            assertThat(awake.awaitEnd(LONG)).isTrue();
            assertThat(seen.get()).isEqualTo(50_000);
            BufferCounters sleepers = topics.counters("sleeper");
            assertThat(sleepers.received()).isEqualTo(100_000);
            assertThat(sleepers.bufferedBytes()).isBetween(1L, 128_000L);
        }
    }
}
