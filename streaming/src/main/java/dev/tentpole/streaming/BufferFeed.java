package dev.tentpole.streaming;

import dev.tentpole.base.NanoClock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A subscription's own buffer, filled by publishers one at a time, who wake those that wait for arrivals afterwards. */
final class BufferFeed<T> implements Feed<T> {

    private final MessageBuffer<T> buffer;
    private final LaneProducer<T> producer;
    private final @Nullable RateLimit rate;
    private long numbered;

    BufferFeed(
            SubscriptionSettings<T> settings,
            ToLongFunction<? super T> weigher,
            Signal arrivals,
            LongSupplier stamps,
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
                .stamps(stamps);
        if (settings.filter != null) {
            builder.filter(settings.filter);
        }
        buffer = builder.build();
        buffer.onLag(lag);
        producer = buffer.openLane();
    }

    /** Offers a message; what the subscription's own functions throw is its own loss. */
    OfferResult offer(T message) {
        OfferResult result;
        try {
            long weight = producer.weigh(message);
            if (weight != LaneProducer.UNWANTED && rate != null && !rate.tryPass()) {
                result = producer.refuse(OfferResult.DROPPED_NEWEST, DropReason.RATE_LIMITED);
            } else {
                result = producer.put(message, weight);
                result = result == null ? producer.putWaiting(message, weight) : result;
            }
        } catch (Throwable thrown) {
            result = OfferResult.DROPPED_NEWEST;
        }
        if (result != OfferResult.FILTERED) {
            numbered++;
        }
        return result;
    }

    @Override
    public int drain(Receiver<? super T> receiver, int max) {
        return buffer.drain(receiver, max);
    }

    @Override
    public void awaitNews(BooleanSupplier other, long nanos) throws InterruptedException {
        buffer.awaitNews(other, nanos);
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
    public long lastNumber() {
        return numbered;
    }

    @Override
    public void wake() {
        buffer.wake();
    }

    @Override
    public void complete() {
        buffer.complete();
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
