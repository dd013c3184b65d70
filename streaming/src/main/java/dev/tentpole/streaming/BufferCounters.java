package dev.tentpole.streaming;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What became of every message that was offered to a buffer, at one moment. Immutable.
 *
 * <p>Always {@code received = delivered + failed + dropped + conflated + filtered + buffered + inFlight}, where dropped
 * is the sum over all reasons. Counts never decrease but for {@code buffered}, {@code inFlight} and
 * {@code bufferedBytes}, which are amounts of the moment; use {@link #since} for a difference.
 *
 * @param received offered, whatever became of it
 * @param delivered handed over, and the receiver returned
 * @param failed handed over, and the receiver threw an exception
 * @param dropped lost, by reason; reasons without a loss are absent; not modifiable
 * @param conflated replaced by a newer message of the same key
 * @param filtered refused by the filter
 * @param buffered waiting to be consumed
 * @param inFlight taken out and not yet delivered or failed
 * @param bufferedBytes the weight of what waits
 */
public record BufferCounters(
        long received,
        long delivered,
        long failed,
        Map<DropReason, Long> dropped,
        long conflated,
        long filtered,
        long buffered,
        long inFlight,
        long bufferedBytes) {

    /** Counters before the first message. */
    public static final BufferCounters NONE = new BufferCounters(0, 0, 0, Map.of(), 0, 0, 0, 0, 0);

    /**
     * Makes counters.
     *
     * @param received offered, whatever became of it
     * @param delivered handed over, and the receiver returned
     * @param failed handed over, and the receiver threw an exception
     * @param dropped lost, by reason; is copied
     * @param conflated replaced by a newer message of the same key
     * @param filtered refused by the filter
     * @param buffered waiting to be consumed
     * @param inFlight taken out and not yet delivered or failed
     * @param bufferedBytes the weight of what waits
     * @throws IllegalArgumentException if they do not add up
     */
    public BufferCounters {
        EnumMap<DropReason, Long> copy = new EnumMap<>(DropReason.class);
        dropped.forEach((reason, count) -> {
            if (count != 0) {
                copy.put(reason, count);
            }
        });
        dropped = Collections.unmodifiableMap(copy);
        long sum = delivered + failed + conflated + filtered + buffered + inFlight;
        for (long count : copy.values()) {
            sum += count;
        }
        if (sum != received) {
            throw new IllegalArgumentException("received = " + received + " is not the sum " + sum + " of delivered = "
                    + delivered + ", failed = " + failed + ", dropped = " + copy + ", conflated = " + conflated
                    + ", filtered = " + filtered + ", buffered = " + buffered + ", inFlight = " + inFlight);
        }
    }

    /**
     * {@return how many messages were lost for a reason}
     *
     * @param reason the reason
     */
    public long dropped(DropReason reason) {
        return dropped.getOrDefault(reason, 0L);
    }

    /**
     * {@return how many messages were lost for any reason}
     */
    public long totalDropped() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * {@return these and other counters together, such as those of two buffers}
     *
     * @param other the others
     */
    public BufferCounters plus(BufferCounters other) {
        return combine(other, 1);
    }

    /**
     * {@return what has happened since an earlier reading; amounts of the moment are differences, too, and may be
     * negative}
     *
     * @param earlier counters of the same buffer, read before
     */
    public BufferCounters since(BufferCounters earlier) {
        return combine(earlier, -1);
    }

    private BufferCounters combine(BufferCounters other, int sign) {
        EnumMap<DropReason, Long> sums = new EnumMap<>(DropReason.class);
        sums.putAll(dropped);
        other.dropped.forEach((reason, count) -> sums.merge(reason, sign * count, Long::sum));
        return new BufferCounters(
                received + sign * other.received,
                delivered + sign * other.delivered,
                failed + sign * other.failed,
                sums,
                conflated + sign * other.conflated,
                filtered + sign * other.filtered,
                buffered + sign * other.buffered,
                inFlight + sign * other.inFlight,
                bufferedBytes + sign * other.bufferedBytes);
    }
}
