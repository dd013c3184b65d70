package dev.tentpole.streaming;

import dev.tentpole.streaming.ConnectionListener.ChannelEvent;
import dev.tentpole.streaming.ConnectionListener.ChannelEvent.Kind;
import dev.tentpole.streaming.ConnectionListener.StateChange;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state that a connection shows, and who is told of it. The loop's thread changes it, any may read it or wait for it.
 */
final class Lifecycle {

    private static final Ending NONE = Ending.of(ConnectionReason.REQUESTED, "", null);

    private final Dispatcher dispatcher;
    private final ConnectionListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile ConnectionState state = ConnectionState.WAITING;
    private volatile int attempts;
    private volatile int generation;
    private volatile CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile @Nullable ConnectionException failure;
    private Ending last = NONE;

    Lifecycle(Dispatcher dispatcher, ConnectionListener listener) {
        this.dispatcher = dispatcher;
        this.listener = listener;
    }

    ConnectionState state() {
        return state;
    }

    /** How many calls of the listener were dropped, since too many waited; for any thread. */
    long droppedCalls() {
        return dispatcher.dropped();
    }

    /** Waits for a state that one waits for; returns the state of the moment when that is over. */
    ConnectionState await(Predicate<ConnectionState> wanted, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (!wanted.test(state) && left > 0) {
                left = changed.awaitNanos(left);
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** The number of the latest attempt to connect, perhaps for a second connection. */
    int attempts() {
        return attempts;
    }

    /** Counts a new attempt to connect; returns its number. */
    int nextAttempt() {
        int next = attempts + 1;
        attempts = next;
        return next;
    }

    /** The number of the connection that what is told comes from. */
    int generation() {
        return generation;
    }

    /** From now on, what is told comes from another connection. */
    void comesFrom(int number) {
        generation = number;
    }

    CompletableFuture<Void> over() {
        return over;
    }

    @Nullable
    ConnectionException failure() {
        return failure;
    }

    /** Keeps why the last connection ended, for those who are told of what follows. */
    void because(Ending ending) {
        last = ending;
    }

    void become(ConnectionState to, Duration retryIn) {
        if (state != to) {
            announce(enter(to), retryIn);
        }
    }

    /** Gives up: first whoever looks can see it, then whoever waits is woken, then listeners are told. */
    void fail(ConnectionException why) {
        failure = why;
        ConnectionState from = enter(ConnectionState.FAILED);
        over.completeExceptionally(why);
        announce(from, Duration.ZERO);
    }

    void close() {
        ConnectionState from = enter(ConnectionState.CLOSED);
        over.complete(null);
        announce(from, Duration.ZERO);
    }

    /** Forgets that it was given up. */
    void revive() {
        over = new CompletableFuture<>();
        failure = null;
        because(NONE);
    }

    void event(String channel, Kind kind, String detail) {
        ChannelEvent event = new ChannelEvent(channel, kind, generation, detail);
        dispatcher.call(false, () -> listener.onChannel(event));
    }

    private ConnectionState enter(ConnectionState to) {
        ConnectionState from = state;
        lock.lock();
        try {
            state = to;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return from;
    }

    private void announce(ConnectionState from, Duration retryIn) {
        StateChange change =
                new StateChange(from, state, last.reason(), last.code(), generation, retryIn, last.detail());
        dispatcher.call(change.to().isTerminal(), () -> listener.onState(change));
    }
}
