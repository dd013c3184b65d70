package dev.tentpole.benchmarks.streaming;

import dev.tentpole.streaming.ReplaySource.Replayed;
import dev.tentpole.streaming.StreamPosition;
import dev.tentpole.streaming.faults.FaultServer;
import dev.tentpole.streaming.faults.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server of one channel, at a fixed rate over a real socket, that does something wrong with one message in a hundred: it
 * leaves it out, sends it twice, sends the one before again, makes it too large for most buffers, or breaks the connection.
 * Now and then its history begins anew.
 */
final class SoakServer implements AutoCloseable {

    /** The channel. */
    static final String CHANNEL = "soak.a";

    private static final int TICK_MILLIS = 10;
    private static final int LARGEST_BATCH = 5_000;
    private static final int IN_A_HUNDRED = 10_000;
    private static final int LARGE = 300_000;
    private static final int BREAKS_EVERY = 50_000;
    private static final int EPOCH_EVERY = 20;

    private final int rate;
    private final FaultServer server;
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong faults = new AtomicLong();
    private final AtomicLong offset = new AtomicLong();
    private final AtomicLong epoch = new AtomicLong();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong away = new AtomicLong();
    private final AtomicLong began = new AtomicLong();
    private final CountDownLatch quiet = new CountDownLatch(1);
    private volatile boolean stopped;

    SoakServer(int rate) throws IOException {
        this.rate = rate;
        this.server = FaultServer.start(this::serve);
    }

    URI uri() {
        return server.uri();
    }

    /** How many messages there have been, also those left out. */
    long published() {
        return published.get();
    }

    /** How many of them something was wrong with. */
    long faults() {
        return faults.get();
    }

    /** How many of them came while there was no connection. */
    long away() {
        return away.get();
    }

    int connections() {
        return server.peers().size();
    }

    /** Publishes no more; returns whether there is a connection within that time, which will stay. */
    boolean stop(Duration timeout) throws InterruptedException {
        stopped = true;
        return quiet.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What was missed, from history; every fourth time it fails, or gives only a part. */
    List<Replayed<String>> replay(String channel, StreamPosition after, StreamPosition upTo) {
        long turn = asked.incrementAndGet() % 8;
        if (turn == 0) {
            throw new IllegalStateException("injected");
        }
        List<Replayed<String>> all = new ArrayList<>();
        for (long i = after.offset() + (turn == 4 ? 2 : 1); i <= upTo.offset(); i++) {
            all.add(new Replayed<>(new StreamPosition(after.epoch(), i), "replayed", 100));
        }
        return all;
    }

    private void serve(Peer peer) throws IOException {
        peer.accept();
        String channel = peer.awaitSubscription();
        SplittableRandom random = new SplittableRandom(peer.number());
        if (peer.number() % EPOCH_EVERY == 0) {
            epoch.incrementAndGet();
            offset.set(0);
        }
        began.compareAndSet(0, System.nanoTime());
        long missed = due();
        offset.addAndGet(missed);
        published.addAndGet(missed);
        away.addAndGet(missed);
        String prefix = "data " + channel + " e" + epoch.get() + " ";
        peer.text("ack " + channel + " e" + epoch.get() + " " + offset.get());
        while (!stopped) {
            ByteArrayOutputStream batch = new ByteArrayOutputStream();
            boolean breaks = false;
            for (long i = Math.min(due(), LARGEST_BATCH); i > 0 && !breaks; i--) {
                breaks = add(batch, prefix, random);
            }
            peer.raw(batch.toByteArray());
            if (breaks) {
                end(peer, random);
                return;
            }
            if (due() < LARGEST_BATCH && !peer.pause(TICK_MILLIS)) {
                return;
            }
        }
        quiet.countDown();
        peer.serve();
    }

    /** How many messages the server is behind its rate. */
    private long due() {
        return (System.nanoTime() - began.get()) / (TimeUnit.SECONDS.toNanos(1) / rate) - published.get();
    }

    /** Adds the next message, or what becomes of it; returns whether the connection is to break. */
    private boolean add(ByteArrayOutputStream batch, String prefix, SplittableRandom random) {
        long now = offset.incrementAndGet();
        published.incrementAndGet();
        int chance = random.nextInt(IN_A_HUNDRED);
        boolean breaks = random.nextInt(BREAKS_EVERY) == 0;
        faults.addAndGet(chance < 100 || breaks ? 1 : 0);
        if (chance < 40) {
            return breaks;
        }
        byte[] frame = frame(prefix + now + " payload");
        if (chance < 70) {
            batch.writeBytes(frame);
        } else if (chance < 99) {
            batch.writeBytes(frame(prefix + Math.max(1, now - 1) + " payload"));
        } else if (chance == 99) {
            frame = frame(prefix + now + " " + "x".repeat(LARGE));
        }
        batch.writeBytes(frame);
        return breaks;
    }

    private static void end(Peer peer, SplittableRandom random) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> peer.reset();
            case 1 -> peer.close(1012).readToEnd();
            case 2 -> peer.frame(Peer.FIN | Peer.CONTINUATION, new byte[] {'x'}).readToEnd();
            default -> peer.text("nonsense").readToEnd();
        }
    }

    private static byte[] frame(String text) {
        return Peer.encode(Peer.FIN | Peer.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (!server.failures().isEmpty()) {
            throw new IllegalStateException(
                    "the server failed", server.failures().get(0));
        }
    }
}
