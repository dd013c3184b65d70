package dev.tentpole.retry;

import java.util.ArrayList;
import java.util.List;

/** Threads that never run, one for each stripe of a bucket, as which tests ask it. */
final class StripeThreads {

    private static final List<Thread> THREADS = new ArrayList<>();

    static {
        for (int stripe = 0; stripe < SharedBucket.STRIPES; stripe++) {
            Thread thread = new Thread();
            // Ids follow one another, unless somebody else makes threads at this moment.
            while ((thread.getId() & (SharedBucket.STRIPES - 1)) != stripe) {
                thread = new Thread();
            }
            THREADS.add(thread);
        }
    }

    private StripeThreads() {}

    static Thread of(int stripe) {
        return THREADS.get(stripe);
    }
}
