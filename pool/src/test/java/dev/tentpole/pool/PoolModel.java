package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A pool, everything that was borrowed from it, borrowers that wait, and an allocator that fails, hangs, lies and is late as
 * it is told.
 */
final class PoolModel {

    private static final int LARGEST = 6;
    private static final int MOST_WAITING = 3;
    private static final long PAUSE_NANOS = 50_000;

    final FakeSurroundings time = new FakeSurroundings();
    final Thing.Maker maker = new Thing.Maker();
    final Pool<Thing> pool;
    private final List<Lease<Thing>> leases = new ArrayList<>();
    private final List<Lease<Thing>> stale = new ArrayList<>();
    private final List<WaitingBorrower> waiting = new ArrayList<>();
    private int maxSize = 3;
    private int mostBefore;

    PoolModel() {
        time.holdCalls();
        pool = time.open(
                PoolSettings.named("model")
                        .size(1, maxSize)
                        .maxOpening(3)
                        .validateAfterIdle(Duration.ofDays(1))
                        .validateTimeout(Duration.ofMillis(2))
                        .maxLifetime(Duration.ofMinutes(3))
                        .idleTimeout(Duration.ofMinutes(1))
                        .keepAlive(Duration.ofSeconds(20))
                        .maxAbandoned(2),
                maker);
    }

    void borrow() {
        if (pool.statistics().isSuspended()) {
            assertThat(pool.tryAcquire()).isEmpty();
            return;
        }
        pool.tryAcquire().ifPresent(this::lent);
    }

    private void lent(Lease<Thing> lease) {
        assertThat(lease.get().isLent.compareAndSet(false, true))
                .as("lent twice")
                .isTrue();
        assertThat(lease.get().isClosed).isFalse();
        leases.add(lease);
    }

    /** Borrows, and waits for it if it must. */
    void await(Duration longest) {
        if (waiting.size() < MOST_WAITING) {
            waiting.add(new WaitingBorrower(pool, longest, time.elapsed().plus(longest)));
        }
    }

    void interrupt(int number) {
        if (!waiting.isEmpty()) {
            waiting.get(number % waiting.size()).interrupt();
        }
    }

    /**
     * Until each borrower that waits is in the queue, with nothing free that it could have, and may wait on: whoever is not
     * there after half a minute has lost a wake-up.
     */
    void settleBorrowers() {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!areBorrowersSettled()) {
            assertThat(System.nanoTime() - end)
                    .as("a borrower is stuck: " + pool.statistics())
                    .isNegative();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        for (WaitingBorrower borrower : List.copyOf(waiting)) {
            if (borrower.hasEnded()) {
                waiting.remove(borrower);
                borrower.outcome(time.elapsed()).ifPresent(this::lent);
            }
        }
    }

    private boolean areBorrowersSettled() {
        int left = 0;
        for (WaitingBorrower borrower : waiting) {
            if (!borrower.hasEnded()) {
                left++;
                if (borrower.isDue(time.elapsed())) {
                    return false;
                }
            }
        }
        PoolStatistics now = pool.statistics();
        boolean mayBorrow = !now.isSuspended() && pool.engine().slots().isAnyFree();
        return now.pending() == left && (left == 0 || !mayBorrow);
    }

    void giveBack(int number) {
        if (!leases.isEmpty()) {
            Lease<Thing> lease = leases.remove(number % leases.size());
            lease.get().isLent.set(false);
            lease.close();
            stale.add(lease);
        }
    }

    void invalidate(int number) {
        if (!leases.isEmpty()) {
            Lease<Thing> lease = leases.remove(number % leases.size());
            lease.invalidate(new IllegalStateException("the model says so"));
            stale.add(lease);
        }
    }

    /** Whoever closes again, or uses what he has closed, does no harm. */
    void useStale(int number) {
        if (!stale.isEmpty()) {
            Lease<Thing> lease = stale.get(number % stale.size());
            lease.close();
            lease.invalidate(new IllegalStateException());
            assertThat(lease.isOpen()).isFalse();
        }
    }

    void runCall(int number) {
        if (time.heldCalls() > 0) {
            time.runCall(number % time.heldCalls());
        }
    }

    void pass(Duration duration) {
        time.pass(duration);
    }

    void allocatorFails(boolean fails) {
        maker.failure = fails ? new IllegalStateException("refused") : null;
    }

    void allocatorLies(boolean lies) {
        maker.liesThatInvalid = lies;
    }

    void resize(int min, int max) {
        maxSize = max;
        pool.resize(Math.min(min, max), max);
    }

    void assertHolds() {
        PoolStatistics now = pool.statistics();
        // What is more than a maximum that became smaller goes, and is never replaced.
        mostBefore = Math.max(maxSize, Math.min(mostBefore, now.total()));
        assertThat(now.total()).as("more than the maximum").isLessThanOrEqualTo(mostBefore);
        assertThat(now.borrowed()).isGreaterThanOrEqualTo(leases.size());
        assertThat(maker.open.get()).isLessThanOrEqualTo(LARGEST);
        Set<Thing> lent = new HashSet<>();
        for (Lease<Thing> lease : leases) {
            assertThat(lease.isOpen()).isTrue();
            assertThat(lent.add(lease.get())).as("lent twice").isTrue();
            assertThat(lease.get().isClosed).as("closed while lent").isFalse();
        }
        long closed =
                now.closedBy().values().stream().mapToLong(Long::longValue).sum();
        assertThat(now.opened() - closed).isEqualTo(now.borrowed() + now.idle());
    }

    /** Once all is over the pool is as it was at the start, and can be used: no permit and no object was lost. */
    void assertComesToRest() {
        allocatorFails(false);
        allocatorLies(false);
        pool.resume();
        while (!leases.isEmpty() || !waiting.isEmpty()) {
            giveBack(0);
            pass(Duration.ofSeconds(1));
            time.runCalls();
            settleBorrowers();
        }
        for (int i = 0; i < 200; i++) {
            time.pass(Duration.ofSeconds(1));
            time.runCalls();
        }
        for (int i = 0; i < 50 && leases.size() < maxSize; i++) {
            borrow();
            time.runCalls();
        }
        assertThat(leases).as("every place can be lent again").hasSize(maxSize);
        assertThat(pool.statistics().abandoned()).isZero();
        while (!leases.isEmpty()) {
            giveBack(0);
        }
        RunsCalls.during(time, () -> pool.close(Duration.ZERO));
        assertThat(maker.open.get()).isZero();
    }
}
