package dev.tentpole.streaming;

import dev.tentpole.streaming.Session.Ending;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the protocol makes of one message, passed on to whom it concerns. */
final class ServerEvents<T> implements StreamProtocol.Events<T> {

    private final Channels<T> channels;
    private final Machine<T> machine;
    private final Attachment<T> attachment;
    private final long receivedNanos;

    ServerEvents(Channels<T> channels, Machine<T> machine, Attachment<T> attachment, long receivedNanos) {
        this.channels = channels;
        this.machine = machine;
        this.attachment = attachment;
        this.receivedNanos = receivedNanos;
    }

    @Override
    public void opened() {
        machine.handshakeDone(attachment);
    }

    @Override
    public void subscribed(String channel, @Nullable StreamPosition position, boolean recovering) {
        channels.acknowledged(attachment, channel, position, recovering);
    }

    @Override
    public void refused(String channel, String detail) {
        channels.refused(channel, Objects.requireNonNull(detail, "detail"));
    }

    @Override
    public void unsubscribed(String channel, boolean again, String detail) {
        channels.unsubscribed(attachment, channel, again, Objects.requireNonNull(detail, "detail"));
    }

    @Override
    public void data(String channel, T payload, int bytes, @Nullable StreamPosition position) {
        channels.data(attachment, channel, payload, bytes, position, receivedNanos);
    }

    @Override
    public void tokenRefused() {
        machine.tokenRefused(attachment);
    }

    @Override
    public void reply(WireMessage message) {
        attachment.session.reply(Objects.requireNonNull(message, "message"));
    }

    @Override
    public void reconnect(Duration after) {
        attachment.session.end(new Ending(
                ConnectionReason.ADVISED,
                0,
                Map.of(
                        "retry-after",
                        List.of(Long.toString(
                                RetryAfter.bounded(after).plusMillis(999).toSeconds()))),
                "the server asked for another connection",
                null));
    }
}
