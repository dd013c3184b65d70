package dev.tentpole.streaming;

import java.util.function.BooleanSupplier;

/** Where a subscription's thread gets its messages from: a buffer of its own, or a place in a shared log. */
interface Feed<T> {

    /** Hands over what there is, see {@link MessageBuffer#drain}. */
    int drain(Receiver<? super T> receiver, int max);

    /** Waits until there may be something to drain, or nothing ever more, or something else has happened. */
    void awaitNews(BooleanSupplier other, long nanos) throws InterruptedException;

    /** Whether nothing is left that was published before this call. */
    boolean isEmpty();

    boolean isFinished();

    boolean isDisconnected();

    /** The number of the last message published; called by publishers alone. */
    long lastNumber();

    /** Lets the one who waits look again. */
    void wake();

    /** Ends it once what is there has been taken; called by publishers alone. */
    void complete();

    void close();

    BufferCounters counters();
}
