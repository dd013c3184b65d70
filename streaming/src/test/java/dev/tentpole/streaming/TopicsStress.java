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

/** Pairs of things that happen to topics at once. */
final class TopicsStress {

    private static final Duration LONGEST = Duration.ofSeconds(20);

    private TopicsStress() {}

    /** Topics whose subscriptions have no thread but what an actor gives them. */
    private static Topics<BufferStress.Payload> topics() {
        return Topics.<BufferStress.Payload>builder(payload -> 1)
                .logMessages(4)
                .threads(task -> new Thread(task) {
                    @Override
                    public void start() {
                        // An actor runs the subscription, or nobody does.
                    }
                })
                .build();
    }

    private static SubscriptionSettings<BufferStress.Payload> settings(
            int maxMessages, Overflow<BufferStress.Payload> overflow) {
        return SubscriptionSettings.<BufferStress.Payload>of("t")
                .maxMessages(maxMessages)
                .overflow(overflow)
                .build();
    }

    /** Counts its messages and its ends. */
    private static final class Ends implements SubscriptionListener<BufferStress.Payload> {

        private int messages;
        private int ends;

        @Override
        public void onMessage(BufferStress.Payload message, long sequence) {
            messages++;
        }

        @Override
        public void onEnd(EndReason reason) {
            ends++;
        }
    }

    /** What is published while a subscription leaves is refused, dropped or not for it, and counted as such. */
    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "it had left")
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "one came, and was dropped")
    @Outcome(id = "2, 2, 0", expect = Expect.ACCEPTABLE, desc = "both came, and were dropped")
    @Outcome(expect = Expect.FORBIDDEN, desc = "unaccounted")
    @State
    public static class PublishWhileUnsubscribing {

        private final Topics<BufferStress.Payload> topics = topics();
        private final Subscription<BufferStress.Payload> subscription =
                topics.subscribe(settings(4, Overflow.dropOldest()), new Ends());

        @Actor
        public void publish() {
            PublishResult unusedFirst = topics.publish("t", new BufferStress.Payload(1));
            PublishResult unusedSecond = topics.publish("t", new BufferStress.Payload(2));
        }

        @Actor
        public void leave() {
            subscription.close();
        }

        @Arbiter
        public void rest(III_Result result) {
            BufferCounters counters = topics.counters();
            result.r1 = (int) counters.received();
            result.r2 = (int) counters.dropped(DropReason.CLOSED);
            result.r3 = (int) counters.buffered();
        }
    }

    /** Whoever ends a subscription, and whatever is delivered meanwhile: its listener hears of the end once. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "one end, everything accounted for")
    @Outcome(expect = Expect.FORBIDDEN, desc = "no end, two ends, or unaccounted")
    @State
    public static class DeliverWhileEnding {

        private final Topics<BufferStress.Payload> topics = topics();
        private final Ends ends = new Ends();
        private final Subscription<BufferStress.Payload> subscription =
                topics.subscribe(settings(4, Overflow.dropOldest()), ends);

        @Actor
        public void deliver() {
            subscription.run();
        }

        @Actor
        public void publishAndEnd() {
            PublishResult unused = topics.publish("t", new BufferStress.Payload(1));
            topics.complete();
            subscription.close();
            topics.close();
        }

        @Arbiter
        public void rest(II_Result result) {
            BufferCounters counters = topics.counters();
            result.r1 = ends.ends;
            result.r2 = counters.delivered() == ends.messages && counters.buffered() + counters.inFlight() == 0 ? 1 : 0;
        }
    }

    /** A publisher that waits for room and the one who makes it never miss each other, and keep the order. */
    @JCStressTest
    @Outcome(id = "123, 3", expect = Expect.ACCEPTABLE, desc = "all came in order")
    @Outcome(expect = Expect.FORBIDDEN, desc = "slept through, lost or out of order")
    @State
    public static class WaitInLine {

        private final Topics<BufferStress.Payload> topics = topics();
        private final Subscription<BufferStress.Payload> subscription =
                topics.subscribe(settings(1, Overflow.block(LONGEST)), new Ends());
        private final BufferStress.Digits digits = new BufferStress.Digits();

        @Actor
        public void publish(II_Result result) {
            for (int i = 1; i <= 3; i++) {
                result.r2 += topics.publish("t", new BufferStress.Payload(i)) == PublishResult.ACCEPTED ? 1 : 0;
            }
        }

        @Actor
        public void consume(II_Result result) {
            long deadline = System.nanoTime() + LONGEST.toNanos();
            int count = 0;
            while (count < 3 && System.nanoTime() - deadline < 0) {
                count += subscription.feed().drain(digits, 4);
            }
            result.r1 = digits.digits;
        }
    }
}
