package dev.tentpole.streaming;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Pairs of things that happen to a buffer at once; jcstress tries them millions of times. */
final class BufferStress {

    private BufferStress() {}

    /** What a message holds, written before it is offered and without any ordering of its own. */
    static final class Payload {
        int value;

        Payload(int value) {
            this.value = value;
        }
    }

    static MessageBuffer<Payload> buffer(int maxMessages, Overflow<Payload> overflow) {
        return MessageBuffer.<Payload>builder(payload -> 1)
                .maxMessages(maxMessages)
                .overflow(overflow)
                .build();
    }

    /** Collects what it gets as digits. */
    static final class Digits implements Receiver<Payload> {

        int digits;
        int lost;

        @Override
        public void onMessage(Payload message, long sequence) {
            digits = 10 * digits + message.value;
        }

        @Override
        public void onGap(Gap gap) {
            lost += (int) gap.count();
        }
    }

    /** Two messages for one place, while the consumer polls twice: each is delivered or lost, in order. */
    @JCStressTest
    @Outcome(id = "12, 0", expect = Expect.ACCEPTABLE, desc = "both came")
    @Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "the first was overwritten")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost, torn or twice")
    @State
    public static class EvictOrTake {

        private final MessageBuffer<Payload> buffer = buffer(1, Overflow.dropOldest());
        private final Producer<Payload> producer = buffer.newProducer();
        private final Digits digits = new Digits();

        @Actor
        public void produce() {
            OfferResult unusedFirst = producer.offer(new Payload(1));
            OfferResult unusedSecond = producer.offer(new Payload(2));
        }

        @Actor
        public void consume() {
            boolean unusedFirst = buffer.poll(digits);
            boolean unusedSecond = buffer.poll(digits);
        }

        @Arbiter
        public void rest(II_Result result) {
            buffer.drain(digits, 10);
            result.r1 = digits.digits;
            result.r2 = digits.lost;
        }
    }

    /** Many laps of the smallest ring against a consumer: nothing is lost without a gap, nothing comes twice. */
    @JCStressTest
    @Outcome(id = "40", expect = Expect.ACCEPTABLE, desc = "delivered + lost = offered")
    @Outcome(expect = Expect.FORBIDDEN, desc = "unaccounted")
    @State
    public static class Laps {

        private final MessageBuffer<Payload> buffer = buffer(8, Overflow.dropOldest());
        private final Producer<Payload> producer = buffer.newProducer();
        private int seen;
        private long last;
        private final Receiver<Payload> receiver = new Receiver<>() {
            @Override
            public void onMessage(Payload message, long sequence) {
                seen += message.value == sequence && sequence > last ? 1 : 1_000;
                last = sequence;
            }

            @Override
            public void onGap(Gap gap) {
                seen += (int) gap.count();
            }
        };

        @Actor
        public void produce() {
            for (int i = 1; i <= 40; i++) {
                OfferResult unused = producer.offer(new Payload(i));
            }
        }

        @Actor
        public void consume() {
            for (int i = 0; i < 20; i++) {
                int unused = buffer.drain(receiver, 4);
            }
        }

        @Arbiter
        public void rest(I_Result result) {
            int unused = buffer.drain(receiver, 100);
            result.r1 = seen;
        }
    }

    /** Counters read in the midst of it add up (their constructor checks) and are possible. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "possible, and none went back")
    @Outcome(expect = Expect.FORBIDDEN, desc = "impossible")
    @State
    public static class CountersWhileBusy {

        private final MessageBuffer<Payload> buffer = buffer(2, Overflow.dropOldest());
        private final Producer<Payload> producer = buffer.newProducer();

        @Actor
        public void work() {
            for (int i = 1; i <= 300; i++) {
                OfferResult unused = producer.offer(new Payload(i));
                if (i % 2 == 0) {
                    boolean unusedPoll = buffer.poll((message, number) -> {});
                }
            }
        }

        @Actor
        public void read(II_Result result) {
            result.r1 = 1;
            result.r2 = 1;
            BufferCounters first = buffer.counters();
            for (int i = 0; i < 50; i++) {
                BufferCounters second = buffer.counters();
                BufferCounters step = second.since(first);
                result.r1 &= second.buffered() >= 0 && second.buffered() <= 2 && second.inFlight() >= 0 ? 1 : 0;
                result.r2 &=
                        step.received() >= 0 && step.delivered() >= 0 && step.dropped(DropReason.OLDEST) >= 0 ? 1 : 0;
                first = second;
            }
        }
    }

    /** A message offered while the buffer is closed is refused or dropped, and counted either way. */
    @JCStressTest
    @Outcome(id = "2, 2, 0", expect = Expect.ACCEPTABLE, desc = "dropped as closed")
    @Outcome(expect = Expect.FORBIDDEN, desc = "unaccounted")
    @State
    public static class CloseWhileOffering {

        private final MessageBuffer<Payload> buffer = buffer(4, Overflow.dropNewest());
        private final Producer<Payload> producer = buffer.newProducer();

        @Actor
        public void produce() {
            OfferResult unusedFirst = producer.offer(new Payload(1));
            OfferResult unusedSecond = producer.offer(new Payload(2));
        }

        @Actor
        public void close() {
            buffer.close();
        }

        @Arbiter
        public void rest(III_Result result) {
            BufferCounters counters = buffer.counters();
            result.r1 = (int) counters.received();
            result.r2 = (int) counters.dropped(DropReason.CLOSED);
            result.r3 = (int) counters.buffered();
        }
    }

    /** A message taken while the buffer is closed is delivered or dropped. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "delivered")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "dropped")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both or neither")
    @State
    public static class CloseWhileTaking {

        private final MessageBuffer<Payload> buffer = buffer(4, Overflow.dropOldest());

        public CloseWhileTaking() {
            OfferResult unused = buffer.offer(new Payload(1));
        }

        @Actor
        public void consume() {
            boolean unused = buffer.poll((message, number) -> {});
        }

        @Actor
        public void close() {
            buffer.close();
        }

        @Arbiter
        public void rest(II_Result result) {
            int unused = buffer.drain((message, number) -> {}, 1);
            result.r1 = (int) buffer.counters().delivered();
            result.r2 = (int) buffer.counters().dropped(DropReason.CLOSED);
        }
    }
}
