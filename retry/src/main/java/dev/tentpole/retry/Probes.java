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

    private final int allowed;
    private final double failureRate;
    private final double slowCallRate;
    private final long lostAfter;
    private final ReentrantLock lock = new ReentrantLock();

    /** The permissions that are out or were used up. */
    private int granted;

    private int ended;
    private int failed;
    private int slow;
    private long lastGrant;

    Probes(int allowed, double failureRate, double slowCallRate, long lostAfter, long now) {
        this.allowed = allowed;
        this.failureRate = failureRate;
        this.slowCallRate = slowCallRate;
        this.lostAfter = lostAfter;
        this.lastGrant = now;
    }

    boolean take(long now) {
        lock.lock();
        try {
            if (granted == allowed) {
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
            return granted == allowed && now - lastGrant >= lostAfter;
        } finally {
            lock.unlock();
        }
    }

    boolean hasRoom(long now) {
        lock.lock();
        try {
            return granted < allowed || now - lastGrant >= lostAfter;
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
            if (failed >= failureRate * allowed || slow >= slowCallRate * allowed) {
                return Decision.OPEN;
            }
            return ended == allowed ? Decision.CLOSE : Decision.WAIT;
        } finally {
            lock.unlock();
        }
    }
}
