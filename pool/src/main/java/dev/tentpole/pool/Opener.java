package dev.tentpole.pool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how many objects are being opened, and when the next attempt may be made. Guarded by the engine's lock.
 *
 * <p>Wanted are as many as the minimum lacks, as borrowers wait for, and as replacements were asked for; allowed are as many
 * as there are free places below the maximum, at most {@code maxOpening} at a time. After a failure the next attempts wait
 * for a backoff, which doubles with each failure in a row; with the circuit open there is one attempt at a time. So a dead
 * server sees at most {@code maxOpening} attempts per backoff, and soon one, however many borrowers wait. An object whose
 * first validation fails before it was ever lent is such a failure too; from then on each one that is opened has to pass its
 * validation before it is lent, and is waited for as long as after a failure, until one has passed.
 */
final class Opener<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

    private final Engine<T> engine;
    private final PoolSettings settings;
    private int opening;
    private int replacements;
    private final List<Integer> warmUps = new ArrayList<>(2);
    private int failuresInARow;
    private int rounds;
    private long failedAt;
    private long notBefore;
    private boolean backingOff;
    /** Whether what was opened lately was of no use. */
    private boolean doubtful;

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

    /** From now on there are to be that many objects, until {@link #warmedUp}. */
    void warmUp(int size) {
        warmUps.add(size);
    }

    void warmedUp(int size) {
        warmUps.remove((Integer) size);
    }

    int opening() {
        return opening;
    }

    /** The target has changed: what failed before says nothing. */
    void forgetFailures() {
        failuresInARow = 0;
        rounds = 0;
        backingOff = false;
        doubtful = false;
    }

    /** Whether the attempts under way leave no room for another one. */
    boolean isStuck(int maxSize) {
        return opening >= Math.min(mostAtATime(), maxSize);
    }

    private int mostAtATime() {
        return isCircuitOpen() ? 1 : settings.maxOpening();
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
        int most = mostAtATime();
        while (opening < most && isWanted(minSize, pending) && !isBackingOff()) {
            Slot<T> place = emptyPlace(maxSize);
            if (place == null) {
                return;
            }
            boolean replacing = replacements > 0;
            replacements -= replacing ? 1 : 0;
            opening++;
            place.move(Slot.EMPTY, Slot.OPENING);
            long begun = engine.clock().nanoTime();
            engine.calls()
                    .submit(Call.Kind.OPEN, engine::open, new Opening(place, begun, engine.generation(), replacing));
        }
    }

    private boolean isBackingOff() {
        return backingOff && notBefore - engine.clock().nanoTime() > 0;
    }

    private boolean isWanted(int minSize, int pending) {
        if (pending > opening || replacements > 0) {
            return true;
        }
        int wanted = minSize;
        for (int size : warmUps) {
            wanted = Math.max(wanted, size);
        }
        return size() + opening < wanted;
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

    /** Returns how many failures that ends. */
    private int succeeded() {
        opening--;
        if (!doubtful) {
            return recovered();
        }
        // It is an attempt that may yet fail, so the next one has to wait as after one that did.
        pause();
        engine.housekeeper().wakeBy(notBefore);
        return 0;
    }

    /** An object that was opened is of use. Returns how many failures that ends, to {@link #tellOfRecovery} of. */
    int proved() {
        return doubtful ? recovered() : 0;
    }

    /** An object that has just been opened was of no use, which is a failure to open as far as the target is concerned. */
    void useless(Throwable failure, long openedAt) {
        engine.lock().lock();
        try {
            doubtful = true;
            backOff(failure, openedAt);
            engine.housekeeper().wakeBy(notBefore);
        } finally {
            engine.lock().unlock();
        }
    }

    /** Whether only a validation tells that what is opened is of use. */
    boolean isDoubtful() {
        return doubtful;
    }

    private int recovered() {
        int failures = failuresInARow;
        forgetFailures();
        lastFailure = null;
        lastFailureTime = null;
        return failures;
    }

    /** Not under the lock: an appender is the user's code. */
    void tellOfRecovery(int failures) {
        if (failures > 0) {
            LOG.info("Pool {} can open objects again, after {} failures", settings.name(), failures);
        }
    }

    /** Returns the pause before the next attempt. */
    private long backOff(Throwable failure, long begun) {
        failuresInARow++;
        // Attempts that were under way together say the same thing: the pause doubles once for all of them.
        if (rounds == 0 || begun - failedAt > 0) {
            rounds++;
        }
        failedAt = engine.clock().nanoTime();
        lastFailure = failure;
        lastFailureTime = engine.wallTime();
        return pause();
    }

    private long pause() {
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
        private final boolean replacing;

        private Opening(Slot<T> place, long begun, int generation, boolean replacing) {
            this.place = place;
            this.begun = begun;
            this.generation = generation;
            this.replacing = replacing;
        }

        @Override
        public void succeeded(T object) {
            engine.counters().opened.increment();
            engine.counters().openNanos.add(engine.clock().nanoTime() - begun);
            engine.opened(place, object, generation);
            int ended;
            // Only now, so that whoever waits for the object's being there finds it free.
            engine.lock().lock();
            try {
                ended = Opener.this.succeeded();
                engine.changed();
            } finally {
                engine.lock().unlock();
            }
            engine.openWhatIsWanted();
            tellOfRecovery(ended);
        }

        @Override
        public void failed(Throwable failure) {
            engine.counters().openFailures.increment();
            int inARow = 0;
            long pause = 0;
            engine.lock().lock();
            try {
                opening--;
                replacements += replacing ? 1 : 0;
                place.move(Slot.OPENING, Slot.EMPTY);
                // What was begun before the target changed says nothing about it.
                if (generation == engine.generation()) {
                    pause = backOff(failure, begun);
                    inARow = failuresInARow;
                }
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
            engine.retiring().closeLate(object);
        }
    }
}
