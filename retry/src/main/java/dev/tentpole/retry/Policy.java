package dev.tentpole.retry;

import dev.tentpole.base.Args;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a kind of operation is tried again: how often, for how long, after which failures, with which waits. Immutable.
 *
 * <p>Begin with a preset, or change one: {@code Policy.standard().toBuilder().maxAttempts(4).build()}.
 */
public final class Policy {

    private static final Logger LOG = LoggerFactory.getLogger(Retryer.class);
    private static final int MAX_ATTEMPTS = 100;
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Policy STANDARD = builder().build();
    private static final Policy AGGRESSIVE = builder()
            .maxAttempts(5)
            .maxElapsed(Duration.ofSeconds(30))
            .backoff(Backoff.exponential(Duration.ofMillis(50), Duration.ofSeconds(2)))
            .build();
    private static final Policy CONSERVATIVE = builder()
            .maxAttempts(2)
            .maxElapsed(Duration.ofSeconds(30))
            .backoff(Backoff.exponential(Duration.ofMillis(500), Duration.ofSeconds(10)))
            .build();
    private static final Policy NONE =
            builder().maxAttempts(1).backoff(Backoff.none()).build();

    private final int maxAttempts;
    private final Duration maxElapsed;
    private final Duration minAttemptTime;
    private final Duration maxAdvice;
    private final Backoff backoff;
    private final Classifier classifier;
    private final Set<FailureKind> retryOn;
    private final @Nullable String refusal;
    private final Consumer<Object> onDiscard;

    private Policy(Builder builder) {
        maxAttempts = builder.maxAttempts;
        maxElapsed = builder.maxElapsed;
        minAttemptTime = builder.minAttemptTime;
        maxAdvice = builder.maxAdvice;
        backoff = builder.backoff;
        classifier = builder.classifier;
        retryOn = Collections.unmodifiableSet(EnumSet.copyOf(builder.retryOn));
        refusal = builder.refusal;
        onDiscard = builder.onDiscard;
    }

    /**
     * {@return the policy for most calls: 3 attempts within 10 s, exponential backoff from 100 ms to 5 s}
     */
    public static Policy standard() {
        return STANDARD;
    }

    /**
     * {@return for calls that must succeed if they can: 5 attempts within 30 s, exponential backoff from 50 ms to 2 s}
     */
    public static Policy aggressive() {
        return AGGRESSIVE;
    }

    /**
     * {@return for backends that are easily overrun: 2 attempts within 30 s, exponential backoff from 500 ms to 10 s}
     */
    public static Policy conservative() {
        return CONSERVATIVE;
    }

    /**
     * {@return one attempt and no more}
     */
    public static Policy none() {
        return NONE;
    }

    /**
     * {@return a builder that begins with {@link #standard}}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return a builder that begins with this policy}
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.maxAttempts = maxAttempts;
        builder.maxElapsed = maxElapsed;
        builder.minAttemptTime = minAttemptTime;
        builder.maxAdvice = maxAdvice;
        builder.backoff = backoff;
        builder.classifier = classifier;
        builder.retryOn = retryOn;
        builder.refusal = refusal;
        builder.onDiscard = onDiscard;
        return builder;
    }

    /**
     * {@return how often a call is tried at most, the first attempt included; 0 if calls are refused}
     */
    public int maxAttempts() {
        return maxAttempts;
    }

    /**
     * {@return how long after the start of a call the last attempt may start}
     */
    public Duration maxElapsed() {
        return maxElapsed;
    }

    /**
     * {@return how much time must be left for an attempt to be worth its start}
     */
    public Duration minAttemptTime() {
        return minAttemptTime;
    }

    /**
     * {@return the longest wait that a server may ask for}
     */
    public Duration maxAdvice() {
        return maxAdvice;
    }

    /**
     * {@return the waits between attempts}
     */
    public Backoff backoff() {
        return backoff;
    }

    /**
     * {@return who says what a failure is}
     */
    public Classifier classifier() {
        return classifier;
    }

    /**
     * {@return the kinds of failures after which a call is tried again}
     */
    public Set<FailureKind> retryOn() {
        return retryOn;
    }

    @Nullable
    String refusal() {
        return refusal;
    }

    /** A result that nobody gets is let go. */
    void discard(@Nullable Object result) {
        if (result != null) {
            Judge.shield(LOG, "What a policy does with discarded results", () -> onDiscard.accept(result));
        }
    }

    /** The body of an answer belongs to that answer alone, and holds its connection until it is closed. */
    private static void closeBody(Object result) {
        if (result instanceof HttpResponse<?> response && response.body() instanceof AutoCloseable body) {
            try {
                body.close();
            } catch (Exception e) {
                throw Engine.<RuntimeException>as(e);
            }
        }
    }

    @Override
    public String toString() {
        return refusal != null
                ? "Policy[refuse: " + refusal + "]"
                : "Policy[maxAttempts=" + maxAttempts + ", maxElapsed=" + maxElapsed + ", backoff=" + backoff
                        + ", retryOn=" + retryOn + "]";
    }

    /** Collects the settings of a {@link Policy}. Not safe for use by several threads. */
    public static final class Builder {

