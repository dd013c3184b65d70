package dev.tentpole.streaming;

import java.util.ArrayDeque;
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
        timer.cancel();
        release();
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
