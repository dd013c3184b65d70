package dev.tentpole.streaming;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the protocol makes of one message, passed on to whom it concerns. */
final class ServerEvents<T> implements StreamProtocol.Events<T> {

    private static final long UNNAMED = 0;

    private final Channels<T> channels;
    private final Machine<T> machine;
    private final Attachment<T> attachment;
    private final long receivedNanos;
    private volatile boolean over;

    ServerEvents(Channels<T> channels, Machine<T> machine, Attachment<T> attachment, long receivedNanos) {
        this.channels = channels;
        this.machine = machine;
        this.attachment = attachment;
        this.receivedNanos = receivedNanos;
    }

    /** The message has been decoded. */
    void over() {
        over = true;
    }

    /** Whether the session goes on; an earlier event of the same message may have ended it. */
    private boolean isOpen() {
        if (over) {
            throw new IllegalStateException(
                    "events may be told only while decode is running, which they were given to");
        }
        return attachment.session.isOpen();
    }

    @Override
    public void opened() {
        if (isOpen()) {
            machine.handshakeDone(attachment);
        }
    }

    @Override
    public void subscribed(String channel, @Nullable StreamPosition position, boolean recovering) {
        if (isOpen()) {
            channels.acknowledged(attachment, channel, UNNAMED, position, recovering);
        }
    }

    @Override
    public void subscribed(String channel, long attempt, @Nullable StreamPosition position, boolean recovering) {
        Args.inRange("attempt", attempt, 1, Long.MAX_VALUE);
        if (isOpen()) {
            channels.acknowledged(attachment, channel, attempt, position, recovering);
        }
    }

    @Override
    public void refused(String channel, String detail) {
        Objects.requireNonNull(detail, "detail");
        if (isOpen()) {
            channels.refused(attachment, channel, UNNAMED, detail);
        }
    }

    @Override
    public void refused(String channel, long attempt, String detail) {
        Args.inRange("attempt", attempt, 1, Long.MAX_VALUE);
        Objects.requireNonNull(detail, "detail");
        if (isOpen()) {
            channels.refused(attachment, channel, attempt, detail);
        }
    }

    @Override
    public void unsubscribed(String channel, boolean again, String detail) {
        Objects.requireNonNull(detail, "detail");
        if (isOpen()) {
            channels.unsubscribed(attachment, channel, again, detail);
        }
    }

    @Override
    public void data(String channel, T payload, int bytes, @Nullable StreamPosition position) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(payload, "payload");
        Args.inRange("bytes", bytes, 0, Integer.MAX_VALUE);
        if (isOpen() || machine.isAttached(attachment)) {
            channels.data(attachment, channel, payload, bytes, position, receivedNanos);
        }
    }

    @Override
    public void tokenRefused() {
        if (isOpen()) {
            machine.tokenRefused(attachment);
        }
    }

    @Override
    public void reply(WireMessage message) {
        Objects.requireNonNull(message, "message");
        if (isOpen()) {
            attachment.session.reply(message);
        }
    }

    @Override
    public void reconnect(Duration after) {
        long seconds = RetryAfter.bounded(after).plusMillis(999).toSeconds();
        if (isOpen()) {
            attachment.session.end(new Ending(
                    ConnectionReason.ADVISED,
                    0,
                    Map.of("retry-after", List.of(Long.toString(seconds))),
                    "the server asked for another connection",
                    null));
        }
    }
}
