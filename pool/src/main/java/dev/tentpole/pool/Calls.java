package dev.tentpole.pool;

import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * Runs calls of the allocator, each on a thread of the pool and with a timeout.
 *
 * <p>An object has one call at a time, so there are no more calls in time than places. A call past its timeout is
 * abandoned: its place goes on without it, until it returns. At most {@code maxAbandoned} are; further ones end when they
 * return, and keep their place until then, but for a few openings (see {@link Abandoned}).
 */
final class Calls {

    private final Executor threads;
    private final NanoClock clock;
    private final PoolSettings settings;
    private final LongConsumer wakeBy;
    private final Set<Call<?>> running = ConcurrentHashMap.newKeySet();
    private final Abandoned abandoned;

    /** The last argument is told of each deadline. */
    Calls(Surroundings surroundings, PoolSettings settings, LongConsumer wakeBy) {
        this.threads = surroundings.calls();
        this.clock = surroundings.clock();
        this.settings = settings;
        this.wakeBy = wakeBy;
        this.abandoned = new Abandoned(settings.maxAbandoned(), settings.maxBackoff());
    }

    <R> void submit(Call.Kind kind, Callable<R> work, Call.Outcome<R> outcome) {
        Duration timeout = switch (kind) {
            case OPEN -> settings.openTimeout();
            case VALIDATE -> settings.validateTimeout();
            case RESET -> settings.resetTimeout();
            case CLOSE -> settings.closeTimeout();
        };
        Call<R> call = new Call<>(this, kind, clock.nanoTime() + timeout.toNanos(), work, outcome);
        running.add(call);
        wakeBy.accept(call.deadline);
        try {
            threads.execute(call);
        } catch (RuntimeException | Error e) {
            switch (kind) {
                // There is no thread any more; what is open has to be closed nevertheless.
                case CLOSE -> call.run();
                // Whoever begins an opening holds the pool's lock, and what follows from its failure is not for there.
                case OPEN -> {
                    call.refuseLater(e);
                    wakeBy.accept(clock.nanoTime());
                }
                case VALIDATE, RESET -> call.refuse(e);
            }
        }
    }

    /** Ends calls that are past their timeout, or had no thread; returns the nanoseconds until the next one is. */
    long expireOverdue() {
        long next = Long.MAX_VALUE;
        long now = clock.nanoTime();
        for (Call<?> call : running) {
            long left = call.deadline - now;
            Throwable refusal = call.refusal();
            if (refusal != null) {
                call.refuse(refusal);
            } else if (left <= 0) {
                call.expire(false);
            } else {
                next = Math.min(next, left);
            }
        }
        return next;
    }

    int abandoned() {
        return abandoned.count();
    }

    /**
     * Nobody waits for these calls any more.
     *
     * @param force whether to abandon more than are allowed
     */
    void expireAll(Set<Call.Kind> kinds, boolean force) {
        for (Call<?> call : running) {
            if (kinds.contains(call.kind)) {
                call.expire(force);
            }
        }
    }

    boolean tryAbandon(Call.Kind kind, boolean force) {
        return abandoned.tryAdd(kind, force, clock.nanoTime());
    }

    void over(Call<?> call, boolean wasAbandoned) {
        running.remove(call);
        if (wasAbandoned) {
            abandoned.returned();
        }
    }
}
