package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import dev.tentpole.base.NanoClock;
import dev.tentpole.base.OwnedThreads;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hands published messages to whoever subscribes to their topics, and lets no subscriber delay another.
 *
 * <p>A message goes to all subscriptions as it is, without a copy: it must not be changed any more. All subscriptions see
 * messages in the same order, that of {@link #publish}. Each subscription has a thread of its own, made by the
 * {@linkplain Builder#threads factory of threads}, and reads the log of its pattern or has a buffer of its own
 * ({@link SubscriptionSettings}). Safe for use by several threads.
 *
 * @param <T> the messages, never null
 */
public final class Topics<T> implements AutoCloseable {

    private final ToLongFunction<? super T> weigher;
    private final int maxSubscriptions;
    private final ThreadFactory threads;
    private final ReentrantLock order = new ReentrantLock();
    private final Routes<T> routes = new Routes<>();
    private final List<WaitingLine<T>.Place> waiting = new ArrayList<>();
    private final NanoClock clock;
    private final int logMessages;
    private final long logBytes;
    private final Census<T> census = new Census<>();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong unheard = new AtomicLong();
    private final Observation observation;
    private volatile boolean completed;

    private Topics(Builder<T> builder) {
        weigher = builder.weigher;
        maxSubscriptions = builder.maxSubscriptions;
        threads = builder.threads;
        clock = builder.clock;
        observation = new Observation(clock);
        logMessages = builder.logMessages;
        logBytes = builder.logBytes;
    }

    /**
     * {@return a builder}
     *
     * @param weigher the size of a message in bytes; not negative, always the same for one message; called by
     *     publishers' threads, must be quick
     * @param <T> the messages
     */
    public static <T> Builder<T> builder(ToLongFunction<? super T> weigher) {
        return new Builder<>(weigher);
    }

    /**
     * Publishes a message to all who subscribe to its topic.
     *
     * <p>Waits where a subscription says so ({@link Overflow#block}), and lets others publish, subscribe and close meanwhile.
     * The listener of such a subscription does not wait for itself: what it publishes to it while it is full is dropped as
     * {@link DropReason#EXPIRED}.
     *
     * @param topic the topic, see {@link TopicPattern}
     * @param message the message, not null
     * @return what became of it
     * @throws IllegalArgumentException if the topic is not one
     * @throws StreamingException if a filter, a weigher or a key calls this while a message is published
     */
    public PublishResult publish(String topic, T message) {
        Objects.requireNonNull(message, "message");
        requireNotPublishing();
        boolean complete;
        List<WaitingLine<T>.Place> late;
        order.lock();
        try {
            Targets<T> targets = routes.to(topic);
            if (completed) {
                return PublishResult.CLOSED;
            }
            if (targets.isEmpty()) {
                unheard.incrementAndGet();
                return PublishResult.NO_SUBSCRIBER;
            }
            complete = handOut(message, targets);
            late = takeWaiting();
        } finally {
            order.unlock();
        }
        complete &= arePlaced(late);
        return complete ? PublishResult.ACCEPTED : PublishResult.PARTLY_DROPPED;
    }

    private boolean arePlaced(List<WaitingLine<T>.Place> late) {
        boolean complete = true;
        for (int i = 0; i < late.size(); i++) {
            complete &= late.get(i).await().isAccepted();
        }
        return complete;
    }

    /** Whether all have accepted it or not wanted it, or let it wait. */
    private boolean handOut(T message, Targets<T> targets) {
        long weight = weigher.applyAsLong(message);
        Args.check(weight >= 0, "weight of a message", weight, "not negative");
        long stamp = observation.stamp(message);
        boolean complete = true;
        // By index, since iterators would cost memory for each message.
        for (int i = 0; i < targets.logs().size(); i++) {
            complete &= targets.logs().get(i).append(message, weight, stamp);
        }
        for (int i = 0; i < targets.buffers().size(); i++) {
            complete &= targets.buffers().get(i).offer(message, stamp, waiting);
        }
        for (int i = 0; i < targets.signals().size(); i++) {
            targets.signals().get(i).wakeIfWanted();
        }
        return complete;
    }

    /** A message published from within another one would be before it for some and after it for others. */
    private void requireNotPublishing() {
        if (order.isHeldByCurrentThread()) {
            throw new StreamingException(
                    StreamingException.Problem.NESTED,
                    "a filter, weigher or key published to the topics that had called it; publish in a listener instead");
        }
    }

    private List<WaitingLine<T>.Place> takeWaiting() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<WaitingLine<T>.Place> taken = new ArrayList<>(waiting);
        waiting.clear();
        // Whoever waits for all of them is there when the time of any is up, and none is in the way of others.
        long now = System.nanoTime();
        taken.sort(Comparator.comparingLong(place -> place.left(now)));
        return taken;
    }

    /**
     * Subscribes.
     *
     * @param settings what to and how
     * @param listener who gets the messages published from now on
     * @return the subscription
     * @throws StreamingException if there are as many subscriptions as there may be, or the topics are closed
     */
    public Subscription<T> subscribe(SubscriptionSettings<T> settings, SubscriptionListener<? super T> listener) {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(listener, "listener");
        Subscription<T> subscription;
        order.lock();
        try {
            if (completed) {
                throw new StreamingException(StreamingException.Problem.CLOSED, "the topics are closed");
            }
            if (census.size() >= maxSubscriptions) {
                throw new StreamingException(
                        StreamingException.Problem.TOO_MANY_SUBSCRIPTIONS,
                        "there are " + maxSubscriptions
                                + " subscriptions that are not over, as many as maxSubscriptions allows");
            }
            subscription = add(settings, listener);
        } finally {
            order.unlock();
        }
        start(subscription);
        observation.newType(settings.type());
        return subscription;
    }

    long nextId() {
        return ids.incrementAndGet();
    }

    private Subscription<T> add(SubscriptionSettings<T> settings, SubscriptionListener<? super T> listener) {
        RateLimit pace =
                settings.overflow.kind() == Overflow.Kind.CONFLATE && settings.maxRate != Double.POSITIVE_INFINITY
                        ? new RateLimit(settings.maxRate, clock)
                        : null;
        Subscription<T> made = null;
        try {
            made = new Subscription<>(this, nextId(), settings, feed(settings), pace, listener);
            census.add(made);
            routes.add(made);
        } catch (Throwable failed) {
            if (made != null) {
                abandon(made);
            }
            routes.forgetUnused(settings.pattern());
            throw failed;
        }
        return made;
    }

    /** Starts its thread, holding nothing that publishers need: the factory may be slow, or publish. */
    private void start(Subscription<T> subscription) {
        try {
            subscription.start(threads.newThread(subscription::run));
        } catch (Throwable failed) {
            abandon(subscription);
            throw failed;
        }
    }

    private void abandon(Subscription<T> subscription) {
        subscription.close();
        census.over(subscription);
    }

    private Feed<T> feed(SubscriptionSettings<T> settings) {
        LongConsumer lag = came -> observation.lag(settings.type(), came);
        if (settings.ownBuffer) {
            return new BufferFeed<>(settings, weigher, routes.arrivals(settings.pattern()), lag, clock);
        }
        TailLog<T> log = routes.log(settings.pattern(), () -> new TailLog<>(logMessages, logBytes));
        return new TailFeed<>(settings, log, lag, clock);
    }

    Set<String> types() {
        return census.types();
    }

    Observation observation() {
        return observation;
    }

    /**
     * Tells the subscriptions of a topic, in order with its messages, that messages were lost before they came here.
     *
     * @param topic the topic
     * @param gap what was lost, in the numbers of the source
     * @throws IllegalArgumentException if the topic is not one
     */
    public void announceGap(String topic, Gap gap) {
        Objects.requireNonNull(gap, "gap");
        announce(topic, Notices.Kind.GAP, 0, "", gap);
    }

    /**
     * Tells the subscriptions of a topic, in order with its messages, that their source goes on after an interruption.
     *
     * @param topic the topic
     * @param generation the number of the connection that messages come from now
     * @throws IllegalArgumentException if the topic is not one
     */
    public void announceResumed(String topic, long generation) {
        announce(topic, Notices.Kind.RESUMED, generation, "", null);
    }

    /**
     * Tells the subscriptions of a topic, in order with its messages, that what came before no longer counts.
     *
     * @param topic the topic
     * @param generation the number of the connection that messages come from now
     * @param why a sentence for a log
     * @throws IllegalArgumentException if the topic is not one
     */
    public void announceReset(String topic, long generation, String why) {
        Objects.requireNonNull(why, "why");
        announce(topic, Notices.Kind.RESET, generation, why, null);
    }

    private void announce(String topic, Notices.Kind kind, long generation, String why, @Nullable Gap gap) {
        TopicPattern.requireTopic(topic);
        order.lock();
        try {
            for (Subscription<T> subscription : subscriptions()) {
                if (subscription.wants(topic)) {
                    long after = subscription.feed().lastPlace();
                    subscription.notices().add(new Notices.Notice(kind, after, generation, why, gap));
                    subscription.feed().wake();
                }
            }
        } finally {
            order.unlock();
        }
    }

    /**
     * {@return the subscriptions that are not over; not modifiable}
     */
    public List<Subscription<T>> subscriptions() {
        return census.present();
    }

    /**
     * {@return what became of every message that was published, once for each subscription to its topic; of subscriptions
     * that are over, too}
     */
    public BufferCounters counters() {
        return census.counters(null);
    }

    BufferCounters counters(String type) {
        return census.counters(type);
    }

    /** Takes note that a subscription's listener has had its last message. */
    void over(Subscription<T> subscription) {
        census.over(subscription);
    }

    /**
     * {@return how many messages nobody subscribed to}
     */
    public long unheard() {
        return unheard.get();
    }

    /**
     * Refuses further messages and subscriptions, and ends each subscription once what is buffered for it has been
     * delivered. Harmless if repeated.
     */
    public void complete() {
        order.lock();
        try {
            completed = true;
            subscriptions().forEach(subscription -> subscription.feed().complete());
        } finally {
            order.unlock();
        }
    }

    /** Ends one subscription once what is there has been delivered. */
    void complete(Subscription<T> subscription) {
        order.lock();
        try {
            routes.remove(subscription);
            subscription.feed().complete();
        } finally {
            order.unlock();
        }
    }

    /**
     * Refuses further messages and subscriptions, and ends each subscription at once for a reason.
     *
     * @param reason what listeners are told
     */
    public void end(EndReason reason) {
        Objects.requireNonNull(reason, "reason");
        order.lock();
        try {
            completed = true;
        } finally {
            order.unlock();
        }
        subscriptions().forEach(subscription -> subscription.end(reason));
    }

    /**
     * Ends all subscriptions at once, as {@link #end} does with {@link EndReason.Kind#CLOSED}. Closing twice is harmless.
     */
    @Override
    public void close() {
        end(EndReason.of(EndReason.Kind.CLOSED));
    }

    /** Routes no more messages to a subscription. */
    void remove(Subscription<T> subscription) {
        order.lock();
        try {
            routes.remove(subscription);
        } finally {
            order.unlock();
        }
    }

    @Override
    public String toString() {
        return "Topics[" + subscriptions().size() + " subscriptions]";
    }

    /**
     * Builds {@link Topics}. Not safe for use by several threads.
     *
     * @param <T> the messages
     */
    public static final class Builder<T> {

        private static final int MOST_SUBSCRIPTIONS = 100_000;

        private final ToLongFunction<? super T> weigher;
        private int maxSubscriptions = 1_000;
        private int logMessages = 1_024;
        private long logBytes = 4L << 20;
        private ThreadFactory threads = OwnedThreads.daemon("streaming", "subscription");
        private NanoClock clock = NanoClock.system();

        private Builder(ToLongFunction<? super T> weigher) {
            this.weigher = Objects.requireNonNull(weigher, "weigher");
        }

        /**
         * Sets how many subscriptions there may be, each with a thread of its own; 1,000 by default.
         *
         * @param maxSubscriptions 1 to 100,000
         * @return this
         */
        public Builder<T> maxSubscriptions(int maxSubscriptions) {
            this.maxSubscriptions = maxSubscriptions;
            return this;
        }

        /**
         * Sets how many messages the log of a pattern keeps, whether they were read or not; 1,024 by default.
         *
         * @param logMessages 1 to 16,777,216
         * @return this
         */
        public Builder<T> logMessages(int logMessages) {
            this.logMessages = logMessages;
            return this;
        }

        /**
         * Sets how many bytes the log of a pattern keeps, whether they were read or not; 4 MiB by default.
         *
         * @param logBytes 1 to 2 to the power of 40
         * @return this
         */
        public Builder<T> logBytes(long logBytes) {
            this.logBytes = logBytes;
            return this;
        }

        /**
         * Sets who makes the threads of subscriptions; by default they are daemon threads named
         * {@code tentpole-streaming-subscription-1} and so on. A factory of virtual threads does well.
         *
         * @param threads the factory, not null
         * @return this
         */
        public Builder<T> threads(ThreadFactory threads) {
            this.threads = Objects.requireNonNull(threads, "threads");
            return this;
        }

        /** The clock for rates and lag, for tests. */
        Builder<T> clock(NanoClock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * {@return new topics without subscriptions}
         *
         * @throws IllegalArgumentException if a setting is out of range
         */
        public Topics<T> build() {
            Args.inRange("maxSubscriptions", maxSubscriptions, 1, MOST_SUBSCRIPTIONS);
            Args.inRange("logMessages", logMessages, 1, MessageBuffer.Builder.MOST_MESSAGES);
            Args.inRange("logBytes", logBytes, 1, MessageBuffer.Builder.MOST_BYTES);
            return new Topics<>(this);
        }
    }
}
