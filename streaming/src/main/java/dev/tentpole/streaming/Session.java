package dev.tentpole.streaming;

import dev.tentpole.streaming.Assembly.Violation;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One socket, from the handshake to its end: heartbeats, limits, timeouts, what is written when. It has a generation, and
 * once it has ended, what its socket still says is counted and ignored.
 *
 * <p>The transport's thread puts messages together and gives them to the loop; everything else happens there. It asks for
 * the next call at once, so that pings are answered whatever consumers do, unless the loop lags behind by more than
 * {@link #MAX_BACKLOG} messages or a largest message.
 */
final class Session<T> implements Transport.Receiver {

    static final int MAX_BACKLOG = 1_024;
    private static final int MAX_REPLIES = 1_024;

    private final Owner<T> owner;
    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final Counters counters;
    private final Assembly assembly;
    private final Outbound outbound;
    private final int generation;

    private final AtomicInteger backlog = new AtomicInteger();
    private final AtomicLong backlogBytes = new AtomicLong();
    private final AtomicBoolean starved = new AtomicBoolean();
    private final ArrayDeque<Supplier<@Nullable WireMessage>> control = new ArrayDeque<>();
    private volatile boolean ended;
    private volatile long lastHeard;

    private volatile Transport.@Nullable Link link;
    private boolean open;
    private boolean sendsData;
    private boolean writing;
    private Outbound.@Nullable Entry inFlight;
    private int pings;
    private long pingedAt;
    private boolean pingInFlight;
    private @Nullable Consumer<Boolean> whenClosed;
    private EventLoop.Timer handshakeTimer = EventLoop.Timer.NONE;
    private EventLoop.Timer heartbeatTimer = EventLoop.Timer.NONE;
    private EventLoop.Timer sendTimer = EventLoop.Timer.NONE;
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
        WireMessage heartbeat();

        void ended(Session<T> session, Ending ending);
    }

    /** How a session ended. */
    record Ending(
            ConnectionReason reason,
            int code,
            Map<String, List<String>> headers,
            String detail,
            @Nullable Throwable cause) {

        static Ending of(ConnectionReason reason, String detail, @Nullable Throwable cause) {
            return new Ending(reason, 0, Map.of(), detail, cause);
        }
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
        this.outbound = outbound;
        this.generation = generation;
        this.lastHeard = loop.nanoTime();
        this.assembly = new Assembly(settings, lastHeard);
    }

    int generation() {
        return generation;
    }

    boolean isOpen() {
        return open && !ended;
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
        } catch (RuntimeException e) {
            // Its message and cause may show a header's value or the address's query.
            String detail = "the transport refused the request: " + e.getClass().getName();
            loop.execute(() -> end(Ending.of(ConnectionReason.CONNECT_FAILED, detail, null)));
        }
    }

    // ---- what the transport says, on its thread

    @Override
    public void onOpen() {
        lastHeard = loop.nanoTime();
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
        lastHeard = now;
        return true;
    }

    private void take(@Nullable WireMessage message, long now) {
        if (message == null) {
            loop.execute(this::watchMessage);
            request();
            return;
        }
        backlog.incrementAndGet();
        backlogBytes.addAndGet(message.size());
        loop.execute(() -> owner.received(this, message, now));
        if (isFull(1)) {
            starved.set(true);
            relieve();
        } else {
            request();
        }
    }

    private boolean isFull(int divisor) {
        return backlog.get() > MAX_BACKLOG / divisor || backlogBytes.get() > settings.maxMessageBytes / divisor;
    }

    private void relieve() {
        if (starved.get() && !isFull(2) && starved.compareAndSet(true, false)) {
            request();
        }
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
            abortLink();
            return;
        }
        open = true;
        handshakeTimer.cancel();
        heartbeatTimer = loop.schedule(settings.heartbeat.toNanos(), this::heartbeat);
        request();
        guarded(() -> owner.opened(this));
    }

    /** A message that was received has been dealt with, so that there is room for another one. */
    void processed(WireMessage message) {
        backlog.decrementAndGet();
        backlogBytes.addAndGet(-message.size());
        if (!ended) {
            relieve();
        }
    }

    private void heartbeat() {
        long now = loop.nanoTime();
        long silence = now - lastHeard;
        long interval = settings.heartbeat.toNanos();
        long wait = interval - silence;
        if (wait > 0 || lastHeard - pingedAt >= 0) {
            pings = 0;
        }
        if (wait <= 0 && pings >= settings.heartbeatMisses) {
            end(Ending.of(
                    ConnectionReason.PEER_DEAD,
                    "nothing came for " + silence / 1_000_000 + " ms, " + pings + " pings unanswered; heartbeat = "
                            + settings.heartbeat + ", heartbeatMisses = " + settings.heartbeatMisses,
                    null));
            return;
        }
        if (wait <= 0) {
            pings++;
            pingedAt = now;
            ping();
            wait = interval;
        }
        heartbeatTimer = loop.schedule(wait, this::heartbeat);
        if (whenClosed == null) {
            guarded(() -> {
                WireMessage beat = owner.heartbeat();
                if (beat != null) {
                    control(() -> beat);
                }
            });
        }
    }

    /** Does what calls the protocol: what that throws ends the session, so that nobody waits for what never comes. */
    void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            end(Ending.of(
                    ConnectionReason.INTERNAL_ERROR,
                    "the protocol threw " + e.getClass().getName(),
                    e));
        }
    }

    private void ping() {
        Transport.Link to = link;
        if (to == null || pingInFlight) {
            return;
        }
        pingInFlight = true;
        to.ping().whenComplete((done, failure) -> loop.execute(() -> pingInFlight = false));
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

    /** From now on, user's messages are sent as well as the protocol's own. */
    void sendData() {
        sendsData = true;
        pump();
    }

    /** Sends what the protocol has to say; made when its turn comes. */
    void control(Supplier<@Nullable WireMessage> message) {
        control.add(message);
        pump();
    }

    /** Sends an answer that the server asked for; too many that it does not read end the session. */
    void reply(WireMessage message) {
        if (control.size() >= MAX_REPLIES + settings.maxChannels) {
            violate(new Violation(
                    ConnectionReason.CONTROL_FLOOD, 1008, "the server asks for answers and does not read them"));
        } else {
            control(() -> message);
        }
    }

    boolean hasSentAll() {
        return !writing && control.isEmpty() && outbound.messages() == 0;
    }

    /** Writes what comes next, if nothing is being written. */
    void pump() {
        while (open && !ended && !writing && whenClosed == null) {
            Supplier<@Nullable WireMessage> next = control.poll();
            if (next != null) {
                guarded(() -> {
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
        Transport.Link to = link;
        if (to == null) {
            return;
        }
        writing = true;
        sendTimer = loop.schedule(
                settings.sendTimeout.toNanos(),
                () -> end(Ending.of(
                        ConnectionReason.SEND_TIMEOUT,
                        message.size() + " bytes were not written within sendTimeout = " + settings.sendTimeout,
                        null)));
        CompletionStage<?> sent;
        try {
            sent = to.send(message);
        } catch (RuntimeException e) {
            loop.execute(() -> written(e));
            return;
        }
        sent.whenComplete((done, failure) -> loop.execute(() -> written(failure)));
    }

    private void written(@Nullable Throwable failure) {
        if (ended) {
            return;
        }
        if (failure != null) {
            end(Ending.of(ConnectionReason.CONNECTION_LOST, "a message could not be written", failure));
            return;
        }
        sendTimer.cancel();
        writing = false;
        Outbound.Entry entry = inFlight;
        inFlight = null;
        if (entry != null) {
            outbound.done(entry, null);
        }
        pump();
    }

    /** Closes with a word and waits for the server's; tells whether it came. What comes meanwhile is still received. */
    void close(int code, String reason, long timeoutNanos, Consumer<Boolean> then) {
        if (ended || !open || link == null) {
            end(Ending.of(ConnectionReason.REQUESTED, "closed", null));
            then.accept(false);
            return;
        }
        whenClosed = then;
        Transport.Link to = link;
        quietly(() -> to.close(code, reason));
        closeTimer = loop.schedule(timeoutNanos, () -> end(Ending.of(ConnectionReason.REQUESTED, "closed", null)));
    }

    private void closedByPeer(int code) {
        if (whenClosed != null) {
            Consumer<Boolean> then = whenClosed;
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
        Transport.Link to = link;
        if (to != null && open) {
            detach();
            owner.lingers(this);
            quietly(() -> to.close(violation.closeCode, "").whenComplete((done, failure) -> to.abort()));
            over(Ending.of(violation.reason, String.valueOf(violation.getMessage()), null));
        } else {
            end(Ending.of(violation.reason, String.valueOf(violation.getMessage()), null));
        }
    }

    /** Ends the session at once. */
    void end(Ending ending) {
        if (ended) {
            return;
        }
        boolean saysWhy = open && ending.reason() == ConnectionReason.PROTOCOL_ERROR;
        detach();
        if (saysWhy) {
            owner.lingers(this);
        } else {
            abortLink();
        }
        over(ending);
    }

    private void detach() {
        ended = true;
        for (EventLoop.Timer timer : List.of(handshakeTimer, heartbeatTimer, sendTimer, messageTimer, closeTimer)) {
            timer.cancel();
        }
        control.clear();
    }

    private void over(Ending ending) {
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
        Consumer<Boolean> then = whenClosed;
        whenClosed = null;
        owner.ended(this, ending);
        if (then != null) {
            then.accept(false);
        }
    }

    /** Ends the socket without a word, whatever the session still waits for. */
    void abandon() {
        abortLink();
    }

    private void abortLink() {
        Transport.Link to = link;
        if (to != null) {
            quietly(to::abort);
        }
    }

    private static void quietly(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            // The socket is gone already, which is what was wished.
        }
    }
}
