package dev.tentpole.streaming;

import dev.tentpole.streaming.ConnectionListener.ChannelEvent.Kind;
import dev.tentpole.streaming.ReplaySource.Replayed;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What has come of one channel, and so what is missing. For the loop's thread.
 *
 * <p>With positions, each message must be the successor of the one before. What is older has been had and is ignored. What
 * is missing is asked of the replay source, if there is one; until it answers, live messages wait here. It gives all that
 * is missing or nothing is used. Whatever can't be had leaves a gap in the inbox, in its place. Another epoch, or a position
 * before the last one after a reconnect, means that the server's history began anew.
 *
 * <p>Without positions nobody can know whether something was missed while there was no connection, so that each reconnect
 * leaves a gap of unknown size.
 */
final class ChannelFeed<T> {

    private final String channel;
    private final Inbox<T> inbox;
    private final Context<T> context;
    private final ArrayDeque<StreamMessage<T>> held = new ArrayDeque<>();
    private long heldBytes;
    private @Nullable StreamPosition last;
    private boolean served;
    private boolean interrupted;

    /** Messages came of the new connection before its acknowledgement. */
    private boolean advanced;

    private long resumesAt = -1;
    private @Nullable BlockingCall<List<Replayed<T>>> replay;
    private @Nullable Runnable afterReplay;

    /** What a feed needs of its connection. */
    interface Context<T> {

        EventLoop loop();

        Counters counters();

        ConnectionSettings settings();

        int generation();

        void event(String channel, Kind kind, String detail);

        /** Starts to fetch what is missing; null if there is no source, or it is still busy with what it was asked before. */
        @Nullable
        BlockingCall<List<Replayed<T>>> replay(
                String channel,
                StreamPosition after,
                StreamPosition upTo,
                BiConsumer<@Nullable List<Replayed<T>>, @Nullable Throwable> then);
    }

    /** Where a feed puts what it has. */
    interface Inbox<T> {

        /** Takes the next message. */
        void message(StreamMessage<T> message);

        /**
         * Takes note that messages are missing before the next one.
         *
         * @param count how many, or -1 if that is unknown
         * @param first the offset of the first one, or -1
         * @param last the offset of the last one, or -1
         * @param cause why
         */
        void gap(long count, long first, long last, GapCause cause);
    }

    /** Why messages are missing. */
    enum GapCause {
        MISSED,
        RESET
    }

    ChannelFeed(String channel, @Nullable StreamPosition from, Inbox<T> inbox, Context<T> context) {
        this.channel = channel;
        this.inbox = inbox;
        this.context = context;
        this.last = from;
        this.served = from != null;
        this.interrupted = from != null;
    }

    /** The last position that the inbox has, or was told to do without. */
    @Nullable
    StreamPosition last() {
        return last;
    }

    /** The connection is lost; what waits for a replay will be missing again, and is asked for again. */
    void disconnected() {
        interrupted = served;
        advanced = false;
        resumesAt = -1;
        close();
    }

    /**
     * The server has acknowledged the subscription; an overlapping one may lag behind what was had already, and so may one
     * that messages have overtaken. While a hole before these is being filled it waits for that: it says nothing about what
     * waits here.
     */
    void acknowledged(@Nullable StreamPosition position, boolean recovering, boolean overlapping) {
        if (replay != null && interrupted) {
            afterReplay = () -> acknowledged(position, recovering, overlapping);
            return;
        }
        boolean resumed = interrupted;
        boolean mayLag = overlapping || advanced;
        interrupted = false;
        advanced = false;
        served = true;
        StreamPosition had = last;
        if (!resumed) {
            if (had == null) {
                last = position;
            }
        } else if (had == null) {
            last = position;
            lose(-1, -1, -1, GapCause.MISSED);
        } else if (position == null) {
            resumesAt = had.offset();
        } else if (!position.epoch().equals(had.epoch()) || (position.offset() < had.offset() && !mayLag)) {
            reset(position);
        } else if (position.offset() <= had.offset()) {
            context.event(channel, Kind.RESUMED, "");
        } else if (recovering) {
            resumesAt = position.offset();
        } else {
            missing(had, position);
        }
    }

    /** A message has come. */
    void data(StreamMessage<T> message) {
        if (replay != null) {
            held.addLast(message);
            heldBytes += message.bytes();
            context.counters().held.increment();
            limitHeld();
        } else {
            accept(message);
        }
    }

    /** So many messages without positions that came after the last one are lost. */
    void lost(long count) {
        if (count > 0) {
            lose(count, -count, -1, GapCause.MISSED);
        }
    }

