package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import dev.tentpole.base.NanoClock;
import dev.tentpole.base.OwnedThreads;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Hands published messages to whoever subscribes to their topics, and lets no subscriber delay another.
 *
 * <p>A message goes to all subscriptions as it is, without a copy: it must not be changed any more. All subscriptions see
 * messages in the same order, that of {@link #publish}. Each subscription has a thread of its own, made by the
 * {@linkplain Builder#threads factory of threads}, and a buffer of its own or the shared log
 * ({@link SubscriptionSettings.Builder#tailing()}). Safe for use by several threads.
 *
 * @param <T> the messages, never null
 */
public final class Topics<T> implements AutoCloseable {

    final ToLongFunction<? super T> weigher;
    private final int maxSubscriptions;
    private final ThreadFactory threads;
    private final ReentrantLock order = new ReentrantLock();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong unheard = new AtomicLong();
    private final CopyOnWriteArrayList<Subscription<T>> subscriptions = new CopyOnWriteArrayList<>();
    private volatile boolean completed;

    private Topics(Builder<T> builder) {
        weigher = builder.weigher;
        maxSubscriptions = builder.maxSubscriptions;
        threads = builder.threads;
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
     * @param topic the topic, see {@link TopicPattern}
     * @param message the message, not null
     * @return what became of it
     * @throws IllegalArgumentException if the topic is not one
     */
    public PublishResult publish(String topic, T message) {
        TopicPattern.requireTopic(topic);
        Objects.requireNonNull(message, "message");
        order.lock();
        try {
            if (completed) {
                return PublishResult.CLOSED;
            }
            PublishResult result = PublishResult.NO_SUBSCRIBER;
            for (Subscription<T> subscription : subscriptions) {
                if (subscription.settings().pattern().matches(topic)) {
                    OfferResult offered = subscription.offer(message);
                    boolean well = offered.isAccepted() || offered == OfferResult.FILTERED;
                    result = well && result != PublishResult.PARTLY_DROPPED
                            ? PublishResult.ACCEPTED
                            : PublishResult.PARTLY_DROPPED;
                }
            }
            if (result == PublishResult.NO_SUBSCRIBER) {
                unheard.incrementAndGet();
            }
            return result;
        } finally {
            order.unlock();
        }
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
            if (subscriptions.size() >= maxSubscriptions) {
                throw new StreamingException(
                        StreamingException.Problem.TOO_MANY_SUBSCRIPTIONS,
                        "there are " + maxSubscriptions + " subscriptions, as many as maxSubscriptions allows");
            }
            subscription = new Subscription<>(this, ids.incrementAndGet(), settings, listener);
            subscriptions.add(subscription);
        } finally {
            order.unlock();
        }
        threads.newThread(subscription::run).start();
        return subscription;
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
        announce(topic, listener -> listener.onGap(gap));
    }

    /**
     * Tells the subscriptions of a topic, in order with its messages, that their source goes on after an interruption.
     *
     * @param topic the topic
     * @param generation the number of the connection that messages come from now
     * @throws IllegalArgumentException if the topic is not one
     */
    public void announceResumed(String topic, long generation) {
        announce(topic, listener -> listener.onResumed(generation));
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
        announce(topic, listener -> listener.onReset(generation, why));
    }

    private void announce(String topic, Consumer<SubscriptionListener<? super T>> call) {
        TopicPattern.requireTopic(topic);
        order.lock();
        try {
            for (Subscription<T> subscription : subscriptions) {
                if (subscription.settings().pattern().matches(topic)) {
                    subscription.notice(() -> call.accept(subscription.listener()));
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
        return List.copyOf(subscriptions);
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
            subscriptions.forEach(Subscription::complete);
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
        completed = true;
        subscriptions.forEach(subscription -> subscription.end(reason));
    }

    /**
     * Ends all subscriptions at once, as {@link #end} does with {@link EndReason.Kind#CLOSED}. Closing twice is harmless.
     */
    @Override
    public void close() {
        end(EndReason.of(EndReason.Kind.CLOSED));
    }

    void remove(Subscription<T> subscription) {
        subscriptions.remove(subscription);
    }

    @Override
    public String toString() {
        return "Topics[" + subscriptions.size() + " subscriptions]";
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
        private int logMessages = 4_096;
        private long logBytes = 16L << 20;
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
         * Sets how many messages the log of tailing subscriptions keeps; 4,096 by default.
         *
         * @param logMessages 1 to 16,777,216
         * @return this
         */
        public Builder<T> logMessages(int logMessages) {
            this.logMessages = logMessages;
            return this;
        }

        /**
         * Sets how many bytes the log of tailing subscriptions keeps; 16 MiB by default.
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
            Objects.requireNonNull(clock, "clock");
            return new Topics<>(this);
        }
    }
}
