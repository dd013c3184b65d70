package dev.tentpole.pool;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how many objects are being opened, and when the next attempt may be made. Guarded by the engine's lock.
 *
 * <p>Wanted are as many as the minimum lacks, as borrowers wait for, and as replacements were asked for; allowed are as many
 * as there are free places below the maximum, at most {@code maxOpening} at a time. After a failure the next attempt waits
 * for a backoff, which doubles with each failure in a row; with the circuit open there is one attempt at a time. So a dead
 * server sees one attempt per backoff, however many borrowers wait.
 */
final class Opener<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

    private final Engine<T> engine;
    private final PoolSettings settings;
    private int opening;
    private int replacements;
    private int warmUpTo;
    private int failuresInARow;
    private int rounds;
    private long failedAt;
    private long notBefore;
    private boolean backingOff;
    private @Nullable Throwable lastFailure;
    private @Nullable Instant lastFailureTime;

    Opener(Engine<T> engine, PoolSettings settings) {
        this.engine = engine;
        this.settings = settings;
    }

    boolean isCircuitOpen() {
        return failuresInARow >= settings.circuitAfter();
    }

    @Nullable
    Throwable lastFailure() {
        return lastFailure;
    }

    @Nullable
    Instant lastFailureTime() {
        return lastFailureTime;
    }

    /** Nanoseconds until an attempt may be made that has to wait now; a long time if none has. */
    long nanosUntilAttempt(long now) {
        return backingOff && notBefore - now > 0 ? notBefore - now : Long.MAX_VALUE;
    }

    /** From now on there are to be that many objects, until there are. */
    void warmUp(int size) {
        warmUpTo = size;
    }

    int opening() {
        return opening;
    }

    /** The target has changed: what failed before says nothing. */
    void forgetFailures() {
        failuresInARow = 0;
        rounds = 0;
        backingOff = false;
    }

    boolean canOpen(int maxSize) {
        return engine.slots().occupied() < maxSize && !isBackingOff();
    }

    /** One object more is wanted, for one that goes. */
    void replace() {
        replacements++;
    }

    /** How many objects there are that are neither being opened nor closed. */
    int size() {
        return engine.slots().occupied() - engine.slots().count(Slot.CLOSING) - opening;
    }

    void openWhatIsWanted(int minSize, int maxSize, int pending) {
        if (isBackingOff()) {
            return;
        }
        backingOff = false;
        int mostAtATime = isCircuitOpen() ? 1 : settings.maxOpening();
        while (opening < mostAtATime && isWanted(minSize, pending) && !isBackingOff()) {
            Slot<T> place = emptyPlace(maxSize);
            if (place == null) {
                return;
            }
            replacements = Math.max(0, replacements - 1);
            opening++;
            place.move(Slot.EMPTY, Slot.OPENING);
            long begun = engine.clock().nanoTime();
            engine.calls().submit(Call.Kind.OPEN, engine::open, new Opening(place, begun, engine.generation()));
        }
    }

    private boolean isBackingOff() {
        return backingOff && notBefore - engine.clock().nanoTime() > 0;
    }

    private boolean isWanted(int minSize, int pending) {
        if (pending > opening || replacements > 0) {
            return true;
        }
        int size = size();
        if (size >= warmUpTo) {
            warmUpTo = 0;
        }
        return size + opening < Math.max(minSize, warmUpTo);
    }

    private @Nullable Slot<T> emptyPlace(int maxSize) {
        Slots<T> slots = engine.slots();
        if (slots.occupied() >= maxSize) {
            return null;
        }
        for (int i = 0; i < maxSize; i++) {
            Slot<T> slot = slots.all()[i];
            if (slot.kind() == Slot.EMPTY) {
                return slot;
            }
        }
        return null;
    }

    private void succeeded() {
        opening--;
        if (failuresInARow > 0) {
            LOG.info("Pool {} can open objects again, after {} failures", settings.name(), failuresInARow);
        }
        forgetFailures();
        lastFailure = null;
        lastFailureTime = null;
    }

    /** Returns the pause before the next attempt. */
    private long failed(Throwable failure, long begun) {
        opening--;
        failuresInARow++;
        // Attempts that were under way together say the same thing: the pause doubles once for all of them.
        if (rounds == 0 || begun - failedAt > 0) {
            rounds++;
        }
        failedAt = engine.clock().nanoTime();
        lastFailure = failure;
        lastFailureTime = engine.wallTime();
        int doublings = Math.min(rounds - 1, 30);
        long first = settings.firstBackoff().toNanos();
        long max = settings.maxBackoff().toNanos();
        long longest = first > max >> doublings ? max : first << doublings;
        long pause = (long) (longest * (1 - engine.random() / 2));
        notBefore = engine.clock().nanoTime() + pause;
        backingOff = true;
        return pause;
    }

    private void tell(Throwable failure, int inARow, long pause) {
        if (inARow == 1 || inARow == settings.circuitAfter()) {
            LOG.warn(
                    "Pool {} could not open an object, {} in a row; tries again in {} ms: {}",
                    settings.name(),
                    inARow,
                    TimeUnit.NANOSECONDS.toMillis(pause),
                    AcquireException.words(failure));
        }
    }

    /** An attempt that is under way. */
    private final class Opening implements Call.Outcome<T> {

        private final Slot<T> place;
        private final long begun;
        private final int generation;

        private Opening(Slot<T> place, long begun, int generation) {
            this.place = place;
            this.begun = begun;
            this.generation = generation;
        }

        @Override
        public void succeeded(T object) {
            engine.counters().opened.increment();
            engine.counters().openNanos.add(engine.clock().nanoTime() - begun);
            engine.opened(place, object, generation);
            // Only now, so that whoever waits for the object's being there finds it free.
            engine.lock().lock();
            try {
                Opener.this.succeeded();
                engine.changed();
            } finally {
                engine.lock().unlock();
            }
            engine.openWhatIsWanted();
        }

        @Override
        public void failed(Throwable failure) {
            engine.counters().openFailures.increment();
            int inARow;
            long pause;
            engine.lock().lock();
            try {
                pause = Opener.this.failed(failure, begun);
                inARow = failuresInARow;
                place.move(Slot.OPENING, Slot.EMPTY);
                engine.changed();
                engine.housekeeper().wakeBy(notBefore);
            } finally {
                engine.lock().unlock();
            }
            tell(failure, inARow, pause);
        }

        @Override
        public void late(T object) {
            engine.counters().lateOpens.increment();
            engine.closeLate(object);
        }
    }
}