        private int maxAttempts = 3;
        private Duration maxElapsed = Duration.ofSeconds(10);
        private Duration minAttemptTime = Duration.ofMillis(1);
        private Duration maxAdvice = Duration.ofSeconds(30);
        private Backoff backoff = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(5));
        private Classifier classifier = Classifiers.standard();
        private Set<FailureKind> retryOn =
                EnumSet.of(FailureKind.TRANSIENT, FailureKind.OVERLOADED, FailureKind.THROTTLED, FailureKind.TIMEOUT);
        private @Nullable String refusal;
        private Consumer<Object> onDiscard = Policy::closeBody;

        private Builder() {}

        /**
         * Sets how often a call is tried at most, the first attempt included; 3 by default.
         *
         * @param attempts 1 to 100
         * @return this
         */
        public Builder maxAttempts(int attempts) {
            maxAttempts = attempts;
            return this;
        }

        /**
         * Sets how long after the start of a call a further attempt may start; 10 s by default. A deadline that the caller
         * gives is kept as well.
         *
         * @param time 0 to 1 day; 0 allows no second attempt
         * @return this
         */
        public Builder maxElapsed(Duration time) {
            maxElapsed = Objects.requireNonNull(time, "maxElapsed");
            return this;
        }

        /**
         * Sets how much time must be left before the deadline for a further attempt to be worth its start; 1 ms by default.
         * Set it to what a quick answer takes.
         *
         * @param time 0 to 1 day
         * @return this
         */
        public Builder minAttemptTime(Duration time) {
            minAttemptTime = Objects.requireNonNull(time, "minAttemptTime");
            return this;
        }

        /**
         * Sets the longest wait that a server may ask for; 30 s by default. A call whose server asks for more is not tried
         * again: coming back earlier than asked would be no help.
         *
         * @param time 0 to 1 day
         * @return this
         */
        public Builder maxAdvice(Duration time) {
            maxAdvice = Objects.requireNonNull(time, "maxAdvice");
            return this;
        }

        /**
         * Sets the waits between attempts; exponential with full jitter from 100 ms to 5 s by default.
         *
         * @param waits the waits
         * @return this
         */
        public Builder backoff(Backoff waits) {
            backoff = Objects.requireNonNull(waits, "backoff");
            return this;
        }

        /**
         * Sets who says what a failure is; {@link Classifiers#standard} by default.
         *
         * @param judge the classifier
         * @return this
         */
        public Builder classifier(Classifier judge) {
            classifier = Objects.requireNonNull(judge, "classifier");
            return this;
        }

        /**
         * Sets the kinds of failures after which a call is tried again; the retryable ones by default. {@link
         * FailureKind#CANCELLED} and {@link FailureKind#BUG} are refused.
         *
         * @param kinds the kinds, at least one
         * @return this
         */
        public Builder retryOn(Set<FailureKind> kinds) {
            retryOn = Set.copyOf(kinds);
            return this;
        }

        /**
         * Sets what becomes of results that nobody gets: those that stand for a failure, once the call is tried again, and
         * those that come after their attempt was given up, because its time was over, a hedge was quicker, or the future
         * was cancelled. By default the body of a {@link HttpResponse} is closed if it can be, since it holds a connection;
         * everything else is left alone, as whoever returned it may still use it. If each result belongs to its call, as a
         * connection from a pool does, close it here.
         *
         * @param action gets the result, never null, on the thread that finds that nobody wants it; it must not wait, and what
         *     it throws is logged
         * @return this
         */
        public Builder onDiscard(Consumer<Object> action) {
            onDiscard = Objects.requireNonNull(action, "onDiscard");
            return this;
        }

        /**
         * Makes a policy that refuses every call with {@link CallRejectedException}, to switch an operation off while the
         * program runs. A later {@link #maxAttempts} is refused by {@link #build}: begin with another policy.
         *
         * @param reason why, for the message; not blank
         * @return this
         */
        public Builder refuse(String reason) {
            refusal = Args.notBlank("refuse", reason);
            maxAttempts = 0;
            return this;
        }

        /**
         * {@return the policy}
         *
         * @throws IllegalArgumentException if a setting is out of its range, with its name, value and range
         */
        public Policy build() {
            if (refusal == null) {
                Args.check(
                        maxAttempts >= 1 && maxAttempts <= MAX_ATTEMPTS,
                        "maxAttempts",
                        maxAttempts,
                        "1 to " + MAX_ATTEMPTS + ", or 0 by refuse(reason)");
            } else {
                Args.check(maxAttempts == 0, "maxAttempts", maxAttempts, "left out after refuse(reason)");
            }
            Args.inRange("maxElapsed", maxElapsed, Duration.ZERO, LONGEST);
            Duration leastWait = Duration.ofNanos(backoff.leastNanos());
            Args.check(
                    maxAttempts <= 1 || maxElapsed.isZero() || leastWait.compareTo(maxElapsed) < 0,
                    "backoff",
                    leastWait + " at the least",
                    "below maxElapsed = " + maxElapsed + ", or no second attempt is ever made");
            Args.inRange("minAttemptTime", minAttemptTime, Duration.ZERO, LONGEST);
            Args.inRange("maxAdvice", maxAdvice, Duration.ZERO, LONGEST);
            Args.check(
                    !retryOn.isEmpty()
                            && !retryOn.contains(FailureKind.CANCELLED)
                            && !retryOn.contains(FailureKind.BUG),
                    "retryOn",
                    retryOn,
                    "at least one kind, without CANCELLED and BUG");
            return new Policy(this);
        }
    }
}
