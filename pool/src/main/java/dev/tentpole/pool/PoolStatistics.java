package dev.tentpole.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How a pool was at one look: what it has, and what happened since it was made.
 *
 * <p>{@code borrowed + idle + opening = total} holds in every snapshot, since each place is looked at once. Counters never
 * go back.
 *
 * @param borrowed objects that are lent, those that are being reset or validated for a borrower included
 * @param idle objects that can be lent, those that are being validated in background included
 * @param opening objects that are being opened
 * @param closing objects that are being closed; they count towards the maximum until that is over
 * @param pending borrowers that wait
 * @param minSize the minimum in force
 * @param maxSize the maximum in force
 * @param isSuspended whether lending is suspended
 * @param isCircuitOpen whether opening failed so often that only single attempts are made
 * @param abandoned threads that are stuck in calls of the allocator past their timeout
 * @param acquired leases given out
 * @param timeouts acquisitions that ended without a lease, for whatever reason
 * @param waited acquisitions that had to wait, for an object or for its validation, successful or not; without {@code tryAcquire}
 * @param waitTime time that they waited, in sum
 * @param usageTime time for which objects were lent, in sum over the leases that are closed; exact to 10 ms each
 * @param opened objects opened
 * @param openFailures attempts to open that failed or ran into their timeout
 * @param openTime time that successful openings took, in sum
 * @param lateOpens openings that succeeded after their timeout; their objects were closed at once
 * @param closedBy objects closed, by reason; without those never lent because they came late
 * @param held leases reported as held for too long
 * @param lost leases found lost
 * @param lastOpenFailure the last failure to open, until one succeeds
 * @param lastOpenFailureTime when that was
 * @param lastUnfit why the last object that could not be validated or reset was closed, until another one passes the same
 * @param lastUnfitTime when that was
 */
public record PoolStatistics(
        int borrowed,
        int idle,
        int opening,
        int closing,
        int pending,
        int minSize,
        int maxSize,
        boolean isSuspended,
        boolean isCircuitOpen,
        int abandoned,
        long acquired,
        long timeouts,
        long waited,
        Duration waitTime,
        Duration usageTime,
        long opened,
        long openFailures,
        Duration openTime,
        long lateOpens,
        Map<CloseReason, Long> closedBy,
        long held,
        long lost,
        Optional<Throwable> lastOpenFailure,
        Optional<Instant> lastOpenFailureTime,
        Optional<Throwable> lastUnfit,
        Optional<Instant> lastUnfitTime) {

    /**
     * {@return the objects that there are or are about to be: borrowed, idle and opening}
     */
    public int total() {
        return borrowed + idle + opening;
    }

    /**
     * {@return the objects closed for a reason}
     *
     * @param reason the reason
     */
    public long closed(CloseReason reason) {
        return closedBy.getOrDefault(reason, 0L);
    }
}
