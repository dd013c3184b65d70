package dev.tentpole.streaming;

/**
 * Takes messages out of a {@link MessageBuffer}, one at a time and on the thread that asked for them.
 *
 * <p>A message is in flight until {@link #onMessage} returns; then it counts as delivered, or as failed if the method
 * threw.
 *
 * @param <T> the messages
 */
@FunctionalInterface
public interface Receiver<T> {

    /**
     * Takes a message.
     *
     * @param message the message, as it was offered
     * @param sequence its number among the messages of its producer, from 1; filtered messages have none
     */
    void onMessage(T message, long sequence);

    /**
     * Is told that messages were lost between the last message of a producer and its next one, which follows at once.
     *
     * <p>If the stream ends with a loss, the gap comes after all messages, of other producers, too. Whoever has several
     * producers and must know whose message it is, says so in the message: numbers are those of its producer.
     *
     * @param gap what was lost; one for all losses since the last message of that producer
     */
    default void onGap(Gap gap) {}
}