    private void accept(StreamMessage<T> message) {
        StreamPosition position = message.positionOrNull();
        StreamPosition had = last;
        if (position == null || had == null) {
            if (interrupted || (resumesAt >= 0 && position == null)) {
                interrupted = false;
                lose(-1, -1, -1, GapCause.MISSED);
            }
            deliver(message);
        } else if (!position.epoch().equals(had.epoch())) {
            reset(position);
            deliver(message);
        } else if (position.offset() <= had.offset()) {
            context.counters().duplicates.increment();
        } else if (position.offset() == had.offset() + 1) {
            deliver(message);
        } else {
            missing(had, new StreamPosition(position.epoch(), position.offset() - 1));
            if (replay != null) {
                held.addFirst(message);
                heldBytes += message.bytes();
                context.counters().held.increment();
            } else {
                deliver(message);
            }
        }
    }

    /** Gives up what waits for a replay. */
    void close() {
        abandonReplay();
        afterReplay = null;
        context.counters().discarded.add(held.size());
        context.counters().held.add(-held.size());
        held.clear();
        heldBytes = 0;
    }

    private void deliver(StreamMessage<T> message) {
        served = true;
        StreamPosition position = message.positionOrNull();
        if (position != null) {
            last = position;
            advanced |= interrupted;
        }
        inbox.message(message);
        if (resumesAt >= 0 && position != null && position.offset() >= resumesAt) {
            resumesAt = -1;
            context.event(channel, Kind.RESUMED, "");
        }
    }

    private void reset(StreamPosition position) {
        last = position;
        resumesAt = -1;
        inbox.gap(-1, -1, -1, GapCause.RESET);
        context.event(channel, Kind.RESET, "");
    }

    private void lose(long count, long first, long lastOffset, GapCause cause) {
        resumesAt = -1;
        inbox.gap(count, first, lastOffset, cause);
        context.event(channel, Kind.GAP, "");
    }

    private void missing(StreamPosition after, StreamPosition upTo) {
        long count = upTo.offset() - after.offset();
        BlockingCall<List<Replayed<T>>> started = count > context.settings().maxReplay
                ? null
                : context.replay(channel, after, upTo, (list, failure) -> replayed(after, upTo, list));
        if (started == null) {
            giveUp(after, upTo);
        } else {
            replay = started;
            resumesAt = -1;
        }
    }

    private void giveUp(StreamPosition after, StreamPosition upTo) {
        last = upTo;
        lose(upTo.offset() - after.offset(), after.offset() + 1, upTo.offset(), GapCause.MISSED);
    }

    private void replayed(StreamPosition after, StreamPosition upTo, @Nullable List<Replayed<T>> list) {
        replay = null;
        if (list != null && isComplete(after, upTo, list)) {
            for (Replayed<T> one : list) {
                last = one.position();
                context.counters().replayed.increment();
                inbox.message(new StreamMessage<>(
                        channel,
                        one.payload(),
                        one.bytes(),
                        one.position(),
                        context.generation(),
                        context.loop().nanoTime()));
            }
            context.event(channel, Kind.RESUMED, "");
        } else {
            giveUp(after, upTo);
        }
        releaseHeld();
    }

    private static <T> boolean isComplete(StreamPosition after, StreamPosition upTo, List<Replayed<T>> list) {
        long expected = after.offset();
        for (Replayed<T> one : list) {
            expected++;
            if (one.position().offset() != expected || !one.position().epoch().equals(after.epoch())) {
                return false;
            }
        }
        return expected == upTo.offset();
    }

    private void limitHeld() {
        ConnectionSettings settings = context.settings();
        StreamPosition had = last;
        if ((held.size() > settings.maxReplay || heldBytes > settings.maxMessageBytes) && had != null) {
            abandonReplay();
            StreamPosition first = held.element().positionOrNull();
            if (first == null
                    || first.offset() <= had.offset()
                    || !first.epoch().equals(had.epoch())) {
                lose(-1, -1, -1, GapCause.MISSED);
            } else {
                giveUp(had, new StreamPosition(first.epoch(), first.offset() - 1));
            }
            releaseHeld();
        }
    }

    private void releaseHeld() {
        Runnable waited = afterReplay;
        afterReplay = null;
        if (waited != null) {
            waited.run();
        }
        while (replay == null && !held.isEmpty()) {
            StreamMessage<T> message = held.remove();
            heldBytes -= message.bytes();
            context.counters().held.decrement();
            accept(message);
        }
    }

    private void abandonReplay() {
        if (replay != null) {
            replay.cancel();
            replay = null;
        }
    }
}
