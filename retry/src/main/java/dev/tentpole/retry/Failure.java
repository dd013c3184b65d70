package dev.tentpole.retry;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one failure: its kind, whether it is certain that nothing was done, and what the server advised.
 * Immutable.
 */
public final class Failure {

    private static final Map<FailureKind, Failure> PLAIN = new EnumMap<>(FailureKind.class);

    static {
        for (FailureKind kind : FailureKind.values()) {
            PLAIN.put(kind, new Failure(kind, false, false, null));
        }
    }

    private final FailureKind kind;
    private final boolean nothingDone;
    private final boolean refusesRetry;
    private final @Nullable Duration retryAfter;

    private Failure(FailureKind kind, boolean nothingDone, boolean refusesRetry, @Nullable Duration retryAfter) {
        this.kind = kind;
        this.nothingDone = nothingDone;
        this.refusesRetry = refusesRetry;
        this.retryAfter = retryAfter;
    }

    /**
     * {@return a failure of which nothing but its kind is known}
     *
     * @param kind the kind
     */
    public static Failure of(FailureKind kind) {
        return Objects.requireNonNull(PLAIN.get(Objects.requireNonNull(kind, "kind")));
    }

    /**
     * {@return the same, and certain that the server did nothing of what was asked, so that even what is not idempotent
     * may be tried again}
     */
    public Failure withNothingDone() {
        return new Failure(kind, true, refusesRetry, retryAfter);
    }

    /** The same, but not certain that nothing was done. */
    Failure withoutCertainty() {
        return nothingDone ? new Failure(kind, false, refusesRetry, retryAfter) : this;
    }

    /**
     * {@return the same, with the server's advice when to come back}
     *
     * @param advice how long from now; negative is taken as zero
     */
    public Failure after(Duration advice) {
        Objects.requireNonNull(advice, "advice");
        return new Failure(kind, nothingDone, refusesRetry, advice.isNegative() ? Duration.ZERO : advice);
    }

    /**
     * {@return the same, with the server's wish that this call is not tried again, whatever its kind}
     */
    public Failure withoutRetry() {
        return new Failure(kind, nothingDone, true, retryAfter);
    }

    /**
     * {@return the kind}
     */
    public FailureKind kind() {
        return kind;
    }

    /**
     * {@return whether it is certain that nothing was done}
     */
    public boolean nothingDone() {
        return nothingDone;
    }

    /**
     * {@return whether the server asked not to be tried again}
     */
    public boolean refusesRetry() {
        return refusesRetry;
    }

    /**
     * {@return when the server wants to be asked again, from the moment of the failure; never negative}
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    @Nullable
    Duration retryAfterOrNull() {
        return retryAfter;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Failure that
                && kind == that.kind
                && nothingDone == that.nothingDone
                && refusesRetry == that.refusesRetry
                && Objects.equals(retryAfter, that.retryAfter);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, nothingDone, refusesRetry, retryAfter);
    }

    @Override
    public String toString() {
        return kind.tag()
                + (nothingDone ? ", nothing done" : "")
                + (refusesRetry ? ", do not retry" : "")
                + (retryAfter == null ? "" : ", retry after " + retryAfter);
    }
}
