package dev.tentpole.streaming;

import dev.tentpole.streaming.TokenSource.Token;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states of a connection. For the loop's thread, but for the fields that are volatile.
 *
 * <p>There is a current session, or none, and while a token is replaced perhaps a second one ({@link Switchover}). A session
 * that ends says why; {@link Retries} makes of it what happens next, and everything that waits is a timer of the loop.
 *
 * <pre>{@code
 *   CONNECTING -> OPEN <-> READY       WAITING -> CONNECTING, when its time has come
 *   CONNECTING, OPEN, READY -> WAITING or FAILED, when a session ends
 *   any but the last two -> DRAINING -> CLOSED
 *   FAILED -> CONNECTING, by restart
 * }</pre>
 */
final class Machine<T> implements Session.Owner<T> {

    private static final Logger LOG = LoggerFactory.getLogger(StreamConnection.class);
    private static final long LAST_WORD_NANOS = 1_000_000_000L;

    private final Surroundings around;
    private final ConnectionSettings settings;
    private final Transport transport;
    private final Function<Optional<Token>, Transport.Request> requests;
    private final StreamProtocol<T> protocol;
    private final Lifecycle life;
    final Counters counters = new Counters();
    final Outbound outbound;
    private final Tokens tokens;
    private final Retries retries;
    private final Switchover<T> switchover;
    private final Channels<T> channels;
    private final Outlet<T> outlet;
    private final Intake<T> intake;

    private final Set<Session<T>> lingering = new HashSet<>();
    private @Nullable Attachment<T> current;
    private EventLoop.Timer retryTimer = EventLoop.Timer.NONE;
    private boolean tokenForced;
    private boolean flushing;
    private int attempt;

    Machine(
            Surroundings around,
            ConnectionSettings settings,
            Transport transport,
            Function<Optional<Token>, Transport.Request> requests,
            StreamProtocol<T> protocol,
            @Nullable TokenSource tokenSource,
            @Nullable ReplaySource<T> replays,
            Topics<StreamMessage<T>> topics,
            ConnectionListener listener) {
        this.around = around;
        this.settings = settings;
        this.transport = transport;
        this.requests = requests;
        this.protocol = protocol;
        this.life = new Lifecycle(new Dispatcher(around.listeners()), listener);
        this.outbound = new Outbound(settings);
        this.tokens = new Tokens(tokenSource, around, settings, counters, this::tellToken);
        this.retries = new Retries(around, settings);
        this.switchover = new Switchover<>(this, around.loop(), protocol, tokens, retries, counters);
        this.outlet = new Outlet<>(
                topics,
                around,
                counters,
                settings.maxMessageBytes,
                () -> around.loop().execute(this::roomAgain));
        this.intake = new Intake<>(around.loop(), settings, outlet::hasRoom, this::process);
        this.channels = new Channels<>(this, protocol, replays, around, settings, counters, outlet);
    }

    Lifecycle life() {
        return life;
    }

    Channels<T> channels() {
        return channels;
    }

    @Nullable
    Attachment<T> current() {
        return current;
    }

    @Nullable
    Attachment<T> next() {
        return switchover.next();
    }

    // ---- what the user wants

    void start() {
        connect();
    }

    void pump() {
        Attachment<T> attachment = current;
        if (attachment != null) {
            attachment.session.writer().pump();
        }
    }

    void restart() {
        if (life.state() != ConnectionState.FAILED) {
            return;
        }
        life.revive();
        retries.forget();
        switchover.forgetFailures();
        tokenForced = false;
        tokens.reopen();
        tokens.discard();
        channels.revive();
        outbound.refuse(SendResult.Status.NOT_CONNECTED);
        connect();
    }

    /** Stops connecting, for a drain; returns what is to be closed, if there is anything. */
    @Nullable
    Attachment<T> beginDrain() {
        retryTimer.cancel();
        retries.unsettled();
        switchover.drop();
        attempt++;
        tokens.close();
        outbound.refuse(SendResult.Status.CLOSED);
        life.become(ConnectionState.DRAINING, Duration.ZERO);
        Attachment<T> attachment = current;
        if (attachment != null && !attachment.session.isOpen()) {
            attachment.session.end(Ending.of(ConnectionReason.REQUESTED, "draining", null));
        }
        return current;
    }

    void finishDrain() {
        lingering.forEach(Session::abandon);
        lingering.clear();
        life.close();
    }

    // ---- connecting

    private void connect() {
        life.become(ConnectionState.CONNECTING, Duration.ZERO);
        int mine = ++attempt;
        boolean fresh = tokenForced && tokens.current().isEmpty();
        tokens.get(fresh, (token, problem) -> {
            if (mine != attempt || life.state() != ConnectionState.CONNECTING) {
                return;
            }
            if (problem != null) {
                retry(Ending.of(ConnectionReason.TOKEN_FAILED, "no token", problem), CloseCodes.Action.RECONNECT);
            } else {
                serve(open(token));
            }
        });
    }

