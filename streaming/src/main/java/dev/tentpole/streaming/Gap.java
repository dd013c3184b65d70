package dev.tentpole.streaming;

/**
 * A hole in a stream: so many messages were lost here, between the last one delivered and the next one.
 *
 * <p>All losses since the last delivered message are in one gap. Messages of one producer are numbered 1, 2, 3 and so on
 * as they are offered; a message that a filter refuses takes no number. Where nothing is conflated, every number from
 * {@code first} to {@code last} was lost, so that {@code count} is {@code last - first + 1}. Immutable.
 *
 * @param count how many messages were lost, at least 1
 * @param first the smallest lost sequence number
 * @param last the largest lost sequence number
 * @param reason why they were lost; {@link DropReason#SEVERAL} if for different reasons
 */
public record Gap(long count, long first, long last, DropReason reason) {

    /**
     * Makes a gap.
     *
     * @param count how many messages were lost, at least 1
     * @param first the smallest lost sequence number
     * @param last the largest lost sequence number
     * @param reason why they were lost
     * @throws IllegalArgumentException if the count is less than 1 or more than there are numbers from {@code first} to
     *     {@code last}
     */
    public Gap {
        if (count < 1 || last - first + 1 < count) {
            throw new IllegalArgumentException(
                    "count = " + count + " is not in 1.." + (last - first + 1) + ", for " + first + ".." + last);
        }
    }

    /**
     * {@return the gap that is this one and another one together}
     *
     * @param other a gap of the same producer, before or after this one
     */
    public Gap and(Gap other) {
        return new Gap(
                count + other.count,
                Math.min(first, other.first),
                Math.max(last, other.last),
                reason == other.reason ? reason : DropReason.SEVERAL);
    }
}
