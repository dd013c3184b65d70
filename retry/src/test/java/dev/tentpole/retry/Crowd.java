package dev.tentpole.retry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

/** Threads that begin together. */
final class Crowd {

    private Crowd() {}

    /** What each does; numbers begin at 0. */
    interface Work {

        void run(int number) throws Exception;
    }

    /** Waits until all are done, for a minute at most; throws what one of them throws. */
    static void work(int size, Work work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(size);
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int number = i;
            CompletableFuture<Void> end = new CompletableFuture<>();
            ends.add(end);
            new Thread(() -> {
                        try {
                            start.await();
                            work.run(number);
                            end.complete(null);
                        } catch (Throwable e) {
                            end.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        for (CompletableFuture<Void> end : ends) {
            end.get(60, TimeUnit.SECONDS);
        }
    }
}
