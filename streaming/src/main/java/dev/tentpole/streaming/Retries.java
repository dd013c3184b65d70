package dev.tentpole.streaming;

import java.util.function.BooleanSupplier;

/**
 * What follows the end of a session: nothing but the reason, the close codes and the count of failures decides. For the
 * loop's thread.
 */
final class Retries {

    private final Surroundings around;
    private final ConnectionSettings settings;
    private final Backoff backoff;
    private EventLoop.Timer stableTimer = EventLoop.Timer.NONE;
    private boolean wasReady;
    private int failures;

    Retries(Surroundings around, ConnectionSettings settings) {
        this.around = around;
        this.settings = settings;
        this.backoff = new Backoff(settings.backoffBase, settings.backoffCap);
    }

    /** What to do about an end. */
    CloseCodes.Action action(Ending ending) {
        return switch (ending.reason()) {
            case UNAUTHORIZED -> CloseCodes.Action.REFRESH_TOKEN;
            case HANDSHAKE_REFUSED ->
                isWorthAnotherTry(ending.code()) ? CloseCodes.Action.RECONNECT : CloseCodes.Action.STOP;
            case PEER_CLOSED -> settings.closeCodes.action(ending.code());
            default -> CloseCodes.Action.RECONNECT;
        };
    }

    /** Of the answers to a handshake, those that may be different next time; a redirect or 404 will not be. */
    static boolean isWorthAnotherTry(int status) {
        return status >= 500 || status < 300 || status == 408 || status == 425 || status == 429;
    }

    /** Whether the attempt that has just failed was the last one. */
    boolean areExhausted() {
        return settings.maxAttempts > 0 && failures + 1 >= settings.maxAttempts;
    }

    /** Counts a failure; returns the nanoseconds to wait before the next attempt. */
    long nextWait(Ending ending, CloseCodes.Action action) {
        double random = around.random().getAsDouble();
        long wait = backoff.delay(failures, random);
        if (action == CloseCodes.Action.SPREAD) {
            wait = (long) (Math.max(backoff.bound(failures), settings.spread.toNanos()) * random);
        }
        failures++;
        return wait + advised(ending);
    }

    /** The nanoseconds to wait before the next attempt to make a second connection, after so many that failed. */
    long nextWaitForSecond(Ending ending, int failed) {
        return advised(ending) + backoff.delay(failed, around.random().getAsDouble());
    }

    private long advised(Ending ending) {
        return RetryAfter.parse(ending.headers(), around.wall().instant()).toNanos();
    }

    /**
     * The connection is ready; if it is so after a while, too, failures are forgotten, and that is told. That some channel
     * is not acknowledged in between does not matter, since others may come to be wanted all the time.
     */
    void ready(BooleanSupplier isReady, Runnable whenStable) {
        if (!wasReady) {
            wasReady = true;
            stableTimer = around.loop().schedule(settings.stableAfter.toNanos(), () -> {
                if (isReady.getAsBoolean()) {
                    forget();
                    whenStable.run();
                } else {
                    wasReady = false;
                }
            });
        }
    }

    /** The connection is lost or goes on with another token: the while for which it is to stay ready begins anew. */
    void unsettled() {
        wasReady = false;
        stableTimer.cancel();
    }

    void forget() {
        failures = 0;
    }
}
