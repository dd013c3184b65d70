package dev.tentpole.streaming;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Lets messages wait while subscribers have no room and let their publisher wait. For the loop's thread.
 *
 * <p>While they wait, soon nothing is asked of the transport any more, and the JDK's answers no pings then. So they wait
 * for {@link ConnectionSettings#longestBlock} at most; after that messages that find no room are lost and counted as a
 * gap, until there is room again.
 */
final class Intake<T> {

    private final EventLoop loop;
    private final long longestNanos;
    private final Processor<T> processor;
    private final ArrayDeque<Parked<T>> parked = new ArrayDeque<>();
    private final BooleanSupplier hasRoom;
    private EventLoop.Timer timer = EventLoop.Timer.NONE;
    private boolean shedding;
    private boolean crowded;

    /** Who takes a message when its turn has come. */
    interface Processor<T> {

        void process(Session<T> session, WireMessage message, long receivedNanos);
    }

    private record Parked<T>(Session<T> session, WireMessage message, long receivedNanos) {}

    Intake(EventLoop loop, ConnectionSettings settings, BooleanSupplier hasRoom, Processor<T> processor) {
        this.loop = loop;
        this.longestNanos = settings.longestBlock().toNanos();
        this.hasRoom = hasRoom;
        this.processor = processor;
    }

    void take(Session<T> session, WireMessage message, long receivedNanos) {
        if (parked.isEmpty() && (shedding || hasRoom.getAsBoolean())) {
            process(session, message, receivedNanos);
            return;
        }
        if (parked.isEmpty()) {
            timer = loop.schedule(longestNanos, this::shed);
        }
        parked.add(new Parked<>(session, message, receivedNanos));
    }

    /** There is room again. */
    void resume() {
        shedding = false;
        crowded = false;
        timer.cancel();
        release();
    }

    /**
     * The end of a session is about to be told: first, what it brought has its turn, room or no room. That of one session
     * is taken in whole; when others end before there is room again, what they brought is lost and counted as above.
     */
    void flush(Session<T> session) {
        List<Parked<T>> its =
                parked.stream().filter(each -> each.session == session).toList();
        if (its.isEmpty()) {
            return;
        }
        parked.removeIf(each -> each.session == session);
        if (parked.isEmpty()) {
            timer.cancel();
        }
        boolean sheddingBefore = shedding;
        shedding |= crowded;
        crowded = true;
        its.forEach(each -> process(each.session, each.message, each.receivedNanos));
        shedding = sheddingBefore;
    }

    boolean isEmpty() {
        return parked.isEmpty();
    }

    boolean isShedding() {
        return shedding;
    }

    private void shed() {
        shedding = true;
        release();
    }

    private void release() {
        while (!parked.isEmpty() && (shedding || hasRoom.getAsBoolean())) {
            Parked<T> next = parked.remove();
            process(next.session, next.message, next.receivedNanos);
        }
        if (!parked.isEmpty()) {
            timer = loop.schedule(longestNanos, this::shed);
        }
    }

    private void process(Session<T> session, WireMessage message, long receivedNanos) {
        session.processed(message);
        processor.process(session, message, receivedNanos);
    }
}
