package dev.tentpole.streaming;

import dev.tentpole.streaming.Assembly.Violation;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one session writes, one message at a time: first what the protocol has to say, then what users send. For the loop's
 * thread.
 */
final class Writer {

    private static final int MAX_REPLIES = 1_024;

    private final Session<?> session;
    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final Outbound outbound;
    private final ArrayDeque<Supplier<@Nullable WireMessage>> control = new ArrayDeque<>();
    private boolean sendsData;
    private boolean writing;
    private Outbound.@Nullable Entry inFlight;
    private long replies;
    private int replyInFlight;
    private EventLoop.Timer timer = EventLoop.Timer.NONE;

    Writer(Session<?> session, EventLoop loop, ConnectionSettings settings, Outbound outbound) {
        this.session = session;
        this.loop = loop;
        this.settings = settings;
        this.outbound = outbound;
    }

    /** From now on, users' messages are sent as well as the protocol's own. */
    void sendData() {
        sendsData = true;
        pump();
    }

    /** Sends what the protocol has to say; made when its turn comes. */
    void control(Supplier<@Nullable WireMessage> message) {
        control.add(message);
        pump();
    }

    /** Takes back what was given to {@link #control} and has not been sent. */
    void unsay(Supplier<@Nullable WireMessage> message) {
        control.remove(message);
    }

    /** Sends an answer that the server asked for; too many that it does not read are a violation. */
    void reply(WireMessage message) throws Violation {
        int size = message.size();
        if (size > settings.maxOutboundBytes) {
            throw new Violation(
                    ConnectionReason.MESSAGE_TOO_LARGE,
                    1008,
                    "an answer of " + size + " bytes that the server asks for is larger than all that wait may be:"
                            + " maxOutboundBytes = " + settings.maxOutboundBytes);
        }
        if (control.size() >= MAX_REPLIES + settings.maxChannels || size > settings.maxOutboundBytes - replies) {
            throw new Violation(
                    ConnectionReason.CONTROL_FLOOD,
                    1008,
                    "the server asks for answers and does not read them: " + control.size() + " messages wait to be"
                            + " written, " + replies + " bytes of answers, and " + size
                            + " more; maxOutboundBytes = " + settings.maxOutboundBytes);
        }
        replied(size);
        control(() -> {
            replyInFlight = size;
            return message;
        });
    }

    private void replied(long bytes) {
        replies += bytes;
        outbound.replied(bytes);
    }

    /** How many things of the protocol's wait to be said. */
    int waitingToSay() {
        return control.size();
    }

    boolean hasSentAll() {
        return !writing && control.isEmpty() && outbound.messages() == 0;
    }

    /** Writes what comes next, if nothing is being written. */
    void pump() {
        while (session.mayWrite() && !writing) {
            Supplier<@Nullable WireMessage> next = control.poll();
            if (next != null) {
                session.guarded(() -> {
                    WireMessage message = next.get();
                    if (message != null) {
                        write(message);
                    }
                });
                continue;
            }
            Outbound.Entry entry = sendsData ? outbound.poll() : null;
            if (entry == null) {
                return;
            }
            inFlight = entry;
            write(entry.message());
        }
    }

    private void write(WireMessage message) {
        writing = true;
        timer = loop.schedule(
                settings.sendTimeout.toNanos(),
                () -> session.end(Ending.of(
                        ConnectionReason.SEND_TIMEOUT,
                        message.size() + " bytes were not written within sendTimeout = " + settings.sendTimeout,
                        null)));
        CompletionStage<?> sent;
        try {
            sent = session.send(message);
        } catch (Throwable e) {
            loop.execute(() -> written(e));
            return;
        }
        sent.whenComplete((done, failure) -> loop.execute(() -> written(failure)));
    }

    private void written(@Nullable Throwable failure) {
        if (session.hasEnded()) {
            return;
        }
        if (failure != null) {
            session.end(Ending.of(ConnectionReason.CONNECTION_LOST, "a message could not be written", failure));
            return;
        }
        timer.cancel();
        writing = false;
        replied(-replyInFlight);
        replyInFlight = 0;
        Outbound.Entry entry = inFlight;
        inFlight = null;
        if (entry != null) {
            outbound.done(entry, null);
        }
        pump();
    }

    /** Nothing is written any more; what the protocol had to say is forgotten. */
    void stop() {
        timer.cancel();
        control.clear();
        replied(-replies);
    }

    /** Tells whoever sent what was being written when the session ended. */
    void failInFlight(Ending ending) {
        Outbound.Entry entry = inFlight;
        inFlight = null;
        if (entry != null) {
            outbound.done(
                    entry,
                    new ConnectionException(
                            ending.reason(),
                            ending.code(),
                            "the connection ended while the message was being written; the server may have it: "
                                    + ending.detail(),
                            ending.cause()));
        }
    }
}
