package dev.tentpole.streaming;

import dev.tentpole.base.NanoClock;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between the connection's thread, which must never wait, and the topics, which may: a filter may be slow, and a
 * subscription may let its publisher wait for room. Bounded in messages and bytes, if whoever adds to it looks for room
 * before; one task of an executor for each burst of messages.
 *
 * @param <T> the payload's type
 */
final class Outlet<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);
    private static final int MAX_MESSAGES = 1_024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Topics<StreamMessage<T>> topics;
    private final Executor executor;
    private final NanoClock clock;
    private final Counters counters;
    private final long maxBytes;
    private final Runnable whenRoom;
    private ArrayDeque<Entry<T>> waiting = new ArrayDeque<>();
    private ArrayDeque<Entry<T>> taken = new ArrayDeque<>();
    private int messages;
    private int publications;
    private long bytes;
    private boolean running;
    private boolean wasFull;

    private interface Entry<T> {

        /** Tells it; says whether there was anybody to tell. */
        boolean tell(Topics<StreamMessage<T>> topics);

        default int bytes() {
            return 0;
        }

        default void told(Counters counters, long now) {}

        default void failed(Counters counters) {}
    }

    private record Publication<T>(String topic, StreamMessage<T> message) implements Entry<T> {

        @Override
        public boolean tell(Topics<StreamMessage<T>> topics) {
            return topics.publish(topic, message) != PublishResult.CLOSED;
        }

        @Override
        public void told(Counters counters, long now) {
            counters.published.increment();
            counters.publishedAfterNanos.add(now - message.receivedNanos());
        }

        @Override
        public void failed(Counters counters) {
            counters.discarded.increment();
        }

        @Override
        public int bytes() {
            return message.bytes();
        }
    }

    private record Announcement<T>(Consumer<Topics<StreamMessage<T>>> announcement) implements Entry<T> {

        @Override
        public boolean tell(Topics<StreamMessage<T>> topics) {
            announcement.accept(topics);
            return true;
        }
    }

    Outlet(Topics<StreamMessage<T>> topics, Surroundings around, Counters counters, long maxBytes, Runnable whenRoom) {
        this.topics = topics;
        this.executor = around.delivery();
        this.clock = around.loop();
        this.counters = counters;
        this.maxBytes = maxBytes;
        this.whenRoom = whenRoom;
    }

    /** Whether there is room for more messages; what is offered nevertheless is taken. After a no, {@code whenRoom} is run. */
    boolean hasRoom() {
        lock.lock();
        try {
            boolean room = messages < MAX_MESSAGES && bytes < maxBytes;
            wasFull |= !room;
            return room;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return messages == 0 && !running;
        } finally {
            lock.unlock();
        }
    }

    /** How many messages of channels wait or are being published. */
    int publications() {
        lock.lock();
        try {
            return publications;
        } finally {
            lock.unlock();
        }
    }

    void publish(String topic, StreamMessage<T> message) {
        add(new Publication<>(topic, message));
    }

    /** Tells what else is to be told, in order with messages. */
    void announce(Consumer<Topics<StreamMessage<T>>> announcement) {
        add(new Announcement<>(announcement));
    }

    private void add(Entry<T> entry) {
        lock.lock();
        try {
            waiting.add(entry);
            messages++;
            publications += entry instanceof Publication ? 1 : 0;
            bytes += entry.bytes();
            if (running) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            LOG.debug("no thread to publish messages with; they are lost", e);
        }
    }

    private void run() {
        while (take()) {
            for (Entry<T> entry : taken) {
                // A filter may have interrupted the thread, which then could not wait for a subscription's room.
                boolean ignored = Thread.interrupted();
                try {
                    if (entry.tell(topics)) {
                        entry.told(counters, clock.nanoTime());
                    } else {
                        entry.failed(counters);
                    }
                } catch (Throwable e) {
                    LOG.error("a message could not be published", e);
                    entry.failed(counters);
                }
                done(entry);
            }
            taken.clear();
        }
    }

    private boolean take() {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                running = false;
                return false;
            }
            ArrayDeque<Entry<T>> swapped = taken;
            taken = waiting;
            waiting = swapped;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void done(Entry<T> entry) {
        boolean roomAgain;
        lock.lock();
        try {
            messages--;
            publications -= entry instanceof Publication ? 1 : 0;
            bytes -= entry.bytes();
            roomAgain = wasFull && messages <= MAX_MESSAGES / 2 && bytes <= maxBytes / 2;
            wasFull &= !roomAgain;
        } finally {
            lock.unlock();
        }
        if (roomAgain) {
            whenRoom.run();
        }
    }
}
