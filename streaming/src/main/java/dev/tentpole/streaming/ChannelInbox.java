package dev.tentpole.streaming;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** What a channel brings, on its way to the subscribers of its topic. For the loop's thread. */
final class ChannelInbox<T> implements ChannelFeed.Inbox<T> {

    private final String topic;
    private final Outlet<T> outlet;
    private final Counters counters;
    private final BooleanSupplier shedding;
    private final IntSupplier generation;
    private long lost;
    private long firstLost = -1;
    private long lastLost = -1;

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
            lost++;
            counters.expired.increment();
            if (position != null) {
                firstLost = firstLost < 0 ? position.offset() : firstLost;
                lastLost = position.offset();
            }
        } else {
            tellLoss();
            outlet.publish(topic, message);
        }
    }

    @Override
    public void gap(long count, long first, long last, ChannelFeed.GapCause cause) {
        tellLoss();
        if (cause == ChannelFeed.GapCause.RESET) {
            int from = generation.getAsInt();
            outlet.announce(
                    topics -> topics.announceReset(topic, from, "the server's history began anew; reload the state"));
        } else {
            announce(count < 0 ? StreamConnection.UNKNOWN_GAP : new Gap(count, first, last, DropReason.UPSTREAM));
        }
    }

    /** Announces what found no room, once there is some. */
    void tellLoss() {
        if (lost > 0) {
            announce(
                    lastLost - firstLost + 1 == lost && firstLost >= 0
                            ? new Gap(lost, firstLost, lastLost, DropReason.EXPIRED)
                            : new Gap(lost, -lost, -1, DropReason.EXPIRED));
            lost = 0;
            firstLost = -1;
            lastLost = -1;
        }
    }

    private void announce(Gap gap) {
        outlet.announce(topics -> topics.announceGap(topic, gap));
    }
}
