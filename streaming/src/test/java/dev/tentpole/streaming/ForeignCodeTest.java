package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.AbstractSequentialList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.ListIterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a buffer promises when functions and receivers of its user throw, call it back, or are odd. */
@Timeout(60)
final class ForeignCodeTest {

    private final Seen<String> seen = new Seen<>();

    /** A key whose {@code equals} throws if one of the two is bad. */
    private record Key(String text) {

        @Override
        public int hashCode() {
            return 7;
        }

        @Override
        public boolean equals(Object other) {
            if (text.equals("bad")) {
                throw new IllegalStateException("equals");
            }
            return other instanceof Key key && key.text.equals(text);
        }
    }

    private static Function<String, Object> thrower(String what) {
        return text -> {
            if (text.equals("bad")) {
                throw new IllegalStateException(what);
            }
            return text;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"filter", "weigher", "key", "equals"})
    void what_a_function_throws_is_thrown_on_and_the_message_is_counted_as_rejected(String which) {
        Function<String, Object> function = thrower(which);
        MessageBuffer<String> buffer = MessageBuffer.<String>builder(text -> which.equals("weigher")
                        ? function.apply(text).toString().length()
                        : text.length())
                .filter(text -> !which.equals("filter") || function.apply(text) != null)
                .overflow(Overflow.conflate(text ->
                        which.equals("equals") ? new Key(text) : which.equals("key") ? function.apply(text) : text))
                .build();
        buffer.offer("a");
        assertThatThrownBy(() -> buffer.offer("bad")).hasMessage(which);
        buffer.offer("b");
        assertThat(buffer.counters().received()).isEqualTo(3);
        assertThat(buffer.counters().dropped(DropReason.REJECTED)).isOne();
        buffer.drain(seen, 10);
        assertThat(seen.take()).containsExactly("gap 1 2..2 REJECTED", "a@1", "b@3");
        assertThat(buffer.counters().delivered()).isEqualTo(2);
    }

    @Test
    void a_key_whose_equals_throws_is_its_own_subscribers_loss() throws InterruptedException {
        try (Topics<String> topics = Topics.<String>builder(String::length).build()) {
            Subscription<String> subscription = topics.subscribe(
                    SubscriptionSettings.<String>of("t")
                            .overflow(Overflow.conflate(Key::new))
                            .build(),
                    seen);
            while (subscription.counters().delivered() == 0) {
                topics.publish("t", "a");
                topics.publish("t", "bad");
            }
            assertThat(topics.counters().received())
                    .isEqualTo(subscription.counters().received());
            topics.complete();
            assertThat(subscription.awaitEnd(Duration.ofSeconds(20))).isTrue();
            assertThat(seen.take()).endsWith("end COMPLETED");
        }
    }

    @Test
    void a_batch_is_offered_to_its_end_whatever_is_thrown_and_not_at_all_with_a_null_in_it() {
        MessageBuffer<String> buffer = MessageBuffer.<String>builder(
                        text -> thrower("weigher").apply(text).toString().length())
                .build();
        assertThatThrownBy(() -> buffer.offerAll(List.of("a", "bad", "b", "bad", "c")))
                .hasMessage("weigher");
        assertThatThrownBy(() -> buffer.offerAll(Arrays.asList("d", null))).isInstanceOf(NullPointerException.class);
        buffer.drain(seen, 10);
        assertThat(seen.take()).containsExactly("a@1", "gap 1 2..2 REJECTED", "b@3", "gap 1 4..4 REJECTED", "c@5");
    }

    /** A list that can't be asked for an element by its index. */
    private static final class Sequence extends AbstractSequentialList<String> {

        private final List<String> elements = Collections.nCopies(100, "a");

        @Override
        public ListIterator<String> listIterator(int index) {
            assertThat(index).isZero();
            return elements.listIterator();
        }

        @Override
        public int size() {
            return elements.size();
        }
    }

    @Test
    void a_batch_is_walked_through_and_not_asked_for_each_message_by_its_index() {
        MessageBuffer<String> buffer =
                MessageBuffer.<String>builder(String::length).build();
        assertThat(buffer.offerAll(new Sequence())).isEqualTo(100);
    }

    @Test
    void a_batch_waits_for_room_no_longer_than_one_message_may() {
        MessageBuffer<String> buffer = MessageBuffer.<String>builder(String::length)
                .maxMessages(1)
                .overflow(Overflow.block(Duration.ofMillis(400)))
                .build();
        long start = System.nanoTime();
        assertThat(buffer.offerAll(Collections.nCopies(100, "a"))).isOne();
        assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(20).toNanos());
        assertThat(buffer.counters().dropped(DropReason.EXPIRED)).isEqualTo(99);
    }

    private MessageBuffer<String> withGap(boolean conflating) {
        MessageBuffer.Builder<String> builder =
                MessageBuffer.<String>builder(String::length).maxMessages(4);
        MessageBuffer<String> buffer =
                (conflating ? builder.overflow(Overflow.conflate(text -> text)) : builder).build();
        for (int i = 1; i <= 6; i++) {
            buffer.offer("" + i);
        }
        return buffer;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_receiver_that_polls_while_it_is_told_of_a_gap_gets_each_message_once(boolean conflating) {
        MessageBuffer<String> buffer = withGap(conflating);
        Receiver<String> polling = new Receiver<>() {
            @Override
            public void onMessage(String message, long sequence) {
                seen.onMessage(message, sequence);
            }

            @Override
            public void onGap(Gap gap) {
                seen.onGap(gap);
                boolean unused = buffer.poll(this);
            }
        };
        buffer.drain(polling, 10);
        assertThat(seen.take()).containsExactly("gap 2 1..2 OLDEST", "3@3", "4@4", "5@5", "6@6");
        assertThat(buffer.counters().delivered()).isEqualTo(4);
        assertThat(buffer.counters().inFlight()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_receiver_that_closes_the_buffer_while_it_is_told_of_a_gap_gets_no_more(boolean conflating) {
        MessageBuffer<String> buffer = withGap(conflating);
        Receiver<String> closing = new Receiver<>() {
            @Override
            public void onMessage(String message, long sequence) {
                seen.onMessage(message, sequence);
            }

            @Override
            public void onGap(Gap gap) {
                seen.onGap(gap);
                buffer.close();
            }
        };
        assertThat(buffer.drain(closing, 10)).isZero();
        assertThat(seen.take()).containsExactly("gap 2 1..2 OLDEST");
        assertThat(buffer.counters().dropped(DropReason.CLOSED)).isEqualTo(4);
        assertThat(buffer.counters().inFlight()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_filter_or_weigher_may_offer_to_its_own_buffer(boolean weighs) {
        AtomicReference<MessageBuffer<String>> own = new AtomicReference<>();
        AtomicInteger nested = new AtomicInteger();
        Function<String, Integer> function = text -> {
            if (text.equals("outer") && own.get().offer("nested").isAccepted()) {
                nested.incrementAndGet();
            }
            return text.length();
        };
        own.set(MessageBuffer.<String>builder(text -> weighs ? function.apply(text) : 1)
                .filter(text -> weighs || function.apply(text) > 0)
                .build());
        assertThat(own.get().offer("outer")).isEqualTo(OfferResult.ACCEPTED);
        assertThat(nested).hasValue(1);
        own.get().drain(seen, 10);
        assertThat(seen.take()).containsExactly("nested@1", "outer@2");
        assertThat(own.get().counters().inFlight()).isZero();
    }
}
