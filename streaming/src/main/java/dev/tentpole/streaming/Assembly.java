package dev.tentpole.streaming;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of messages together, within limits, and counts control frames. For the transport's thread; the instant
 * at which an unfinished message began may be read by any.
 *
 * <p>The JDK hands out parts as they come from the network, and does not tell where frames end. Only parts of less than
 * 1 KiB count as fragments: an ordinary message over a slow network comes in larger ones.
 */
final class Assembly {

    static final int SMALL_PART = 1_024;
    private static final long NOTHING_BEGUN = 0;

    private final int maxBytes;
    private final int maxFragments;
    private final long timeoutNanos;
    private final double controlPerNano;
    private final int maxControl;

    private @Nullable StringBuilder text;
    private byte @Nullable [] binary;
    private int size;
    private int smallParts;
    private volatile long begunAt = NOTHING_BEGUN;
    private double controlAllowance;
    private long controlSeenAt;

    Assembly(ConnectionSettings settings, long now) {
        maxBytes = settings.maxMessageBytes;
        maxFragments = settings.maxFragments;
        timeoutNanos = settings.messageTimeout.toNanos();
        maxControl = settings.maxControlFramesPerSecond;
        controlPerNano = maxControl / 1e9;
        controlAllowance = maxControl;
        controlSeenAt = now;
    }

    /** Takes a part of a text; returns the whole once it is there. */
    @Nullable
    WireMessage text(CharSequence part, boolean last, long now) throws Violation {
        int exact = Utf8.length(part);
        int length = exact >= 0 ? exact : 3 * part.length();
        boolean whole = last && begunAt == NOTHING_BEGUN;
        check(length, now);
        if (whole) {
            reset();
            return WireMessage.text(part.toString(), length);
        }
        StringBuilder all = text == null ? new StringBuilder(Math.max(part.length(), 64)) : text;
        all.append(part);
        text = all;
        if (!last) {
            return null;
        }
        WireMessage message = WireMessage.text(all.toString(), size);
        reset();
        return message;
    }

    /** Takes a part of a binary message; returns the whole once it is there. */
    @Nullable
    WireMessage binary(ByteBuffer part, boolean last, long now) throws Violation {
        int length = part.remaining();
        int before = size;
        check(length, now);
        byte[] all = binary;
        if (all == null) {
            all = new byte[last ? length : Math.max(length, 64)];
        } else if (all.length < size) {
            all = Arrays.copyOf(all, (int) Math.min(maxBytes, Math.max(size, 2L * all.length)));
        }
        part.get(all, before, length);
        binary = all;
        if (!last) {
            return null;
        }
        WireMessage message = WireMessage.binary(all.length == size ? all : Arrays.copyOf(all, size));
        reset();
        return message;
    }

    /** Takes note of a ping or a pong. */
    void control(long now) throws Violation {
        controlAllowance = Math.min(maxControl, controlAllowance + (now - controlSeenAt) * controlPerNano);
        controlSeenAt = now;
        if (controlAllowance < 1) {
            throw new Violation(
                    ConnectionReason.CONTROL_FLOOD,
                    1008,
                    "more than maxControlFramesPerSecond = " + maxControl + " control frames in a second");
        }
        controlAllowance--;
    }

    /** The nanoseconds after which the message that has begun will have taken too long; {@code Long.MAX_VALUE} if none has. */
    long untilTooSlow(long now) {
        long begun = begunAt;
        return begun == NOTHING_BEGUN ? Long.MAX_VALUE : Math.max(0, timeoutNanos - (now - begun));
    }

    Violation tooSlow() {
        return new Violation(
                ConnectionReason.MESSAGE_TOO_SLOW,
                1008,
                "a message took longer than messageTimeout = " + timeoutNanos / 1_000_000 + " ms");
    }

    private void check(int bytes, long now) throws Violation {
        if (begunAt == NOTHING_BEGUN) {
            begunAt = now == NOTHING_BEGUN ? 1 : now;
        }
        if (bytes > maxBytes - size) {
            throw new Violation(
                    ConnectionReason.MESSAGE_TOO_LARGE, 1009, "a message is larger than maxMessageBytes = " + maxBytes);
        }
        size += bytes;
        if (bytes < SMALL_PART && ++smallParts > maxFragments) {
            throw new Violation(
                    ConnectionReason.TOO_MANY_FRAGMENTS,
                    1008,
                    "a message came in more than maxFragments = " + maxFragments + " small parts");
        }
        if (untilTooSlow(now) == 0) {
            throw tooSlow();
        }
    }

    private void reset() {
        text = null;
        binary = null;
        size = 0;
        smallParts = 0;
        begunAt = NOTHING_BEGUN;
    }

    /** The server does what it must not. */
    static final class Violation extends Exception {

        private static final long serialVersionUID = 1L;

        /** Why. */
        final ConnectionReason reason;

        /** What to close with. */
        final int closeCode;

        Violation(ConnectionReason reason, int closeCode, String message) {
            super(message, null, false, false);
            this.reason = reason;
            this.closeCode = closeCode;
        }
    }
}
