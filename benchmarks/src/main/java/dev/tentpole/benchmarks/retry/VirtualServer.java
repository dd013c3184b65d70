package dev.tentpole.benchmarks.retry;

import dev.tentpole.retry.VirtualClient;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/**
 * A server with one queue, and the virtual time in which it works.
 *
 * <p>It serves requests in their order, each in the same time, and does not know that a client has gone: the work for one
 * that has timed out is done, and is for nothing. A request that finds the queue full is refused at once.
 */
final class VirtualServer implements VirtualClient.Events {

    private record Event(long at, long number, Runnable task) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Deque<CompletableFuture<Boolean>> queue = new ArrayDeque<>();
    private final int maxQueue;
    private final long timeout;
    private final long[] arrivals;
    private long serviceNanos;
    private boolean busy;
    private long now;
    private long number;

    VirtualServer(int perSecond, int maxQueue, long timeout, int seconds) {
        this.maxQueue = maxQueue;
        this.timeout = timeout;
        this.arrivals = new long[seconds];
        capacity(perSecond);
    }

    void capacity(int perSecond) {
        serviceNanos = StormSimulation.SECOND / perSecond;
    }

    /** Requests that arrived in a second. */
    long arrivals(int second) {
        return arrivals[second];
    }

    @Override
    public long now() {
        return now;
    }

    @Override
    public void later(long nanos, Runnable task) {
        events.add(new Event(now + nanos, number++, task));
    }

    /** An attempt, as its client sees it. */
    CompletableFuture<Boolean> request() {
        int second = (int) (now / StormSimulation.SECOND);
        if (second < arrivals.length) {
            arrivals[second]++;
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        if (queue.size() >= maxQueue) {
            answer.completeExceptionally(new IOException("503"));
            return answer;
        }
        later(timeout, () -> answer.completeExceptionally(new SocketTimeoutException()));
        queue.add(answer);
        serve();
        return answer;
    }

    private void serve() {
        CompletableFuture<Boolean> next = busy ? null : queue.poll();
        if (next != null) {
            busy = true;
            later(serviceNanos, () -> {
                busy = false;
                next.complete(true);
                serve();
            });
        }
    }

    /** Lets the time pass. */
    void run(long until) {
        while (!events.isEmpty() && events.peek().at <= until) {
            Event next = events.poll();
            now = next.at;
            next.task.run();
        }
        now = until;
    }
}
