package dev.tentpole.streaming;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Pairs of things that happen to a buffer while it ends or while one side waits for the other. */
final class EndStress {

    private EndStress() {}

    /** Whatever was accepted while the buffer is completed is there before the buffer is finished. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "both refused")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the second refused")
    @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "both delivered")
    @Outcome(expect = Expect.FORBIDDEN, desc = "accepted and not delivered")
    @State
    public static class CompleteWhileOffering {

        private final MessageBuffer<BufferStress.Payload> buffer = BufferStress.buffer(4, Overflow.dropNewest());
        private final Producer<BufferStress.Payload> producer = buffer.newProducer();

        @Actor
        public void produce(II_Result result) {
            result.r1 = (producer.offer(new BufferStress.Payload(1)).isAccepted() ? 1 : 0)
                    + (producer.offer(new BufferStress.Payload(2)).isAccepted() ? 1 : 0);
        }

        @Actor
        public void completeAndConsume(II_Result result) {
            buffer.complete();
            while (!buffer.isFinished()) {
                result.r2 += buffer.drain((message, number) -> {}, 10);
            }
        }
    }

    /** A message that was evicted for one that came too late is in the last gap. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "the new one refused at once")
    @Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "evicted, and the new one refused")
    @Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "evicted for the new one")
    @Outcome(id = "2, 0, 2", expect = Expect.ACCEPTABLE, desc = "both delivered")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost without a gap")
    @State
    public static class CompleteWhileEvicting {

        private final MessageBuffer<BufferStress.Payload> buffer = BufferStress.buffer(1, Overflow.dropOldest());
        private final Producer<BufferStress.Payload> producer = buffer.newProducer();
        private final BufferStress.Digits digits = new BufferStress.Digits();

        public CompleteWhileEvicting() {
            OfferResult unused = producer.offer(new BufferStress.Payload(1));
        }

        @Actor
        public void produce(III_Result result) {
            result.r3 = producer.offer(new BufferStress.Payload(1)).isAccepted() ? 2 : 1;
        }

        @Actor
        public void completeAndConsume(III_Result result) {
            buffer.complete();
            while (!buffer.isFinished()) {
                result.r1 += buffer.drain(digits, 10);
            }
            result.r2 = digits.lost;
        }
    }

    /** A buffer that another thread than the consumer sees finished delivers nothing any more. */
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "nothing came after the end")
    @Outcome(expect = Expect.FORBIDDEN, desc = "finished too early")
    @State
    public static class FinishedForOthers {

        private final MessageBuffer<BufferStress.Payload> buffer = BufferStress.buffer(16, Overflow.dropOldest());
        private volatile boolean finished;
        private int late;

        public FinishedForOthers() {
            OfferResult unusedFirst = buffer.offer(new BufferStress.Payload(1));
            OfferResult unusedSecond = buffer.offer(new BufferStress.Payload(2));
            buffer.complete();
        }

        @Actor
        public void consume() {
            int unused = buffer.drain((message, number) -> late += finished && message.value == 1 ? 1 : 0, 10);
        }

        @Actor
        public void watch() {
            for (int i = 0; i < 10 && !finished; i++) {
                finished = buffer.isFinished();
            }
        }

        @Arbiter
        public void rest(I_Result result) {
            result.r1 = late;
        }
    }

    /** A consumer that waits and a producer never miss each other. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "woken, or not even asleep")
    @Outcome(expect = Expect.FORBIDDEN, desc = "slept through")
    @State
    public static class OfferWhileFallingAsleep {

        private final MessageBuffer<BufferStress.Payload> buffer = BufferStress.buffer(4, Overflow.dropNewest());
        private final Producer<BufferStress.Payload> producer = buffer.newProducer();

        @Actor
        public void produce() {
            OfferResult unused = producer.offer(new BufferStress.Payload(1));
        }

        @Actor
        public void consume(I_Result result) {
            try {
                result.r1 = buffer.take((message, number) -> {}, Duration.ofSeconds(20)) ? 1 : 0;
            } catch (InterruptedException interrupted) {
                result.r1 = -1;
            }
        }
    }

    /** A producer that waits for a place and the consumer never miss each other. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "it got the place")
    @Outcome(expect = Expect.FORBIDDEN, desc = "slept through")
    @State
    public static class TakeWhileBlocked {

        private final MessageBuffer<BufferStress.Payload> buffer =
                BufferStress.buffer(1, Overflow.block(Duration.ofSeconds(20)));
        private final Producer<BufferStress.Payload> producer = buffer.newProducer();

        public TakeWhileBlocked() {
            OfferResult unused = producer.offer(new BufferStress.Payload(1));
        }

        @Actor
        public void produce(II_Result result) {
            result.r1 = producer.offer(new BufferStress.Payload(2)) == OfferResult.ACCEPTED ? 1 : 0;
        }

        @Actor
        public void consume(II_Result result) {
            result.r2 = buffer.poll((message, number) -> {}) ? 1 : 0;
        }
    }
}
