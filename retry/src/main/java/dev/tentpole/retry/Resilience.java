package dev.tentpole.retry;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that stands between a program and one backend, in an order that is fixed and makes sense.
 *
 * <p>From the outside in, and each of them only if it is given, but for the retries:
 *
 * <ol>
 *   <li>fallback: sees how the whole call ended;
 *   <li>deadline: bounds everything below;
 *   <li>circuit breaker: an open one refuses before anything else is spent;
 *   <li>rate limit: refuses, or waits within its bound;
 *   <li>bulkhead: a place from here to the end of the call;
 *   <li>retry, with its budget: each further attempt asks the breaker and the rate limit again, and stops trying if one of
 *       them refuses; each attempt is reported to the breaker;
 *   <li>hedging: a second attempt beside a slow one;
 *   <li>timeout of the attempt;
 *   <li>the call.
 * </ol>
 *
 * <p>Without a timeout or hedging the call is made on the calling thread. With either, each attempt runs on a thread of the
 * executor while the caller watches it, so that it can be given up even if it does not answer to interrupts. Without
 * timeout, hedging, rate limit and bulkhead, a call that succeeds at once costs a few nanoseconds and no memory.
 *
 * <p>Keep one per backend and close it in the end. Safe for use by several threads.
 */
public final class Resilience implements AutoCloseable {

    final @Nullable CircuitBreaker breaker;
    final @Nullable RateLimiter limiter;
    final long limiterWaitNanos;
    final @Nullable Bulkhead bulkhead;
    final long attemptTimeoutNanos;
    final @Nullable Hedges hedges;
    final Threads threads;
    final AtomicInteger abandoned = new AtomicInteger();
    private final AtomicLong fallbacks = new AtomicLong();
    private final String name;
    private final Retryer retryer;
    private final Engine engine;

    /** Nothing but a breaker, if that, stands before the retries. */
    private final boolean quick;

    private Resilience(Builder builder, Surroundings surroundings, boolean alwaysFailsafe) {
        name = builder.name;
        breaker = builder.breaker;
        limiter = builder.limiter;
        limiterWaitNanos = builder.limiterWait.toNanos();
        bulkhead = builder.bulkhead;
        attemptTimeoutNanos = builder.attemptTimeout == null ? Long.MAX_VALUE : builder.attemptTimeout.toNanos();
        // Checks its settings before anything is added to a budget that others share.
        retryer = builder.retries.build(surroundings, alwaysFailsafe);
        hedges = builder.hedging == null ? null : new Hedges(builder.hedging, surroundings.clock());
        engine = retryer.engine();
        threads = retryer.asyncCalls().threads();
        quick = limiter == null && bulkhead == null && !usesThreads() && !alwaysFailsafe;
    }

    /**
     * {@return a builder with retries by {@link Policy#standard} and {@link RetryBudget#standard}, and nothing else}
     *
     * @param name the backend's name, for metrics
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
     * {@return what holds the policies and makes asynchronous calls, which pass none of the other guards}
     */
    public Retryer retryer() {
        return retryer;
    }

    /**
     * {@return how many attempts were given up and have not ended}
     */
    public int abandoned() {
        return abandoned.get();
    }

    /**
     * {@return the result of the call}
     *
     * @param operation what is called; its name decides the policy
     * @param call makes the call
     * @param <T> the result
     * @param <X> what the call may throw
     * @throws X what the call threw last
     * @throws ResilienceException if the call was refused, took too long, or this thread was interrupted
     */
    public <T extends @Nullable Object, X extends Exception> T call(
            Operation operation, CheckedSupplier<? extends T, X> call) throws X {
        OperationState state = engine.state(operation);
        Plan plan = state.plan;
        BreakerPhase phase = breaker == null ? null : breaker.phase();
        boolean passes = breaker == null || phase instanceof BreakerPhase.Closed;
        if (!quick || !passes || !plan.simple) {
            return otherCall(state, plan, Engine.NO_DEADLINE, call);
        }
        long started = engine.coarseClock().nanoTime();
        T result;
        try {
            result = call.get();
        } catch (Throwable thrown) {
            return retry(state, plan, started, call, phase, thrown);
        }
        if (phase != null) {
            phase.succeeded(engine.coarseClock().nanoTime(), started);
        }
        state.firstSuccesses.increment();
        return result;
    }

    /**
     * {@return the result of the call, which has a deadline}
     *
     * <p>All waits end by then, no first attempt starts after it, and no other one unless {@link Policy#minAttemptTime} is
     * left. With a timeout of attempts, or hedging, an attempt that is under way is given up at the deadline.
     *
     * @param operation what is called; its name decides the policy
     * @param within how much time the caller has left; if it is none, the call is refused
     * @param call makes the call
     * @param <T> the result
     * @param <X> what the call may throw
     * @throws X what the call threw last
     * @throws ResilienceException if the call was refused, took too long, or this thread was interrupted
     */
    public <T extends @Nullable Object, X extends Exception> T call(
            Operation operation, Duration within, CheckedSupplier<? extends T, X> call) throws X {
        OperationState state = engine.state(operation);
        return otherCall(state, state.plan, Engine.nanos(within), call);
    }

