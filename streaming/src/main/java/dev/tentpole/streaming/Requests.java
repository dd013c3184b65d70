package dev.tentpole.streaming;

import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests for one channel that one session has written, and which of them the server has answered. For the loop's
 * thread.
 *
 * <p>A subscription may be given up before its request is answered, and another one of the same channel be made: the
 * answer that comes then is not the other one's. If the server says which attempt it answers, that decides; if not, the
 * order does, since a server answers in the order in which it was asked. An answer that never comes makes the next one
 * count for less than it is worth; then the channel is asked for again when the acknowledgement is late, so that this
 * mends itself.
 */
final class Requests {

    private long lastAttempt;
    private long lastAttemptOfEarlier;
    private int written;
    private int writtenForEarlier;
    private int answered;
    private int times;
    private int endings;
    private long acknowledgedAt;
    private boolean hasPredecessor;
    private @Nullable Supplier<@Nullable WireMessage> waiting;

    /** Takes note of a request that waits to be written; there is one at most. */
    void waits(Supplier<@Nullable WireMessage> request) {
        waiting = request;
    }

    @Nullable
    Supplier<@Nullable WireMessage> waiting() {
        return waiting;
    }

    /** Takes note of a request that is written now; returns how many this subscription has made. */
    int written(long attempt) {
        waiting = null;
        lastAttempt = attempt;
        written++;
        times++;
        return times;
    }

    /** How many requests the present subscription has made. */
    int times() {
        return times;
    }

    /** Whether no later request than this one was made, and none was given up since. */
    boolean isLast(long attempt) {
        return lastAttempt == attempt && times > 0;
    }

    /** The server answers: whether that concerns the present subscription. An attempt of 0 is one that it does not name. */
    boolean isAnswered(long attempt) {
        answered = Math.min(answered + 1, written);
        return attempt > 0 ? attempt > lastAttemptOfEarlier : answered > writtenForEarlier || written == 0;
    }

    /** The present subscription has been acknowledged: what comes from now on is its. */
    void acknowledged(long now) {
        hasPredecessor = false;
        acknowledgedAt = now;
    }

    /** Whether what comes may still be an earlier subscription's. */
    boolean hasPredecessor() {
        return hasPredecessor;
    }

    /** The present subscription is over; a later one may follow. */
    void giveUp() {
        lastAttemptOfEarlier = lastAttempt;
        writtenForEarlier = written;
        hasPredecessor |= times > 0;
        times = 0;
        waiting = null;
    }

    /**
     * The server has ended the subscription and wants it to be asked for anew. Returns how many nanoseconds to wait before
     * that: none at first, and ever longer if it does so again before the subscription has been stable for a while.
     */
    long endedByServer(long now, long stableNanos, IntToLongFunction backoff) {
        boolean stable = acknowledgedAt != 0 && now - acknowledgedAt >= stableNanos;
        endings = stable ? 0 : endings;
        long wait = endings == 0 ? 0 : backoff.applyAsLong(endings - 1);
        endings++;
        times = 0;
        return wait;
    }
}
