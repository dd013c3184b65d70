package dev.tentpole.streaming;

import dev.tentpole.streaming.Session.Ending;
import dev.tentpole.streaming.TokenSource.Token;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The states of a connection. For the loop's thread, but for the fields that are volatile.
 *
 * <p>There is a current session, or none, and while a token is replaced perhaps a next one. A session that ends says why;
 * {@link #decide} makes of it what happens next: nothing but the reason, the close codes and the count of failures
 * decides, and everything that waits is a timer of the loop.
 *
 * <pre>{@code
 *   CONNECTING -> OPEN <-> READY       WAITING -> CONNECTING, when its time has come
 *   CONNECTING, OPEN, READY -> WAITING or FAILED, when a session ends
 *   any but the last two -> DRAINING -> CLOSED
 *   FAILED -> CONNECTING, by restart
 * }</pre>
 */
final class Machine<T> implements Session.Owner<T> {

    private static final long SWITCH_GRACE_NANOS = 1_000_000_000L;
    private static final long LAST_WORD_NANOS = 1_000_000_000L;

    private final Surroundings around;
    private final ConnectionSettings settings;
    private final Transport transport;
    private final Function<Optional<Token>, Transport.Request> requests;
    private final StreamProtocol<T> protocol;
    private final Backoff backoff;
    private final Lifecycle life;
    final Counters counters = new Counters();
    final Outbound outbound;
    private final Tokens tokens;
    private final Channels<T> channels;
    private final Outlet<T> outlet;
    private final Intake<T> intake;

    private final Set<Session<T>> lingering = new HashSet<>();
    private @Nullable Attachment<T> current;
    private @Nullable Attachment<T> next;
    private EventLoop.Timer retryTimer = EventLoop.Timer.NONE;
    private EventLoop.Timer stableTimer = EventLoop.Timer.NONE;
    private EventLoop.Timer switchTimer = EventLoop.Timer.NONE;
    private int failures;
    private int switchFailures;
    private boolean wasReady;
    private boolean tokenForced;
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
        this.backoff = new Backoff(settings.backoffBase, settings.backoffCap);
        this.life = new Lifecycle(new Dispatcher(around.listeners()), listener);
        this.outbound = new Outbound(settings);
        this.tokens = new Tokens(tokenSource, around, settings, counters, this::tokenRefreshed);
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
        return next;
    }

    // ---- what the user wants

    void start() {
        connect();
    }

    void pump() {
        Attachment<T> attachment = current;
        if (attachment != null) {
            attachment.session.pump();
        }
    }

    void restart() {
        if (life.state() != ConnectionState.FAILED) {
            return;
        }
        life.revive();
        failures = 0;
        switchFailures = 0;
        tokenForced = false;
        tokens.reopen();
        tokens.discard();
        outbound.refuse(SendResult.Status.NOT_CONNECTED);
        connect();
    }

    /** Stops connecting, for a drain; returns the session that is to be closed, if there is one. */
    @Nullable
    Session<T> beginDrain() {
        retryTimer.cancel();
        stableTimer.cancel();
        dropNext();
        attempt++;
        tokens.close();
        outbound.refuse(SendResult.Status.CLOSED);
        life.become(ConnectionState.DRAINING, Duration.ZERO);
        Attachment<T> attachment = current;
        if (attachment != null && !attachment.session.isOpen()) {
            attachment.session.end(Ending.of(ConnectionReason.REQUESTED, "draining", null));
        }
        attachment = current;
        return attachment == null ? null : attachment.session;
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
                current = open(token);
            }
        });
    }

    private Attachment<T> open(Optional<Token> token) {
        int number = life.nextGeneration();
        Session<T> session = new Session<>(this, around.loop(), settings, counters, outbound, number);
        Attachment<T> attachment = new Attachment<>(session);
        Transport.Request request;
        try {
            request = requests.apply(token);
        } catch (RuntimeException e) {
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
            session.control(() -> message);
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
        if (attachment.opened) {
            return;
        }
        attachment.opened = true;
        channels.askAll(attachment);
        if (attachment == current) {
            outbound.accept();
            attachment.session.sendData();
        }
        progressed(attachment);
    }

    /** Something was acknowledged, or is wanted no longer. */
    void progressed(Attachment<T> attachment) {
        if (attachment == current && life.state().isConnected()) {
            if (attachment.isReady()) {
                ready();
            } else {
                life.become(ConnectionState.OPEN, Duration.ZERO);
            }
        } else if (attachment == next && attachment.isReady()) {
            scheduleSwitch();
        }
    }

    private void ready() {
        life.become(ConnectionState.READY, Duration.ZERO);
        tokenForced = false;
        if (!wasReady) {
            wasReady = true;
            stableTimer = around.loop().schedule(settings.stableAfter.toNanos(), () -> failures = 0);
        }
    }

    @Override
    public void received(Session<T> session, WireMessage message, long receivedNanos) {
        intake.take(session, message, receivedNanos);
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
    public @Nullable WireMessage heartbeat() {
        return protocol.heartbeat().orElse(null);
    }

    private @Nullable Attachment<T> attachment(Session<T> session) {
        Attachment<T> first = current;
        Attachment<T> second = next;
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
        if (attachment == next) {
            next = null;
            switchFailed(ending);
            return;
        }
        current = null;
        wasReady = false;
        stableTimer.cancel();
        channels.disconnected();
        if (life.state() == ConnectionState.DRAINING) {
            return;
        }
        outbound.refuse(SendResult.Status.NOT_CONNECTED);
        outbound.failAll(exception(ending, "not written, since the connection ended: "));
        Attachment<T> successor = next;
        if (successor != null && successor.session.isOpen()) {
            counters.reconnected(ending.reason());
            takeOver(successor);
            return;
        }
        dropNext();
        decide(ending);
    }

    private void decide(Ending ending) {
        switch (ending.reason()) {
            case UNAUTHORIZED -> refreshOrFail(ending);
            case HANDSHAKE_REFUSED -> {
                if (isWorthAnotherTry(ending.code())) {
                    retry(ending, CloseCodes.Action.RECONNECT);
                } else {
                    fail(ending);
                }
            }
            case PEER_CLOSED -> {
                CloseCodes.Action action = settings.closeCodes.action(ending.code());
                switch (action) {
                    case STOP -> fail(ending);
                    case REFRESH_TOKEN -> refreshOrFail(ending);
                    case RECONNECT, SPREAD -> retry(ending, action);
                }
            }
            default -> retry(ending, CloseCodes.Action.RECONNECT);
        }
    }

    /** Of the answers to a handshake, those that may be different next time; a redirect or 404 will not be. */
    static boolean isWorthAnotherTry(int status) {
        return status >= 500 || status < 300 || status == 408 || status == 425 || status == 429;
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
        life.because(ending.reason(), ending.code());
        if (settings.maxAttempts > 0 && failures >= settings.maxAttempts) {
            fail(new Ending(
                    ConnectionReason.ATTEMPTS_EXHAUSTED,
                    ending.code(),
                    ending.headers(),
                    "maxAttempts = " + settings.maxAttempts + " attempts in a row failed, the last one since "
                            + ending.detail(),
                    ending.cause()));
            return;
        }
        double random = around.random().getAsDouble();
        long wait = backoff.delay(failures, random);
        if (action == CloseCodes.Action.SPREAD) {
            wait = (long) (Math.max(backoff.bound(failures), settings.spread.toNanos()) * random);
        }
        failures++;
        wait += RetryAfter.parse(ending.headers(), around.wall().instant()).toNanos();
        life.become(ConnectionState.WAITING, Duration.ofNanos(wait));
        retryTimer = around.loop().schedule(wait, this::connect);
    }

    private void fail(Ending ending) {
        life.because(ending.reason(), ending.code());
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

    private void tokenRefreshed() {
        Attachment<T> attachment = current;
        Optional<Token> token = tokens.current();
        if (attachment == null
                || !attachment.opened
                || token.isEmpty()
                || !life.state().isConnected()) {
            return;
        }
        attachment.session.guarded(() -> {
            Optional<WireMessage> inBand = protocol.refresh(token.get());
            if (inBand.isPresent()) {
                WireMessage message = inBand.get();
                attachment.session.control(() -> message);
            } else if (next == null) {
                next = open(token);
            }
        });
    }

    /** The server does not like the token, and says so in its own protocol. */
    void tokenRefused(Attachment<T> attachment) {
        if (!attachment.opened || tokenForced || !tokens.canRefresh()) {
            attachment.session.end(Ending.of(ConnectionReason.UNAUTHORIZED, "the server refused the token", null));
            return;
        }
        counters.tokensRefused.increment();
        tokenForced = true;
        tokens.discard();
        tokens.get(true, (token, problem) -> {
            if (problem != null) {
                attachment.session.end(Ending.of(ConnectionReason.TOKEN_FAILED, "no token", problem));
            } else {
                tokenRefreshed();
            }
        });
    }

    private void scheduleSwitch() {
        Attachment<T> successor = next;
        if (successor == null) {
            return;
        }
        if (channels.haveCaughtUp(successor)) {
            takeOver(successor);
        } else {
            switchTimer.cancel();
            switchTimer = around.loop().schedule(SWITCH_GRACE_NANOS, () -> {
                if (next == successor) {
                    takeOver(successor);
                }
            });
        }
    }

    /** What the old connection still had to say of before the new one's subscriptions has come, if it ever does. */
    void caughtUp() {
        Attachment<T> successor = next;
        if (successor != null && successor.isReady() && channels.haveCaughtUp(successor)) {
            takeOver(successor);
        }
    }

    private void takeOver(Attachment<T> successor) {
        Attachment<T> old = current;
        next = null;
        current = successor;
        switchTimer.cancel();
        switchFailures = 0;
        channels.takeOver(successor);
        if (old != null) {
            lingering.add(old.session);
            old.session.close(1000, "", settings.closeTimeout.toNanos(), closed -> lingering.remove(old.session));
        }
        if (!life.state().isConnected()) {
            life.become(ConnectionState.OPEN, Duration.ZERO);
        }
        outbound.accept();
        successor.session.sendData();
        progressed(successor);
    }

    private void switchFailed(Ending ending) {
        if (ending.reason() == ConnectionReason.UNAUTHORIZED) {
            counters.tokensRefused.increment();
            tokens.discard();
        }
        switchAgain(RetryAfter.parse(ending.headers(), around.wall().instant()).toNanos());
    }

    private void switchAgain(long atLeastNanos) {
        long wait =
                atLeastNanos + backoff.delay(switchFailures++, around.random().getAsDouble());
        boolean fresh = tokens.current().isEmpty();
        switchTimer.cancel();
        switchTimer = around.loop()
                .schedule(
                        wait,
                        () -> tokens.get(fresh, (token, problem) -> {
                            if (problem == null) {
                                tokenRefreshed();
                            } else if (life.state().isConnected()) {
                                switchAgain(0);
                            }
                        }));
    }

    private void dropNext() {
        switchTimer.cancel();
        Attachment<T> dropped = next;
        next = null;
        if (dropped != null) {
            dropped.session.end(Ending.of(ConnectionReason.REQUESTED, "not needed any more", null));
        }
    }
}
