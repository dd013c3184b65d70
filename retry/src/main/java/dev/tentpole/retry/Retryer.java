package dev.tentpole.retry;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls, and makes them again when that can help: by a {@link Policy} for each kind of operation, within a deadline
 * and a budget.
 *
 * <p>What the call throws last is what comes out, of whatever type, checked or not; the failures before it are its
 * suppressed exceptions. A wait ends with the deadline, with an interrupt ({@link CallInterruptedException}, interrupt
 * status set) and with {@link #close} (the last failure comes out). A call that succeeds at once costs a few nanoseconds
 * and no memory.
 *
 * <p>Keep one per backend, since the budget is about one backend, and close it in the end. Safe for use by several threads.
 */
public final class Retryer implements AutoCloseable {

    private final Engine engine;
    private final AsyncCalls asyncCalls;

    private Retryer(Builder builder, Surroundings surroundings, boolean alwaysFailsafe) {
        engine = new Engine(
                surroundings,
                builder.random,
                builder.budget,
                builder.policies,
                builder.defaultPolicy,
                builder.maxOperations,
                alwaysFailsafe);
        builder.listeners.forEach(engine::addListener);
        asyncCalls = new AsyncCalls(
                engine, new Threads(builder.executor, builder.maxThreads, builder.context), builder.maxAsyncCalls);
    }

    /**
     * {@return a builder with the policy {@link Policy#standard} for everything and the budget {@link RetryBudget#standard}}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return the result of the call}
     *
     * @param operation what is called; its name decides the policy
     * @param call makes the call, on this thread
     * @param <T> the result
     * @param <X> what the call may throw
     * @throws X what the call threw last
     * @throws CallInterruptedException if this thread was interrupted during a wait; its interrupt status is set
     * @throws CallRejectedException if this retryer is closed, or the policy refuses the operation
     * @throws IllegalStateException if the operation is one more than {@code maxOperations}
     */
    public <T extends @Nullable Object, X extends Exception> T call(
            Operation operation, CheckedSupplier<? extends T, X> call) throws X {
        OperationState state = engine.state(operation);
        Plan plan = state.plan;
        if (!plan.simple) {
            return otherCall(state, plan, Engine.NO_DEADLINE, call);
        }
        long started = engine.coarseClock().nanoTime();
        T result;
        try {
            result = call.get();
        } catch (Throwable thrown) {
            return retry(state, plan, started, Engine.NO_DEADLINE, call, thrown);
        }
        state.firstSuccesses.increment();
        return result;
    }

    /**
     * {@return the result of the call, which has a deadline}
     *
     * <p>No attempt but the first starts unless {@link Policy#minAttemptTime} is left then. An attempt that is under way is
     * not cut off; {@link Resilience} does that.
     *
     * @param operation what is called; its name decides the policy
     * @param within how much time the caller has left; if it is none, the call is refused
     * @param call makes the call, on this thread
     * @param <T> the result
     * @param <X> what the call may throw
     * @throws X what the call threw last
     * @throws CallInterruptedException if this thread was interrupted during a wait; its interrupt status is set
     * @throws CallRejectedException if no time is left, this retryer is closed, or the policy refuses the operation
     * @throws IllegalStateException if the operation is one more than {@code maxOperations}
     */
    public <T extends @Nullable Object, X extends Exception> T call(
            Operation operation, Duration within, CheckedSupplier<? extends T, X> call) throws X {
        OperationState state = engine.state(operation);
        Plan plan = state.plan;
        long nanos = Engine.nanos(within);
        if (!plan.simple || nanos <= 0) {
            return otherCall(state, plan, nanos, call);
        }
        long started = engine.coarseClock().nanoTime();
        T result;
        try {
            result = call.get();
        } catch (Throwable thrown) {
            return retry(state, plan, started, nanos, call, thrown);
        }
        state.firstSuccesses.increment();
        return result;
    }

    /**
     * Makes a call without a result; otherwise as {@link #call(Operation, CheckedSupplier)}.
     *
     * @param operation what is called; its name decides the policy
     * @param call makes the call, on this thread
     * @param <X> what the call may throw
     * @throws X what the call threw last
     * @throws CallInterruptedException if this thread was interrupted during a wait; its interrupt status is set
     * @throws CallRejectedException if this retryer is closed, or the policy refuses the operation
     * @throws IllegalStateException if the operation is one more than {@code maxOperations}
     */
    public <X extends Exception> void run(Operation operation, CheckedRunnable<X> call) throws X {
        Objects.requireNonNull(call, "call");
        this.<Boolean, X>call(operation, () -> {
            call.run();
            return true;
        });
    }

    /**
     * {@return a future of the call, which is made on the executor}
     *
     * <p>No thread waits between attempts. Cancelling the future, or completing it in any other way, interrupts the attempt's
     * thread and ends the waits. A failure is the future's exception, not wrapped. Before a thread of the executor runs the call, {@link
     * Builder#context} is carried there.
     *
     * @param operation what is called; its name decides the policy
     * @param call makes the call
     * @param <T> the result
     * @throws IllegalStateException if the operation is one more than {@code maxOperations}
     */
    public <T extends @Nullable Object> CompletableFuture<T> callAsync(
            Operation operation, CheckedSupplier<T, ?> call) {
        return asyncCalls.onExecutor(operation, Objects.requireNonNull(call, "call"));
    }

    /**
     * {@return a future of a call without a result, which is made on the executor; otherwise as {@link #callAsync}}
     *
     * @param operation what is called; its name decides the policy
     * @param call makes the call
     * @throws IllegalStateException if the operation is one more than {@code maxOperations}
     */
    @SuppressWarnings(
            "NullAway") // The result's type is @Nullable Void, which NullAway does not follow into the lambda.
    public CompletableFuture<@Nullable Void> runAsync(Operation operation, CheckedRunnable<?> call) {
        Objects.requireNonNull(call, "call");
        return callAsync(operation, () -> {
            call.run();
            return null;
        });
    }

    /**
     * {@return a future of a call that is asynchronous itself, such as {@code HttpClient.sendAsync}; otherwise as {@link
     * #callAsync}}
     *
     * <p>The first attempt is started on this thread, the others on the executor. What a stage fails with is its exception
     * without the {@link java.util.concurrent.CompletionException} that dependent stages put around it.
     *
     * @param operation what is called; its name decides the policy
     * @param call starts the call; cancelling cancels what it returns
     * @param <T> the result
     * @throws IllegalStateException if the operation is one more than {@code maxOperations}
     */
    public <T extends @Nullable Object> CompletableFuture<T> stageAsync(
            Operation operation, Supplier<? extends CompletionStage<T>> call) {
        return asyncCalls.start(operation, Objects.requireNonNull(call, "call"));
    }

    /**
     * {@return the policy for operations of that name: its own, or that of the nearest general name, or the default}
     *
     * @param name an operation's name
     */
    public Policy policy(String name) {
        return engine.policy(Operation.checkName(name));
    }

    /**
     * Changes the policy of an operation and of all below it that have none of their own. Calls that have begun keep the
     * one that they began with.
     *
     * @param name an operation's name, or a general part of names
     * @param policy the policy
     * @throws IllegalStateException if there are {@code maxOperations} policies already
     */
    public void setPolicy(String name, Policy policy) {
        engine.setPolicy(Operation.checkName(name), Objects.requireNonNull(policy, "policy"));
    }

    /**
     * Takes the policy of a name away, so that the more general one holds again. Does nothing if there is none.
     *
     * @param name an operation's name, or a general part of names
     */
    public void removePolicy(String name) {
        engine.setPolicy(Operation.checkName(name), null);
    }

    /**
     * Changes the policy of whatever has no other one.
     *
     * @param policy the policy
     */
    public void setDefaultPolicy(Policy policy) {
        engine.setPolicy(null, Objects.requireNonNull(policy, "policy"));
    }

    /**
     * Ends all waits and starts no further attempt: calls that wait end with their last failure, attempts under way may
     * end. Later calls are refused. Closing twice is harmless.
     */
    @Override
    public void close() {
        engine.close();
        asyncCalls.close();
    }

    Engine engine() {
        return engine;
    }

    AsyncCalls asyncCalls() {
        return asyncCalls;
    }

    private <T extends @Nullable Object, X extends Exception> T retry(
            OperationState state,
            Plan plan,
            long started,
            long within,
            CheckedSupplier<? extends T, X> call,
            Throwable thrown)
            throws X {
        Objects.requireNonNull(call, "call");
        try {
            return new Run<T>(engine, state, plan, started, within, call).afterThrown(thrown);
        } catch (Throwable end) {
            throw Engine.<X>as(end);
        }
    }

    /** Calls that are refused, whose results are judged, or that go by way of Failsafe from the start. */
    private <T extends @Nullable Object, X extends Exception> T otherCall(
            OperationState state, Plan plan, long within, CheckedSupplier<? extends T, X> call) throws X {
        Objects.requireNonNull(call, "call");
        engine.checkMayBegin(state, plan, within);
        long started = engine.coarseClock().nanoTime();
        Run<T> run = new Run<>(engine, state, plan, started, within, call);
        try {
            if (engine.isAlwaysFailsafe()) {
                return run.all();
            }
            T result;
            try {
                result = call.get();
            } catch (Throwable thrown) {
                return run.afterThrown(thrown);
            }
            return run.afterResult(result);
        } catch (Throwable end) {
            throw Engine.<X>as(end);
        }
    }

    /** A call whose attempts are nothing but the call. */
    private static final class Run<T extends @Nullable Object> extends RetryRun<T> {

        private final CheckedSupplier<? extends T, ?> call;

        Run(
                Engine engine,
                OperationState state,
                Plan plan,
                long started,
                long within,
                CheckedSupplier<? extends T, ?> call) {
            super(engine, state, plan, started, within);
            this.call = call;
        }

        @Override
        T attempt() throws Exception {
            begins();
            return call.get();
        }
    }

    /** Collects the settings of a {@link Retryer}. Not safe for use by several threads. */
    public static final class Builder {

        private static final int MAX_OPERATIONS = 100_000;
        private static final int MAX_CALLS = 1_000_000;
        private static final int MAX_THREADS = 10_000;

        private final Map<String, Policy> policies = new HashMap<>();
        private final List<RetryListener> listeners = new ArrayList<>();
        private Policy defaultPolicy = Policy.standard();
        private @Nullable RetryBudget budget = RetryBudget.standard();
        private boolean budgetGiven;
        private @Nullable Executor executor;
        private ContextCarrier context = ContextCarrier.none();
        private @Nullable RandomGenerator random;
        private int maxOperations = 1_000;
        private int maxAsyncCalls = 10_000;
        private int maxThreads = 64;

        private Builder() {}

        /**
         * Sets the policy of whatever has no other one; {@link Policy#standard} by default.
         *
         * @param policy the policy
         * @return this
         */
        public Builder defaultPolicy(Policy policy) {
            defaultPolicy = Objects.requireNonNull(policy, "defaultPolicy");
            return this;
        }

        /**
         * Sets the policy of an operation and of all below it that have none of their own.
         *
         * @param name an operation's name, or a general part of names
         * @param policy the policy
         * @return this
         * @throws IllegalArgumentException if no operation can have that name
         */
        public Builder policy(String name, Policy policy) {
            policies.put(Operation.checkName(name), Objects.requireNonNull(policy, "policy"));
            return this;
        }

        /**
         * Sets the budget of all retries; one of its own, {@link RetryBudget#standard}, by default. Give the same to all
         * retryers that call the same backend.
         *
         * @param retries the budget
         * @return this
         */
        public Builder budget(RetryBudget retries) {
            budget = Objects.requireNonNull(retries, "budget");
            budgetGiven = true;
            return this;
        }

        /**
         * Lets retries have no budget, so that only the number of attempts bounds them.
         *
         * @return this
         */
        public Builder withoutBudget() {
            budget = null;
            budgetGiven = true;
            return this;
        }

        /**
         * Adds someone who is told of failed attempts and failed calls.
         *
         * @param listener whom to tell
         * @return this
         */
        public Builder listener(RetryListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Sets what asynchronous calls run on; daemon threads of its own, 64 at most unless {@link #maxThreads} says otherwise, by default.
         *
         * <p>Retries are given to it by a timer of one thread. An executor that runs on the thread that asks what it has no
         * thread for ({@code CallerRunsPolicy}) makes all other retries wait for that; let it refuse, or have a queue.
         *
         * @param threads the executor, which is not closed
         * @return this
         */
        public Builder executor(Executor threads) {
            executor = Objects.requireNonNull(threads, "executor");
            return this;
        }

        /**
         * Sets what is carried from the calling thread to those that asynchronous calls run on; nothing by default.
         *
         * @param carrier the carrier
         * @return this
         */
        public Builder context(ContextCarrier carrier) {
            context = Objects.requireNonNull(carrier, "context");
            return this;
        }

        /**
         * Sets where jitter comes from; the threads' own generators by default. It must be safe for use by several threads.
         *
         * @param source the source
         * @return this
         */
        public Builder random(RandomGenerator source) {
            random = Objects.requireNonNull(source, "random");
            return this;
        }

        /**
         * Sets how many operations, and how many policies, there may be; 1,000 by default.
         *
         * @param operations 1 to 100,000
         * @return this
         */
        public Builder maxOperations(int operations) {
            maxOperations = operations;
            return this;
        }

        /**
         * Sets how many asynchronous calls may be under way; 10,000 by default. More are refused.
         *
         * @param calls 1 to 1,000,000
         * @return this
         */
        public Builder maxAsyncCalls(int calls) {
            maxAsyncCalls = calls;
            return this;
        }

        /**
         * Sets how many threads asynchronous calls may have if no executor is given; 64 by default. More calls at a time are
         * refused, as by an overloaded executor; retries wait for a thread.
         *
         * @param threads 1 to 10,000
         * @return this
         */
        public Builder maxThreads(int threads) {
            maxThreads = threads;
            return this;
        }

        /**
         * {@return the retryer}
         *
         * @throws IllegalArgumentException if a setting is out of its range, with its name, value and range
         */
        public Retryer build() {
            return build(Surroundings.SYSTEM, false);
        }

        Retryer build(Surroundings surroundings, boolean alwaysFailsafe) {
            Args.inRange("maxOperations", maxOperations, 1, MAX_OPERATIONS);
            Args.inRange("maxAsyncCalls", maxAsyncCalls, 1, MAX_CALLS);
            Args.inRange("maxThreads", maxThreads, 1, MAX_THREADS);
            Args.check(policies.size() <= maxOperations, "policies", policies.size(), "at most maxOperations");
            if (!budgetGiven) {
                budget = RetryBudget.builder().build(surroundings.clock());
            }
            return new Retryer(this, surroundings, alwaysFailsafe);
        }
    }
}
