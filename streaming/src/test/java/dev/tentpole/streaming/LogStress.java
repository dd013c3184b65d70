package dev.tentpole.streaming;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Pairs of things that happen to a shared log at once. */
final class LogStress {

    private LogStress() {}

    /** A subscription that waits for a shared log and a publisher never miss each other. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "woken, or not even asleep")
    @Outcome(expect = Expect.FORBIDDEN, desc = "slept through")
    @State
    public static class AppendWhileFallingAsleep {

        private final TailLog<BufferStress.Payload> log = new TailLog<>(4, 1_000);
        private final TailFeed<BufferStress.Payload> feed = new TailFeed<>(
                SubscriptionSettings.<BufferStress.Payload>of("t").build(), log, came -> {}, () -> 0);

        @Actor
        public void publish() {
            boolean unused = log.append(new BufferStress.Payload(1), 1, 0);
        }

        @Actor
        public void read(I_Result result) {
            try {
                feed.awaitNews(() -> false, 20_000_000_000L);
            } catch (InterruptedException interrupted) {
                result.r1 = -1;
            }
            result.r1 += feed.drain((message, number) -> {}, 10);
        }
    }

    /** A subscription to a shared log that is closed counts what was published before, and nothing after. */
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "counts never went back")
    @Outcome(expect = Expect.FORBIDDEN, desc = "counts went back")
    @State
    public static class CloseWhileAppending {

        private final TailLog<BufferStress.Payload> log = new TailLog<>(4, 1_000);
        private final TailFeed<BufferStress.Payload> feed = new TailFeed<>(
                SubscriptionSettings.<BufferStress.Payload>of("t").build(), log, came -> {}, () -> 0);

        @Actor
        public void publishAndRead(I_Result result) {
            long last = 0;
            for (int i = 1; i <= 5; i++) {
                boolean unused = log.append(new BufferStress.Payload(i), 1, 0);
                long received = feed.counters().received();
                result.r1 += received < last ? 1 : 0;
                last = received;
            }
        }

        @Actor
        public void close() {
            feed.close();
        }
    }

    /** A reader of a shared log gets each message or counts it as lost, and never what was overwritten. */
    @JCStressTest
    @Outcome(id = "20, 20", expect = Expect.ACCEPTABLE, desc = "delivered + lost = published")
    @Outcome(expect = Expect.FORBIDDEN, desc = "unaccounted")
    @State
    public static class LogAndReader {

        private final TailLog<BufferStress.Payload> log = new TailLog<>(4, 1_000);
        private final TailFeed<BufferStress.Payload> feed = new TailFeed<>(
                SubscriptionSettings.<BufferStress.Payload>of("t").build(), log, came -> {}, () -> 0);
        private long seen;
        private long last;
        private final Receiver<BufferStress.Payload> receiver = new Receiver<>() {
            @Override
            public void onMessage(BufferStress.Payload message, long sequence) {
                seen += message.value == sequence && sequence > last ? 1 : 1_000;
                last = sequence;
            }

            @Override
            public void onGap(Gap gap) {
                seen += gap.count();
            }
        };

        @Actor
        public void publish() {
            for (int i = 1; i <= 20; i++) {
                boolean unused = log.append(new BufferStress.Payload(i), 1, 0);
            }
        }

        @Actor
        public void read() {
            for (int i = 0; i < 10; i++) {
                int unused = feed.drain(receiver, 2);
                BufferCounters counters = feed.counters();
                seen += counters.buffered() > 4 || counters.inFlight() < 0 ? 1_000 : 0;
            }
        }

        @Arbiter
        public void rest(JJ_Result result) {
            feed.complete();
            int unused = feed.drain(receiver, 100);
            result.r1 = seen;
            BufferCounters counters = feed.counters();
            result.r2 = counters.delivered() + counters.dropped(DropReason.OLDEST);
        }
    }
}
