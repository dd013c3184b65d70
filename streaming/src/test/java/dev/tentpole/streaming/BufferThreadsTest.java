package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a buffer promises when producers, the consumer and a reader of counters run at once. */
@Timeout(120)
final class BufferThreadsTest {

    private static final int MESSAGES = 300_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** A message: who made it, and the how manieth of that one it is. */
    record Message(int producer, long index) {}

    static Stream<Arguments> policies() {
        Stream.Builder<Arguments> all = Stream.builder();
        for (int producers : new int[] {1, 3}) {
            for (int capacity : new int[] {6, 1_024}) {
                for (int max : new int[] {1, 100}) {
                    all.add(Arguments.of(Overflow.<Message>dropOldest(), producers, capacity, max));
                    all.add(Arguments.of(Overflow.<Message>dropNewest(), producers, capacity, max));
                    all.add(Arguments.of(Overflow.<Message>block(Duration.ofSeconds(30)), producers, capacity, max));
                }
            }
        }
        return all.build();
    }

    @ParameterizedTest(name = "{0} producers={1} capacity={2} max={3}")
    @MethodSource("policies")
    void nothing_is_out_of_order_or_unaccounted(Overflow<Message> overflow, int producers, int capacity, int max)
            throws Exception {
        MessageBuffer<Message> buffer = MessageBuffer.<Message>builder(message -> 10)
                .maxMessages(capacity)
                .maxBytes(9L * capacity)
                .producers(producers)
                .overflow(overflow)
                .build();
        int each = overflow.kind() == Overflow.Kind.BLOCK ? MESSAGES / 10 : MESSAGES;
        Checker checker = new Checker(producers);
        List<Future<?>> made = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            int id = i;
            Producer<Message> producer = buffer.newProducer();
            made.add(threads.submit(() -> {
                for (int k = 1; k <= each; k++) {
                    OfferResult unused = producer.offer(new Message(id, k));
                }
            }));
        }
        AtomicBoolean done = new AtomicBoolean();
        Future<Integer> audit = threads.submit(() -> audit(buffer, done, capacity));
        Future<?> consumer = threads.submit(() -> {
            while (!buffer.isFinished()) {
                buffer.take(checker, max, Duration.ofMillis(100));
            }
            return null;
        });
        for (Future<?> one : made) {
            one.get();
        }
        buffer.complete();
        consumer.get();
        done.set(true);
        assertThat(audit.get()).isPositive();
        BufferCounters counters = buffer.counters();
        assertThat(counters.received()).isEqualTo((long) producers * each);
        assertThat(counters.delivered()).isEqualTo(checker.delivered);
        assertThat(counters.totalDropped()).isEqualTo(checker.lost);
        assertThat(counters.buffered()).isZero();
        assertThat(counters.inFlight()).isZero();
        assertThat(counters.bufferedBytes()).isZero();
        assertThat(checker.delivered + checker.lost).isEqualTo((long) producers * each);
    }

    /** Counters add up by their constructor; here: none goes back, and the amounts are possible. */
    private static int audit(MessageBuffer<Message> buffer, AtomicBoolean done, int capacity) {
        BufferCounters last = BufferCounters.NONE;
        int readings = 0;
        do {
            BufferCounters now = buffer.counters();
            BufferCounters step = now.since(last);
            assertThat(Stream.of(step.received(), step.delivered(), step.failed(), step.filtered()))
                    .allMatch(count -> count >= 0);
            assertThat(step.dropped().values()).allMatch(count -> count >= 0);
            assertThat(now.buffered()).isBetween(0L, (long) capacity);
            assertThat(now.inFlight()).isNotNegative();
            assertThat(now.bufferedBytes()).isBetween(0L, 9L * capacity);
            last = now;
            readings++;
        } while (!done.get());
        return readings;
    }

    /** Each producer's messages come in order, and numbers jump only where a gap said so. */
    private static final class Checker implements Receiver<Message> {

        private final long[] last;
        private Gap gap;
        long delivered;
        long lost;

        Checker(int producers) {
            last = new long[producers];
        }

        @Override
        public void onMessage(Message message, long sequence) {
            long skipped = sequence - 1 - last[message.producer()];
            if (skipped != (gap == null ? 0 : gap.count()) || sequence != message.index()) {
                throw new AssertionError("message " + message + " with number " + sequence + " after "
                        + last[message.producer()] + " and " + gap);
            }
            if (gap != null && gap.last() != sequence - 1) {
                throw new AssertionError(gap + " before " + sequence);
            }
            gap = null;
            last[message.producer()] = sequence;
            delivered++;
        }

        @Override
        public void onGap(Gap told) {
            gap = told;
            lost += told.count();
        }
    }

    @Test
    void a_lane_whose_consumer_is_stuck_while_it_clears_goes_on_with_new_slots() throws Exception {
        for (int round = 0; round < 20; round++) {
            nothing_is_out_of_order_or_unaccounted(Overflow.dropOldest(), 1, 6, 100);
        }
    }

    @Test
    void closing_at_any_moment_leaves_nothing_unaccounted() throws Exception {
        for (int round = 0; round < 300; round++) {
            MessageBuffer<Long> buffer =
                    MessageBuffer.<Long>builder(message -> 1).maxMessages(64).build();
            Producer<Long> producer = buffer.newProducer();
            Future<Long> sent = threads.submit(() -> {
                long count = 0;
                while (producer.offer(count) != OfferResult.CLOSED) {
                    count++;
                }
                return count + 1;
            });
            Future<Long> got = threads.submit(() -> {
                long count = 0;
                while (!buffer.isFinished()) {
                    count += buffer.take((message, number) -> {}, 10, Duration.ofSeconds(30));
                }
                count += buffer.drain((message, number) -> {}, 10);
                return count;
            });
            LockSupport.parkNanos(round * 1_000L);
            buffer.close();
            assertThat(sent.get()).isPositive();
            assertThat(got.get()).isNotNegative();
            BufferCounters counters = buffer.counters();
            assertThat(counters.received()).isEqualTo(sent.get());
            assertThat(counters.delivered()).isEqualTo(got.get());
            assertThat(counters.buffered()).isZero();
            assertThat(counters.inFlight()).isZero();
        }
    }

    @Test
    void a_thousand_waits_miss_no_message() throws Exception {
        MessageBuffer<Integer> buffer = MessageBuffer.<Integer>builder(message -> 1)
                .overflow(Overflow.dropNewest())
                .build();
        Future<Integer> consumer = threads.submit(() -> {
            int count = 0;
            while (count < 1_000 && buffer.take((message, number) -> {}, Duration.ofSeconds(30))) {
                count++;
            }
            return count;
        });
        for (int i = 0; i < 1_000; i++) {
            buffer.offer(i);
            while (buffer.counters().buffered() > 0) {
                Thread.onSpinWait();
            }
        }
        assertThat(consumer.get()).isEqualTo(1_000);
    }

    @Test
    void messages_that_are_gone_are_not_held() {
        for (Overflow<byte[]> overflow : List.<Overflow<byte[]>>of(
                Overflow.dropOldest(), Overflow.dropNewest(), Overflow.conflate(bytes -> bytes.length))) {
            MessageBuffer<byte[]> buffer = MessageBuffer.<byte[]>builder(bytes -> bytes.length)
                    .maxMessages(4)
                    .overflow(overflow)
                    .build();
            List<WeakReference<byte[]>> references = new ArrayList<>();
            for (int i = 1; i <= 12; i++) {
                byte[] message = new byte[1_000 + i];
                references.add(new WeakReference<>(message));
                buffer.offer(message);
            }
            buffer.drain((message, number) -> {}, 100);
            buffer.offer(new byte[1]);
            assertThat(Collected.all(references)).isTrue();
            assertThat(buffer.counters().buffered()).isOne();
        }
    }

    @Test
    void a_closed_buffer_holds_no_messages() {
        MessageBuffer<byte[]> buffer =
                MessageBuffer.<byte[]>builder(bytes -> bytes.length).build();
        List<WeakReference<byte[]>> references = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] message = new byte[1_000];
            references.add(new WeakReference<>(message));
            buffer.offer(message);
        }
        buffer.close();
        assertThat(Collected.all(references)).isTrue();
        assertThat(buffer.counters().dropped(DropReason.CLOSED)).isEqualTo(100);
    }

    /** Waits for the garbage collector. */
    private static final class Collected {

        static boolean all(List<WeakReference<byte[]>> references) {
            for (int i = 0; i < 100; i++) {
                System.gc();
                if (references.stream().allMatch(reference -> reference.get() == null)) {
                    return true;
                }
                LockSupport.parkNanos(1_000_000);
            }
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("allocating")
    void a_message_allocates_nothing(Overflow<String> overflow) {
        MessageBuffer<String> buffer = MessageBuffer.<String>builder(String::length)
                .maxMessages(64)
                .overflow(overflow)
                .build();
        Producer<String> producer = buffer.newProducer();
        Receiver<String> receiver = (message, number) -> {};
        String[] messages =
                Stream.iterate(0, i -> i + 1).limit(50).map(i -> "m" + i).toArray(String[]::new);
        ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long bytes = 0;
        int rounds = 2_000;
        for (int round = 0; round < 2 * rounds; round++) {
            if (round == rounds) {
                bytes = meter.getThreadAllocatedBytes(id);
            }
            for (String message : messages) {
                OfferResult unused = producer.offer(message);
            }
            int unused = buffer.drain(receiver, 100);
        }
        bytes = meter.getThreadAllocatedBytes(id) - bytes;
        assertThat((double) bytes / (rounds * messages.length)).isLessThan(0.1);
    }

    static Stream<Overflow<String>> allocating() {
        return Stream.of(
                Overflow.dropOldest(),
                Overflow.dropNewest(),
                Overflow.block(Duration.ofSeconds(1)),
                Overflow.disconnect(),
                Overflow.conflate(text -> text));
    }
}