    private void serve(Attachment<T> attachment) {
        current = attachment;
        life.comesFrom(attachment.session.generation());
    }

    /** Makes a session and begins its handshake. */
    Attachment<T> open(Optional<Token> token) {
        int number = life.nextAttempt();
        Session<T> session = new Session<>(this, around.loop(), settings, counters, outbound, number);
        Attachment<T> attachment = new Attachment<>(session, token, settings.maxChannels);
        Transport.Request request;
        try {
            request = requests.apply(token);
        } catch (Throwable e) {
            around.loop()
                    .execute(() -> session.end(
                            Ending.of(ConnectionReason.CONNECT_FAILED, "the handshake could not be made up", e)));
            return attachment;
        }
        session.connect(transport, request);
        return attachment;
    }

    @Override
    public void opened(Session<T> session) {
        Attachment<T> attachment = attachment(session);
        if (attachment == null) {
            return;
        }
        if (attachment == current) {
            life.become(ConnectionState.OPEN, Duration.ZERO);
        }
        Optional<WireMessage> opening = protocol.opening(tokens.current());
        if (opening.isPresent()) {
            WireMessage message = opening.get();
            attachment.told(tokens.current());
            session.writer().control(() -> message);
            around.loop().schedule(settings.ackTimeout.toNanos(), () -> {
                if (!attachment.opened) {
                    session.end(Ending.of(
                            ConnectionReason.ACK_TIMEOUT,
                            "the opening was not acknowledged within ackTimeout = " + settings.ackTimeout,
                            null));
                }
            });
        } else {
            handshakeDone(attachment);
        }
    }

    /** The server speaks with us: ask for what is wanted. */
    void handshakeDone(Attachment<T> attachment) {
        if (attachment.opened || !life.state().isConnected()) {
            return;
        }
        attachment.opened = true;
        channels.askAll(attachment);
        if (attachment == current) {
            outbound.accept();
            attachment.session.writer().sendData();
        }
        progressed(attachment);
        tellToken();
    }

    /** Something was acknowledged, or is wanted no longer, or the server was told of a token. */
    void progressed(Attachment<T> attachment) {
        if (attachment == current && life.state().isConnected()) {
            if (attachment.isReady()) {
                ready(attachment);
            } else {
                life.become(ConnectionState.OPEN, Duration.ZERO);
            }
        } else if (attachment == next()) {
            switchover.ready();
        }
    }

    private void ready(Attachment<T> attachment) {
        life.become(ConnectionState.READY, Duration.ZERO);
        if (!tokenForced || knowsToken(attachment)) {
            retries.ready(() -> life.state() == ConnectionState.READY, () -> tokenForced = false);
        }
    }

    /** Whether the server was told the present token; not while that is fetched. */
    private boolean knowsToken(Attachment<T> attachment) {
        return tokens.current().filter(attachment::knows).isPresent();
    }

    @Override
    public void received(Session<T> session, WireMessage message, long receivedNanos) {
        intake.take(session, message, receivedNanos);
    }

    /** How many messages have been received and are neither published nor given up; for any thread. */
    long waiting() {
        return counters.held.sum() + outlet.publications();
    }

    /** Whether some of what has been received waits for its turn. */
    boolean isBehind() {
        return !intake.isEmpty();
    }

    boolean isShedding() {
        return intake.isShedding();
    }

    private void roomAgain() {
        channels.tellLosses();
        intake.resume();
    }

    /** A message's turn has come. */
    private void process(Session<T> session, WireMessage message, long receivedNanos) {
        Attachment<T> attachment = attachment(session);
        if (attachment == null) {
            counters.staleCallbacks.increment();
        } else {
            channels.decode(attachment, message, receivedNanos);
        }
    }

    @Override
    public void lingers(Session<T> session) {
        lingering.add(session);
        around.loop().schedule(LAST_WORD_NANOS, () -> {
            lingering.remove(session);
            session.abandon();
        });
    }

    @Override
    public @Nullable WireMessage heartbeat(Session<T> session) {
        Attachment<T> attachment = attachment(session);
        return attachment != null && attachment.opened ? protocol.heartbeat().orElse(null) : null;
    }

    /** Whether what the session brings counts: it is the current one or the second one. */
    boolean isAttached(Attachment<T> attachment) {
        return attachment == current || attachment == next();
    }

    private @Nullable Attachment<T> attachment(Session<T> session) {
        Attachment<T> first = current;
        Attachment<T> second = next();
        if (first != null && first.session == session) {
            return first;
        }
        return second != null && second.session == session ? second : null;
    }

    // ---- the end of a session

