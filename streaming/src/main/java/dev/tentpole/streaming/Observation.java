package dev.tentpole.streaming;

import dev.tentpole.base.NanoClock;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** What metrics want to know of topics besides what becomes of messages: lag, gaps, new types. For any thread. */
final class Observation {

    private static final long UNSTAMPED = Long.MIN_VALUE;

    private final NanoClock clock;
    private final AtomicLongArray gaps = new AtomicLongArray(DropReason.CODES);
    private volatile @Nullable Observer observer;

    /** Is told of it. */
    interface Observer {

        void lag(String type, long nanos);

        void newType(String type);
    }

    Observation(NanoClock clock) {
        this.clock = clock;
    }

    /** Has lag and new types observed; null to stop that. */
    void observe(@Nullable Observer newObserver) {
        observer = newObserver;
    }

    /** When a message came, if anybody wants to know: if by a connection, when that received it. */
    long stamp(Object message) {
        if (observer == null) {
            return UNSTAMPED;
        }
        return message instanceof StreamMessage<?> received ? received.receivedNanos() : clock.nanoTime();
    }

    /** A message that came then is about to be handed over. */
    void lag(String type, long stamp) {
        Observer told = observer;
        if (told != null && stamp != UNSTAMPED) {
            told.lag(type, clock.nanoTime() - stamp);
        }
    }

    void newType(String type) {
        Observer told = observer;
        if (told != null) {
            told.newType(type);
        }
    }

    /** Counts a gap that a listener is told of. */
    void countGap(Gap gap) {
        gaps.incrementAndGet(gap.reason().code);
    }

    long gaps(DropReason reason) {
        return gaps.get(reason.code);
    }
}
