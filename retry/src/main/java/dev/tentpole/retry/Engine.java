package dev.tentpole.retry;

import dev.tentpole.base.CoarseClock;
import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What calls share: operations with their plans and counters, time, chance, budget, listeners. */
final class Engine implements AutoCloseable {

    /** Stands for "no deadline" where nanoseconds are expected. */
    static final long NO_DEADLINE = Long.MAX_VALUE;

    /** Longer deadlines are none: a year added to a clock's reading is far from an overflow. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final Logger LOG = LoggerFactory.getLogger(Retryer.class);

    /** A power of two; operations that meet in a place are found by the map, a few nanoseconds later. */
    private static final int QUICK_PLACES = 256;

    private final Surroundings surroundings;
    private final NanoClock clock;
    private final NanoClock coarseClock;
    private final RandomGenerator random;
    private final Waits waits;
    private final @Nullable RetryBudget budget;
    private final List<RetryListener> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<OperationState>> operationListeners = new CopyOnWriteArrayList<>();
    private final int maxOperations;
    private final boolean alwaysFailsafe;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Policy> policies = new HashMap<>();
    private Policy defaultPolicy;
    private final Map<Operation, OperationState> operations = new ConcurrentHashMap<>();
    private final AtomicLong refusedOperations = new AtomicLong();

    /**
     * Written without care: who does not see an entry looks into the map. An entry's operation is final, its plan
     * volatile.
     */
    private final @Nullable OperationState[] quick = new OperationState[QUICK_PLACES];

