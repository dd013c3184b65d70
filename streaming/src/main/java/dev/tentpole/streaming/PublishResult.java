package dev.tentpole.streaming;

/**
 * What became of a published message.
 */
public enum PublishResult {
    /** Every subscription to its topic has accepted it, or did not want it: its filter refused it. */
    ACCEPTED,
    /** At least one subscription to its topic dropped it; the subscription's counters say why. */
    PARTLY_DROPPED,
    /** Nobody subscribes to its topic. */
    NO_SUBSCRIBER,
    /** The topics are completed or closed. */
    CLOSED
}
