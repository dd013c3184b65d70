package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import java.util.List;
import java.util.Objects;

/**
 * Gets messages that were missed from a server's history, for instance over HTTP, so that a channel goes on without a gap.
 *
 * <p>Called on a thread where it may block, one call at a time for each channel, and four in all; interrupted when it takes
 * longer than {@link ConnectionSettings.Builder#replayTimeout}. Live messages of the channel wait meanwhile. As long as a
 * call goes on although it was interrupted, what else is missing of the channel is a gap.
 *
 * @param <T> the payload's type
 */
@FunctionalInterface
public interface ReplaySource<T> {

    /**
     * {@return all messages of the channel after the first position up to and with the second, in order; anything less,
     * also an empty list, means that they can't be had, and none of them is used: the consumer is told of a gap}
     *
     * @param channel the channel's name
     * @param after the last position that the consumer has
     * @param upTo the last position that is missing, of the same epoch
     * @throws Exception if the history can't be read; the consumer is told of a gap
     */
    List<Replayed<T>> replay(String channel, StreamPosition after, StreamPosition upTo) throws Exception;

    /**
     * A message from history.
     *
     * @param <T> the payload's type
     * @param position where in the channel it is
     * @param payload what the server had sent
     * @param bytes its size in bytes, for the buffer to count, from 0
     */
    record Replayed<T>(StreamPosition position, T payload, int bytes) {

        /**
         * Checks what it is made of.
         *
         * @param position where in the channel it is
         * @param payload what the server had sent
         * @param bytes its size in bytes
         * @throws IllegalArgumentException if the size is negative
         */
        public Replayed {
            Objects.requireNonNull(position, "position");
            Objects.requireNonNull(payload, "payload");
            Args.inRange("bytes", bytes, 0, Integer.MAX_VALUE);
        }
    }
}
