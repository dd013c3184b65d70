package dev.tentpole.retry;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The asynchronous calls that are under way, and the threads that carry them on. */
final class AsyncCalls implements AutoCloseable {

    private final Engine engine;
    private final Threads threads;
    private final int maxCalls;
    private final Set<AsyncCall<?>> underWay = ConcurrentHashMap.newKeySet();

    /** At least as many as are under way: one is counted before it is among them and until it is gone. */
    private final AtomicInteger places = new AtomicInteger();

    private final AtomicLong refused = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private Surroundings.@Nullable Timer timer;

    AsyncCalls(Engine engine, Threads threads, int maxCalls) {
        this.engine = engine;
        this.threads = threads;
        this.maxCalls = maxCalls;
    }

    Engine engine() {
        return engine;
    }

    Threads threads() {
        return threads;
    }

    int count() {
        return underWay.size();
    }

    /** How many calls there was no place for. */
    long refused() {
        return refused.get();
    }

    <T extends @Nullable Object> CompletableFuture<T> onExecutor(Operation operation, CheckedSupplier<T, ?> supplier) {
        return begin(operation, policy -> new Task<>(supplier, () -> {}, policy::discard));
    }

    /** Starts calls that are asynchronous themselves. */
    <T extends @Nullable Object> CompletableFuture<T> start(
            Operation operation, Supplier<? extends CompletionStage<T>> starter) {
        return begin(operation, policy -> starter.get());
    }

    private <T extends @Nullable Object> CompletableFuture<T> begin(
            Operation operation, Function<Policy, ? extends CompletionStage<T>> starter) {
        OperationState state = engine.state(operation);
        try {
            engine.checkMayBegin(state, state.plan, Engine.NO_DEADLINE);
        } catch (CallRejectedException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (places.getAndUpdate(taken -> Math.min(maxCalls, taken + 1)) == maxCalls) {
            refused.incrementAndGet();
            state.callRejected();
            return CompletableFuture.failedFuture(new CallRejectedException(
                    operation.name(),
                    CallRejectedException.Reason.NO_CAPACITY,
                    "operation " + operation.name() + ": " + maxCalls
                            + " asynchronous calls are under way, more would exceed maxAsyncCalls"));
        }
        AsyncCall<T> call;
        try {
            call = new AsyncCall<>(this, state, starter, engine.coarseClock().nanoTime());
        } catch (RuntimeException | Error e) {
            places.decrementAndGet();
            throw e;
        }
        underWay.add(call);
        call.start();
        return call;
    }

    void remove(AsyncCall<?> call) {
        if (underWay.remove(call)) {
            places.decrementAndGet();
        }
    }

    Surroundings.Timer timer() {
        lock.lock();
        try {
            if (engine.waits().isClosed()) {
                throw new RejectedExecutionException("closed");
            } else if (timer == null) {
                timer = engine.surroundings().openTimer();
            }
            return timer;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits, also those for a thread; attempts that are under way may end. The engine is closed before. */
    @Override
    public void close() {
        underWay.forEach(call -> call.giveUp(Stop.CLOSED));
        lock.lock();
        try {
            if (timer != null) {
                timer.close();
            }
        } finally {
            lock.unlock();
        }
        threads.close();
    }
}
