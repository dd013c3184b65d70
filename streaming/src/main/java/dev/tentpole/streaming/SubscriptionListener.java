package dev.tentpole.streaming;

/**
 * Takes what a {@link Subscription} brings, in order and one call at a time.
 *
 * <p>Each call happens before the next one. A listener may be as slow as it likes and delays nobody but itself; what it
 * throws is counted, told to {@link #onFailure}, and ends nothing.
 *
 * @param <T> the messages
 */
@FunctionalInterface
public interface SubscriptionListener<T> extends Receiver<T> {

    /**
     * Is told that the stream goes on after an interruption without a hole, or after the gap that was just told.
     *
     * @param generation the number of the connection that messages come from now
     */
    default void onResumed(long generation) {}

    /**
     * Is told that what came before no longer counts, for instance because the server lost its history: reload the
     * state.
     *
     * @param generation the number of the connection that messages come from now
     * @param why a sentence for a log
     */
    default void onReset(long generation, String why) {}

    /**
     * Is told that one of the other methods threw an exception or an error, or that the subscription's filter, key or
     * weigher did. Of what those throw for several messages, only the first may be told. Whoever does not listen here finds
     * failures in the {@linkplain BufferCounters#failed() counters}, and in the log, at the level of debugging, with the
     * number and the pattern of the subscription.
     *
     * @param failure what was thrown
     */
    default void onFailure(Throwable failure) {}

    /**
     * Is told, once and as the last call, that the subscription is over.
     *
     * @param reason why
     */
    default void onEnd(EndReason reason) {}
}
