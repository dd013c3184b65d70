package dev.tentpole.streaming;

import dev.tentpole.base.NanoClock;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's place in a {@link TailLog}.
 *
 * <p>The cursor moves by compare-and-set only: the subscription's thread takes messages by it, and whoever notices that
 * the log has gone on without them, be it that thread or one that reads the counters, counts them as lost by it. So a
 * message that was counted as lost is never delivered. Numbers are those of positions in the log since the subscription
 * began, without what the filter has refused.
 */
final class TailFeed<T> implements Feed<T> {

    private static final int BATCH = 64;
    private static final int READINGS = 64;

    private final TailLog<T> log;
    private final long start;
    private final @Nullable Predicate<? super T> filter;
    private final @Nullable RateLimit rate;
    private final LongConsumer lag;

    private final AtomicLong cursor;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong filtered = new AtomicLong();
    private final AtomicLong limited = new AtomicLong();
    private final AtomicLong tooLarge = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong discarded = new AtomicLong();
    private volatile long end = Long.MAX_VALUE;
    private volatile boolean closed;
    private final ReentrantLock ending = new ReentrantLock();

    private final @Nullable Object[] batch = new Object[BATCH];
    private final long[] stamps = new long[BATCH];
    private long batchStart;
    private int batchNext;
    private int batchEnd;
    private long expected;
    private long lostCount;
    private long lostFirst;
    private long lostLast;
    private long lostFiltered;
    private DropReason lostReason = DropReason.OLDEST;
    private long filteredBefore;
    private @Nullable Throwable failure;

    TailFeed(SubscriptionSettings<T> settings, TailLog<T> log, LongConsumer lag, NanoClock clock) {
        this.log = log;
        this.lag = lag;
        filter = settings.filter;
        rate = settings.maxRate == Double.POSITIVE_INFINITY ? null : new RateLimit(settings.maxRate, clock);
        start = log.tail();
        cursor = new AtomicLong(start);
        expected = start;
    }

    @Override
    public int drain(Receiver<? super T> receiver, int max) {
        int count = 0;
        while (count < max && (batchNext < batchEnd || take(max - count))) {
            if (closed) {
                discardBatch();
                return count;
            }
            if (handOver(receiver)) {
                count++;
            }
        }
        if (count < max && !closed && cursor.get() >= end) {
            lose(DropReason.OLDEST, expected, end - expected);
            expected = end;
            tellGap(receiver);
        }
        return count;
    }

    private boolean take(int max) {
        while (!closed) {
            long at = cursor.get();
            long to = Math.min(log.tail(), end);
            if (at >= to) {
                return false;
            }
            int count = log.portion(at, (int) Math.min(Math.min(max, BATCH), to - at));
            log.copy(at, count, batch, stamps);
            if (log.floor() > at) {
                Arrays.fill(batch, 0, count, null);
                skipLost();
            } else if (cursor.compareAndSet(at, at + count)) {
                batchStart = at;
                batchNext = 0;
                batchEnd = count;
                return true;
            }
        }
        return false;
    }

    /** Moves the cursor over what the log has lost. */
    private void skipLost() {
        long at = cursor.get();
        long floor = Math.min(log.floor(), end);
        while (floor > at) {
            if (cursor.compareAndSet(at, floor)) {
                lost.addAndGet(floor - at);
            }
            at = cursor.get();
        }
    }

    /** Hands over or filters the next message; false if it does not count for the caller. */
    @SuppressWarnings("unchecked") // nothing else is put in
    private boolean handOver(Receiver<? super T> receiver) {
        int i = batchNext;
        long position = batchStart + i;
        if (position != expected) {
            lose(DropReason.OLDEST, expected, position - expected);
            expected = position;
        }
        T message = (T) batch[i];
        if (message == null) {
            advance(i);
            lose(DropReason.TOO_LARGE, position, 1);
            add(tooLarge);
            return false;
        }
        boolean wanted;
        try {
            wanted = filter == null || filter.test(message);
        } catch (Throwable thrown) {
            advance(i);
            lose(DropReason.REJECTED, position, 1);
            add(rejected);
            failure = failure == null ? thrown : failure;
            return false;
        }
        if (!wanted) {
            advance(i);
            add(filtered);
            return false;
        }
        if (rate != null && !rate.tryPass()) {
            advance(i);
            lose(DropReason.RATE_LIMITED, position, 1);
            add(limited);
            return false;
        }
        tellGap(receiver);
        if (closed) {
            return false;
        }
        advance(i);
        filteredBefore = filtered.getPlain();
        boolean returned = false;
        try {
            lag.accept(stamps[i]);
            receiver.onMessage(message, number(position));
            returned = true;
        } finally {
            add(returned ? delivered : failed);
        }
        return true;
    }

