package dev.tentpole.streaming;

import dev.tentpole.streaming.TokenSource.Token;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the server of another token: in the protocol's words if it has any, or else by a second session that is ready
 * before the first one is closed. For the loop's thread.
 */
final class Switchover<T> {

    private static final long GRACE_NANOS = 1_000_000_000L;

    private final Machine<T> machine;
    private final EventLoop loop;
    private final StreamProtocol<T> protocol;
    private final Tokens tokens;
    private final Retries retries;
    private final Counters counters;
    private EventLoop.Timer timer = EventLoop.Timer.NONE;
    private @Nullable Attachment<T> next;
    private int failures;

    Switchover(
            Machine<T> machine,
            EventLoop loop,
            StreamProtocol<T> protocol,
            Tokens tokens,
            Retries retries,
            Counters counters) {
        this.machine = machine;
        this.loop = loop;
        this.protocol = protocol;
        this.tokens = tokens;
        this.retries = retries;
        this.counters = counters;
    }

    /** The second session, while there is one. */
    @Nullable
    Attachment<T> next() {
        return next;
    }

    /** Tells the server of the present token, unless it knows it: now, or when the connection is made that can be told. */
    void tell() {
        Attachment<T> attachment = machine.current();
        Optional<Token> token = tokens.current();
        if (attachment == null
                || !attachment.opened
                || token.isEmpty()
                || attachment.knows(token.get())
                || !machine.life().state().isConnected()) {
            return;
        }
        attachment.session.guarded(() -> {
            Optional<WireMessage> inBand = protocol.refresh(token.get());
            if (inBand.isPresent()) {
                WireMessage message = inBand.get();
                attachment.told(token);
                attachment.session.writer().control(() -> message);
                machine.progressed(attachment);
            } else if (next == null) {
                next = machine.open(token);
            }
        });
    }

    /** The second session has acknowledged all: it takes over once the first one has brought what came before. */
    void ready() {
        Attachment<T> successor = next;
        if (successor == null || !successor.isReady()) {
            return;
        }
        if (machine.channels().haveCaughtUp(successor)) {
            machine.takeOver(successor);
        } else {
            timer.cancel();
            timer = loop.schedule(GRACE_NANOS, () -> {
                if (next == successor) {
                    machine.takeOver(successor);
                }
            });
        }
    }

    /** What the old connection still had to say of before the new one's subscriptions has come, if it ever does. */
    void caughtUp() {
        Attachment<T> successor = next;
        if (successor != null && successor.isReady() && machine.channels().haveCaughtUp(successor)) {
            machine.takeOver(successor);
        }
    }

    /** The second session is the current one now. */
    void done() {
        next = null;
        timer.cancel();
        failures = 0;
    }

    /** The second session has ended; the first one goes on, and another second one is made later. */
    void failed(Ending ending) {
        next = null;
        if (ending.reason() == ConnectionReason.UNAUTHORIZED) {
            counters.tokensRefused.increment();
            tokens.discard();
        }
        again(ending);
    }

    private void again(Ending ending) {
        boolean fresh = tokens.current().isEmpty();
        timer.cancel();
        timer = loop.schedule(
                retries.nextWaitForSecond(ending, failures++),
                () -> tokens.get(fresh, (token, problem) -> {
                    if (problem == null) {
                        tell();
                    } else if (machine.life().state().isConnected()) {
                        again(Ending.of(ConnectionReason.TOKEN_FAILED, "no token", problem));
                    }
                }));
    }

    /** Gives up the second session. */
    void drop() {
        timer.cancel();
        Attachment<T> dropped = next;
        next = null;
        if (dropped != null) {
            machine.channels().discard(dropped);
            dropped.session.end(Ending.of(ConnectionReason.REQUESTED, "not needed any more", null));
        }
    }

    void forgetFailures() {
        failures = 0;
    }
}
