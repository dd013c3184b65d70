package dev.tentpole.streaming;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One consumer's stream of messages from {@link Topics}.
 *
 * <p>The listener is called on a thread of this subscription, one call at a time, in the order in which messages were
 * published. Safe for use by several threads.
 *
 * @param <T> the messages
 */
public final class Subscription<T> implements AutoCloseable {

    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

    private final Topics<T> topics;
    private final long id;
    private final SubscriptionSettings<T> settings;
    private final Feed<T> feed;
    private final @Nullable BufferFeed<T> buffer;
    private final @Nullable RateLimit pace;
    private final Notices notices = new Notices();
    private final AtomicReference<@Nullable EndReason> end = new AtomicReference<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Delivery<T> delivery;
    private final ReentrantLock interrupting = new ReentrantLock();

    /** Its thread, while that may be interrupted. */
    private @Nullable Thread thread;

    Subscription(
            Topics<T> topics,
            long id,
            SubscriptionSettings<T> settings,
            Feed<T> feed,
            @Nullable RateLimit pace,
            SubscriptionListener<? super T> listener) {
        this.topics = topics;
        this.id = id;
        this.settings = settings;
        this.feed = feed;
        this.pace = pace;
        buffer = feed instanceof BufferFeed<T> own ? own : null;
        delivery = new Delivery<>(this, listener, feed, notices, topics.observation()::countGap);
    }

    /**
     * {@return its number, unique among all subscriptions of its topics}
     */
    public long id() {
        return id;
    }

    /**
     * {@return what it wants}
     */
    public SubscriptionSettings<T> settings() {
        return settings;
    }

    /**
     * {@return what became of every message that was published to its topics, at this moment}
     */
    public BufferCounters counters() {
        return feed.counters();
    }

    /**
     * {@return why it is over, if it is; the listener has been told, or will be told next}
     */
    public Optional<EndReason> endReason() {
        return Optional.ofNullable(end.get());
    }

    /**
     * Waits until the listener has had its last call.
     *
     * @param timeout how long to wait at most
     * @return whether it has
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        Duration wait = timeout.compareTo(LONGEST_TIMEOUT) > 0 ? LONGEST_TIMEOUT : timeout;
        return over.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Ends the subscription at once; what is buffered is dropped, and its thread is interrupted. Harmless if repeated or
     * called by the listener.
     */
    @Override
    public void close() {
        end(EndReason.of(EndReason.Kind.UNSUBSCRIBED));
    }

    /**
     * Ends the subscription at once for a reason; what is buffered is dropped, and its thread is interrupted unless it is
     * the caller. The first reason stays.
     *
     * @param reason why
     */
    public void end(EndReason reason) {
        Objects.requireNonNull(reason, "reason");
        if (end.compareAndSet(null, reason)) {
            feed.close();
            interrupt();
            topics.remove(this);
        }
    }

    private void interrupt() {
        interrupting.lock();
        try {
            if (thread != null && thread != Thread.currentThread()) {
                thread.interrupt();
            }
        } finally {
            interrupting.unlock();
        }
    }

    /**
     * Ends the subscription once what is buffered has been delivered. Harmless if repeated.
     */
    public void complete() {
        topics.complete(this);
    }

    void start(Thread itsThread) {
        interrupting.lock();
        try {
            thread = itsThread;
        } finally {
            interrupting.unlock();
        }
        itsThread.start();
    }

    boolean wants(String topic) {
        return settings.pattern().matches(topic);
    }

    Feed<T> feed() {
        return feed;
    }

    @Nullable
    BufferFeed<T> buffer() {
        return buffer;
    }

    Notices notices() {
        return notices;
    }

    /** What its thread does until the subscription is over. */
    void run() {
        try {
            deliver();
        } catch (Throwable thrown) {
            end.compareAndSet(null, new EndReason(EndReason.Kind.FAILED, thrown.toString()));
            delivery.failed(thrown);
        }
        try {
            leave();
        } finally {
            tellEnd();
        }
    }

    private void deliver() {
        while (!feed.isFinished() || (notices.any() && end.get() == null)) {
            try {
                delivery.step(pace);
            } catch (InterruptedException interrupted) {
                // Either the subscription is over, which the loop sees, or its listener left the thread interrupted.
            }
        }
        EndReason.Kind kind = feed.isDisconnected() ? EndReason.Kind.TOO_SLOW : EndReason.Kind.COMPLETED;
        end.compareAndSet(null, EndReason.of(kind));
    }

    private void leave() {
        topics.remove(this);
        feed.close();
        try {
            delivery.discard();
        } finally {
            topics.over(this);
        }
    }

    /** Has the listener's last call made, which nobody interrupts. */
    private void tellEnd() {
        interrupting.lock();
        try {
            thread = null;
        } finally {
            interrupting.unlock();
        }
        boolean unused = Thread.interrupted();
        try {
            delivery.end(Objects.requireNonNull(end.get()));
        } finally {
            over.countDown();
        }
    }

    @Override
    public String toString() {
        return "Subscription[" + id + ", " + settings.pattern() + "]";
    }
}
