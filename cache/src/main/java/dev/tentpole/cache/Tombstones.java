package dev.tentpole.cache;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * When what was invalidated last, in wall time: a second level may still hold what was loaded before.
 *
 * <p>It remembers so many; of the oldest one that it forgets it keeps the time for everything, which costs some values of
 * the second level and serves nothing that was invalidated.
 */
final class Tombstones {

    private final int maximum;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Long> times = new LinkedHashMap<>();
    private long floor = Long.MIN_VALUE;

    Tombstones(int maximum) {
        this.maximum = maximum;
    }

    void add(String what, long millis) {
        lock.lock();
        try {
            times.remove(what);
            times.put(what, millis);
            if (times.size() > maximum) {
                Iterator<Long> oldest = times.values().iterator();
                floor = Math.max(floor, oldest.next());
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    void addAll(long millis) {
        lock.lock();
        try {
            floor = Math.max(floor, millis);
            times.values().removeIf(time -> time <= floor);
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether something that was loaded at that time is older than an invalidation of any of these} */
    boolean cover(long millis, Iterable<String> whats) {
        lock.lock();
        try {
            if (millis <= floor) {
                return true;
            }
            for (String what : whats) {
                Long time = times.get(what);
                if (time != null && millis <= time) {
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }
}