    /**
     * {@return the result of the call, or what the fallback makes of its failure}
     *
     * <p>The fallback is asked when the backend could not do it: the failure is transient, an overload, a throttling, a
     * timeout or unknown, or the call was refused here, be it by its policy. Not when the caller is at fault, may not do
     * it, asked for what is not there, or cancelled, or all this is closed; nor for bugs and {@link Error}s; nor for a result
     * that stands for a failure, which is returned. What it throws comes out, with the failure as a suppressed exception.
     *
     * @param operation what is called; its name decides the policy
     * @param within how much time the caller has left, which the fallback does not count in; if it is none, the call is
     *     refused
     * @param call makes the call
     * @param fallback makes a result of the failure, on this thread
     * @param <T> the result
     * @param <X> what the call may throw
     * @throws X what the call threw last
     * @throws ResilienceException if the call was refused, took too long, or this thread was interrupted
     */
    public <T extends @Nullable Object, X extends Exception> T call(
            Operation operation,
            Duration within,
            CheckedSupplier<? extends T, X> call,
            Function<? super Exception, ? extends T> fallback)
            throws X {
        Objects.requireNonNull(fallback, "fallback");
        OperationState state = engine.state(operation);
        Plan plan = state.plan;
        Exception failure;
        try {
            return otherCall(state, plan, Engine.nanos(within), call);
        } catch (Exception e) {
            failure = e;
        }
        if (!helpsAgainst(failure, plan)) {
            throw Engine.<X>as(failure);
        }
        T result;
        try {
            result = fallback.apply(failure);
        } catch (Throwable e) {
            if (e != failure) {
                e.addSuppressed(failure);
            }
            throw e;
        }
        fallbacks.incrementAndGet();
        return result;
    }

    /**
     * Makes a call without a result; otherwise as {@link #call(Operation, CheckedSupplier)}.
     *
     * @param operation what is called; its name decides the policy
     * @param call makes the call
     * @param <X> what the call may throw
     * @throws X what the call threw last
     * @throws ResilienceException if the call was refused, took too long, or this thread was interrupted
     */
    public <X extends Exception> void run(Operation operation, CheckedRunnable<X> call) throws X {
        Objects.requireNonNull(call, "call");
        this.<Boolean, X>call(operation, () -> {
            call.run();
            return true;
        });
    }

    /**
     * Ends all waits and starts no further attempt, as {@link Retryer#close}; closes the breaker, rate limit and bulkhead
     * that it was given as well. Attempts under way may end. Closing twice is harmless.
     */
    @Override
    public void close() {
        retryer.close();
        if (hedges != null) {
            hedges.close();
        }
        if (breaker != null) {
            breaker.close();
        }
        if (limiter != null) {
            limiter.close();
        }
        if (bulkhead != null) {
            bulkhead.close();
        }
    }

    Engine engine() {
        return engine;
    }

    boolean usesThreads() {
        return attemptTimeoutNanos != Long.MAX_VALUE || hedges != null;
    }

    long hedges() {
        return hedges == null ? 0 : hedges.started();
    }

    long fallbacks() {
        return fallbacks.get();
    }

    private static boolean helpsAgainst(Exception failure, Plan plan) {
        if (failure instanceof CallRejectedException rejected) {
            return rejected.reason() != CallRejectedException.Reason.CLOSED;
        }
        FailureKind kind = Engine.classify(plan.classifier, failure).kind();
        return kind == FailureKind.UNKNOWN || kind.isRetryable();
    }

    private <T extends @Nullable Object, X extends Exception> T retry(
            OperationState state,
            Plan plan,
            long started,
            CheckedSupplier<? extends T, X> call,
            @Nullable BreakerPhase phase,
            Throwable thrown)
            throws X {
        Objects.requireNonNull(call, "call");
        try {
            return new GuardedRun<T>(this, state, plan, started, Engine.NO_DEADLINE, call, phase).afterThrown(thrown);
        } catch (Throwable end) {
            throw Engine.<X>as(end);
        }
    }

    private <T extends @Nullable Object, X extends Exception> T otherCall(
            OperationState state, Plan plan, long within, CheckedSupplier<? extends T, X> call) throws X {
        Objects.requireNonNull(call, "call");
        engine.checkMayBegin(state, plan, within);
        // With guards that wait, the exact time is a small part of the cost, and deadlines of a few milliseconds make
        // sense.
        long started = engine.clock().nanoTime();
        try {
            return new GuardedRun<T>(this, state, plan, started, within, call, null).whole(started);
        } catch (Throwable end) {
            throw Engine.<X>as(end);
        }
    }

