package dev.tentpole.health;

/**
 * Turns a sequence of results into a status that does not flap.
 *
 * <p>With thresholds F and S: if the last F results are all worse than the status, it becomes the best of them; if the
 * last S are all better, it becomes the worst of them. Four lengths of runs are all the memory that this takes. Pure in
 * the sequence of results; not safe for use by several threads.
 */
final class Hysteresis {

    private final int failureThreshold;
    private final int successThreshold;
    private Status status = Status.STARTING;
    private int healthy;
    private int notHealthy;
    private int unhealthy;
    private int notUnhealthy;

    Hysteresis(int failureThreshold, int successThreshold) {
        this.failureThreshold = failureThreshold;
        this.successThreshold = successThreshold;
    }

    /** Forgets everything and takes a result at its word. */
    void restart(Status outcome) {
        healthy = 0;
        notHealthy = 0;
        unhealthy = 0;
        notUnhealthy = 0;
        count(outcome);
        status = outcome;
    }

    void accept(Status outcome) {
        count(outcome);
        if (status != Status.UNHEALTHY && unhealthy >= failureThreshold) {
            status = Status.UNHEALTHY;
        } else if (status == Status.HEALTHY && notHealthy >= failureThreshold) {
            status = Status.DEGRADED;
        } else if (status != Status.HEALTHY && healthy >= successThreshold) {
            status = Status.HEALTHY;
        } else if (status == Status.UNHEALTHY && notUnhealthy >= successThreshold) {
            status = Status.DEGRADED;
        }
    }

    Status status() {
        return status;
    }

    int failures() {
        return unhealthy;
    }

    int successes() {
        return notUnhealthy;
    }

    private void count(Status outcome) {
        healthy = outcome == Status.HEALTHY ? next(healthy) : 0;
        notHealthy = outcome == Status.HEALTHY ? 0 : next(notHealthy);
        unhealthy = outcome == Status.UNHEALTHY ? next(unhealthy) : 0;
        notUnhealthy = outcome == Status.UNHEALTHY ? 0 : next(notUnhealthy);
    }

    private static int next(int count) {
        return count == Integer.MAX_VALUE ? count : count + 1;
    }
}
