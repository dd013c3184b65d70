package dev.tentpole.benchmarks.streaming;

import dev.tentpole.streaming.Gap;
import dev.tentpole.streaming.StreamConnection;
import dev.tentpole.streaming.StreamMessage;
import dev.tentpole.streaming.StreamPosition;
import dev.tentpole.streaming.SubscriptionListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that throws or dawdles once in two hundred messages, and holds each message to its place: offsets grow, and
 * what is missing between two of them is what gaps told of in between, not one more and not one less.
 */
final class SoakConsumer implements SubscriptionListener<StreamMessage<String>> {

    /** By how many keys messages are conflated. */
    static final int KEYS = 100;

    private final SplittableRandom random;
    private final boolean conflated;
    private final AtomicLong wrong;
    private final AtomicLong faults;
    private final Map<Long, Long> lastOfKey = new HashMap<>();
    private @Nullable StreamPosition last;
    private boolean begins = true;
    private long told;

    SoakConsumer(int seed, boolean conflated, AtomicLong wrong, AtomicLong faults) {
        this.random = new SplittableRandom(seed);
        this.conflated = conflated;
        this.wrong = wrong;
        this.faults = faults;
    }

    /** What messages are conflated by. */
    static Object key(StreamMessage<String> message) {
        StreamPosition position = message.position().orElseThrow();
        return List.of(position.epoch(), position.offset() % KEYS);
    }

    @Override
    public void onMessage(StreamMessage<String> message, long sequence) {
        StreamPosition now = message.position().orElseThrow();
        StreamPosition before = last;
        last = now;
        if (begins || before == null || !before.epoch().equals(now.epoch())) {
            if (!begins) {
                wrong.incrementAndGet();
            }
            lastOfKey.clear();
        } else if (conflated) {
            wrong.addAndGet(now.offset() > lastOfKey.getOrDefault(now.offset() % KEYS, -1L) ? 0 : 1);
        } else {
            wrong.addAndGet(now.offset() - before.offset() - 1 == told ? 0 : 1);
        }
        lastOfKey.put(now.offset() % KEYS, now.offset());
        begins = false;
        told = 0;
        int chance = random.nextInt(400);
        if (chance == 0) {
            faults.incrementAndGet();
            throw new IllegalStateException("injected");
        }
        if (chance == 1) {
            faults.incrementAndGet();
            LockSupport.parkNanos(random.nextInt(2_000_000));
        }
    }

    @Override
    public void onGap(Gap gap) {
        if (gap.equals(StreamConnection.UNKNOWN_GAP)) {
            begins = true;
        }
        told += gap.count();
    }

    @Override
    public void onReset(long generation, String why) {
        begins = true;
    }
}
