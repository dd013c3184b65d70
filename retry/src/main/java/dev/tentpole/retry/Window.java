package dev.tentpole.retry;

/** The calls that a closed breaker looks at. */
abstract class Window {

    /** How many calls, and the shares of those that failed and that were slow, 0 to 1. */
    record Shares(long calls, double failed, double slow) {

        static Shares of(long calls, long failed, long slow) {
            return calls == 0 ? new Shares(0, 0, 0) : new Shares(calls, (double) failed / calls, (double) slow / calls);
        }
    }

    /** A call that was neither failed nor slow: the quick way. */
    abstract void good(long now);

    abstract void bad(long now, boolean failed, boolean slow);

    abstract Shares shares(long now);
}
