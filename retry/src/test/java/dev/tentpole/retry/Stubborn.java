package dev.tentpole.retry;

import java.util.concurrent.CountDownLatch;

/** Waits as calls do that ignore their interrupt. */
final class Stubborn {

    private Stubborn() {}

    static void await(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.onSpinWait();
            }
        }
    }
}
