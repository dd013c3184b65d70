package dev.tentpole.streaming;

import dev.tentpole.streaming.Assembly.Violation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One socket, from the handshake to its end. It has a generation, and once it has ended, what its socket still says is
 * counted and ignored.
 *
 * <p>The transport's thread puts messages together ({@link Assembly}) and gives them to the loop ({@link Backlog});
 * everything else happens there: what is written when ({@link Writer}), {@linkplain Heartbeat heartbeats}, timeouts.
 */
final class Session<T> implements Transport.Receiver, Heartbeat.Patient {

    private final Owner<T> owner;
    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final Counters counters;
    private final Assembly assembly;
    private final Backlog backlog;
    private final Heartbeat heartbeat;
    private final Writer writer;
    private final int generation;

    private volatile boolean ended;
    private volatile Transport.@Nullable Link link;
    private boolean open;
    private @Nullable Consumer<Boolean> whenClosed;
    private EventLoop.Timer handshakeTimer = EventLoop.Timer.NONE;
    private EventLoop.Timer messageTimer = EventLoop.Timer.NONE;
    private EventLoop.Timer closeTimer = EventLoop.Timer.NONE;

    /** Who is told what comes of a session; on the loop. */
    interface Owner<T> {

        void opened(Session<T> session);

        /** A message has come; {@link #processed} is to be called for it, now or later. */
        void received(Session<T> session, WireMessage message, long receivedNanos);

        /** The session has ended, but its socket still has a last word to say; it is to be abandoned in time. */
        void lingers(Session<T> session);

        /** What the protocol says as a heartbeat, or null. */
        @Nullable
        WireMessage heartbeat(Session<T> session);

        void ended(Session<T> session, Ending ending);
    }

    Session(
            Owner<T> owner,
            EventLoop loop,
            ConnectionSettings settings,
            Counters counters,
            Outbound outbound,
            int generation) {
        this.owner = owner;
        this.loop = loop;
        this.settings = settings;
        this.counters = counters;
        this.generation = generation;
        this.assembly = new Assembly(settings, loop.nanoTime());
        this.backlog = new Backlog(settings.maxMessageBytes, this::request);
        this.heartbeat = new Heartbeat(loop, settings, this);
        this.writer = new Writer(this, loop, settings, outbound);
    }

    int generation() {
        return generation;
    }

    boolean isOpen() {
        return open && !ended;
    }

    boolean hasEnded() {
        return ended;
    }

    Writer writer() {
        return writer;
    }

    void connect(Transport transport, Transport.Request request) {
        handshakeTimer = loop.schedule(
                settings.connectTimeout.toNanos(),
                () -> end(Ending.of(
                        ConnectionReason.CONNECT_TIMEOUT,
                        "no handshake within connectTimeout = " + settings.connectTimeout,
                        null)));
        try {
            link = transport.connect(request, this);
        } catch (Throwable e) {
            // Its message and cause may show a header's value or the address's query.
            String detail = "the transport refused the request: " + e.getClass().getName();
            loop.execute(() -> end(Ending.of(ConnectionReason.CONNECT_FAILED, detail, null)));
        }
    }

    // ---- what the transport says, on its thread

    @Override
    public void onOpen() {
        heartbeat.heard(loop.nanoTime());
        loop.execute(this::opened);
    }

    @Override
    public void onRefused(int status, Map<String, List<String>> headers) {
        ConnectionReason reason = status == 401 ? ConnectionReason.UNAUTHORIZED : ConnectionReason.HANDSHAKE_REFUSED;
        loop.execute(() -> end(new Ending(reason, status, headers, "the server answered " + status, null)));
    }

    @Override
    public void onText(CharSequence part, boolean last) {
        long now = loop.nanoTime();
        if (heard(now)) {
            try {
                take(assembly.text(part, last, now), now);
            } catch (Violation e) {
                violated(e);
            }
        }
    }

    @Override
    public void onBinary(ByteBuffer part, boolean last) {
        long now = loop.nanoTime();
        if (heard(now)) {
            try {
                take(assembly.binary(part, last, now), now);
            } catch (Violation e) {
                violated(e);
            }
        }
    }

    @Override
    public void onControl() {
        long now = loop.nanoTime();
        if (heard(now)) {
            try {
                assembly.control(now);
                request();
            } catch (Violation e) {
                violated(e);
            }
        }
    }

    @Override
    public void onClose(int code) {
        if (ended) {
            counters.staleCallbacks.increment();
        } else {
            loop.execute(() -> closedByPeer(code));
        }
    }

    @Override
    public void onError(ConnectionReason reason, Throwable error) {
        if (ended) {
            counters.staleCallbacks.increment();
        } else {
            loop.execute(() -> end(Ending.of(reason, "the connection failed", error)));
        }
    }

    private boolean heard(long now) {
        if (ended) {
            counters.staleCallbacks.increment();
            return false;
        }
        heartbeat.heard(now);
        return true;
    }

