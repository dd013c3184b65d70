package dev.tentpole.streaming;

import java.util.List;

/**
 * One producer's own way into a {@link MessageBuffer}, without a lock.
 *
 * <p>For one thread at a time: two threads that use the same producer must order their calls themselves. Different
 * producers do not disturb each other, and each one's messages are delivered in its order.
 *
 * @param <T> the messages
 */
public interface Producer<T> {

    /**
     * Offers a message. What a filter, weigher or key throws is thrown on, and the message is dropped as
     * {@link DropReason#REJECTED}.
     *
     * @param message the message, not null
     * @return what became of it
     * @throws IllegalArgumentException if the weigher gives a negative weight
     */
    OfferResult offer(T message);

    /**
     * Offers messages in their order, as {@link MessageBuffer#offerAll} does.
     *
     * @param messages the messages, none of them null, else none of them is offered
     * @return how many of them were accepted; of the others the counters say why not
     * @throws IllegalArgumentException if the weigher gives a negative weight
     */
    int offerAll(List<? extends T> messages);
}
