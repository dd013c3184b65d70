package dev.tentpole.cache;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * When what was invalidated last: a second level may still hold what was loaded before. In wall time for what others have
 * loaded, and for what this instance has loaded itself in the numbers of its history, which no clock sets back.
 *
 * <p>It remembers so many; of the oldest one that it forgets it keeps the time for everything, which costs some values of
 * the second level and serves nothing that was invalidated.
 */
final class Tombstones {

    /** A point in wall time, and the last number of this instance's history at that time. */
    record Moment(long millis, long number) {

        static final Moment NEVER = new Moment(Long.MIN_VALUE, Long.MIN_VALUE);

        private Moment later(Moment other) {
            return new Moment(Math.max(millis, other.millis), Math.max(number, other.number));
        }

        private boolean isLater(Moment other) {
            return millis > other.millis || number > other.number;
        }

        /** {@return whether a load of this instance, or one of another instance, that began at a moment came first} */
        private boolean covers(Moment began, boolean own) {
            return own ? began.number <= number : began.millis <= millis;
        }
    }

    private final int maximum;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Moment> times = new LinkedHashMap<>();
    private Moment floor = Moment.NEVER;

    Tombstones(int maximum) {
        this.maximum = maximum;
    }

    void add(String what, Moment moment) {
        lock.lock();
        try {
            Moment before = times.remove(what);
            times.put(what, before == null ? moment : moment.later(before));
            if (times.size() > maximum) {
                Iterator<Moment> oldest = times.values().iterator();
                floor = floor.later(oldest.next());
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    void addAll(Moment moment) {
        lock.lock();
        try {
            floor = floor.later(moment);
            times.values().removeIf(time -> !time.isLater(floor));
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return whether something is older than an invalidation of any of these}
     *
     * @param began when its load began
     * @param own whether this instance loaded it
     */
    boolean cover(Moment began, boolean own, Iterable<String> whats) {
        lock.lock();
        try {
            if (floor.covers(began, own)) {
                return true;
            }
            for (String what : whats) {
                Moment time = times.get(what);
                if (time != null && time.covers(began, own)) {
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }
}
