package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A bounded buffer between producers and one consumer that accounts for every message.
 *
 * <p>It is bounded in messages and in bytes at once, and its {@link Overflow} policy says what happens beyond. After any
 * loss the next message that is delivered is preceded by one {@link Gap}. At every moment its {@link #counters} add up.
 *
 * <p>Producers: {@link #offer} is for any thread and takes a lock. A thread that produces all the time is better served
 * by a {@link #newProducer() producer} of its own, which takes none. Each producer's messages are delivered in its
 * order; messages of different producers in no particular one. Producers share the bounds evenly
 * ({@link Builder#producers}).
 *
 * <p>Consumer: {@link #poll}, {@link #drain} and the two {@code take} methods are for one thread at a time, which may call
 * them in a {@link Receiver}, too; the two that wait are cancelled by interrupting the thread. All other methods are for
 * any thread, and for filters and weighers as well. No method allocates memory for a
 * message; a loss costs one {@link Gap}.
 *
 * @param <T> the messages, never null
 */
public final class MessageBuffer<T> implements AutoCloseable {

    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

    private final List<Lane<T>> lanes;
    private final Signal arrivals;
    private final Signal departures = new Signal();
    private final long maxWait;
    private volatile @Nullable LongConsumer lag;
    private final ReentrantLock commonLock = new ReentrantLock();
    private final LaneProducer<T> common;
    private final ToLongFunction<? super T> weigher;
    private final @Nullable Predicate<? super T> filter;
    private int free;
    private int next;
    private volatile boolean completed;
    private volatile boolean disconnected;
    private volatile boolean closed;

    private MessageBuffer(Builder<T> builder) {
        arrivals = builder.arrivals == null ? new Signal() : builder.arrivals;
        maxWait = builder.overflow.maxWait().toNanos();
        weigher = builder.weigher;
        filter = builder.filter;
        List<Lane<T>> made = new ArrayList<>();
        for (int i = 0; i < builder.producers; i++) {
            made.add(lane(builder));
        }
        lanes = List.copyOf(made);
        free = lanes.size();
        common = new LaneProducer<>(this, lanes.get(0), weigher, filter, commonLock);
    }

    private Lane<T> lane(Builder<T> builder) {
        int maxMessages = builder.maxMessages / builder.producers;
        long maxBytes = builder.maxBytes / builder.producers;
        // A producer that waits for room must have woken the consumer before.
        boolean quiet = builder.arrivals != null && builder.overflow.kind() != Overflow.Kind.BLOCK;
        Signal woken = quiet ? new Signal() : arrivals;
        if (builder.overflow.kind() == Overflow.Kind.CONFLATE) {
            return new ConflatingLane<>(builder, maxMessages, maxBytes, woken);
        }
        boolean waits = builder.overflow.kind() == Overflow.Kind.BLOCK && builder.freed == null;
        Runnable freed = waits ? departures::wakeIfWanted : builder.freed;
        return new RingLane<>(builder, maxMessages, maxBytes, woken, freed);
    }

    /**
     * {@return a builder}
     *
     * @param weigher the size of a message in bytes, or in whatever unit {@link Builder#maxBytes} has; not negative,
     *     always the same for one message; called by the producer's thread, must be quick
     * @param <T> the messages
     */
    public static <T> Builder<T> builder(ToLongFunction<? super T> weigher) {
        return new Builder<>(weigher);
    }

    /**
     * {@return a way into the buffer for one thread at a time, which takes no lock}
     *
     * <p>The last one that the buffer may have takes over from {@link #offer}, which is refused from then on.
     *
     * @throws StreamingException if the buffer has as many producers as it may have
     */
    public Producer<T> newProducer() {
        return openLane(null);
    }

    /** As {@link #newProducer}; for several threads if it has a lock. */
    LaneProducer<T> openLane(@Nullable ReentrantLock lock) {
        commonLock.lock();
        try {
            if (free == 0) {
                throw new StreamingException(
                        StreamingException.Problem.TOO_MANY_PRODUCERS,
                        "all " + lanes.size() + " producers of the buffer are in use; raise producers");
            }
            free--;
            if (free == 0) {
                common.retire();
            }
            return new LaneProducer<>(this, lanes.get(free), weigher, filter, lock);
        } finally {
            commonLock.unlock();
        }
    }

    /**
     * Offers a message, from any thread. What a filter, weigher or key throws is thrown on, and the message is dropped as
     * {@link DropReason#REJECTED}.
     *
     * @param message the message, not null
     * @return what became of it
     * @throws StreamingException if {@link #newProducer()} has given away the last place for a producer
     * @throws IllegalArgumentException if the weigher gives a negative weight
     */
    public OfferResult offer(T message) {
        return common.offer(message);
    }

    /**
     * Offers messages in their order, from any thread; messages of other threads may get between them.
     *
     * <p>With {@link Overflow#block} they wait together no longer than one may. If a filter, weigher or key throws, that
     * message is dropped as {@link DropReason#REJECTED}, the others are offered all the same, and the first exception is
     * thrown on at the end.
     *
     * @param messages the messages, none of them null, else none of them is offered
     * @return how many of them were accepted; of the others the counters say why not
     * @throws StreamingException if {@link #newProducer()} has given away the last place for a producer
     * @throws IllegalArgumentException if the weigher gives a negative weight
     */
    public int offerAll(List<? extends T> messages) {
        return common.offerAll(messages);
    }

    /** Ends the input of all producers, since one had no room. */
    void disconnect() {
        if (!disconnected) {
            lanes.forEach(Lane::disconnect);
            disconnected = true;
            arrivals.wake();
        }
    }

    /** A number that changes whenever a place becomes free in any lane. */
    long progress() {
        long sum = 0;
        for (Lane<T> lane : lanes) {
            sum += lane.progress();
        }
        return sum;
    }

    StreamingException laneTaken() {
        return new StreamingException(
                StreamingException.Problem.LANE_TAKEN,
                "all " + lanes.size() + " producers of the buffer are given away; raise producers to offer besides");
    }

    long maxWait() {
        return maxWait;
    }

    /** Waits until {@link #progress} is another number. */
    boolean awaitProgress(long before, long nanos) throws InterruptedException {
        return departures.await(() -> progress() != before, nanos);
    }

    /**
     * Hands over one message, if there is one, and the gap before it.
     *
     * @param receiver who takes it; what it throws counts as failed and is thrown on
     * @return whether there was a message
     */
    public boolean poll(Receiver<? super T> receiver) {
        return drain(receiver, 1) == 1;
    }

    /**
     * Hands over the messages that there are, and the gaps between them.
     *
     * <p>If the receiver throws, that message counts as failed, the exception is thrown on, and the next call goes on
     * after that message.
     *
     * @param receiver who takes them
     * @param max how many at most, at least 1
     * @return how many there were
     * @throws IllegalArgumentException if {@code max} is less than 1
     */
    public int drain(Receiver<? super T> receiver, int max) {
        Args.inRange("max", max, 1, Integer.MAX_VALUE);
        int count = 0;
        for (int i = 0; i < lanes.size() && count < max; i++) {
            count += lanes.get(next).drain(receiver, max - count, lag);
            next = next + 1 == lanes.size() ? 0 : next + 1;
        }
        if (count < max && (completed || disconnected) && lanes.stream().noneMatch(Lane::hasMessages)) {
            lanes.forEach(lane -> lane.drainLastGap(receiver));
        }
        return count;
    }

    /**
     * Hands over one message and the gap before it; waits for it if there is none.
     *
     * @param receiver who takes it; what it throws counts as failed and is thrown on
     * @param timeout how long to wait; not at all if zero or negative
     * @return whether there was a message; false at once if the buffer {@linkplain #isFinished() is finished}
     * @throws InterruptedException if the thread is interrupted while it waits; no message is lost by that
     */
    public boolean take(Receiver<? super T> receiver, Duration timeout) throws InterruptedException {
        return take(receiver, 1, timeout) == 1;
    }

    /**
     * Hands over the messages that there are, and the gaps between them; waits for the first one if there is none.
     *
     * @param receiver who takes them; what it throws counts as failed and is thrown on
     * @param max how many at most, at least 1
     * @param timeout how long to wait for the first one; not at all if zero or negative
     * @return how many there were; 0 at once if the buffer {@linkplain #isFinished() is finished}
     * @throws InterruptedException if the thread is interrupted while it waits; no message is lost by that
     * @throws IllegalArgumentException if {@code max} is less than 1
     */
    public int take(Receiver<? super T> receiver, int max, Duration timeout) throws InterruptedException {
        int count = drain(receiver, max);
        if (count > 0 || timeout.isNegative() || timeout.isZero()) {
            return count;
        }
        boolean unused = arrivals.await(this::hasNews, nanos(timeout));
        return drain(receiver, max);
    }

    /** Waits until there may be something to drain, or nothing ever more, or something else has happened. */
    void awaitNews(BooleanSupplier other, long nanos) throws InterruptedException {
        boolean unused = arrivals.await(() -> hasNews() || other.getAsBoolean(), nanos);
    }

    /** Lets the one who waits look again. */
    void wake() {
        arrivals.wake();
    }

    private boolean hasNews() {
        return !isEmpty() || isFinished();
    }

    private static long nanos(Duration timeout) {
        return timeout.compareTo(LONGEST_TIMEOUT) >= 0 ? LONGEST_TIMEOUT.toNanos() : timeout.toNanos();
    }

    boolean isEmpty() {
        for (Lane<T> lane : lanes) {
            if (!lane.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Ends the input: further messages are refused, what is buffered can still be consumed. Harmless if repeated.
     *
     * <p>A message that is offered at the very same time is either refused, or there before the buffer
     * {@linkplain #isFinished() is finished}.
     */
    public void complete() {
        lanes.forEach(Lane::complete);
        completed = true;
        arrivals.wake();
    }

    /**
     * {@return whether nothing will ever be delivered any more: the buffer is closed, or it is completed or
     * disconnected, and empty}
     */
    public boolean isFinished() {
        return closed || ((completed || disconnected) && isEmpty());
    }

    /**
     * {@return whether the buffer ended the stream since it was full, see {@link Overflow#disconnect()}}
     */
    public boolean isDisconnected() {
        return disconnected;
    }

    /**
     * Refuses further messages, drops what is buffered, and wakes whoever waits. Closing twice is harmless.
     */
    @Override
    public void close() {
        closed = true;
        lanes.forEach(Lane::close);
        arrivals.wake();
    }

    /**
     * {@return what became of every message so far}
     *
     * <p>Takes no lock that a producer or the consumer needs.
     */
    public BufferCounters counters() {
        BufferCounters sum = BufferCounters.NONE;
        for (Lane<T> lane : lanes) {
            sum = sum.plus(lane.counters());
        }
        return sum;
    }

    /** Has someone told when each message that is handed over came; needs stamps. */
    void onLag(LongConsumer listener) {
        lag = listener;
    }

    @Override
    public String toString() {
        return "MessageBuffer[" + counters() + "]";
    }

    /**
     * Builds {@link MessageBuffer}s. Not safe for use by several threads.
     *
     * @param <T> the messages
     */
    public static final class Builder<T> {

        static final int MOST_MESSAGES = 1 << 24;
        static final long MOST_BYTES = 1L << 40;
        private static final int MOST_PRODUCERS = 64;

        final ToLongFunction<? super T> weigher;
        int maxMessages = 1_024;
        long maxBytes = 4L << 20;
        int producers = 1;
        Overflow<T> overflow = Overflow.dropOldest();

        @Nullable
        Predicate<? super T> filter;

        boolean stamped;

        @Nullable
        Signal arrivals;

        @Nullable
        Runnable freed;

        private Builder(ToLongFunction<? super T> weigher) {
            this.weigher = Objects.requireNonNull(weigher, "weigher");
        }

        /**
         * Sets how many messages may wait; 1,024 by default.
         *
         * @param maxMessages 1 to 16,777,216, at least one for each producer
         * @return this
         */
        public Builder<T> maxMessages(int maxMessages) {
            this.maxMessages = maxMessages;
            return this;
        }

        /**
         * Sets how many bytes may wait; 4 MiB by default. A message that alone is heavier than a producer's share is
         * dropped as {@link DropReason#TOO_LARGE}.
         *
         * @param maxBytes 1 to 2 to the power of 40, at least one for each producer
         * @return this
         */
        public Builder<T> maxBytes(long maxBytes) {
            this.maxBytes = maxBytes;
            return this;
        }

        /**
         * Sets how many producers there may be; 1 by default. Each has an equal share of both bounds.
         *
         * @param producers 1 to 64
         * @return this
         */
        public Builder<T> producers(int producers) {
            this.producers = producers;
            return this;
        }

        /**
         * Sets what happens when the buffer is full; {@link Overflow#dropOldest()} by default.
         *
         * @param overflow the policy, not null
         * @return this
         */
        public Builder<T> overflow(Overflow<T> overflow) {
            this.overflow = Objects.requireNonNull(overflow, "overflow");
            return this;
        }

        /**
         * Sets which messages to take at all; all by default.
         *
         * @param filter true for a message to take; called by the producer's thread, must be quick
         * @return this
         */
        public Builder<T> filter(Predicate<? super T> filter) {
            this.filter = Objects.requireNonNull(filter, "filter");
            return this;
        }

        /** What the consumer waits for: whoever offers wakes it afterwards, once for many buffers. */
        Builder<T> arrivals(Signal arrivals) {
            this.arrivals = arrivals;
            return this;
        }

        /** Keeps with each message when it came, for lag. */
        Builder<T> stamped() {
            this.stamped = true;
            return this;
        }

        /** Puts in the messages that wait, instead of their producers: run when places have become free, and at the end. */
        Builder<T> freed(Runnable freed) {
            this.freed = freed;
            return this;
        }

        /**
         * {@return a new buffer}
         *
         * @throws IllegalArgumentException if a setting is out of range
         */
        public MessageBuffer<T> build() {
            Args.inRange("producers", producers, 1, MOST_PRODUCERS);
            Args.inRange("maxMessages", maxMessages, producers, MOST_MESSAGES);
            Args.inRange("maxBytes", maxBytes, producers, MOST_BYTES);
            return new MessageBuffer<>(this);
        }
    }
}
