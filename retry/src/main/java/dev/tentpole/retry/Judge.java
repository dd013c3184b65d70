package dev.tentpole.retry;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Asks what may be wrong: classifiers and listeners. What they throw, declared or not, never takes the place of what the
 * call threw; it is logged without messages, which may hold those of the call.
 */
final class Judge {

    /** What may throw anything. */
    interface Action {

        void run() throws Throwable;
    }

    private Judge() {}

    /** What the classifier says; interrupts, errors and our own exceptions are what they are, whatever it says. */
    static Failure failure(Classifier classifier, Throwable thrown, String whose, Logger log) {
        Throwable bare = RetryRun.unwrapped(thrown);
        if (bare instanceof InterruptedException) {
            return Failure.of(FailureKind.CANCELLED);
        } else if (bare instanceof ResilienceException || bare instanceof Error) {
            return Classifiers.io().classify(bare);
        }
        try {
            Failure failure = classifier.classify(bare);
            if (failure != null) {
                return failure;
            }
            log.error(
                    "The classifier of {} said nothing about {}",
                    whose,
                    bare.getClass().getName());
        } catch (Throwable e) {
            report(log, "The classifier of " + whose, e);
        }
        return Failure.of(FailureKind.UNKNOWN);
    }

    static Optional<Failure> result(Classifier classifier, @Nullable Object result, String whose, Logger log) {
        try {
            Optional<Failure> failure = classifier.classifyResult(result);
            if (failure != null) {
                return failure;
            }
            log.error("The classifier of {} said nothing about a result", whose);
        } catch (Throwable e) {
            report(log, "The classifier of " + whose, e);
        }
        return Optional.empty();
    }

    /** Runs what must harm nobody. */
    static void shield(Logger log, String what, Action action) {
        try {
            action.run();
        } catch (Throwable e) {
            report(log, what, e);
        }
    }

    /** What is logged of a failure of such a part. */
    static void report(Logger log, String what, Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        String type = thrown.getClass().getName();
        log.error("{} failed with {} at {}", what, type, trace.length == 0 ? "an unknown place" : trace[0]);
        if (log.isDebugEnabled()) {
            log.debug("{} failed with {}, called by {}", what, type, Arrays.toString(trace));
        }
    }
}