    private void advance(int i) {
        batchNext = i + 1;
        batch[i] = null;
        expected = batchStart + i + 1;
    }

    private static void add(AtomicLong counter) {
        counter.setRelease(counter.getPlain() + 1);
    }

    /** The number of what the thread of the subscription has come to: filtered messages have none. */
    private long number(long position) {
        return position - start + 1 - filtered.getPlain();
    }

    private void lose(DropReason reason, long position, long count) {
        if (count == 0) {
            return;
        }
        lostReason = lostCount == 0 || lostReason == reason ? reason : DropReason.SEVERAL;
        if (lostCount == 0) {
            lostFirst = number(position);
            lostFiltered = filtered.getPlain();
        }
        lostLast = number(position + count - 1);
        lostCount += count;
    }

    private void tellGap(Receiver<? super T> receiver) {
        if (lostCount > 0) {
            Gap gap = new Gap(lostCount, lostFirst, lostLast, lostReason);
            lostCount = 0;
            filteredBefore = lostFiltered;
            receiver.onGap(gap);
        }
    }

    private void discardBatch() {
        discarded.addAndGet(batchEnd - batchNext);
        Arrays.fill(batch, null);
        batchNext = batchEnd;
    }

    @Override
    public void awaitNews(BooleanSupplier other, long nanos) throws InterruptedException {
        boolean unused =
                log.arrivals().await(() -> !isEmpty() || closed || cursor.get() >= end || other.getAsBoolean(), nanos);
    }

    @Override
    public boolean isEmpty() {
        return cursor.get() >= Math.min(log.tail(), end);
    }

    @Override
    public boolean isFinished() {
        return closed || (end != Long.MAX_VALUE && cursor.get() >= end && expected >= end && lostCount == 0);
    }

    @Override
    public boolean isDisconnected() {
        return false;
    }

    @Override
    public long lastPlace() {
        return log.tail() - start;
    }

    @Override
    public long place(long number) {
        return number + filteredBefore;
    }

    @Override
    public @Nullable Throwable takeFailure() {
        Throwable taken = failure;
        failure = null;
        return taken;
    }

    @Override
    public void wake() {
        log.arrivals().wake();
    }

    @Override
    public void complete() {
        end = Math.min(end, log.tail());
        log.arrivals().wake();
    }

    @Override
    public void close() {
        closed = true;
        ending.lock();
        try {
            end = Math.max(start, Math.min(end, log.tail()));
        } finally {
            ending.unlock();
        }
        skipLost();
        long at = cursor.get();
        while (at < end) {
            if (cursor.compareAndSet(at, end)) {
                discarded.addAndGet(end - at);
            }
            at = cursor.get();
        }
        log.arrivals().wake();
    }

    /** Never goes back: while the end is set, nobody reads how far the log has gone without it. */
    private long published() {
        ending.lock();
        try {
            return Math.min(log.tail(), end);
        } finally {
            ending.unlock();
        }
    }

    @Override
    public BufferCounters counters() {
        skipLost();
        long deliveredNow = 0;
        long failedNow = 0;
        long filteredNow = 0;
        EnumMap<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
        long at = 0;
        long tail = 0;
        for (int i = 0; i < READINGS; i++) {
            deliveredNow = delivered.getAcquire();
            failedNow = failed.getAcquire();
            filteredNow = filtered.getAcquire();
            dropped.put(DropReason.RATE_LIMITED, limited.getAcquire());
            dropped.put(DropReason.TOO_LARGE, tooLarge.getAcquire());
            dropped.put(DropReason.REJECTED, rejected.getAcquire());
            dropped.put(DropReason.CLOSED, discarded.getAcquire());
            dropped.put(DropReason.OLDEST, lost.getAcquire());
            at = cursor.getAcquire();
            tail = Math.max(at, published());
            if (at == cursor.getAcquire() && deliveredNow == delivered.getAcquire()) {
                break;
            }
        }
        long buffered = Math.min(log.maxMessages(), tail - at);
        long settled = deliveredNow + failedNow + filteredNow;
        for (long count : dropped.values()) {
            settled += count;
        }
        return new BufferCounters(
                tail - start,
                deliveredNow,
                failedNow,
                dropped,
                0,
                filteredNow,
                buffered,
                tail - start - settled - buffered,
                buffered == 0 ? 0 : log.weight(tail - buffered, tail));
    }
}
