package dev.tentpole.streaming;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

    private static final int BATCH = 256;

    private final Topics<T> topics;
    private final long id;
    private final SubscriptionSettings<T> settings;
    private final SubscriptionListener<? super T> listener;
    private final MessageBuffer<T> buffer;
    private final ArrayDeque<Runnable> notices = new ArrayDeque<>();
    private final AtomicReference<@Nullable EndReason> end = new AtomicReference<>();
    private final CountDownLatch over = new CountDownLatch(1);

    Subscription(
            Topics<T> topics, long id, SubscriptionSettings<T> settings, SubscriptionListener<? super T> listener) {
        this.topics = topics;
        this.id = id;
        this.settings = settings;
        this.listener = listener;
        MessageBuffer.Builder<T> builder = MessageBuffer.<T>builder(topics.weigher)
                .maxMessages(settings.maxMessages)
                .maxBytes(settings.maxBytes)
                .overflow(settings.overflow);
        if (settings.filter != null) {
            builder.filter(settings.filter);
        }
        buffer = builder.build();
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
        return buffer.counters();
    }

    /**
     * {@return why it is over, once the listener has been told or will be told next}
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
        return over.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Ends the subscription at once; what is buffered is dropped. Harmless if repeated or called by the listener.
     */
    @Override
    public void close() {
        end(EndReason.of(EndReason.Kind.UNSUBSCRIBED));
    }

    /**
     * Ends the subscription at once for a reason; what is buffered is dropped. The first reason stays.
     *
     * @param reason why
     */
    public void end(EndReason reason) {
        Objects.requireNonNull(reason, "reason");
        if (end.compareAndSet(null, reason)) {
            topics.remove(this);
            buffer.close();
        }
    }

    /**
     * Ends the subscription once what is buffered has been delivered. Harmless if repeated.
     */
    public void complete() {
        topics.remove(this);
        buffer.complete();
    }

    OfferResult offer(T message) {
        return buffer.offer(message);
    }

    void notice(Runnable call) {
        synchronized (notices) {
            notices.add(call);
        }
    }

    SubscriptionListener<? super T> listener() {
        return listener;
    }

    void run() {
        while (!buffer.isFinished()) {
            try {
                Runnable notice;
                synchronized (notices) {
                    notice = notices.poll();
                }
                if (notice != null) {
                    notice.run();
                }
                buffer.take(listener, BATCH, Duration.ofMillis(50));
            } catch (InterruptedException interrupted) {
                close();
            } catch (RuntimeException | Error failure) {
                listener.onFailure(failure);
            }
        }
        end.compareAndSet(
                null, EndReason.of(buffer.isDisconnected() ? EndReason.Kind.TOO_SLOW : EndReason.Kind.COMPLETED));
        topics.remove(this);
        try {
            listener.onEnd(Objects.requireNonNull(end.get()));
        } finally {
            over.countDown();
        }
    }

    @Override
    public String toString() {
        return "Subscription[" + id + ", " + settings.pattern() + "]";
    }
}
