package dev.tentpole.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.streaming.faults.FaultServer;
import dev.tentpole.streaming.faults.LineProtocol;
import dev.tentpole.streaming.faults.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 50,000 messages a second over a real socket, of which one in a hundred is lost, doubled, or breaks the connection. For 20
 * seconds, or for as long as {@code -Dtentpole.soak=PT10M} says.
 */
@Tag("thorough")
final class ConnectionSoakTest {

    private static final Duration TIME = Duration.parse(System.getProperty("tentpole.soak", "PT20S"));
    private static final int PER_BATCH = 500;
    private static final long PER_SECOND = 50_000;

    private final long begun = System.nanoTime();
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong faults = new AtomicLong();
    private volatile boolean stopped;

    @Test
    @Timeout(3_600)
    void heap_flat_threads_constant_identity_exact_nothing_out_of_order() throws Exception {
        Follower follower = new Follower();
        try (FaultServer server = FaultServer.start(this::serve);
                StreamConnection<String> connection = StreamConnection.builder(
                                server.uri(), new LineProtocol(false, false))
                        .settings(ConnectionSettings.builder()
                                .backoffBase(Duration.ofMillis(20))
                                .backoffCap(Duration.ofMillis(50))
                                .build())
                        .open()) {
            Subscription<StreamMessage<String>> subscription = connection
                    .topics()
                    .subscribe(
                            SubscriptionSettings.<StreamMessage<String>>of("c").build(), follower);
            connection.subscribe("c");
            long end = System.nanoTime() + TIME.toNanos();
            List<Long> heaps = new ArrayList<>();
            List<Integer> threads = new ArrayList<>();
            while (System.nanoTime() - end < 0) {
                Until.within(Duration.ofNanos(TIME.toNanos() / 10), () -> false);
                heaps.add(liveHeap());
                threads.add(ours());
                BufferCounters counters = subscription.counters();
                assertThat(counters.received())
                        .isEqualTo(counters.delivered()
                                + counters.failed()
                                + counters.totalDropped()
                                + counters.conflated()
                                + counters.filtered()
                                + counters.buffered()
                                + counters.inFlight());
                assertThat(counters.buffered()).isLessThanOrEqualTo(1_024);
                assertThat(follower.wrong).isEmpty();
            }
            stopped = true;
            Until.holds(() -> connection.machine().channels().outlet().isEmpty()
                    && subscription.counters().buffered()
                                    + subscription.counters().inFlight()
                            == 0);
            assertThat(follower.wrong).isEmpty();
            assertThat(published.get())
                    .as("messages in %s, at %d a second", TIME, PER_SECOND)
                    .isGreaterThanOrEqualTo(TIME.toSeconds() * PER_SECOND * 9 / 10);
            assertThat(faults.get())
                    .as("faults among %d messages that were sent, of which 1 %% have one", sent.get())
                    .isGreaterThanOrEqualTo(sent.get() * 9 / 1_000);
            assertThat(subscription.counters().delivered())
                    .as("delivered of %d", published.get())
                    .isGreaterThanOrEqualTo(published.get() / 20);
            assertThat(subscription.counters().delivered() + follower.missing)
                    .as("what was delivered and what gaps told of, up to the last message")
                    .isEqualTo(follower.last);
            assertThat(threads.get(threads.size() - 1)).isLessThanOrEqualTo(threads.get(0) + 1);
            assertThat(heaps.get(heaps.size() - 1)).as("heap in MiB").isLessThan(heaps.get(0) + 32);
        }
    }

    /** How many messages there are to be by now. */
    private long due() {
        return (System.nanoTime() - begun) / (1_000_000_000L / PER_SECOND);
    }

    /** The history goes on whether there is a connection or not; a client that comes back is told how far it is. */
    private void serve(Peer peer) throws IOException {
        peer.accept();
        String channel = peer.awaitSubscription();
        SplittableRandom random = new SplittableRandom(peer.number());
        published.accumulateAndGet(due(), Math::max);
        peer.text("ack " + channel + " e " + published.get());
        while (!stopped) {
            ByteArrayOutputStream batch = new ByteArrayOutputStream();
            boolean breaks = false;
            for (int i = 0; i < PER_BATCH; i++) {
                byte[] frame = Peer.encode(
                        Peer.FIN | Peer.TEXT,
                        ("data " + channel + " e " + published.incrementAndGet() + " payload")
                                .getBytes(StandardCharsets.UTF_8));
                int chance = random.nextInt(10_000);
                faults.addAndGet(chance < 100 ? 1 : 0);
                breaks |= chance == 0;
                if (chance >= 50) {
                    batch.write(frame);
                }
                if (chance >= 50 && chance < 100) {
                    batch.write(frame);
                }
            }
            sent.addAndGet(PER_BATCH);
            peer.raw(batch.toByteArray());
            if (breaks) {
                peer.reset();
                return;
            }
            long waitMillis = (published.get() - due()) * 1_000 / PER_SECOND;
            if (waitMillis > 0 && !peer.pause(waitMillis)) {
                return;
            }
        }
        peer.serve();
    }

    private static int ours() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tentpole-streaming"))
                .count();
    }

    private static long liveHeap() {
        System.gc();
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
    }

    private static final class Follower implements SubscriptionListener<StreamMessage<String>> {

        private final List<String> wrong = new ArrayList<>();
        private volatile long last = -1;
        private volatile long missing;
        private long begun = -1;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        public void onMessage(StreamMessage<String> message, long sequence) {
            long offset = message.position().orElseThrow().offset();
            if (begun < 0) {
                begun = offset;
                missing = offset - 1;
            } else if (offset <= last) {
                wrong.add(last + " then " + offset);
            }
            last = offset;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        public void onGap(Gap gap) {
            missing += gap.count();
            if (gap.reason() == DropReason.UPSTREAM) {
                last = Math.max(last, gap.last());
            }
        }
    }
}
