package dev.tentpole.benchmarks.streaming;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import dev.tentpole.streaming.Gap;
import dev.tentpole.streaming.MessageBuffer;
import dev.tentpole.streaming.Overflow;
import dev.tentpole.streaming.Producer;
import dev.tentpole.streaming.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.MpmcArrayQueue;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.jspecify.annotations.Nullable;

/** A bounded buffer of {@value #CAPACITY} messages from which the consumer pulls: ours or a peer's. */
interface Pipe {

    int CAPACITY = 4_096;

    /** A way in for one thread. */
    interface Inlet {

        void offer(Integer message);
    }

    Inlet inlet();

    /** Takes out what there is, at most so many; returns how many. */
    int drain(int max);

    /** What consumers do with a message, the same for all; far from what producers read. */
    final class Sum {
        private static final int FAR = 32;

        private final long[] values = new long[FAR + 1 + FAR];

        void add(long message) {
            values[FAR] += message;
        }
    }

    static Pipe dropOldest(String implementation, int producers) {
        return switch (implementation) {
            case "tentpole" -> new Tentpole(Overflow.dropOldest(), producers);
            case "jctools-mpmc" -> new JcTools(new MpmcArrayQueue<>(CAPACITY), true);
            case "array-blocking-queue" -> new Blocking(true);
            case "synchronized-ring" -> new SynchronizedRing(true);
            default -> throw new IllegalArgumentException(implementation);
        };
    }

    static Pipe dropNewest(String implementation) {
        return switch (implementation) {
            case "tentpole" -> new Tentpole(Overflow.dropNewest(), 1);
            case "jctools-spsc" -> new JcTools(new SpscArrayQueue<>(CAPACITY), false);
            case "jctools-mpsc" -> new JcTools(new MpscArrayQueue<>(CAPACITY), false);
            case "jctools-mpmc" -> new JcTools(new MpmcArrayQueue<>(CAPACITY), false);
            case "disruptor" -> new Disruptor();
            case "array-blocking-queue" -> new Blocking(false);
            case "synchronized-ring" -> new SynchronizedRing(false);
            default -> throw new IllegalArgumentException(implementation);
        };
    }

    /** Ours, bounded in bytes as well. */
    final class Tentpole implements Pipe, Receiver<Integer> {

        private final MessageBuffer<Integer> buffer;
        private final Sum sum = new Sum();

        Tentpole(Overflow<Integer> overflow, int producers) {
            buffer = MessageBuffer.<Integer>builder(message -> 16)
                    .maxMessages(CAPACITY)
                    .maxBytes(1L << 20)
                    .producers(producers)
                    .overflow(overflow)
                    .build();
        }

        @Override
        public Inlet inlet() {
            Producer<Integer> producer = buffer.newProducer();
            return producer::offer;
        }

        @Override
        public int drain(int max) {
            return buffer.drain(this, max);
        }

        @Override
        public void onMessage(Integer message, long sequence) {
            sum.add(message);
        }

        @Override
        public void onGap(Gap gap) {
            sum.add(gap.count());
        }
    }

    /** A queue of JCTools; one that drops the oldest polls when it is full. */
    final class JcTools implements Pipe {

        private final MessagePassingQueue<Integer> queue;
        private final boolean overwrite;
        private final Sum sum = new Sum();
        private final MessagePassingQueue.Consumer<Integer> consumer = sum::add;

        JcTools(MessagePassingQueue<Integer> queue, boolean overwrite) {
            this.queue = queue;
            this.overwrite = overwrite;
        }

        @Override
        public Inlet inlet() {
            return message -> {
                while (!queue.offer(message) && overwrite) {
                    Integer unused = queue.poll();
                }
            };
        }

        @Override
        public int drain(int max) {
            if (max > 1) {
                return queue.drain(consumer, max);
            }
            Integer message = queue.poll();
            if (message == null) {
                return 0;
            }
            sum.add(message);
            return 1;
        }
    }

    /** The JDK's. */
    final class Blocking implements Pipe {

        private final ArrayBlockingQueue<Integer> queue = new ArrayBlockingQueue<>(CAPACITY);
        private final boolean overwrite;
        private final List<Integer> batch = new ArrayList<>(CAPACITY);
        private final Sum sum = new Sum();

        Blocking(boolean overwrite) {
            this.overwrite = overwrite;
        }

        @Override
        public Inlet inlet() {
            return message -> {
                while (!queue.offer(message) && overwrite) {
                    Integer unused = queue.poll();
                }
            };
        }

        @Override
        public int drain(int max) {
            if (max == 1) {
                Integer message = queue.poll();
                if (message == null) {
                    return 0;
                }
                sum.add(message);
                return 1;
            }
            batch.clear();
            int count = queue.drainTo(batch, max);
            batch.forEach(sum::add);
            return count;
        }
    }

    /** What one writes in ten minutes. */
    final class SynchronizedRing implements Pipe {

        private final @Nullable Integer[] slots = new Integer[CAPACITY];
        private final boolean overwrite;
        private final Sum sum = new Sum();
        private long head;
        private long tail;

        SynchronizedRing(boolean overwrite) {
            this.overwrite = overwrite;
        }

        @Override
        public Inlet inlet() {
            return this::put;
        }

        private synchronized void put(Integer message) {
            if (tail - head == CAPACITY) {
                if (!overwrite) {
                    return;
                }
                head++;
            }
            slots[(int) tail++ & (CAPACITY - 1)] = message;
        }

        @Override
        public synchronized int drain(int max) {
            int count = (int) Math.min(max, tail - head);
            for (int i = 0; i < count; i++) {
                int index = (int) head++ & (CAPACITY - 1);
                Integer message = slots[index];
                if (message != null) {
                    sum.add(message);
                }
                slots[index] = null;
            }
            return count;
        }
    }

    /** LMAX's ring with one producer and a poller. */
    final class Disruptor implements Pipe {

        private static final class Event {
            private Integer message = 0;
        }

        private final RingBuffer<Event> ring;
        private final EventPoller<Event> poller;
        private final Sum sum = new Sum();
        private int left;
        private int count;

        Disruptor() {
            Supplier<Event> events = Event::new;
            ring = RingBuffer.createSingleProducer(events::get, CAPACITY);
            poller = ring.newPoller();
            ring.addGatingSequences(poller.getSequence());
        }

        @Override
        public Inlet inlet() {
            return message -> {
                boolean unused =
                        ring.tryPublishEvent((Event event, long sequence, Integer arg) -> event.message = arg, message);
            };
        }

        @Override
        public int drain(int max) {
            left = max;
            count = 0;
            try {
                EventPoller.PollState unused = poller.poll((event, sequence, endOfBatch) -> {
                    sum.add(event.message);
                    count++;
                    return --left > 0;
                });
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
            return count;
        }
    }
}
