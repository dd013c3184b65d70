package dev.tentpole.streaming;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message of a channel, as the protocol understood it.
 *
 * <p>Immutable as far as its payload is.
 *
 * @param <T> the payload's type
 */
public final class StreamMessage<T> {

    private final String channel;
    private final T payload;
    private final int bytes;
    private final @Nullable StreamPosition position;
    private final int generation;
    private final long receivedNanos;

    StreamMessage(
            String channel,
            T payload,
            int bytes,
            @Nullable StreamPosition position,
            int generation,
            long receivedNanos) {
        this.channel = Objects.requireNonNull(channel, "channel");
        this.payload = Objects.requireNonNull(payload, "payload");
        this.bytes = bytes;
        this.position = position;
        this.generation = generation;
        this.receivedNanos = receivedNanos;
    }

    /**
     * {@return the channel that it came on}
     */
    public String channel() {
        return channel;
    }

    /**
     * {@return what the server sent}
     */
    public T payload() {
        return payload;
    }

    /**
     * {@return the size that the protocol gave, in bytes; what buffers count}
     */
    public int bytes() {
        return bytes;
    }

    /**
     * {@return where in the channel it is; empty if the protocol has no positions}
     */
    public Optional<StreamPosition> position() {
        return Optional.ofNullable(position);
    }

    /**
     * {@return the number of the connection that brought it}
     */
    public int generation() {
        return generation;
    }

    /** When it was received, on the loop's clock. */
    long receivedNanos() {
        return receivedNanos;
    }

    @Nullable
    StreamPosition positionOrNull() {
        return position;
    }

    @Override
    public String toString() {
        return "StreamMessage[" + channel + ", " + bytes + " bytes"
                + (position == null ? "" : ", " + position.epoch() + "/" + position.offset()) + "]";
    }
}