    /** Collects the settings of a {@link Resilience}. Not safe for use by several threads. */
    public static final class Builder {

        private static final Duration LONGEST = Duration.ofDays(1);

        private final String name;
        private final Retryer.Builder retries = Retryer.builder();
        private @Nullable CircuitBreaker breaker;
        private @Nullable RateLimiter limiter;
        private Duration limiterWait = Duration.ZERO;
        private @Nullable Bulkhead bulkhead;
        private @Nullable Duration attemptTimeout;
        private @Nullable Hedging hedging;

        private Builder(String name) {
            this.name = Args.notBlank("name", name);
        }

        /**
         * Sets the policy of whatever has no other one; {@link Policy#standard} by default.
         *
         * @param policy the policy
         * @return this
         */
        public Builder policy(Policy policy) {
            retries.defaultPolicy(policy);
            return this;
        }

        /**
         * Sets the policy of an operation and of all below it that have none of their own.
         *
         * @param operation an operation's name, or a general part of names
         * @param policy the policy
         * @return this
         * @throws IllegalArgumentException if no operation can have that name
         */
        public Builder policy(String operation, Policy policy) {
            retries.policy(operation, policy);
            return this;
        }

        /**
         * Sets the budget of retries; one of its own, {@link RetryBudget#standard}, by default.
         *
         * @param budget the budget
         * @return this
         */
        public Builder budget(RetryBudget budget) {
            retries.budget(budget);
            return this;
        }

        /**
         * Lets retries have no budget.
         *
         * @return this
         */
        public Builder withoutBudget() {
            retries.withoutBudget();
            return this;
        }

        /**
         * Sets the circuit breaker; none by default.
         *
         * @param given the breaker, which is closed with this
         * @return this
         */
        public Builder breaker(CircuitBreaker given) {
            breaker = Objects.requireNonNull(given, "breaker");
            return this;
        }

        /**
         * Sets the rate limit; none by default. Each attempt takes a permit.
         *
         * @param given the limiter, which is closed with this
         * @param maxWait how long an attempt waits for its permit, 0 to 1 day; a deadline of the call is kept as well
         * @return this
         */
        public Builder rateLimit(RateLimiter given, Duration maxWait) {
            limiter = Objects.requireNonNull(given, "rateLimit");
            limiterWait = Objects.requireNonNull(maxWait, "maxWait");
            return this;
        }

        /**
         * Sets the bulkhead; none by default.
         *
         * @param given the bulkhead, which is closed with this
         * @return this
         */
        public Builder bulkhead(Bulkhead given) {
            bulkhead = Objects.requireNonNull(given, "bulkhead");
            return this;
        }

        /**
         * Sets how long an attempt may take; as long as it likes by default.
         *
         * @param time 1 ms to 1 day
         * @return this
         */
        public Builder attemptTimeout(Duration time) {
            attemptTimeout = Objects.requireNonNull(time, "attemptTimeout");
            return this;
        }

        /**
         * Sets hedging; none by default.
         *
         * @param settings the settings
         * @return this
         */
        public Builder hedging(Hedging settings) {
            hedging = Objects.requireNonNull(settings, "hedging");
            return this;
        }

        /**
         * Adds someone who is told of failed attempts and failed calls.
         *
         * @param listener whom to tell
         * @return this
         */
        public Builder listener(RetryListener listener) {
            retries.listener(listener);
            return this;
        }

        /**
         * Sets what attempts with a timeout run on; daemon threads of its own by default.
         *
         * @param threads the executor, which is not closed
         * @return this
         */
        public Builder executor(Executor threads) {
            retries.executor(threads);
            return this;
        }

        /**
         * Sets how many threads there may be if no executor is given; 64 by default. More attempts at a time are refused.
         *
         * @param threads 1 to 10,000
         * @return this
         */
        public Builder maxThreads(int threads) {
            retries.maxThreads(threads);
            return this;
        }

        /**
         * Sets what is carried from the calling thread to those of the executor; nothing by default.
         *
         * @param carrier the carrier
         * @return this
         */
        public Builder context(ContextCarrier carrier) {
            retries.context(carrier);
            return this;
        }

        /**
         * Sets where jitter comes from; the threads' own generators by default.
         *
         * @param source the source
         * @return this
         */
        public Builder random(RandomGenerator source) {
            retries.random(source);
            return this;
        }

        /**
         * {@return all of it, ready}
         *
         * @throws IllegalArgumentException if a setting is out of its range, with its name, value and range
         */
        public Resilience build() {
            return build(Surroundings.SYSTEM, false);
        }

        Resilience build(Surroundings surroundings, boolean alwaysFailsafe) {
            Args.inRange("maxWait", limiterWait, Duration.ZERO, LONGEST);
            if (attemptTimeout != null) {
                Args.inRange("attemptTimeout", attemptTimeout, Duration.ofMillis(1), LONGEST);
            }
            return new Resilience(this, surroundings, alwaysFailsafe);
        }
    }
}
