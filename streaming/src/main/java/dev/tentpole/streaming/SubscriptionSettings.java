package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription wants and how much it may hold. Immutable.
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
    final boolean tailing;

    private SubscriptionSettings(Builder<T> builder) {
        pattern = builder.pattern;
        type = builder.type;
        maxMessages = builder.maxMessages;
        maxBytes = builder.maxBytes;
        overflow = builder.overflow;
        filter = builder.filter;
        maxRate = builder.maxRate;
        tailing = builder.tailing;
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
        private boolean tailing;

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
         * Sets how many messages may wait; 1,024 by default.
         *
         * @param maxMessages 1 to 16,777,216
         * @return this
         */
        public Builder<T> maxMessages(int maxMessages) {
            this.maxMessages = maxMessages;
            return this;
        }

        /**
         * Sets how many bytes may wait; 4 MiB by default.
         *
         * @param maxBytes 1 to 2 to the power of 40
         * @return this
         */
        public Builder<T> maxBytes(long maxBytes) {
            this.maxBytes = maxBytes;
            return this;
        }

        /**
         * Sets what happens when the subscription's buffer is full; {@link Overflow#dropOldest()} by default.
         *
         * <p>With {@link Overflow#block}, publishers wait for this subscription, and others get their messages later by
         * that.
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
         * @param filter true for a message to take; called by the publisher's thread, must be quick; what it throws
         *     drops the message for this subscription as {@link DropReason#REJECTED}
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
         * Reads the log that all such subscriptions share in place of a buffer of its own: any number of them costs the
         * publisher no more than one.
         *
         * <p>The subscription can be as far behind as the log is long ({@link Topics.Builder#logMessages}); beyond, it
         * loses the oldest messages, as with {@link Overflow#dropOldest()}. {@code maxMessages}, {@code maxBytes} and
         * any other policy are refused.
         *
         * @return this
         */
        public Builder<T> tailing() {
            this.tailing = true;
            return this;
        }

        /**
         * {@return the settings}
         *
         * @throws IllegalArgumentException if a setting is out of range, or does not go with {@link #tailing()}
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
            Args.check(
                    !tailing || overflow.kind() == Overflow.Kind.DROP_OLDEST,
                    "overflow",
                    overflow,
                    "DROP_OLDEST for a tailing subscription");
            return new SubscriptionSettings<>(this);
        }
    }
}
