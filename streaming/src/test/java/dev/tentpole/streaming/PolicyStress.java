package dev.tentpole.streaming;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Pairs of things that happen at once to buffers that conflate, disconnect, or are full by weight. */
final class PolicyStress {

    private PolicyStress() {}

    /** Two messages of one key against the consumer: each is delivered or conflated, the latest never lost. */
    @JCStressTest
    @Outcome(id = "12, 0", expect = Expect.ACCEPTABLE, desc = "both came")
    @Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "the first was replaced")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost, twice or unaccounted")
    @State
    public static class ConflateOrTake {

        private final MessageBuffer<BufferStress.Payload> buffer =
                BufferStress.buffer(4, Overflow.conflate(payload -> "key"));
        private final BufferStress.Digits digits = new BufferStress.Digits();

        @Actor
        public void produce() {
            OfferResult unusedFirst = buffer.offer(new BufferStress.Payload(1));
            OfferResult unusedSecond = buffer.offer(new BufferStress.Payload(2));
        }

        @Actor
        public void consume() {
            boolean unused = buffer.poll(digits);
        }

        @Arbiter
        public void rest(II_Result result) {
            int unused = buffer.drain(digits, 10);
            result.r1 = digits.digits;
            result.r2 = (int) buffer.counters().conflated();
        }
    }

    /** A buffer that disconnects when it is full delivers what was accepted, and tells of the one that was not. */
    @JCStressTest
    @Outcome(id = "2, 2, 0", expect = Expect.ACCEPTABLE, desc = "room was made in time")
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "disconnected")
    @Outcome(expect = Expect.FORBIDDEN, desc = "unaccounted")
    @State
    public static class DisconnectOrTake {

        private final MessageBuffer<BufferStress.Payload> buffer = BufferStress.buffer(1, Overflow.disconnect());
        private final Producer<BufferStress.Payload> producer = buffer.newProducer();
        private final BufferStress.Digits digits = new BufferStress.Digits();
        private int delivered;

        @Actor
        public void produce(III_Result result) {
            result.r1 = (producer.offer(new BufferStress.Payload(1)).isAccepted() ? 1 : 0)
                    + (producer.offer(new BufferStress.Payload(2)).isAccepted() ? 1 : 0);
        }

        @Actor
        public void consume() {
            delivered += buffer.drain(digits, 1);
        }

        @Arbiter
        public void rest(III_Result result) {
            result.r2 = delivered + buffer.drain(digits, 10);
            result.r3 = digits.lost;
        }
    }

    /** The weight that is shown while messages of different weights are evicted and taken is possible. */
    @JCStressTest
    @Outcome(id = "1, 30", expect = Expect.ACCEPTABLE, desc = "possible, and everything accounted for")
    @Outcome(expect = Expect.FORBIDDEN, desc = "impossible")
    @State
    public static class WeightWhileBusy {

        private final MessageBuffer<BufferStress.Payload> buffer = MessageBuffer.<BufferStress.Payload>builder(
                        payload -> payload.value % 4)
                .maxMessages(8)
                .maxBytes(7)
                .build();
        private final Producer<BufferStress.Payload> producer = buffer.newProducer();
        private final BufferStress.Digits digits = new BufferStress.Digits();
        private int delivered;

        @Actor
        public void work() {
            for (int i = 1; i <= 30; i++) {
                OfferResult unused = producer.offer(new BufferStress.Payload(i));
                if (i % 3 == 0) {
                    delivered += buffer.drain(digits, 2);
                }
            }
        }

        @Actor
        public void read(II_Result result) {
            result.r1 = 1;
            for (int i = 0; i < 5; i++) {
                BufferCounters now = buffer.counters();
                boolean possible = now.bufferedBytes() >= 0
                        && now.bufferedBytes() <= 7
                        && now.buffered() >= 0
                        && now.buffered() <= 8
                        && now.inFlight() >= 0;
                result.r1 &= possible ? 1 : 0;
            }
        }

        @Arbiter
        public void rest(II_Result result) {
            result.r2 = delivered + buffer.drain(digits, 10) + digits.lost;
        }
    }

    /** Counters that are read while messages come and go add up (their constructor checks), whatever the policy. */
    @JCStressTest
    @Outcome(id = "1, 250", expect = Expect.ACCEPTABLE, desc = "possible, and everything accounted for")
    @Outcome(expect = Expect.FORBIDDEN, desc = "impossible")
    @State
    public static class EachPolicyWhileBusy {

        private static final int MESSAGES = 50;
        private static final int PLACES = 2;

        private final List<MessageBuffer<BufferStress.Payload>> buffers = Stream.<Overflow<BufferStress.Payload>>of(
                        Overflow.dropOldest(),
                        Overflow.dropNewest(),
                        Overflow.block(Duration.ofNanos(1)),
                        Overflow.conflate(payload -> payload.value % 3),
                        Overflow.disconnect())
                .map(overflow -> BufferStress.buffer(PLACES, overflow))
                .toList();

        @Actor
        public void work() {
            for (int i = 1; i <= MESSAGES; i++) {
                for (MessageBuffer<BufferStress.Payload> buffer : buffers) {
                    OfferResult unused = buffer.offer(new BufferStress.Payload(i));
                    if (i % 4 != 0) {
                        boolean unusedPoll = buffer.poll((message, number) -> {});
                    }
                }
            }
        }

        @Actor
        public void read(II_Result result) {
            result.r1 = 1;
            for (MessageBuffer<BufferStress.Payload> buffer : buffers) {
                BufferCounters before = buffer.counters();
                for (int i = 0; i < 5; i++) {
                    BufferCounters now = buffer.counters();
                    result.r1 &= isPossible(before, now) ? 1 : 0;
                    before = now;
                }
            }
        }

        private static boolean isPossible(BufferCounters before, BufferCounters now) {
            BufferCounters step = now.since(before);
            boolean noneWentBack = step.received() >= 0
                    && step.delivered() >= 0
                    && step.conflated() >= 0
                    && step.dropped().values().stream().allMatch(count -> count >= 0);
            return noneWentBack && now.buffered() >= 0 && now.buffered() <= PLACES && now.inFlight() >= 0;
        }

        @Arbiter
        public void rest(II_Result result) {
            buffers.forEach(buffer -> result.r2 += (int) buffer.counters().received());
        }
    }
}
