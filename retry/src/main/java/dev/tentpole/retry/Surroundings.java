package dev.tentpole.retry;

import dev.tentpole.base.CoarseClock;
import dev.tentpole.base.NanoClock;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** The time and the chance that this module lives by; tests bring their own. */
interface Surroundings {

    /** Of the JVM. Each use counts: close the coarse clock that was opened. */
    Surroundings SYSTEM = new Surroundings() {
        @Override
        public NanoClock clock() {
            return NanoClock.system();
        }

        @Override
        public CoarseClock openCoarseClock() {
            return CoarseClock.open();
        }

        @Override
        public RandomGenerator random() {
            return () -> ThreadLocalRandom.current().nextLong();
        }

        @Override
        public void park(Object blocker, long nanos) {
            LockSupport.parkNanos(blocker, nanos);
        }

        @Override
        public Timer openTimer() {
            return new ThreadTimer();
        }
    };

    /** Runs something later, on its own thread or whichever. */
    interface Timer extends AutoCloseable {

        /**
         * Runs the task once the nanoseconds have passed, unless the returned one is run before.
         */
        Runnable schedule(Runnable task, long nanos);

        @Override
        void close();
    }

    /** The exact monotonic time. */
    NanoClock clock();

    /** The monotonic time of hot paths; may be behind {@link #clock}, never ahead of it. Whoever opens it closes it. */
    NanoClock openCoarseClock();

    /** The source of jitter. */
    RandomGenerator random();

    /** Waits until the time has passed, or someone unparks the thread, or for no reason. */
    void park(Object blocker, long nanos);

    /** A timer of its user's own. */
    Timer openTimer();
}
