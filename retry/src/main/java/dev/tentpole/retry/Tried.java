package dev.tentpole.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A failed attempt of a call, and those before it: what listeners, the log and the caller are told of them. */
final class Tried {

    private static final long NO_WAIT = -1;

    /** More than a call has attempts; exceptions that are thrown by many calls must not grow without end. */
    private static final int MAX_SUPPRESSED = 100;

    private final @Nullable Tried before;
    private final Failure failure;
    private final @Nullable Throwable thrown;
    private final boolean refused;
    private final long duration;
    private long wait = NO_WAIT;

    /**
     * Notes a failed attempt.
     *
     * @param thrown null if a result stood for the failure
     * @param refused whether the attempt was not made after all
     */
    Tried(@Nullable Tried before, Failure failure, @Nullable Throwable thrown, boolean refused, long duration) {
        this.before = before;
        this.failure = failure;
        this.thrown = thrown;
        this.refused = refused;
        this.duration = duration;
    }

    Failure failure() {
        return failure;
    }

    @Nullable
    Throwable thrown() {
        return thrown;
    }

    /** Whether it was not made after all. */
    boolean refused() {
        return refused;
    }

    /** There is to be another attempt, after so many nanoseconds. */
    void waits(long nanos) {
        wait = nanos;
    }

    /** There is to be none after all. */
    void isLast() {
        wait = NO_WAIT;
    }

    /** The last one that was made, which is what the call ended with; this one if none was. */
    Tried lastMade() {
        Tried made = this;
        while (made.refused && made.before != null) {
            made = made.before;
        }
        return made.refused ? this : made;
    }

    /** This one alone. */
    Attempt shown(int number) {
        return new Attempt(
                number,
                failure,
                Optional.ofNullable(thrown),
                Duration.ofNanos(duration),
                wait < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(wait)));
    }

    /** From the first to this one, which has that number. */
    List<Attempt> all(int number) {
        List<Attempt> shown = new ArrayList<>();
        int next = number;
        for (Tried tried = this; tried != null; tried = tried.before) {
            shown.add(tried.shown(next--));
        }
        Collections.reverse(shown);
        return List.copyOf(shown);
    }

    /** Adds what these attempts threw, from the first to the last. */
    static void addSuppressed(Throwable end, @Nullable Tried from) {
        List<Throwable> found = new ArrayList<>();
        for (Tried tried = from; tried != null; tried = tried.before) {
            if (tried.thrown != null) {
                found.add(tried.thrown);
            }
        }
        Collections.reverse(found);
        addSuppressed(end, found);
    }

    /** Adds them, each one once, up to a bound. */
    static void addSuppressed(Throwable end, List<Throwable> others) {
        if (others.isEmpty()) {
            return;
        }
        Set<Throwable> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.add(end);
        Collections.addAll(known, end.getSuppressed());
        others.stream()
                .filter(other -> known.size() <= MAX_SUPPRESSED && known.add(other))
                .forEach(end::addSuppressed);
    }

    /** For the log: the types of exceptions and never their messages, which may hold secrets. */
    static String text(List<Attempt> attempts) {
        StringBuilder text = new StringBuilder();
        for (Attempt attempt : attempts) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(attempt.number())
                    .append(": ")
                    .append(attempt.failure().kind().tag())
                    .append(attempt.thrown()
                            .map(thrown ->
                                    " " + RetryRun.unwrapped(thrown).getClass().getName())
                            .orElse(" result"))
                    .append(" after ")
                    .append(attempt.duration().toMillis())
                    .append(" ms");
            attempt.nextWait()
                    .ifPresent(wait ->
                            text.append(", waited ").append(wait.toMillis()).append(" ms"));
        }
        return text.toString();
    }
}
