package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a full buffer does with one more message. Immutable.
 *
 * @param <T> the messages
 */
public final class Overflow<T> {

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** The five ways. */
    enum Kind {
        DROP_OLDEST,
        DROP_NEWEST,
        BLOCK,
        CONFLATE,
        DISCONNECT
    }

    private final Kind kind;
    private final Duration maxWait;
    private final @Nullable Function<? super T, ?> key;

    private Overflow(Kind kind, Duration maxWait, @Nullable Function<? super T, ?> key) {
        this.kind = kind;
        this.maxWait = maxWait;
        this.key = key;
    }

    /**
     * {@return the policy that drops the oldest messages: the consumer always gets the latest ones}
     *
     * <p>As many are dropped as the new one needs. If the consumer was about to take them at that very moment and has lost
     * against the producer, a few more are, so that it wins the next time: up to 64 in all, and at most a quarter of what
     * is there, or what the new one needs if that is more. They are counted and in the gap as any others.
     *
     * @param <T> the messages
     */
    public static <T> Overflow<T> dropOldest() {
        return new Overflow<>(Kind.DROP_OLDEST, Duration.ZERO, null);
    }

    /**
     * {@return the policy that drops the new message}
     *
     * @param <T> the messages
     */
    public static <T> Overflow<T> dropNewest() {
        return new Overflow<>(Kind.DROP_NEWEST, Duration.ZERO, null);
    }

    /**
     * {@return the policy that lets the producer wait for a place, and drops the new message if none becomes free}
     *
     * @param maxWait how long at most, 1 ns to 1 hour
     * @param <T> the messages
     * @throws IllegalArgumentException if the wait is out of range
     */
    public static <T> Overflow<T> block(Duration maxWait) {
        return new Overflow<>(Kind.BLOCK, Args.inRange("maxWait", maxWait, Duration.ofNanos(1), LONGEST_WAIT), null);
    }

    /**
     * {@return the policy that keeps only the latest message of each key, full or not}
     *
     * <p>A newer message takes the place in line of the older one with its key, so that a key that changes all the time
     * is not put off for ever; messages of one key are delivered in order, those of different keys not always. If there
     * are more keys than places, the oldest message is dropped, as {@link #dropOldest} does.
     *
     * @param key the key of a message, with {@code equals} and {@code hashCode}, not null; called by the producer's
     *     thread, must be quick; {@code equals} must not use the buffer
     * @param <T> the messages
     */
    public static <T> Overflow<T> conflate(Function<? super T, ?> key) {
        return new Overflow<>(Kind.CONFLATE, Duration.ZERO, Objects.requireNonNull(key, "key"));
    }

    /**
     * {@return the policy that ends the stream: the new message and all after it are dropped, what is in the buffer can
     * still be consumed, then the buffer is finished}
     *
     * @param <T> the messages
     */
    public static <T> Overflow<T> disconnect() {
        return new Overflow<>(Kind.DISCONNECT, Duration.ZERO, null);
    }

    Kind kind() {
        return kind;
    }

    Duration maxWait() {
        return maxWait;
    }

    Function<? super T, ?> key() {
        return Objects.requireNonNull(key, "key");
    }

    @Override
    public String toString() {
        return kind == Kind.BLOCK ? kind + "(" + maxWait + ")" : kind.toString();
    }
}
