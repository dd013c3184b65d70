package dev.tentpole.streaming;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

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

    /** The place of the last message published among all that were; called by publishers alone. */
    long lastPlace();

    /** The place of the message, or of the beginning of the gap, that is being handed over and has a number. */
    long place(long number);

    /** What the subscription's own functions threw first since the last call; null if nothing. For its thread. */
    @Nullable
    Throwable takeFailure();

    /** Lets the one who waits look again. */
    void wake();

    /** Ends it once what is there has been taken; called by publishers alone. */
    void complete();

    void close();

    BufferCounters counters();
}
