package dev.tentpole.streaming;

import java.util.concurrent.CountDownLatch;

/** A listener that waits in its first message until it is let go, and writes down what it is told. */
final class Stuck implements SubscriptionListener<String> {

    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
    final Seen<String> seen = new Seen<>();

    @Override
    public void onMessage(String message, long sequence) {
        entered.countDown();
        try {
            released.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("interrupted", interrupted);
        }
        seen.onMessage(message, sequence);
    }

    @Override
    public void onGap(Gap gap) {
        seen.onGap(gap);
    }

    @Override
    public void onResumed(long generation) {
        seen.onResumed(generation);
    }

    @Override
    public void onReset(long generation, String why) {
        seen.onReset(generation, why);
    }

    @Override
    public void onFailure(Throwable failure) {
        seen.onFailure(failure);
    }

    @Override
    public void onEnd(EndReason reason) {
        seen.onEnd(reason);
    }
}
