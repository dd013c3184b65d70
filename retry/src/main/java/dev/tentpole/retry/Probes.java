package dev.tentpole.retry;

import java.util.concurrent.locks.ReentrantLock;

/** The calls that a half-open breaker lets pass, and what they have said. A lock will do: they are few. */
final class Probes {

    /** What a report decides. */
    enum Decision {
        WAIT,
        OPEN,
        CLOSE
    }

    private final BreakerSettings settings;
    private final ReentrantLock lock = new ReentrantLock();

    /** The permissions that are out or were used up. */
    private int granted;

    private int ended;
    private int failed;
    private int slow;
    private long lastGrant;

    Probes(BreakerSettings settings, long now) {
        this.settings = settings;
        this.lastGrant = now;
    }

    boolean take(long now) {
        lock.lock();
        try {
            if (granted == settings.probes) {
                return false;
            }
            granted++;
            lastGrant = now;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void giveBack() {
        lock.lock();
        try {
            granted--;
        } finally {
            lock.unlock();
        }
    }

    /** All permissions are out and nothing has been heard of them for so long that they are given up. */
    boolean areLost(long now) {
        lock.lock();
        try {
            return granted == settings.probes && now - lastGrant >= settings.probeNanos;
        } finally {
            lock.unlock();
        }
    }

    boolean hasRoom(long now) {
        lock.lock();
        try {
            return granted < settings.probes || now - lastGrant >= settings.probeNanos;
        } finally {
            lock.unlock();
        }
    }

    int underWay() {
        lock.lock();
        try {
            return granted - ended;
        } finally {
            lock.unlock();
        }
    }

    /** The same limits as of the window, of all that are allowed: once one is reached, the others change nothing. */
    Decision report(boolean hasFailed, boolean wasSlow) {
        lock.lock();
        try {
            ended++;
            failed += hasFailed ? 1 : 0;
            slow += wasSlow ? 1 : 0;
            if (failed >= settings.failureRate * settings.probes || slow >= settings.slowCallRate * settings.probes) {
                return Decision.OPEN;
            }
            return ended == settings.probes ? Decision.CLOSE : Decision.WAIT;
        } finally {
            lock.unlock();
        }
    }
}
