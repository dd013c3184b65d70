package dev.tentpole.streaming;

import dev.tentpole.streaming.SendResult.Status;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait to be written, within limits of number and bytes. What is being written counts until it is
 * written. Safe for use by several threads; {@code poll} and what follows it are for the loop's.
 */
final class Outbound {

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final int maxMessages;
    private final int maxBytes;
    private Status whenRefused = Status.NOT_CONNECTED;
    private boolean accepting;
    private long bytes;
    private long replies;
    private long failed;
    private int messages;

    Outbound(ConnectionSettings settings) {
        maxMessages = settings.maxOutboundMessages;
        maxBytes = settings.maxOutboundBytes;
    }

    SendResult offer(WireMessage message) {
        lock.lock();
        try {
            if (!accepting) {
                return refused(whenRefused, "there is no connection to send on");
            }
            if (message.size() > maxBytes) {
                return refused(
                        Status.TOO_LARGE,
                        "a message of " + message.size() + " bytes is larger than maxOutboundBytes = " + maxBytes);
            }
            if (message.size() > maxBytes - bytes || messages >= maxMessages) {
                return refused(
                        Status.OVERFLOW,
                        messages + " messages, " + bytes + " bytes wait to be written; maxOutboundMessages = "
                                + maxMessages + ", maxOutboundBytes = " + maxBytes);
            }
            Entry entry = new Entry(message, new CompletableFuture<>());
            entries.add(entry);
            bytes += message.size();
            messages++;
            return new SendResult(Status.ACCEPTED, entry.written.minimalCompletionStage());
        } finally {
            lock.unlock();
        }
    }

    private static SendResult refused(Status status, String message) {
        return new SendResult(
                status,
                CompletableFuture.failedStage(
                        new ConnectionException(ConnectionReason.REQUESTED, 0, status + ": " + message, null)));
    }

    void accept() {
        lock.lock();
        try {
            accepting = true;
        } finally {
            lock.unlock();
        }
    }

    void refuse(Status status) {
        lock.lock();
        try {
            accepting = false;
            whenRefused = status;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next message to write; it counts until {@link #done}. */
    @Nullable
    Entry poll() {
        lock.lock();
        try {
            return entries.poll();
        } finally {
            lock.unlock();
        }
    }

    void done(Entry entry, @Nullable ConnectionException failure) {
        lock.lock();
        try {
            bytes -= entry.message.size();
            messages--;
            failed += failure == null ? 0 : 1;
        } finally {
            lock.unlock();
        }
        if (failure == null) {
            entry.written.complete(null);
        } else {
            entry.written.completeExceptionally(failure);
        }
    }

    /** Gives up what waits. */
    void failAll(ConnectionException failure) {
        for (Entry entry = poll(); entry != null; entry = poll()) {
            done(entry, failure);
        }
    }

    /** How many messages have been accepted and not been written. */
    long failed() {
        lock.lock();
        try {
            return failed;
        } finally {
            lock.unlock();
        }
    }

    /** Takes note of answers to the server that wait, or with a negative number wait no longer; they take no room. */
    void replied(long change) {
        lock.lock();
        try {
            replies += change;
        } finally {
            lock.unlock();
        }
    }

    /** What waits to be written, also of answers to the server. */
    long bytes() {
        lock.lock();
        try {
            return bytes + replies;
        } finally {
            lock.unlock();
        }
    }

    int messages() {
        lock.lock();
        try {
            return messages;
        } finally {
            lock.unlock();
        }
    }

    /** A message and whom to tell. */
    record Entry(WireMessage message, CompletableFuture<Void> written) {}
}
