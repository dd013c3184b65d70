package dev.tentpole.streaming;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection by this side's wish: nothing new is taken in, subscribers get what is buffered, the server is
 * told, and all of it is over when the time is up. For the loop's thread.
 */
final class Drain<T> {

    private static final long LOOK_NANOS = 5_000_000L;

    private final Machine<T> machine;
    private final Topics<StreamMessage<T>> topics;
    private final List<Subscription<StreamMessage<T>>> subscriptions;
    private final EventLoop loop;
    private final CompletableFuture<DrainReport> report;
    private long closeNanos;
    private long buffersUntil;
    private long until;
    private final BufferCounters before;
    private final long discardedBefore;
    private final long unsentBefore;
    private boolean saidGoodbye;

    private Drain(
            Machine<T> machine,
            Topics<StreamMessage<T>> topics,
            EventLoop loop,
            long bufferNanos,
            long closeNanos,
            CompletableFuture<DrainReport> report) {
        this.machine = machine;
        this.topics = topics;
        this.subscriptions = topics.subscriptions();
        this.loop = loop;
        this.report = report;
        this.closeNanos = closeNanos;
        long now = loop.nanoTime();
        this.buffersUntil = now + bufferNanos;
        this.until = buffersUntil + closeNanos;
        this.before = sum();
        this.discardedBefore = machine.counters.discarded.sum();
        this.unsentBefore = machine.outbound.failed();
    }

    static <T> Drain<T> start(
            Machine<T> machine,
            Topics<StreamMessage<T>> topics,
            EventLoop loop,
            long bufferNanos,
            long closeNanos,
            CompletableFuture<DrainReport> report) {
        Drain<T> drain = new Drain<>(machine, topics, loop, bufferNanos, closeNanos, report);
        machine.channels().stopIntake();
        Attachment<T> attachment = machine.beginDrain();
        if (attachment != null) {
            machine.channels().unsubscribeAll(attachment);
        }
        drain.awaitBuffers(attachment == null ? null : attachment.session);
        return drain;
    }

    /** Waits for buffers no longer, and for the server as long as given. */
    void hurry(long forClose) {
        long now = loop.nanoTime();
        if (buffersUntil - now > 0) {
            closeNanos = forClose;
            buffersUntil = now;
            until = now + forClose;
        }
    }

    private void awaitBuffers(@Nullable Session<T> session) {
        boolean sent = session == null || !session.isOpen() || session.writer().hasSentAll();
        boolean delivered = !machine.isBehind()
                && machine.counters.held.sum() == 0
                && machine.channels().outlet().isEmpty()
                && isEmpty(sum());
        if (loop.nanoTime() - buffersUntil < 0 && !(sent && delivered)) {
            loop.schedule(LOOK_NANOS, () -> awaitBuffers(session));
            return;
        }
        machine.outbound.failAll(
                new ConnectionException(ConnectionReason.REQUESTED, 0, "not written before the drain was over", null));
        if (session == null || !session.isOpen()) {
            finish(false);
        } else {
            long left = Math.max(0, until - loop.nanoTime());
            session.close(1000, "", Math.min(closeNanos, left), this::finish);
        }
    }

    private void finish(boolean peerClosed) {
        if (saidGoodbye) {
            return;
        }
        saidGoodbye = true;
        BufferCounters after = sum();
        long delivered = after.delivered() - before.delivered();
        long left = after.buffered()
                + machine.channels().outlet().publications()
                + machine.counters.held.sum()
                + machine.counters.discarded.sum()
                - discardedBefore;
        machine.channels().endAll();
        ConnectionException givenUp = machine.life().failure();
        if (givenUp != null) {
            topics.end(new EndReason(EndReason.Kind.FAILED, String.valueOf(givenUp.getMessage())));
        } else if (left == 0) {
            topics.complete();
        } else {
            topics.close();
        }
        machine.finishDrain();
        long unsent = machine.outbound.failed() - unsentBefore;
        report.complete(new DrainReport(delivered, left + machine.counters.afterDrain.sum(), unsent, peerClosed));
    }

    private static boolean isEmpty(BufferCounters counters) {
        return counters.buffered() == 0 && counters.inFlight() == 0;
    }

    private BufferCounters sum() {
        BufferCounters sum = BufferCounters.NONE;
        for (Subscription<StreamMessage<T>> subscription : subscriptions) {
            sum = sum.plus(subscription.counters());
        }
        return sum;
    }
}