    private void take(@Nullable WireMessage message, long now) {
        if (message == null) {
            loop.execute(this::watchMessage);
            request();
            return;
        }
        backlog.add(message);
        loop.execute(() -> owner.received(this, message, now));
        backlog.askUnlessFull();
    }

    private void request() {
        Transport.Link to = link;
        if (to != null) {
            to.request(1);
        }
    }

    private void violated(Violation violation) {
        loop.execute(() -> violate(violation));
    }

    // ---- on the loop

    private void opened() {
        if (ended) {
            counters.staleCallbacks.increment();
            abandon();
            return;
        }
        open = true;
        handshakeTimer.cancel();
        heartbeat.start();
        request();
        guarded(() -> owner.opened(this));
    }

    /** A message that was received has been dealt with, so that there is room for another one. */
    void processed(WireMessage message) {
        backlog.remove(message);
        if (!ended) {
            backlog.relieve();
        }
    }

    @Override
    public CompletionStage<?> ping() {
        return openLink().ping();
    }

    @Override
    public void beat() {
        if (whenClosed == null) {
            guarded(() -> {
                WireMessage beat = owner.heartbeat(this);
                if (beat != null) {
                    writer.control(() -> beat);
                }
            });
        }
    }

    @Override
    public void dead(String why) {
        end(Ending.of(ConnectionReason.PEER_DEAD, why, null));
    }

    boolean mayWrite() {
        return open && !ended && whenClosed == null;
    }

    CompletionStage<?> send(WireMessage message) {
        return openLink().send(message);
    }

    private Transport.Link openLink() {
        return Objects.requireNonNull(link, "link");
    }

    /** Does what calls the protocol: what that throws ends the session, so that nobody waits for what never comes. */
    void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            end(Ending.of(
                    ConnectionReason.INTERNAL_ERROR,
                    "the protocol threw " + e.getClass().getName(),
                    e));
        }
    }

    private void watchMessage() {
        messageTimer.cancel();
        long wait = assembly.untilTooSlow(loop.nanoTime());
        if (ended || wait == Long.MAX_VALUE) {
            return;
        }
        if (wait == 0) {
            violate(assembly.tooSlow());
        } else {
            messageTimer = loop.schedule(wait, this::watchMessage);
        }
    }

    /** Sends an answer that the server asked for. */
    void reply(WireMessage message) {
        try {
            writer.reply(message);
        } catch (Violation e) {
            violate(e);
        }
    }

    // ---- its end

    /** Closes with a word and waits for the server's; tells whether it came. What comes meanwhile is still received. */
    void close(int code, String reason, long timeoutNanos, Consumer<Boolean> then) {
        Transport.Link to = link;
        if (ended || !open || to == null) {
            end(Ending.of(ConnectionReason.REQUESTED, "closed", null));
            then.accept(false);
            return;
        }
        whenClosed = then;
        quietly(() -> to.close(code, reason));
        closeTimer = loop.schedule(timeoutNanos, () -> end(Ending.of(ConnectionReason.REQUESTED, "closed", null)));
    }

    private void closedByPeer(int code) {
        Consumer<Boolean> then = whenClosed;
        if (then != null) {
            whenClosed = null;
            end(Ending.of(ConnectionReason.REQUESTED, "closed", null));
            then.accept(true);
        } else {
            end(new Ending(ConnectionReason.PEER_CLOSED, code, Map.of(), "the server closed with code " + code, null));
        }
    }

    /** Ends the session for what the server did, with the code that says so. */
    void violate(Violation violation) {
        if (ended) {
            return;
        }
        Ending ending = Ending.of(violation.reason, String.valueOf(violation.getMessage()), null);
        Transport.Link to = link;
        if (to != null && open) {
            detach();
            owner.lingers(this);
            // Not aborted as soon as that is written: a reset would overtake it if something is still unread.
            quietly(() -> to.close(violation.closeCode, "").whenComplete((done, failure) -> {
                if (failure != null) {
                    to.abort();
                }
            }));
            over(ending);
        } else {
            end(ending);
        }
    }

    /** Ends the session at once. */
    void end(Ending ending) {
        if (ended) {
            return;
        }
        boolean speaksLast = open
                && (ending.reason() == ConnectionReason.PROTOCOL_ERROR
                        || ending.reason() == ConnectionReason.PEER_CLOSED);
        detach();
        if (speaksLast) {
            owner.lingers(this);
        } else {
            abandon();
        }
        over(ending);
    }

    private void detach() {
        ended = true;
        handshakeTimer.cancel();
        messageTimer.cancel();
        closeTimer.cancel();
        heartbeat.stop();
        writer.stop();
    }

    private void over(Ending ending) {
        writer.failInFlight(ending);
        Consumer<Boolean> then = whenClosed;
        whenClosed = null;
        owner.ended(this, ending);
        if (then != null) {
            then.accept(false);
        }
    }

    /** Ends the socket without a word, whatever the session still waits for. */
    void abandon() {
        Transport.Link to = link;
        if (to != null) {
            quietly(to::abort);
        }
    }

    private static void quietly(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            // The socket is gone already, which is what was wished.
        }
    }
}
