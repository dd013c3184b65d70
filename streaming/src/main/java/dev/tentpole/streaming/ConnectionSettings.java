package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Objects;

/**
 * The times and limits of a {@link StreamConnection}; the defaults suit a server across the internet.
 *
 * <p>Immutable; {@link Builder} says what each setting means.
 */
public final class ConnectionSettings {

    private static final Duration MS = Duration.ofMillis(1);
    private static final Duration TEN_MS = Duration.ofMillis(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    final Duration connectTimeout;
    final Duration sendTimeout;
    final Duration closeTimeout;
    final Duration ackTimeout;
    final Duration tokenTimeout;
    final Duration replayTimeout;
    final Duration heartbeat;
    final Duration backoffBase;
    final Duration backoffCap;
    final Duration stableAfter;
    final Duration spread;
    final Duration messageTimeout;
    final int heartbeatMisses;
    final int maxAttempts;
    final int maxMessageBytes;
    final int maxFragments;
    final int maxControlFramesPerSecond;
    final int maxOutboundBytes;
    final int maxOutboundMessages;
    final int maxChannels;
    final int maxReplay;
    final CloseCodes closeCodes;

    private ConnectionSettings(Builder builder) {
        connectTimeout = Args.inRange("connectTimeout", builder.connectTimeout, MS, FIVE_MINUTES);
        sendTimeout = Args.inRange("sendTimeout", builder.sendTimeout, MS, FIVE_MINUTES);
        closeTimeout = Args.inRange("closeTimeout", builder.closeTimeout, Duration.ZERO, MINUTE);
        ackTimeout = Args.inRange("ackTimeout", builder.ackTimeout, MS, FIVE_MINUTES);
        tokenTimeout = Args.inRange("tokenTimeout", builder.tokenTimeout, MS, FIVE_MINUTES);
        replayTimeout = Args.inRange("replayTimeout", builder.replayTimeout, MS, FIVE_MINUTES);
        heartbeat = Args.inRange("heartbeat", builder.heartbeat, TEN_MS, HOUR);
        backoffBase = Args.inRange("backoffBase", builder.backoffBase, MS, HOUR);
        backoffCap = Args.inRange("backoffCap", builder.backoffCap, MS, DAY);
        stableAfter = Args.inRange("stableAfter", builder.stableAfter, Duration.ZERO, DAY);
        spread = Args.inRange("spread", builder.spread, Duration.ZERO, HOUR);
        messageTimeout = Args.inRange("messageTimeout", builder.messageTimeout, MS, HOUR);
        heartbeatMisses = Args.inRange("heartbeatMisses", builder.heartbeatMisses, 1, 100);
        maxAttempts = Args.inRange("maxAttempts", builder.maxAttempts, 0, 1_000_000);
        maxMessageBytes = Args.inRange("maxMessageBytes", builder.maxMessageBytes, 1, 1_073_741_824);
        maxFragments = Args.inRange("maxFragments", builder.maxFragments, 1, 1_000_000);
        maxControlFramesPerSecond =
                Args.inRange("maxControlFramesPerSecond", builder.maxControlFramesPerSecond, 1, 1_000_000);
        maxOutboundBytes = Args.inRange("maxOutboundBytes", builder.maxOutboundBytes, 1, 1_073_741_824);
        maxOutboundMessages = Args.inRange("maxOutboundMessages", builder.maxOutboundMessages, 1, 1_000_000);
        maxChannels = Args.inRange("maxChannels", builder.maxChannels, 1, 100_000);
        maxReplay = Args.inRange("maxReplay", builder.maxReplay, 0, 1_000_000);
        closeCodes = builder.closeCodes;
        Args.check(
                backoffBase.compareTo(backoffCap) <= 0,
                "backoffBase",
                backoffBase,
                "at most backoffCap = " + backoffCap);
    }

    /**
     * {@return a builder with the defaults}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return the defaults}
     */
    public static ConnectionSettings defaults() {
        return builder().build();
    }

    /** For how long at most nothing is asked of the transport while a consumer that blocks has no room. */
    Duration longestBlock() {
        Duration half = heartbeat.dividedBy(2);
        Duration most = Duration.ofSeconds(5);
        return half.compareTo(most) < 0 ? half : most;
    }

    /** Builds {@link ConnectionSettings}. Not safe for use by several threads. */
    public static final class Builder {

        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration sendTimeout = Duration.ofSeconds(10);
        private Duration closeTimeout = Duration.ofSeconds(5);
        private Duration ackTimeout = Duration.ofSeconds(10);
        private Duration tokenTimeout = Duration.ofSeconds(10);
        private Duration replayTimeout = Duration.ofSeconds(10);
        private Duration heartbeat = Duration.ofSeconds(15);
        private Duration backoffBase = Duration.ofMillis(500);
        private Duration backoffCap = Duration.ofSeconds(30);
        private Duration stableAfter = Duration.ofSeconds(10);
        private Duration spread = Duration.ofSeconds(10);
        private Duration messageTimeout = Duration.ofSeconds(30);
        private int heartbeatMisses = 2;
        private int maxAttempts = 0;
        private int maxMessageBytes = 4 << 20;
        private int maxFragments = 1_024;
        private int maxControlFramesPerSecond = 100;
        private int maxOutboundBytes = 1 << 20;
        private int maxOutboundMessages = 1_024;
        private int maxChannels = 1_000;
        private int maxReplay = 10_000;
        private CloseCodes closeCodes = CloseCodes.standard();

        private Builder() {}

        /**
         * Sets how long an attempt to connect may take, handshake and TLS with it.
         *
         * @param value 1 ms to 5 minutes; default 10 s
         * @return this builder
         */
        public Builder connectTimeout(Duration value) {
            connectTimeout = Objects.requireNonNull(value, "connectTimeout");
            return this;
        }

        /**
         * Sets how long writing one message may take before the connection is ended: the server does not read.
         *
         * @param value 1 ms to 5 minutes; default 10 s
         * @return this builder
         */
        public Builder sendTimeout(Duration value) {
            sendTimeout = Objects.requireNonNull(value, "sendTimeout");
            return this;
        }

        /**
         * Sets how long to wait for the server's close frame.
         *
         * @param value 0 to 1 minute; default 5 s
         * @return this builder
         */
        public Builder closeTimeout(Duration value) {
            closeTimeout = Objects.requireNonNull(value, "closeTimeout");
            return this;
        }

        /**
         * Sets how long the server may take to acknowledge a subscription before it is asked again; the third time the connection is made anew.
         *
         * @param value 1 ms to 5 minutes; default 10 s
         * @return this builder
         */
        public Builder ackTimeout(Duration value) {
            ackTimeout = Objects.requireNonNull(value, "ackTimeout");
            return this;
        }

        /**
         * Sets how long a {@link TokenSource} may take.
         *
         * @param value 1 ms to 5 minutes; default 10 s
         * @return this builder
         */
        public Builder tokenTimeout(Duration value) {
            tokenTimeout = Objects.requireNonNull(value, "tokenTimeout");
            return this;
        }

        /**
         * Sets how long a {@link ReplaySource} may take.
         *
         * @param value 1 ms to 5 minutes; default 10 s
         * @return this builder
         */
        public Builder replayTimeout(Duration value) {
            replayTimeout = Objects.requireNonNull(value, "replayTimeout");
            return this;
        }

        /**
         * Sets after how long a silence a ping is sent, and how long it then waits for anything to come.
         *
         * @param value 10 ms to 1 hour; default 15 s
         * @return this builder
         */
        public Builder heartbeat(Duration value) {
            heartbeat = Objects.requireNonNull(value, "heartbeat");
            return this;
        }

        /**
         * Sets the longest wait before the first new attempt; it doubles with each failure. The wait itself is random, from 0.
         *
         * @param value 1 ms to 1 hour, not above {@code backoffCap}; default 0.5 s
         * @return this builder
         */
        public Builder backoffBase(Duration value) {
            backoffBase = Objects.requireNonNull(value, "backoffBase");
            return this;
        }

        /**
         * Sets where the longest wait stops growing.
         *
         * @param value 1 ms to 1 day; default 30 s
         * @return this builder
         */
        public Builder backoffCap(Duration value) {
            backoffCap = Objects.requireNonNull(value, "backoffCap");
            return this;
        }

        /**
         * Sets how long a connection must have been ready before the count of failures begins anew.
         *
         * @param value 0 to 1 day; default 10 s
         * @return this builder
         */
        public Builder stableAfter(Duration value) {
            stableAfter = Objects.requireNonNull(value, "stableAfter");
            return this;
        }

        /**
         * Sets the time over which clients come back when the server says that it goes away or restarts.
         *
         * @param value 0 to 1 hour; default 10 s
         * @return this builder
         */
        public Builder spread(Duration value) {
            spread = Objects.requireNonNull(value, "spread");
            return this;
        }

        /**
         * Sets how long a message may take from its first part to its last.
         *
         * @param value 1 ms to 1 hour; default 30 s
         * @return this builder
         */
        public Builder messageTimeout(Duration value) {
            messageTimeout = Objects.requireNonNull(value, "messageTimeout");
            return this;
        }

        /**
         * Sets how many pings in a row may go unanswered before the server is taken for dead. Whatever comes counts as an answer.
         *
         * @param value 1 to 100; default 2
         * @return this builder
         */
        public Builder heartbeatMisses(int value) {
            heartbeatMisses = value;
            return this;
        }

        /**
         * Sets how many attempts in a row may fail before the connection is given up; 0 for no limit.
         *
         * @param value 0 to 1,000,000; default 0
         * @return this builder
         */
        public Builder maxAttempts(int value) {
            maxAttempts = value;
            return this;
        }

        /**
         * Sets how large a message may be; a larger one ends the connection with code 1009.
         *
         * @param value 1 to 1 GiB; default 4 MiB
         * @return this builder
         */
        public Builder maxMessageBytes(int value) {
            maxMessageBytes = value;
            return this;
        }

        /**
         * Sets in how many parts of less than 1 KiB a message may come; more end the connection with code 1008.
         *
         * @param value 1 to 1,000,000; default 1,024
         * @return this builder
         */
        public Builder maxFragments(int value) {
            maxFragments = value;
            return this;
        }

        /**
         * Sets how many pings, pongs and wanted answers a second may come, with as many at once; more end the connection with code 1008.
         *
         * @param value 1 to 1,000,000; default 100
         * @return this builder
         */
        public Builder maxControlFramesPerSecond(int value) {
            maxControlFramesPerSecond = value;
            return this;
        }

        /**
         * Sets how many bytes may wait to be written; more are refused, and the connection stays.
         *
         * @param value 1 to 1 GiB; default 1 MiB
         * @return this builder
         */
        public Builder maxOutboundBytes(int value) {
            maxOutboundBytes = value;
            return this;
        }

        /**
         * Sets how many messages may wait to be written.
         *
         * @param value 1 to 1,000,000; default 1,024
         * @return this builder
         */
        public Builder maxOutboundMessages(int value) {
            maxOutboundMessages = value;
            return this;
        }

        /**
         * Sets how many channels may be subscribed to at the same time.
         *
         * @param value 1 to 100,000; default 1,000
         * @return this builder
         */
        public Builder maxChannels(int value) {
            maxChannels = value;
            return this;
        }

        /**
         * Sets how many missed messages a {@link ReplaySource} is asked for at most; more are a gap. As many, or {@code maxMessageBytes}, may wait meanwhile.
         *
         * @param value 0 to 1,000,000; default 10,000
         * @return this builder
         */
        public Builder maxReplay(int value) {
            maxReplay = value;
            return this;
        }

        /**
         * Sets what to do when the server closes.
         *
         * @param value the table; default {@link CloseCodes#standard}
         * @return this builder
         */
        public Builder closeCodes(CloseCodes value) {
            closeCodes = Objects.requireNonNull(value, "closeCodes");
            return this;
        }

        /**
         * {@return the settings}
         *
         * @throws IllegalArgumentException if one is out of its range; the message gives name, value and range
         */
        public ConnectionSettings build() {
            return new ConnectionSettings(this);
        }
    }
}
