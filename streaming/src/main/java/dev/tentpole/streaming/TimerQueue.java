package dev.tentpole.streaming;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Tasks by the time when they are due; for one thread. Instants are those of a monotonic clock and may overflow. */
final class TimerQueue {

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long sequence;

    EventLoop.Timer add(long at, Runnable task) {
        Entry entry = new Entry(at, sequence++, task);
        entries.add(entry);
        return entry;
    }

    /** The nanoseconds until the next task is due, not negative; {@code Long.MAX_VALUE} without any. */
    long untilNext(long now) {
        Entry first = entries.peek();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.at - now);
    }

    /** Takes the next task if it is due. */
    @Nullable
    Runnable pollDue(long now) {
        Entry first = entries.peek();
        if (first == null || first.at - now > 0) {
            return null;
        }
        entries.poll();
        return first.task;
    }

    private final class Entry implements EventLoop.Timer, Comparable<Entry> {

        private final long at;
        private final long order;
        private final Runnable task;

        private Entry(long at, long order, Runnable task) {
            this.at = at;
            this.order = order;
            this.task = task;
        }

        @Override
        public void cancel() {
            entries.remove(this);
        }

        @Override
        public int compareTo(Entry other) {
            long difference = at - other.at;
            return difference != 0 ? Long.signum(difference) : Long.compare(order, other.order);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(order);
        }
    }
}
