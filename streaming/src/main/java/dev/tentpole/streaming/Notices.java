package dev.tentpole.streaming;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription's listener is still to be told besides messages, each at its place between them. Bounded: when too
 * much waits, a single reset stands for all of it.
 */
final class Notices {

    private static final int MOST = 64;

    /** What to tell. */
    enum Kind {
        GAP,
        RESUMED,
        RESET
    }

    /**
     * One thing to tell.
     *
     * @param kind what
     * @param after the place of the last message published before
     * @param generation of the connection
     * @param why of a reset
     * @param gap of a gap
     */
    record Notice(
            Kind kind,
            long after,
            long generation,
            String why,
            @Nullable Gap gap) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Notice> waiting = new ArrayDeque<>();
    private volatile boolean any;

    void add(Notice notice) {
        lock.lock();
        try {
            if (waiting.size() == MOST) {
                long generation = Math.max(
                        notice.generation,
                        waiting.stream().mapToLong(Notice::generation).max().orElse(0));
                waiting.clear();
                waiting.add(new Notice(
                        Kind.RESET,
                        notice.after,
                        generation,
                        "more than " + MOST + " announcements were waiting",
                        null));
            } else {
                waiting.add(notice);
            }
            any = true;
        } finally {
            lock.unlock();
        }
    }

    boolean any() {
        return any;
    }

    /** Takes the next one that has its place before a message; null if there is none. */
    @Nullable
    Notice pollBefore(long place) {
        lock.lock();
        try {
            Notice first = waiting.peek();
            if (first == null || first.after >= place) {
                return null;
            }
            waiting.remove();
            any = !waiting.isEmpty();
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** How many there are: those that a look at the feed after this call has brought up to date. */
    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
