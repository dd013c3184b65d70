package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription wants and how much it may hold. Immutable.
 *
 * <p>By default a subscription reads the log that all of its pattern share: any number of them costs the publisher no more
 * than one. It can be as far behind as the log is long ({@link Topics.Builder#logMessages}); beyond, it loses the oldest
 * messages. With bounds of its own ({@link Builder#maxMessages}, {@link Builder#maxBytes}), or a policy other than
 * {@link Overflow#dropOldest()}, it has a buffer of its own, which costs the publisher an offer for each message.
 *
 * @param <T> the messages
 */
public final class SubscriptionSettings<T> {

    final TopicPattern pattern;
    final String type;
    final int maxMessages;
    final long maxBytes;
    final Overflow<T> overflow;
    final @Nullable Predicate<? super T> filter;
    final double maxRate;
    final boolean ownBuffer;

    private SubscriptionSettings(Builder<T> builder) {
        pattern = builder.pattern;
        type = builder.type;
        maxMessages = builder.maxMessages;
        maxBytes = builder.maxBytes;
        overflow = builder.overflow;
        filter = builder.filter;
        maxRate = builder.maxRate;
        ownBuffer = builder.ownBuffer || builder.overflow.kind() != Overflow.Kind.DROP_OLDEST;
    }

    /**
     * {@return a builder}
     *
     * @param pattern a topic, or a pattern of topics, see {@link TopicPattern}
     * @param <T> the messages
     * @throws IllegalArgumentException if it is neither
     */
    public static <T> Builder<T> of(String pattern) {
        return new Builder<>(TopicPattern.of(pattern));
    }

    /**
     * {@return which topics}
     */
    public TopicPattern pattern() {
        return pattern;
    }

    /**
     * {@return the name for metrics, shared by subscriptions of one kind}
     */
    public String type() {
        return type;
    }

    @Override
    public String toString() {
        return "SubscriptionSettings[" + pattern + ", " + type + "]";
    }

    /**
     * Builds {@link SubscriptionSettings}. Not safe for use by several threads.
     *
     * @param <T> the messages
     */
    public static final class Builder<T> {

        private static final double HIGHEST_RATE = 1e9;
        private static final double LOWEST_RATE = 0.001;

        private final TopicPattern pattern;
        private String type = "default";
        private int maxMessages = 1_024;
        private long maxBytes = 4L << 20;
        private Overflow<T> overflow = Overflow.dropOldest();
        private @Nullable Predicate<? super T> filter;
        private double maxRate = Double.POSITIVE_INFINITY;
        private boolean ownBuffer;

        private Builder(TopicPattern pattern) {
            this.pattern = pattern;
        }

        /**
         * Sets the name that metrics show; "default" by default. Use few different ones, and never a topic.
         *
         * @param type the name, not blank
         * @return this
         */
        public Builder<T> type(String type) {
            this.type = type;
            return this;
        }

        /**
         * Sets how many messages may wait in a buffer of the subscription's own; 1,024 by default if it has one.
         *
         * @param maxMessages 1 to 16,777,216
         * @return this
         */
        public Builder<T> maxMessages(int maxMessages) {
            this.maxMessages = maxMessages;
            this.ownBuffer = true;
            return this;
        }

        /**
         * Sets how many bytes may wait in a buffer of the subscription's own; 4 MiB by default if it has one.
         *
         * @param maxBytes 1 to 2 to the power of 40
         * @return this
         */
        public Builder<T> maxBytes(long maxBytes) {
            this.maxBytes = maxBytes;
            this.ownBuffer = true;
            return this;
        }

        /**
         * Sets what happens when the subscription is too far behind; {@link Overflow#dropOldest()} by default. Any other
         * policy gives the subscription a buffer of its own.
         *
         * <p>With {@link Overflow#block}, whoever publishes to this subscription waits for it, after all others have been given
         * the message.
         *
         * @param overflow the policy, not null
         * @return this
         */
        public Builder<T> overflow(Overflow<T> overflow) {
            this.overflow = Objects.requireNonNull(overflow, "overflow");
            return this;
        }

        /**
         * Sets which messages of its topics the subscription wants; all by default.
         *
         * @param filter true for a message to take; called by the subscription's thread, or by the publisher's if the
         *     subscription has a buffer of its own, and must be quick; what it throws drops the message for this
         *     subscription as {@link DropReason#REJECTED}
         * @return this
         */
        public Builder<T> filter(Predicate<? super T> filter) {
            this.filter = Objects.requireNonNull(filter, "filter");
            return this;
        }

        /**
         * Sets how many messages a second the subscription gets at most, after the filter; without limit by default.
         *
         * <p>Messages above the rate are dropped as {@link DropReason#RATE_LIMITED}. With {@link Overflow#conflate} they
         * are not dropped: they wait, and are conflated with newer ones of their key, until the rate allows the next one.
         *
         * @param messagesPerSecond 0.001 to 1,000,000,000; bursts of up to a tenth of a second's worth, and at least of
         *     one message, are allowed
         * @return this
         */
        public Builder<T> maxRate(double messagesPerSecond) {
            this.maxRate = Double.isNaN(messagesPerSecond) || messagesPerSecond == Double.POSITIVE_INFINITY
                    ? Double.NaN
                    : messagesPerSecond;
            return this;
        }

        /**
         * {@return the settings}
         *
         * @throws IllegalArgumentException if a setting is out of range
         */
        public SubscriptionSettings<T> build() {
            Args.notBlank("type", type);
            Args.inRange("maxMessages", maxMessages, 1, MessageBuffer.Builder.MOST_MESSAGES);
            Args.inRange("maxBytes", maxBytes, 1, MessageBuffer.Builder.MOST_BYTES);
            Args.check(
                    maxRate == Double.POSITIVE_INFINITY || (maxRate >= LOWEST_RATE && maxRate <= HIGHEST_RATE),
                    "maxRate",
                    maxRate,
                    LOWEST_RATE + " to " + HIGHEST_RATE + " messages a second");
            return new SubscriptionSettings<>(this);
        }
    }
}
