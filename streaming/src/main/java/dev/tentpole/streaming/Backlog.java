package dev.tentpole.streaming;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the loop lags behind what a session's transport brings. Unless it lags by more than {@link #MAX_MESSAGES} messages
 * or a largest message, more is asked for at once, so that pings are answered whatever consumers do. Safe for use by several
 * threads.
 */
final class Backlog {

    static final int MAX_MESSAGES = 1_024;

    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean starved = new AtomicBoolean();
    private final int maxBytes;
    private final Runnable askForMore;

    Backlog(int maxBytes, Runnable askForMore) {
        this.maxBytes = maxBytes;
        this.askForMore = askForMore;
    }

    /** A message has come; it is for the caller to pass it on before it calls {@link #askUnlessFull}. */
    void add(WireMessage message) {
        messages.incrementAndGet();
        bytes.addAndGet(message.size());
    }

    void askUnlessFull() {
        if (isFull(1)) {
            starved.set(true);
            relieve();
        } else {
            askForMore.run();
        }
    }

    /** A message has been dealt with. */
    void remove(WireMessage message) {
        messages.decrementAndGet();
        bytes.addAndGet(-message.size());
    }

    /** Asks for more if that was put off and there is room again. */
    void relieve() {
        if (starved.get() && !isFull(2) && starved.compareAndSet(true, false)) {
            askForMore.run();
        }
    }

    private boolean isFull(int divisor) {
        return messages.get() > MAX_MESSAGES / divisor || bytes.get() > maxBytes / divisor;
    }
}
