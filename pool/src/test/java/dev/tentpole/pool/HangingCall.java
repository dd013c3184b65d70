package dev.tentpole.pool;

import java.util.concurrent.CountDownLatch;

/** A call on a thread of its own that hangs in an allocator, deaf to interruption, until the test lets it go on. */
final class HangingCall {

    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private Thread thread;

    void begin(Runnable call, Thing.Maker maker) {
        maker.before = this::hang;
        thread = new Thread(call, "hangs");
        thread.start();
        awaitDeafly(inside);
        maker.before = () -> {};
    }

    void end() {
        release.countDown();
        while (thread.isAlive()) {
            Thread.onSpinWait();
        }
    }

    private void hang() {
        inside.countDown();
        awaitDeafly(release);
    }

    private static void awaitDeafly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }
}
