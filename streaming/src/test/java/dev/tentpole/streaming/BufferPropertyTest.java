package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A buffer does what a dozen lines with a queue do, action by action, and its counters say so after each. */
final class BufferPropertyTest {

    private static final int MAX_BYTES = 40;

    /** An action: offers a message of that key and weight; or drains so many if the weight is negative. */
    record Action(int key, int weight) {}

    record Message(int key, int weight, long number) {}

    @Provide
    Arbitrary<List<Action>> actions() {
        Arbitrary<Action> offer = Combinators.combine(
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.integers().between(0, 45))
                .as(Action::new);
        Arbitrary<Action> drain = Arbitraries.integers().between(1, 12).map(max -> new Action(0, -max));
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(5, offer), net.jqwik.api.Tuple.of(1, drain))
                .list()
                .ofMaxSize(120);
    }

    @Property(tries = 400)
    void drop_oldest(@ForAll("actions") List<Action> actions, @ForAll @IntRange(min = 1, max = 20) int capacity) {
        check(actions, capacity, Overflow.dropOldest());
    }

    @Property(tries = 400)
    void drop_newest(@ForAll("actions") List<Action> actions, @ForAll @IntRange(min = 1, max = 20) int capacity) {
        check(actions, capacity, Overflow.dropNewest());
    }

    @Property(tries = 400)
    void disconnect(@ForAll("actions") List<Action> actions, @ForAll @IntRange(min = 1, max = 20) int capacity) {
        check(actions, capacity, Overflow.disconnect());
    }

    @Property(tries = 400)
    void conflate(@ForAll("actions") List<Action> actions, @ForAll @IntRange(min = 1, max = 5) int capacity) {
        check(actions, capacity, Overflow.conflate(Message::key));
    }

    private static void check(List<Action> actions, int capacity, Overflow<Message> overflow) {
        MessageBuffer<Message> buffer = MessageBuffer.<Message>builder(Message::weight)
                .maxMessages(capacity)
                .maxBytes(MAX_BYTES)
                .overflow(overflow)
                .build();
        Model model = new Model(capacity, overflow.kind());
        List<String> seen = new ArrayList<>();
        Receiver<Message> receiver = new Receiver<>() {
            @Override
            public void onMessage(Message message, long sequence) {
                assertThat(sequence).isEqualTo(message.number());
                seen.add(message.toString());
            }

            @Override
            public void onGap(Gap gap) {
                seen.add("gap of " + gap.count() + " from " + gap.first() + " to " + gap.last());
            }
        };
        long number = 0;
        for (Action action : actions) {
            if (action.weight() < 0) {
                int count = buffer.drain(receiver, -action.weight());
                assertThat(count).isEqualTo(model.drain(-action.weight()));
            } else {
                number++;
                Message message = new Message(action.key(), action.weight(), number);
                assertThat(buffer.offer(message)).isEqualTo(model.offer(message));
            }
            assertThat(seen).isEqualTo(model.seen);
            assertThat(buffer.counters()).isEqualTo(model.counters());
        }
        buffer.complete();
        buffer.drain(receiver, 1_000);
        model.drain(1_000);
        model.end();
        assertThat(seen).isEqualTo(model.seen);
        assertThat(buffer.isFinished()).isTrue();
    }

    /** The same in the plainest way. */
    private static final class Model {

        private final int capacity;
        private final Overflow.Kind kind;
        private final ArrayDeque<Message> queue = new ArrayDeque<>();
        private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
        private final List<Long> lost = new ArrayList<>();
        final List<String> seen = new ArrayList<>();
        private long received;
        private long delivered;
        private long conflated;
        private boolean disconnected;

        Model(int capacity, Overflow.Kind kind) {
            this.capacity = capacity;
            this.kind = kind;
        }

        private long bytes() {
            return queue.stream().mapToLong(Message::weight).sum();
        }

        private boolean fits(Message message) {
            return queue.size() < capacity && bytes() + message.weight() <= MAX_BYTES;
        }

        private void lose(DropReason reason, long number) {
            dropped.merge(reason, 1L, Long::sum);
            lost.add(number);
        }

        OfferResult offer(Message message) {
            received++;
            if (disconnected) {
                dropped.merge(DropReason.DISCONNECTED, 1L, Long::sum);
                return OfferResult.DISCONNECTED;
            }
            if (message.weight() > MAX_BYTES) {
                if (kind == Overflow.Kind.CONFLATE && queue.removeIf(older -> older.key() == message.key())) {
                    conflated++;
                }
                lose(DropReason.TOO_LARGE, message.number());
                return OfferResult.TOO_LARGE;
            }
            if (kind == Overflow.Kind.CONFLATE) {
                return conflate(message);
            }
            OfferResult result = OfferResult.ACCEPTED;
            if (!fits(message)) {
                if (kind == Overflow.Kind.DROP_NEWEST) {
                    lose(DropReason.NEWEST, message.number());
                    return OfferResult.DROPPED_NEWEST;
                }
                if (kind == Overflow.Kind.DISCONNECT) {
                    disconnected = true;
                    lose(DropReason.DISCONNECTED, message.number());
                    return OfferResult.DISCONNECTED;
                }
                while (!fits(message)) {
                    lose(DropReason.OLDEST, queue.remove().number());
                }
                result = OfferResult.ACCEPTED_DROPPED_OLDEST;
            }
            queue.add(message);
            return result;
        }

        private OfferResult conflate(Message message) {
            List<Message> line = new ArrayList<>(queue);
            int place = -1;
            for (int i = 0; i < line.size(); i++) {
                place = line.get(i).key() == message.key() ? i : place;
            }
            OfferResult result = place >= 0 ? OfferResult.CONFLATED : OfferResult.ACCEPTED;
            if (place >= 0) {
                conflated++;
                line.set(place, message);
            } else {
                line.add(message);
                place = line.size() - 1;
            }
            while (line.size() > capacity
                    || line.stream().mapToLong(Message::weight).sum() > MAX_BYTES) {
                int victim = 0;
                if (line.get(0).equals(message)) {
                    line.add(line.remove(0));
                    continue;
                }
                lose(DropReason.OLDEST, line.remove(victim).number());
                result = result == OfferResult.ACCEPTED ? OfferResult.ACCEPTED_DROPPED_OLDEST : result;
            }
            queue.clear();
            queue.addAll(line);
            return result;
        }

        int drain(int max) {
            int count = 0;
            while (count < max && !queue.isEmpty()) {
                Message message = queue.remove();
                tellGap(kind == Overflow.Kind.CONFLATE ? Long.MAX_VALUE : message.number());
                seen.add(message.toString());
                delivered++;
                count++;
            }
            if (disconnected && count < max) {
                end();
            }
            return count;
        }

        private void tellGap(long before) {
            List<Long> due =
                    lost.stream().filter(number -> number < before).sorted().toList();
            if (!due.isEmpty()) {
                seen.add("gap of " + due.size() + " from " + due.get(0) + " to " + due.get(due.size() - 1));
                lost.removeAll(due);
            }
        }

        void end() {
            tellGap(Long.MAX_VALUE);
        }

        BufferCounters counters() {
            return new BufferCounters(received, delivered, 0, dropped, conflated, 0, queue.size(), 0, bytes());
        }
    }
}
