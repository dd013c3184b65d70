package dev.tentpole.retry;

import dev.tentpole.base.Args;
import dev.tentpole.base.NanoClock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops calling a backend that fails or is slow, and finds out with few calls when it works again.
 *
 * <p>While {@link State#CLOSED}, calls pass and are counted in a window: the last so many calls, or the last so much time.
 * Whenever one fails or is slow, and at least {@code minimumCalls} are in the window, the shares of failed and of slow calls
 * are looked at; one that has reached its limit opens the breaker. While {@link State#OPEN}, calls are refused. After
 * {@code openFor} it is {@link State#HALF_OPEN}: so many calls as {@code probes} says pass and the others are refused. Once
 * enough of the probes have failed or been slow to reach a limit it is open again; when all have ended otherwise it is
 * closed with an empty window. A probe that never ends is given up after {@code probeTimeout}, and others pass in its place.
 *
 * <p>What counts is what speaks against the backend: see {@link FailureKind#countsAgainstBackend}. A refused request counts
 * as success; a cancelled call and a bug of this program count as neither. A call counts for the state that let it in: one
 * that ends after the breaker has opened changes nothing.
 *
 * <p>By hand it can be forced open or closed, and stays so until {@link #automatic}. Safe for use by several threads; a call
 * that passes takes no lock.
 */
public final class CircuitBreaker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);

    /** What a breaker does with calls. */
    public enum State {
        /** All pass and are counted. */
        CLOSED,
        /** All are refused, for a while. */
        OPEN,
        /** A few pass, and decide. */
        HALF_OPEN,
        /** All are refused, until someone says otherwise. */
        FORCED_OPEN,
        /** All pass, until someone says otherwise. */
        FORCED_CLOSED
    }

    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(CircuitBreaker.class, "phase", BreakerPhase.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final Classifier classifier;
    private final BreakerSettings settings;
    private final NanoClock clock;
    private final RandomGenerator random;
    private final List<BiConsumer<State, State>> listeners;
    private volatile BreakerPhase phase;
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lostProbes = new AtomicLong();

    private CircuitBreaker(Builder builder, Surroundings surroundings) {
        name = builder.name;
        classifier = builder.classifier;
        settings = new BreakerSettings(builder);
        listeners = List.copyOf(builder.listeners);
        clock = surroundings.openCoarseClock();
        random = surroundings.random();
        phase = new BreakerPhase.Closed(this);
    }

    /**
     * {@return a builder}
     *
     * @param name what it protects, for messages and metrics
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * {@return the name}
     */
    public String name() {
        return name;
    }

    /**
     * {@return the present state; an open breaker becomes half-open with the first call after its time}
     */
    public State state() {
        return phase.state();
    }

    /**
     * {@return the share of failed calls in the present window, 0 to 1; 0 if it is empty or not counting}
     */
    public double failureRate() {
        return phase instanceof BreakerPhase.Closed closed
                ? closed.shares(clock.nanoTime()).failed()
                : 0;
    }

    /**
     * {@return the share of slow calls in the present window, 0 to 1; 0 if it is empty or not counting}
     */
    public double slowCallRate() {
        return phase instanceof BreakerPhase.Closed closed
                ? closed.shares(clock.nanoTime()).slow()
                : 0;
    }

    /**
     * {@return how many calls were refused, since the start}
     */
    public long refused() {
        return refused.get();
    }

    /**
     * {@return the result of the call}
     *
     * @param call makes the call, on this thread
     * @param <T> the result
     * @param <X> what the call may throw
     * @throws X what the call threw
     * @throws CallRejectedException if the call was not let through
     */
    public <T extends @Nullable Object, X extends Exception> T call(CheckedSupplier<? extends T, X> call) throws X {
        Objects.requireNonNull(call, "call");
        BreakerPhase admitted = acquire();
        if (admitted == null) {
            throw rejected(name);
        }
        long started = clock.nanoTime();
        T result;
        try {
            result = call.get();
        } catch (Throwable thrown) {
            admitted.failed(
                    clock.nanoTime(), started, Judge.failure(classifier, thrown, "circuit breaker " + name, LOG));
            throw Engine.<X>as(thrown);
        }
        admitted.succeeded(clock.nanoTime(), started);
        return result;
    }

    /**
     * Makes a call without a result.
     *
     * @param call makes the call, on this thread
     * @param <X> what the call may throw
     * @throws X what the call threw
     * @throws CallRejectedException if the call was not let through
     */
    public <X extends Exception> void run(CheckedRunnable<X> call) throws X {
        Objects.requireNonNull(call, "call");
        this.<Boolean, X>call(() -> {
            call.run();
            return true;
        });
    }

    /** Refuses all calls until {@link #automatic} or {@link #forceClosed}. */
    public void forceOpen() {
        force(new BreakerPhase.Forced(State.FORCED_OPEN));
    }

    /** Lets all calls pass, whatever becomes of them, until {@link #automatic} or {@link #forceOpen}. */
    public void forceClosed() {
        force(new BreakerPhase.Forced(State.FORCED_CLOSED));
    }

    /** Goes on by itself: closed, with an empty window. */
    public void automatic() {
        force(new BreakerPhase.Closed(this));
    }

    /** Gives the coarse clock back; the breaker goes on to work. Closing twice is harmless. */
    @Override
    public void close() {
        Engine.closeClock(clock);
    }

    // For Resilience

    NanoClock clock() {
        return clock;
    }

    BreakerSettings settings() {
        return settings;
    }

    /** The phase that lets all pass and counts, or whichever it is. */
    BreakerPhase phase() {
        return phase;
    }

    /** The phase that lets this call in and wants to know how it ends; null if it is refused. */
    @Nullable
    BreakerPhase acquire() {
        BreakerPhase admitted = phase.acquire(clock.nanoTime());
        if (admitted == null) {
            refused.incrementAndGet();
        }
        return admitted;
    }

    CallRejectedException rejected(String subject) {
        Duration retryAfter = retryAfter();
        return new CallRejectedException(
                subject,
                CallRejectedException.Reason.BREAKER_OPEN,
                subject + ": circuit breaker " + name + " is " + state() + " and lets no call pass"
                        + (retryAfter == null ? "" : " for " + retryAfter),
                retryAfter,
                null);
    }

    /** Whether a call has no chance, so that it need not even wait for its turn; it counts as refused then. */
    boolean refuses() {
        boolean refuses = !mayPass();
        if (refuses) {
            refused.incrementAndGet();
        }
        return refuses;
    }

    /** Whether a call would have a chance; changes nothing. */
    boolean mayPass() {
        BreakerPhase present = phase;
        return switch (present.state()) {
            case CLOSED, FORCED_CLOSED -> true;
            case FORCED_OPEN -> false;
            case OPEN -> retryAfterNanos() <= 0;
            case HALF_OPEN -> ((BreakerPhase.HalfOpen) present).hasRoom(clock.nanoTime());
        };
    }

    long lostProbes() {
        return lostProbes.get();
    }

    void probesLost(int number) {
        lostProbes.addAndGet(number);
    }

    private @Nullable Duration retryAfter() {
        return phase instanceof BreakerPhase.Open ? Duration.ofNanos(Math.max(0, retryAfterNanos())) : null;
    }

    private long retryAfterNanos() {
        return phase instanceof BreakerPhase.Open open ? open.until - clock.nanoTime() : 0;
    }

    private void force(BreakerPhase next) {
        BreakerPhase before = (BreakerPhase) PHASE.getAndSet(this, next);
        tell(before.state(), next.state());
    }

    boolean move(BreakerPhase from, BreakerPhase to) {
        boolean moved = PHASE.compareAndSet(this, from, to);
        if (moved) {
            tell(from.state(), to.state());
        }
        return moved;
    }

    private void tell(State from, State to) {
        if (from == to) {
            return;
        }
        LOG.info("Circuit breaker {}: {} -> {}", name, from, to);
        for (BiConsumer<State, State> listener : listeners) {
            Judge.shield(LOG, "A listener of circuit breaker " + name, () -> listener.accept(from, to));
        }
    }

    void open(BreakerPhase from, long now, @Nullable Duration advice) {
        move(from, new BreakerPhase.Open(this, now + settings.openNanos(advice, random)));
    }

    /** Collects the settings of a {@link CircuitBreaker}. Not safe for use by several threads. */
    public static final class Builder {

        private final String name;
        private final List<BiConsumer<State, State>> listeners = new ArrayList<>();
        private Classifier classifier = Classifiers.standard();
        double failureRate = 0.5;
        double slowCallRate = 0.5;

        @Nullable
        Duration slowCallDuration;

        int minimumCalls = 10;
        Duration openFor = Duration.ofSeconds(5);
        double openJitter = 0.2;
        Duration maxAdvice = Duration.ofMinutes(1);
        int probes = 3;
        Duration probeTimeout = Duration.ofMinutes(1);

        @Nullable
        Duration timeWindow = Duration.ofSeconds(10);

        int countWindow = 100;

        private Builder(String name) {
            this.name = Args.notBlank("name", name);
        }

        /**
         * Lets the window be the last so much time, in ten slices; 10 s by default. A backend that begins to fail altogether is
         * noticed after about {@code failureRate} of it, if {@code minimumCalls} have come by then.
         *
         * @param time 1 s to 1 day
         * @return this
         */
        public Builder timeWindow(Duration time) {
            timeWindow = Objects.requireNonNull(time, "timeWindow");
            return this;
        }

        /**
         * Lets the window be the last so many calls.
         *
         * @param calls 1 to 100,000
         * @return this
         */
        public Builder countWindow(int calls) {
            timeWindow = null;
            countWindow = calls;
            return this;
        }

        /**
         * Sets the share of failed calls that opens it; 0.5 by default.
         *
         * @param share above 0, to 1
         * @return this
         */
        public Builder failureRate(double share) {
            failureRate = share;
            return this;
        }

        /**
         * Lets slow calls open it as well: those that take at least that long, failed or not. Off by default. Times are
         * read from a clock that ticks every 10 ms.
         *
         * @param duration from when on a call is slow, 10 ms to 1 day
         * @param share the share of slow calls that opens it, above 0, to 1
         * @return this
         */
        public Builder slowCalls(Duration duration, double share) {
            slowCallDuration = Objects.requireNonNull(duration, "slowCallDuration");
            slowCallRate = share;
            return this;
        }

        /**
         * Sets how many calls must be in the window for their shares to mean anything; 10 by default. The fewer
         * they are, the sooner chance opens the breaker of a backend where some calls always fail.
         *
         * @param calls 1 to 100,000; with a count window at most its size
         * @return this
         */
        public Builder minimumCalls(int calls) {
            minimumCalls = calls;
            return this;
        }

        /**
         * Sets how long it stays open; 5 s by default. A server's advice that came with the last failure makes it longer, up
         * to {@link #maxAdvice}.
         *
         * @param time 1 ms to 1 day
         * @return this
         */
        public Builder openFor(Duration time) {
            openFor = Objects.requireNonNull(time, "openFor");
            return this;
        }

        /**
         * Sets how much longer it may stay open by chance, so that many clients do not probe at once; 0.2 by default: up to
         * 20 % longer.
         *
         * @param share 0 to 1
         * @return this
         */
        public Builder openJitter(double share) {
            openJitter = share;
            return this;
        }

        /**
         * Sets how long a server's advice may keep it open; 1 minute by default.
         *
         * @param time 0 to 1 day
         * @return this
         */
        public Builder maxAdvice(Duration time) {
            maxAdvice = Objects.requireNonNull(time, "maxAdvice");
            return this;
        }

        /**
         * Sets how many calls pass while it is half-open; 3 by default.
         *
         * @param calls 1 to 1,000
         * @return this
         */
        public Builder probes(int calls) {
            probes = calls;
            return this;
        }

        /**
         * Sets after how long a probe that has not ended is given up; 1 minute by default.
         *
         * @param time 1 ms to 1 day
         * @return this
         */
        public Builder probeTimeout(Duration time) {
            probeTimeout = Objects.requireNonNull(time, "probeTimeout");
            return this;
        }

        /**
         * Sets who says what a failure is, for {@link CircuitBreaker#call}; {@link Classifiers#standard} by default. Within
         * {@link Resilience} the policy's classifier is asked.
         *
         * @param judge the classifier
         * @return this
         */
        public Builder classifier(Classifier judge) {
            classifier = Objects.requireNonNull(judge, "classifier");
            return this;
        }

        /**
         * Adds someone who is told of every change of state, with the old and the new one. It is called on the thread that
         * made the change, under no lock; what it throws is logged. Changes that follow each other quickly, or that a listener
         * makes, may be told in another order: {@link CircuitBreaker#state} is what is true.
         *
         * @param listener whom to tell
         * @return this
         */
        public Builder onChange(BiConsumer<State, State> listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * {@return the breaker, closed}
         *
         * @throws IllegalArgumentException if a setting is out of its range, with its name, value and range
         */
        public CircuitBreaker build() {
            return build(Surroundings.SYSTEM);
        }

        CircuitBreaker build(Surroundings surroundings) {
            return new CircuitBreaker(this, surroundings);
        }
    }
}
