package dev.tentpole.streaming;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * What a channel brings, on its way to the subscribers of its topic. What is missing while there is no room is summed up,
 * and told once there is some. For the loop's thread.
 */
final class ChannelInbox<T> implements ChannelFeed.Inbox<T> {

    private static final int NONE = 0;

    private final String topic;
    private final Outlet<T> outlet;
    private final Counters counters;
    private final BooleanSupplier shedding;
    private final IntSupplier generation;
    private int reset = NONE;
    private boolean unknownLoss;
    private long lost;
    private long firstLost;
    private long lastLost;
    private DropReason lossReason = DropReason.SEVERAL;
    private int resumed = NONE;

    ChannelInbox(String topic, Outlet<T> outlet, Counters counters, BooleanSupplier shedding, IntSupplier generation) {
        this.topic = topic;
        this.outlet = outlet;
        this.counters = counters;
        this.shedding = shedding;
        this.generation = generation;
    }

    @Override
    public void message(StreamMessage<T> message) {
        if (shedding.getAsBoolean() && !outlet.hasRoom()) {
            StreamPosition position = message.positionOrNull();
            long offset = position == null ? -1 : position.offset();
            lose(1, offset, offset, DropReason.EXPIRED);
            counters.expired.increment();
        } else {
            tellLoss();
            outlet.publish(topic, message);
        }
    }

    @Override
    public void gap(long count, long first, long last, ChannelFeed.GapCause cause) {
        tellAround(() -> {
            if (cause == ChannelFeed.GapCause.RESET) {
                forget();
                reset = generation.getAsInt();
            } else if (count < 0) {
                unknownLoss = true;
            } else {
                lose(count, first, last, DropReason.UPSTREAM);
            }
        });
    }

    /** The channel goes on without a gap, or all that was missing has been told. */
    void resumed() {
        tellAround(() -> resumed = generation.getAsInt());
    }

    /** Tells what waits, and then what is new; without room it waits for {@link #tellLoss}. */
    private void tellAround(Runnable news) {
        boolean room = outlet.hasRoom();
        if (room) {
            tellLoss();
        }
        news.run();
        if (room) {
            tellLoss();
        }
    }

    private void lose(long count, long first, long last, DropReason reason) {
        lossReason = lost == 0 || lossReason == reason ? reason : DropReason.SEVERAL;
        firstLost = lost == 0 ? first : firstLost;
        lastLost = last;
        lost += count;
    }

    private void forget() {
        reset = NONE;
        unknownLoss = false;
        lost = 0;
        resumed = NONE;
    }

    /** Announces what found no room, once there is some. */
    void tellLoss() {
        int resetBy = reset;
        int resumedBy = resumed;
        if (resetBy != NONE) {
            outlet.announce(topics ->
                    topics.announceReset(topic, resetBy, "the server's history began anew; reload the state"));
        }
        if (unknownLoss) {
            announce(StreamConnection.UNKNOWN_GAP);
        }
        if (lost > 0) {
            boolean known = firstLost >= 0 && lastLost - firstLost + 1 == lost;
            announce(known ? new Gap(lost, firstLost, lastLost, lossReason) : new Gap(lost, -lost, -1, lossReason));
        }
        if (resumedBy != NONE) {
            outlet.announce(topics -> topics.announceResumed(topic, resumedBy));
        }
        forget();
    }

    private void announce(Gap gap) {
        outlet.announce(topics -> topics.announceGap(topic, gap));
    }
}
