package dev.tentpole.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failed attempt of a call, and those before it: what listeners, the log and the caller are told of them. */
final class Tried {

    private final @Nullable Tried before;
    private final Failure failure;
    private final @Nullable Throwable thrown;
    private final long duration;
    private long wait = -1;

    /**
     * Notes a failed attempt.
     *
     * @param thrown null if a result stood for the failure
     */
    Tried(@Nullable Tried before, Failure failure, @Nullable Throwable thrown, long duration) {
        this.before = before;
        this.failure = failure;
        this.thrown = thrown;
        this.duration = duration;
    }

    @Nullable
    Tried before() {
        return before;
    }

    Failure failure() {
        return failure;
    }

    @Nullable
    Throwable thrown() {
        return thrown;
    }

    /** There is to be another attempt, after so many nanoseconds. */
    void waits(long nanos) {
        wait = nanos;
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

    /** Adds what these attempts threw, from the first to the last, each one once. */
    static void addSuppressed(Throwable end, @Nullable Tried from) {
        List<Throwable> found = new ArrayList<>();
        for (Tried tried = from; tried != null; tried = tried.before) {
            Throwable thrown = tried.thrown;
            if (thrown != null && thrown != end && found.stream().noneMatch(other -> other == thrown)) {
                found.add(thrown);
            }
        }
        Collections.reverse(found);
        found.forEach(end::addSuppressed);
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
