package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a buffer promises, policy by policy. */
@Timeout(60)
final class MessageBufferTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Seen<String> seen = new Seen<>();
    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        others.shutdownNow();
    }

    private static MessageBuffer.Builder<String> buffer(Overflow<String> overflow) {
        return MessageBuffer.<String>builder(String::length).overflow(overflow);
    }

    private List<String> drained(MessageBuffer<String> buffer) {
        buffer.drain(seen, 1_000);
        return seen.take();
    }

    @Test
    void drop_oldest_keeps_the_latest_and_puts_one_gap_before_them() {
        MessageBuffer<String> buffer =
                buffer(Overflow.dropOldest()).maxMessages(2).build();
        assertThat(buffer.offer("a")).isEqualTo(OfferResult.ACCEPTED);
        buffer.offer("b");
        assertThat(buffer.offer("c")).isEqualTo(OfferResult.ACCEPTED_DROPPED_OLDEST);
        buffer.offer("d");
        assertThat(drained(buffer)).containsExactly("gap 2 1..2 OLDEST", "c@3", "d@4");
        buffer.offer("e");
        assertThat(drained(buffer)).containsExactly("e@5");
        assertThat(buffer.counters().dropped(DropReason.OLDEST)).isEqualTo(2);
    }

    @Test
    void a_heavy_message_drops_as_many_old_ones_as_it_needs() {
        MessageBuffer<String> buffer =
                buffer(Overflow.dropOldest()).maxBytes(10).build();
        buffer.offerAll(List.of("aaa", "bbb", "ccc", "dddddd"));
        assertThat(buffer.counters().bufferedBytes()).isEqualTo(9);
        assertThat(drained(buffer)).containsExactly("gap 2 1..2 OLDEST", "ccc@3", "dddddd@4");
    }

    @Test
    void drop_newest_keeps_the_earliest_and_puts_the_gap_where_the_hole_is() {
        MessageBuffer<String> buffer =
                buffer(Overflow.dropNewest()).maxMessages(2).build();
        assertThat(buffer.offerAll(List.of("a", "b", "c", "d"))).isEqualTo(2);
        buffer.poll(seen);
        assertThat(buffer.offer("e")).isEqualTo(OfferResult.ACCEPTED);
        assertThat(drained(buffer)).containsExactly("a@1", "b@2", "gap 2 3..4 NEWEST", "e@5");
    }

    @Test
    void a_message_that_can_never_fit_is_refused_and_drops_nothing_else() {
        for (Overflow<String> overflow : List.<Overflow<String>>of(
                Overflow.dropOldest(),
                Overflow.dropNewest(),
                Overflow.block(LONG),
                Overflow.disconnect(),
                Overflow.conflate(text -> text))) {
            MessageBuffer<String> buffer = buffer(overflow).maxBytes(3).build();
            buffer.offer("a");
            assertThat(buffer.offer("long")).isEqualTo(OfferResult.TOO_LARGE);
            buffer.offer("b");
            assertThat(drained(buffer)).contains("a@1", "gap 1 2..2 TOO_LARGE", "b@3");
            assertThat(buffer.counters().dropped(DropReason.TOO_LARGE)).isOne();
        }
    }

    @Test
    void losses_for_different_reasons_are_one_gap() {
        MessageBuffer<String> buffer =
                buffer(Overflow.dropOldest()).maxMessages(2).maxBytes(3).build();
        buffer.offerAll(List.of("a", "long", "b", "c"));
        assertThat(drained(buffer)).containsExactly("gap 2 1..2 SEVERAL", "b@3", "c@4");
    }

    @Test
    void disconnect_ends_the_stream_after_what_is_buffered() {
        MessageBuffer<String> buffer =
                buffer(Overflow.disconnect()).maxMessages(2).build();
        buffer.offerAll(List.of("a", "b"));
        assertThat(buffer.offer("c")).isEqualTo(OfferResult.DISCONNECTED);
        assertThat(buffer.isDisconnected()).isTrue();
        assertThat(buffer.isFinished()).isFalse();
        assertThat(drained(buffer)).containsExactly("a@1", "b@2", "gap 1 3..3 DISCONNECTED");
        assertThat(buffer.isFinished()).isTrue();
        assertThat(buffer.offer("d")).isEqualTo(OfferResult.DISCONNECTED);
        assertThat(drained(buffer)).isEmpty();
        assertThat(buffer.counters().dropped(DropReason.DISCONNECTED)).isEqualTo(2);
    }

    @Test
    void conflate_keeps_the_latest_of_each_key_in_the_place_of_the_first() {
        MessageBuffer<String> buffer =
                buffer(Overflow.conflate(text -> text.charAt(0))).maxMessages(2).build();
        buffer.offerAll(List.of("a1", "b1"));
        assertThat(buffer.offer("a2")).isEqualTo(OfferResult.CONFLATED);
        assertThat(drained(buffer)).containsExactly("a2@3", "b1@2");
        buffer.offerAll(List.of("a", "b", "c", "a"));
        assertThat(drained(buffer)).containsExactly("gap 2 4..5 OLDEST", "c@6", "a@7");
        BufferCounters counters = buffer.counters();
        assertThat(counters.conflated()).isOne();
        assertThat(counters.dropped(DropReason.OLDEST)).isEqualTo(2);
        assertThat(counters.delivered()).isEqualTo(4);
    }

    @Test
    void a_heavier_message_of_a_key_drops_others_and_not_itself() {
        MessageBuffer<String> buffer =
                buffer(Overflow.conflate(text -> text.charAt(0))).maxBytes(4).build();
        buffer.offerAll(List.of("a", "b", "a234"));
        assertThat(drained(buffer)).containsExactly("gap 1 2..2 OLDEST", "a234@3");
        assertThat(buffer.counters().conflated()).isOne();
    }

    @Test
    void a_message_too_large_takes_the_older_one_of_its_key_with_it() {
        MessageBuffer<String> buffer = buffer(Overflow.conflate(text -> text.charAt(0)))
                .maxMessages(4)
                .maxBytes(10)
                .build();
        buffer.offerAll(List.of("x", "a1", "b1", "c1"));
        buffer.poll(seen);
        assertThat(buffer.offer("b is too large")).isEqualTo(OfferResult.TOO_LARGE);
        buffer.offerAll(List.of("a2", "d1"));
        assertThat(buffer.counters().bufferedBytes()).isEqualTo(6);
        assertThat(drained(buffer)).containsExactly("x@1", "gap 1 5..5 TOO_LARGE", "a2@6", "c1@4", "d1@7");
        assertThat(buffer.counters().conflated()).isEqualTo(2);
    }

    @Test
    void the_last_gap_of_a_producer_comes_after_the_messages_of_all() {
        MessageBuffer<String> buffer =
                buffer(Overflow.dropNewest()).maxMessages(2).producers(2).build();
        Producer<String> own = buffer.newProducer();
        own.offerAll(List.of("a", "lost"));
        Receiver<String> completing = new Receiver<>() {
            @Override
            public void onMessage(String message, long sequence) {
                seen.onMessage(message, sequence);
                buffer.offer("x");
                buffer.complete();
            }

            @Override
            public void onGap(Gap gap) {
                seen.onGap(gap);
            }
        };
        while (!buffer.isFinished()) {
            buffer.drain(completing, 10);
        }
        assertThat(seen.take()).containsExactly("a@1", "x@1", "gap 1 2..2 NEWEST");
    }

    @Test
    void block_waits_for_a_place() throws Exception {
        MessageBuffer<String> buffer =
                buffer(Overflow.block(LONG)).maxMessages(1).build();
        buffer.offer("a");
        Future<OfferResult> waiting = others.submit(() -> buffer.offer("b"));
        assertThatThrownBy(() -> waiting.get(20, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(buffer.take(seen, LONG)).isTrue();
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(OfferResult.ACCEPTED);
        assertThat(drained(buffer)).containsExactly("a@1", "b@2");
    }

    @Test
    void block_gives_up_in_time_and_leaves_a_gap() {
        MessageBuffer<String> buffer =
                buffer(Overflow.block(Duration.ofMillis(5))).maxMessages(1).build();
        buffer.offer("a");
        assertThat(buffer.offer("b")).isEqualTo(OfferResult.TIMED_OUT);
        buffer.poll(seen);
        buffer.offer("c");
        assertThat(drained(buffer)).containsExactly("a@1", "gap 1 2..2 EXPIRED", "c@3");
    }

    @Test
    void an_interrupted_producer_gives_up_and_stays_interrupted() throws InterruptedException, ExecutionException {
        MessageBuffer<String> buffer =
                buffer(Overflow.block(LONG)).maxMessages(1).build();
        buffer.offer("a");
        Future<Boolean> waiting = others.submit(() -> {
            Thread.currentThread().interrupt();
            return buffer.offer("b") == OfferResult.INTERRUPTED
                    && Thread.currentThread().isInterrupted();
        });
        assertThat(waiting.get()).isTrue();
        assertThat(buffer.counters().dropped(DropReason.EXPIRED)).isOne();
    }

    @Test
    void closing_wakes_producer_and_consumer() throws Exception {
        MessageBuffer<String> full = buffer(Overflow.block(LONG)).maxMessages(1).build();
        full.offer("a");
        Future<OfferResult> producer = others.submit(() -> full.offer("b"));
        MessageBuffer<String> empty = buffer(Overflow.dropOldest()).build();
        Future<Boolean> consumer = others.submit(() -> empty.take(seen, LONG));
        assertThatThrownBy(() -> producer.get(20, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> consumer.get(20, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        full.close();
        empty.close();
        full.close();
        assertThat(producer.get(20, TimeUnit.SECONDS)).isEqualTo(OfferResult.CLOSED);
        assertThat(consumer.get(20, TimeUnit.SECONDS)).isFalse();
        assertThat(full.counters().dropped(DropReason.CLOSED)).isEqualTo(2);
        assertThat(full.isFinished()).isTrue();
        assertThat(full.poll(seen)).isFalse();
    }

    @Test
    void a_waiting_consumer_gets_what_comes_and_can_be_interrupted() throws Exception {
        MessageBuffer<String> buffer = buffer(Overflow.dropOldest()).build();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Future<Boolean> consumer = others.submit(() -> {
            thread.complete(Thread.currentThread());
            return buffer.take(seen, LONG);
        });
        Until.holds(() -> thread.join().getState() == Thread.State.TIMED_WAITING);
        buffer.offer("a");
        assertThat(consumer.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(seen.take()).containsExactly("a@1");
        Future<Boolean> again = others.submit(() -> {
            Thread.currentThread().interrupt();
            return buffer.take(seen, LONG);
        });
        assertThatThrownBy(again::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(buffer.take(seen, Duration.ofMillis(1))).isFalse();
    }

    @Test
    void completing_lets_the_rest_be_consumed_and_tells_the_last_gap_once() throws InterruptedException {
        MessageBuffer<String> buffer =
                buffer(Overflow.dropNewest()).maxMessages(1).build();
        buffer.offerAll(List.of("a", "b"));
        buffer.complete();
        assertThat(buffer.offer("c")).isEqualTo(OfferResult.CLOSED);
        assertThat(buffer.isFinished()).isFalse();
        assertThat(drained(buffer)).containsExactly("a@1", "gap 1 2..2 NEWEST");
        assertThat(buffer.isFinished()).isTrue();
        assertThat(buffer.take(seen, LONG)).isFalse();
        assertThat(seen.take()).isEmpty();
    }

    @Test
    void what_a_receiver_throws_counts_as_failed_and_the_rest_is_not_lost() {
        for (Overflow<String> overflow :
                List.<Overflow<String>>of(Overflow.dropOldest(), Overflow.conflate(text -> text))) {
            MessageBuffer<String> buffer = buffer(overflow).build();
            buffer.offerAll(List.of("a", "b", "c"));
            assertThatThrownBy(() -> buffer.drain(
                            (message, number) -> {
                                throw new IllegalStateException(message);
                            },
                            10))
                    .hasMessage("a");
            assertThat(drained(buffer)).containsExactly("b@2", "c@3");
            assertThat(buffer.counters().failed()).isOne();
            assertThat(buffer.counters().inFlight()).isZero();
        }
    }

    @Test
    void a_message_is_in_flight_while_its_receiver_runs() {
        MessageBuffer<String> buffer = buffer(Overflow.dropOldest()).build();
        buffer.offer("a");
        buffer.drain(
                (message, number) -> assertThat(buffer.counters().inFlight()).isOne(), 1);
        assertThat(buffer.counters().delivered()).isOne();
    }

    @Test
    void no_more_than_a_quarter_of_the_bytes_is_in_flight_at_once() {
        MessageBuffer<String> buffer =
                buffer(Overflow.dropOldest()).maxMessages(1_000).maxBytes(400).build();
        buffer.offerAll(Collections.nCopies(64, "a"));
        buffer.offerAll(Collections.nCopies(33, "heavy load"));
        List<Long> bytesInFlight = new ArrayList<>();
        buffer.drain(
                (message, number) ->
                        bytesInFlight.add(message.length() * buffer.counters().inFlight()),
                1_000);
        assertThat(bytesInFlight).hasSize(97).allMatch(bytes -> bytes <= 110);
    }

    @Test
    void a_receiver_that_closes_the_buffer_gets_no_more() {
        MessageBuffer<String> buffer = buffer(Overflow.dropOldest()).build();
        for (int i = 0; i < 100; i++) {
            buffer.offer("m" + i);
        }
        int count = buffer.drain((message, number) -> buffer.close(), 1_000);
        assertThat(count).isOne();
        assertThat(buffer.counters().dropped(DropReason.CLOSED)).isEqualTo(99);
        assertThat(buffer.counters().inFlight()).isZero();
    }

    @Test
    void filtered_messages_have_no_number_and_leave_no_gap() {
        MessageBuffer<String> buffer = buffer(Overflow.dropOldest())
                .filter(text -> text.startsWith("a"))
                .build();
        assertThat(buffer.offer("b")).isEqualTo(OfferResult.FILTERED);
        buffer.offerAll(List.of("a1", "c", "a2"));
        assertThat(drained(buffer)).containsExactly("a1@1", "a2@2");
        assertThat(buffer.counters().filtered()).isEqualTo(2);
    }

    @Test
    void producers_share_the_bounds_and_keep_their_own_order_and_gaps() {
        MessageBuffer<String> buffer =
                buffer(Overflow.dropOldest()).maxMessages(4).producers(2).build();
        Producer<String> own = buffer.newProducer();
        own.offerAll(List.of("a", "b", "c"));
        buffer.offerAll(List.of("x", "y", "z"));
        assertThat(drained(buffer))
                .containsSubsequence("gap 1 1..1 OLDEST", "b@2", "c@3")
                .containsSubsequence("gap 1 1..1 OLDEST", "y@2", "z@3")
                .hasSize(6);
        Producer<String> last = buffer.newProducer();
        assertThat(last.offer("u")).isEqualTo(OfferResult.ACCEPTED);
        assertThatThrownBy(() -> buffer.offer("v"))
                .isInstanceOfSatisfying(
                        StreamingException.class,
                        refused -> assertThat(refused.problem()).isEqualTo(StreamingException.Problem.LANE_TAKEN))
                .hasMessageContaining("producers");
        assertThatThrownBy(buffer::newProducer)
                .isInstanceOfSatisfying(
                        StreamingException.class,
                        refused ->
                                assertThat(refused.problem()).isEqualTo(StreamingException.Problem.TOO_MANY_PRODUCERS));
    }

    @Test
    void bad_settings_and_bad_messages_are_refused() {
        assertThatThrownBy(() -> buffer(Overflow.dropOldest()).maxMessages(0).build())
                .hasMessage("maxMessages = 0 is not in 1..16777216");
        assertThatThrownBy(() -> buffer(Overflow.dropOldest()).maxBytes(0).build())
                .hasMessageContaining("maxBytes = 0");
        assertThatThrownBy(() -> buffer(Overflow.dropOldest()).producers(65).build())
                .hasMessageContaining("producers = 65");
        assertThatThrownBy(() -> Overflow.block(Duration.ZERO)).hasMessageContaining("maxWait = PT0S");
        assertThatThrownBy(
                        () -> MessageBuffer.<String>builder(text -> -1).build().offer("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weight = -1");
        assertThatThrownBy(() -> buffer(Overflow.dropOldest()).build().offer(null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> buffer(Overflow.dropOldest()).build().drain(seen, 0))
                .hasMessageContaining("max = 0");
        assertThatThrownBy(() -> new Gap(3, 1, 2, DropReason.OLDEST)).hasMessageContaining("count = 3");
        assertThatThrownBy(() -> new BufferCounters(2, 1, 0, java.util.Map.of(), 0, 0, 0, 0, 0))
                .hasMessageContaining("received = 2 is not the sum 1");
    }
}