    Engine(
            Surroundings surroundings,
            @Nullable RandomGenerator random,
            @Nullable RetryBudget budget,
            Map<String, Policy> policies,
            Policy defaultPolicy,
            int maxOperations,
            boolean alwaysFailsafe) {
        this.surroundings = surroundings;
        this.clock = surroundings.clock();
        this.coarseClock = surroundings.openCoarseClock();
        this.random = random == null ? surroundings.random() : random;
        this.waits = new Waits(surroundings);
        this.budget = budget;
        this.policies.putAll(policies);
        this.defaultPolicy = defaultPolicy;
        this.maxOperations = maxOperations;
        this.alwaysFailsafe = alwaysFailsafe;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    NanoClock clock() {
        return clock;
    }

    NanoClock coarseClock() {
        return coarseClock;
    }

    RandomGenerator random() {
        return random;
    }

    Waits waits() {
        return waits;
    }

    @Nullable
    RetryBudget budget() {
        return budget;
    }

    boolean isAlwaysFailsafe() {
        return alwaysFailsafe;
    }

    /** What the compiler need not know: that it is an X, or unchecked. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Erased: the cast never fails.
    static <X extends Throwable> X as(Throwable thrown) throws X {
        throw (X) thrown;
    }

    static long nanos(Duration within) {
        return within.compareTo(LONGEST) >= 0 ? NO_DEADLINE : within.isNegative() ? 0 : within.toNanos();
    }

    void putBack() {
        if (budget != null) {
            budget.putBack();
        }
    }

    void retryStarted() {
        if (budget != null) {
            budget.retryStarted();
        }
    }

    boolean withdraw() {
        return budget == null || budget.tryWithdraw();
    }

    // Operations and policies

    OperationState state(Operation operation) {
        OperationState state = operation.state;
        return state != null && state.engine == this ? state : quickState(operation);
    }

    /** Of an operation that others call as well, each by a retryer of its own. */
    @SuppressWarnings("ReferenceEquality") // Equal ones that are not the same go the slow way.
    private OperationState quickState(Operation operation) {
        OperationState state = quick[operation.hashCode() & (QUICK_PLACES - 1)];
        return state != null && state.operation == operation ? state : slowState(operation);
    }

    @SuppressWarnings("ReferenceEquality") // As in quickState().
    private OperationState slowState(Operation operation) {
        OperationState state = operations.get(operation);
        if (state == null) {
            state = newState(operation);
        }
        // Equal operations that are other objects would push each other out: the first one stays.
        if (state.operation == operation) {
            quick[operation.hashCode() & (QUICK_PLACES - 1)] = state;
            remember(state);
        }
        return state;
    }

    /** Unless it is another one's already, since they would push each other out. */
    private void remember(OperationState state) {
        lock.lock();
        try {
            if (state.operation.state == null && !waits.isClosed()) {
                state.operation.state = state;
            }
        } finally {
            lock.unlock();
        }
    }

    /** An operation is often a constant, which is not to keep in memory what is closed. */
    private static void forget(OperationState state) {
        if (state.operation.state == state) {
            state.operation.state = null;
        }
    }

    private OperationState newState(Operation operation) {
        OperationState made;
        lock.lock();
        try {
            OperationState present = operations.get(operation);
            if (present != null) {
                return present;
            }
            if (operations.size() >= maxOperations) {
                refusedOperations.incrementAndGet();
                throw new IllegalStateException("operation " + operation.name() + " is one more than maxOperations = "
                        + maxOperations + "; an operation's name must not hold what has many values");
            }
            made = new OperationState(this, operation, planFor(operation.name()));
            operations.put(operation, made);
            if (budget != null && !waits.isClosed()) {
                budget.addSource(made.firstSuccesses);
            }
        } finally {
            lock.unlock();
        }
        // They register meters, and a registry that refuses some is no reason not to make the call.
        operationListeners.forEach(listener ->
                Judge.shield(LOG, "The registration of an operation's meters", () -> listener.accept(made)));
        return made;
    }

    Policy policy(String name) {
        lock.lock();
        try {
            for (String part = name; part != null; part = Operation.parent(part)) {
                Policy found = policies.get(part);
                if (found != null) {
                    return found;
                }
            }
            return defaultPolicy;
        } finally {
            lock.unlock();
        }
    }

    /** Changes a policy, or, with null, takes it away; without a name, the default one. */
    void setPolicy(@Nullable String name, @Nullable Policy policy) {
        lock.lock();
        try {
            if (name == null) {
                defaultPolicy = policy == null ? defaultPolicy : policy;
            } else if (policy == null) {
                policies.remove(name);
            } else {
                if (!policies.containsKey(name) && policies.size() >= maxOperations) {
                    throw new IllegalStateException(
                            "policy " + name + " is one more than maxOperations = " + maxOperations);
                }
                policies.put(name, policy);
            }
            replan();
        } finally {
            lock.unlock();
        }
    }

    private void replan() {
        operations.values().forEach(state -> {
            Policy policy = policy(state.operation.name());
            if (state.plan.policy != policy || state.plan.closed != waits.isClosed()) {
                state.plan = planFor(state.operation.name());
            }
        });
    }

    private Plan planFor(String name) {
        return new Plan(policy(name), waits.isClosed(), alwaysFailsafe);
    }

    Iterable<OperationState> operations() {
        return operations.values();
    }

    int operationCount() {
        return operations.size();
    }

    /** How often an operation was one too many. */
    long refusedOperations() {
        return refusedOperations.get();
    }

    /** Is told of all operations, present and future. */
    void addOperationListener(Consumer<OperationState> listener) {
        lock.lock();
        try {
            operationListeners.add(listener);
            operations.values().forEach(listener);
        } finally {
            lock.unlock();
        }
    }

    void removeOperationListener(Consumer<OperationState> listener) {
        operationListeners.remove(listener);
    }

    /** Refuses what must not begin. */
    void checkMayBegin(OperationState state, Plan plan, long within) {
        String name = state.operation.name();
        if (plan.closed) {
            state.callRejected();
            throw closed(name);
        } else if (plan.refusal != null) {
            state.callRejected();
            throw new CallRejectedException(
                    name,
                    CallRejectedException.Reason.REFUSED,
                    "operation " + name + " is refused by its policy: " + plan.refusal);
        } else if (within <= 0) {
            state.callRejected();
            throw new CallRejectedException(
                    name,
                    CallRejectedException.Reason.DEADLINE,
                    "operation " + name + ": its deadline has passed before the first attempt");
        }
    }

    static CallRejectedException closed(String name) {
        return new CallRejectedException(
                name, CallRejectedException.Reason.CLOSED, "operation " + name + ": the retryer is closed");
    }

    // Classification and listeners, both of which may be wrong

    static Failure classify(Classifier classifier, Throwable thrown) {
        return Judge.failure(classifier, thrown, "retries", LOG);
    }

    static Optional<Failure> classifyResult(Classifier classifier, @Nullable Object result) {
        return Judge.result(classifier, result, "retries", LOG);
    }

    void addListener(RetryListener listener) {
        listeners.add(listener);
    }

    boolean hasListeners() {
        return !listeners.isEmpty();
    }

    void tell(Consumer<RetryListener> news) {
        for (RetryListener listener : listeners) {
            Judge.shield(LOG, "A listener of retries", () -> news.accept(listener));
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (waits.isClosed()) {
                return;
            }
            waits.close();
            replan();
            operations.values().forEach(Engine::forget);
            if (budget != null) {
                operations.values().forEach(state -> budget.removeSource(state.firstSuccesses));
            }
        } finally {
            lock.unlock();
        }
        closeClock(coarseClock);
    }

    static void closeClock(NanoClock clock) {
        if (clock instanceof CoarseClock coarse) {
            coarse.close();
        }
    }
}