    @Override
    public void ended(Session<T> session, Ending ending) {
        Attachment<T> attachment = attachment(session);
        if (attachment == null) {
            lingering.remove(session);
            return;
        }
        // What a second session had brought goes with it, and must not take the turn of what the first one brings.
        if (attachment == current && !attachment.garbled) {
            flush(session);
        }
        if (!isAttached(attachment)) {
            return;
        }
        channels.discard(attachment);
        if (attachment == next()) {
            switchover.failed(ending);
            return;
        }
        current = null;
        retries.unsettled();
        channels.disconnected();
        if (life.state() == ConnectionState.DRAINING) {
            return;
        }
        outbound.refuse(SendResult.Status.NOT_CONNECTED);
        Attachment<T> successor = next();
        if (successor != null && successor.session.isOpen()) {
            counters.reconnected(ending.reason());
            takeOver(successor);
            return;
        }
        outbound.failAll(exception(ending, "not written, since the connection ended: "));
        switchover.drop();
        decide(ending);
    }

    private void decide(Ending ending) {
        CloseCodes.Action action = retries.action(ending);
        switch (action) {
            case STOP -> fail(ending);
            case REFRESH_TOKEN -> refreshOrFail(ending);
            case RECONNECT, SPREAD -> retry(ending, action);
        }
    }

    private void refreshOrFail(Ending ending) {
        counters.tokensRefused.increment();
        if (!tokens.canRefresh() || tokenForced) {
            fail(new Ending(
                    ConnectionReason.UNAUTHORIZED, ending.code(), ending.headers(), ending.detail(), ending.cause()));
        } else {
            tokenForced = true;
            tokens.discard();
            retry(ending, CloseCodes.Action.RECONNECT);
        }
    }

    private void retry(Ending ending, CloseCodes.Action action) {
        counters.reconnected(ending.reason());
        life.because(ending);
        if (retries.areExhausted()) {
            fail(new Ending(
                    ConnectionReason.ATTEMPTS_EXHAUSTED,
                    ending.code(),
                    ending.headers(),
                    "maxAttempts = " + settings.maxAttempts + " attempts in a row failed, the last one since "
                            + ending.detail(),
                    ending.cause()));
            return;
        }
        long wait = retries.nextWait(ending, action);
        LOG.debug("{}: {}; next attempt in {} ms", ending.reason(), ending.detail(), wait / 1_000_000, ending.cause());
        life.become(ConnectionState.WAITING, Duration.ofNanos(wait));
        retryTimer = around.loop().schedule(wait, this::connect);
    }

    private void fail(Ending ending) {
        life.because(ending);
        tokens.close();
        outbound.refuse(SendResult.Status.CLOSED);
        ConnectionException given = exception(ending, "the connection was given up: ");
        outbound.failAll(given);
        life.fail(given);
        channels.failed(given);
    }

    static ConnectionException exception(Ending ending, String prefix) {
        return new ConnectionException(ending.reason(), ending.code(), prefix + ending.detail(), ending.cause());
    }

    // ---- replacing the token

    /** There is a token that the server may not know. */
    void tellToken() {
        switchover.tell();
    }

    /** The server does not like the token, and says so in its own protocol. */
    void tokenRefused(Attachment<T> attachment) {
        boolean replaced = tokenForced || tokens.current().isPresent();
        if (replaced && attachment.opened && !knowsToken(attachment)) {
            // Said of the one that is being replaced.
            return;
        }
        if (!attachment.opened || tokenForced || !tokens.canRefresh()) {
            attachment.session.end(Ending.of(ConnectionReason.UNAUTHORIZED, "the server refused the token", null));
            return;
        }
        counters.tokensRefused.increment();
        tokenForced = true;
        retries.unsettled();
        tokens.discard();
        tokens.get(true, (token, problem) -> {
            if (problem != null) {
                attachment.session.end(Ending.of(ConnectionReason.TOKEN_FAILED, "no token", problem));
            } else if (token.filter(attachment::knows).isPresent()) {
                attachment.session.end(Ending.of(
                        ConnectionReason.UNAUTHORIZED,
                        "the server refused the token, and there is no other one",
                        null));
            } else {
                tellToken();
            }
        });
    }

    /** What a session has brought has its turn, in whole: meanwhile the other one does not take over unless this one ends. */
    private void flush(Session<T> session) {
        boolean outer = flushing;
        flushing = true;
        try {
            intake.flush(session);
        } finally {
            flushing = outer;
        }
    }

    void caughtUp() {
        switchover.caughtUp();
    }

    /** The second session becomes the current one; the first one, if it is still there, is closed in order. */
    void takeOver(Attachment<T> successor) {
        Attachment<T> old = current;
        if (old != null) {
            if (flushing) {
                return;
            }
            flush(old.session);
            if (current != old || next() != successor) {
                return;
            }
        }
        switchover.done();
        serve(successor);
        successor.takesOver();
        channels.takeOver(successor);
        if (old != null) {
            lingering.add(old.session);
            old.session.close(1000, "", settings.closeTimeout.toNanos(), closed -> lingering.remove(old.session));
        }
        if (!life.state().isConnected()) {
            life.become(ConnectionState.OPEN, Duration.ZERO);
        }
        if (successor.opened) {
            outbound.accept();
            successor.session.writer().sendData();
        }
        progressed(successor);
        tellToken();
    }
}
