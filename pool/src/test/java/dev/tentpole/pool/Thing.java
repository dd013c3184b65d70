package dev.tentpole.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What the tests' pools lend, and an allocator that counts and does as it is told. */
final class Thing {

    final int number;
    final AtomicBoolean isLent = new AtomicBoolean();
    volatile boolean isClosed;
    volatile boolean isValid = true;
    volatile boolean isDirty;
    final AtomicInteger resets = new AtomicInteger();

    private Thing(int number) {
        this.number = number;
    }

    @Override
    public String toString() {
        return "thing " + number;
    }

    /** Opens things. */
    static class Maker implements Allocator<Thing> {

        final AtomicInteger opened = new AtomicInteger();
        final AtomicInteger open = new AtomicInteger();
        final AtomicInteger mostOpen = new AtomicInteger();
        final AtomicInteger attempts = new AtomicInteger();
        final AtomicInteger validated = new AtomicInteger();
        final List<Thing> closed = new ArrayList<>();
        volatile RuntimeException failure;

        volatile boolean liesThatInvalid;

        /** What every call begins with. */
        volatile Runnable before = () -> {};

        @Override
        public Thing open() throws Exception {
            attempts.incrementAndGet();
            before.run();
            RuntimeException thrown = failure;
            if (thrown != null) {
                throw thrown;
            }
            int now = open.incrementAndGet();
            mostOpen.accumulateAndGet(now, Math::max);
            return new Thing(opened.incrementAndGet());
        }

        @Override
        public boolean validate(Thing thing, Occasion occasion) throws Exception {
            validated.incrementAndGet();
            before.run();
            return thing.isValid && !liesThatInvalid;
        }

        @Override
        public boolean needsReset(Thing thing) {
            return thing.isDirty;
        }

        @Override
        public void reset(Thing thing) throws Exception {
            before.run();
            thing.resets.incrementAndGet();
            thing.isDirty = false;
        }

        @Override
        public void close(Thing thing) throws Exception {
            before.run();
            synchronized (closed) {
                if (thing.isClosed) {
                    throw new AssertionError(thing + " is closed twice");
                }
                thing.isClosed = true;
                closed.add(thing);
            }
            open.decrementAndGet();
        }
    }
}
