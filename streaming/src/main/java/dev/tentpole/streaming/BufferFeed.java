package dev.tentpole.streaming;

import dev.tentpole.base.NanoClock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A subscription's own buffer, filled by publishers one at a time, who wake those that wait for arrivals afterwards. */
final class BufferFeed<T> implements Feed<T> {

    private final MessageBuffer<T> buffer;
    private final LaneProducer<T> producer;
    private final @Nullable WaitingLine<T> line;
    private final @Nullable RateLimit rate;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private long numbered;

    /** Whoever drains; read by others, too, but found equal to the present thread only by that one. */
    private @Nullable Thread consumer;

    BufferFeed(
            SubscriptionSettings<T> settings,
            ToLongFunction<? super T> weigher,
            Signal arrivals,
            LongConsumer lag,
            NanoClock clock) {
        rate = settings.maxRate == Double.POSITIVE_INFINITY || settings.overflow.kind() == Overflow.Kind.CONFLATE
                ? null
                : new RateLimit(settings.maxRate, clock);
        MessageBuffer.Builder<T> builder = MessageBuffer.<T>builder(weigher)
                .maxMessages(settings.maxMessages)
                .maxBytes(settings.maxBytes)
                .overflow(settings.overflow)
                .arrivals(arrivals)
                .stamped();
        if (settings.filter != null) {
            builder.filter(settings.filter);
        }
        boolean waits = settings.overflow.kind() == Overflow.Kind.BLOCK;
        if (waits) {
            builder.freed(this::admit);
        }
        buffer = builder.build();
        buffer.onLag(lag);
        ReentrantLock lock = waits ? new ReentrantLock() : null;
        producer = buffer.openLane(lock);
        line = lock == null ? null : new WaitingLine<>(producer, lock, buffer.maxWait(), buffer::complete);
    }

    private void admit() {
        if (line != null) {
            line.admit();
        }
    }

    /**
     * Offers a message; what the subscription's own functions throw is its own loss. Does not wait.
     *
     * @param stamp when it came
     * @param waiting gets the message's place if it has to wait for room
     * @return whether it was accepted or not wanted, as far as that is known already
     */
    boolean offer(T message, long stamp, List<WaitingLine<T>.Place> waiting) {
        OfferResult result;
        try {
            long weight = producer.weigh(message);
            if (weight != LaneProducer.UNWANTED && rate != null && !rate.tryPass()) {
                result = refuse(DropReason.RATE_LIMITED);
            } else if (line != null) {
                // Nobody would make room while the consumer itself waits for it.
                result = line.offer(message, weight, stamp, Thread.currentThread() != consumer, waiting);
            } else {
                result = Objects.requireNonNull(producer.put(message, weight, stamp));
            }
        } catch (Throwable thrown) {
            if (thrown instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            result = refuse(DropReason.REJECTED);
            failure.compareAndSet(null, thrown);
        }
        if (result != OfferResult.FILTERED) {
            numbered++;
        }
        return result.isAccepted() || result == OfferResult.FILTERED;
    }

    private OfferResult refuse(DropReason reason) {
        return line == null
                ? producer.refuse(OfferResult.DROPPED_NEWEST, reason)
                : line.refuse(OfferResult.DROPPED_NEWEST, reason);
    }

    @Override
    public int drain(Receiver<? super T> receiver, int max) {
        consumer = Thread.currentThread();
        return buffer.drain(receiver, max);
    }

    @Override
    public void awaitNews(BooleanSupplier other, long nanos) throws InterruptedException {
        buffer.awaitNews(() -> failure.get() != null || other.getAsBoolean(), nanos);
    }

    @Override
    public boolean isEmpty() {
        return buffer.isEmpty();
    }

    @Override
    public boolean isFinished() {
        return buffer.isFinished();
    }

    @Override
    public boolean isDisconnected() {
        return buffer.isDisconnected();
    }

    @Override
    public long lastPlace() {
        return numbered;
    }

    @Override
    public long place(long number) {
        return number;
    }

    @Override
    public @Nullable Throwable takeFailure() {
        return failure.get() == null ? null : failure.getAndSet(null);
    }

    @Override
    public void wake() {
        buffer.wake();
    }

    @Override
    public void complete() {
        if (line != null) {
            line.complete();
        } else {
            buffer.complete();
        }
    }

    @Override
    public void close() {
        buffer.close();
    }

    @Override
    public BufferCounters counters() {
        return buffer.counters();
    }
}
