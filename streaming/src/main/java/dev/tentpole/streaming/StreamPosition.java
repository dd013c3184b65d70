package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import java.util.Objects;

/**
 * Where a channel's stream is: a number that grows by one with each message, within an epoch of the server's history.
 *
 * <p>Offsets of different epochs say nothing about each other.
 *
 * @param epoch names the server's history; may be empty if it never begins anew
 * @param offset the number of the message, from 0
 */
public record StreamPosition(String epoch, long offset) {

    /**
     * Checks the offset.
     *
     * @param epoch names the server's history
     * @param offset the number of the message
     * @throws IllegalArgumentException if the offset is negative
     */
    public StreamPosition {
        Objects.requireNonNull(epoch, "epoch");
        Args.inRange("offset", offset, 0, Long.MAX_VALUE);
    }
}
