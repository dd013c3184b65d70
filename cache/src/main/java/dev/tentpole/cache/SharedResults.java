package dev.tentpole.cache;

import dev.tentpole.base.Args;
import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.CacheStats.SecondLevelStats;
import dev.tentpole.cache.SecondLevel.Codec;
import dev.tentpole.cache.Tombstones.Moment;
import dev.tentpole.cache.WriteBehind.Operation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of a cache that looks at a second level: it fails open, writes behind, and stops asking one that fails.
 *
 * <p>A value is written with the time at which its load began, by which instance it was loaded, its times to live and its tags, so that it does not live
 * longer by being shared, and so that what was invalidated here is not taken back from there. Five failures in a row
 * open a breaker for ten seconds; after that one call tries, and the others go on to do without.
 *
 * <p>Where more keys are to be removed than can wait, the time of that is written under a key of its own instead, which all
 * instances read, once a second at most: what was loaded before is of no use any more.
 */
final class SharedResults<K, V> implements AutoCloseable {

    /** Where the time is of which nothing older is of use. */
    static final String EPOCH = "tentpole:invalidated";

    private static final Duration EPOCH_AGE = Duration.ofSeconds(1);
    private static final int EPOCH_MAGIC = 0x54504501;

    /** Failures in a row that open the breaker. */
    static final int FAILURES = 5;

    /** How long it stays open. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(SecondLevel.class);
    /** "TPC", and the version of the form. */
    private static final int MAGIC = 0x54504302;

    /** The magic number and the sum. */
    private static final int HEADER = 2 * Integer.BYTES;

    private static final int TOMBSTONES = 10_000;

    /** Tells what this instance wrote from what others did. */
    private final long instance = UUID.randomUUID().getMostSignificantBits();

    private final SecondLevel level;
    private final Function<? super K, String> keyText;
    private final Codec<V> codec;
    private final QuerySettings<K, V> settings;
    private final InstantSource wallClock;
    private final NanoClock clock;
    private final WriteBehind writes;
    private final Tombstones tombstones = new Tombstones(TOMBSTONES);
    private final AtomicLong epoch = new AtomicLong(Long.MIN_VALUE);
    private volatile long epochReadAt;
    private volatile boolean epochRead;
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private volatile long closedUntil;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder written = new LongAdder();

    SharedResults(
            SecondLevel level,
            Function<? super K, String> keyText,
            Codec<V> codec,
            QuerySettings<K, V> settings,
            InstantSource wallClock,
            NanoClock clock,
            int maximumWaiting,
            long maximumWaitingBytes) {
        this.level = level;
        this.keyText = keyText;
        this.codec = codec;
        this.settings = settings;
        this.wallClock = wallClock;
        this.clock = clock;
        this.writes = new WriteBehind(new Target(), maximumWaiting, maximumWaitingBytes);
    }

    /** {@return what the second level has under the key and may be served as fresh} */
    @Nullable
    Entry<K, V> find(K key, long number, long now) throws InterruptedException {
        String text = text(key);
        if (text == null) {
            return null;
        }
        Optional<Optional<byte[]>> answer = call(() -> Optional.of(level.get(text)), Optional.empty());
        if (answer.isEmpty()) {
            return null;
        }
        Optional<byte[]> bytes = answer.get();
        Entry<K, V> entry = bytes.isEmpty() || !isEpochKnown(now) ? null : decode(key, text, bytes.get(), number, now);
        (entry == null ? misses : hits).increment();
        return entry;
    }

    void write(Entry<K, V> entry, Entry.Lifetime lifetime, long beganMillis) {
        if (isPaused()) {
            skipped.increment();
            return;
        }
        String text = text(entry.key);
        byte[] bytes = text == null ? null : encode(text, entry, lifetime, beganMillis);
        if (text == null || bytes == null) {
            return;
        }
        writes.add(text, Operation.write(bytes, Duration.ofNanos(lifetime.hardNanos())));
    }

    /** Sees to it that the epoch is known, as it was a moment ago. {@return whether it is} */
    private boolean isEpochKnown(long now) throws InterruptedException {
        if (epochRead && now - epochReadAt < EPOCH_AGE.toNanos()) {
            return true;
        }
        OptionalLong read = call(() -> OptionalLong.of(readEpoch()), OptionalLong.empty());
        if (read.isPresent()) {
            epoch.accumulateAndGet(read.getAsLong(), Math::max);
            epochReadAt = now;
            epochRead = true;
        }
        return read.isPresent();
    }

    private long readEpoch() throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(level.get(EPOCH).orElse(new byte[0]));
        return bytes.remaining() == Integer.BYTES + Long.BYTES && bytes.getInt() == EPOCH_MAGIC
                ? bytes.getLong()
                : Long.MIN_VALUE;
    }

    /**
     * Takes nothing back that was loaded under a key before.
     *
     * @param number the last number of the cache's history
     */
    void invalidated(K key, long number) {
        String text = text(key);
        if (text == null) {
            allInvalidated(number);
        } else {
            tombstones.add(keyStone(text), moment(number));
        }
    }

    void tagInvalidated(String tag, long number) {
        tombstones.add(tagStone(tag), moment(number));
    }

    void allInvalidated(long number) {
        tombstones.addAll(moment(number));
    }

    private Moment moment(long number) {
        return new Moment(wallClock.millis(), number);
    }

    void remove(K key) {
        String text = text(key);
        if (text != null) {
            writes.add(text, Operation.REMOVAL);
        }
    }

    /** {@return what a key is called; null if that fails, and then it is not shared} */
    private @Nullable String text(K key) {
        try {
            return Objects.requireNonNull(keyText.apply(key), "keyText returned null");
        } catch (RuntimeException e) {
            failures.increment();
            LOG.debug("A key has no text for the second level", e);
            return null;
        }
    }

    long millis() {
        return wallClock.millis();
    }

    SecondLevelStats stats() {
        return new SecondLevelStats(
                hits.sum(), misses.sum(), failures.sum(), skipped.sum(), written.sum(), writes.dropped());
    }

    /** Waits until what was added is written. {@return whether it is} */
    boolean flush(Duration timeout) {
        return writes.flush(timeout.toNanos());
    }

    @Override
    public void close() {
        writes.close();
        try {
            level.close();
        } catch (RuntimeException e) {
            LOG.warn("The second level could not be closed", e);
        }
    }

    private final class Target implements WriteBehind.Target {

        @Override
        public boolean write(String key, Operation operation) {
            return SharedResults.this.write(key, operation);
        }

        @Override
        public Map.Entry<String, Operation> removalOfAll() {
            byte[] bytes = ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                    .putInt(EPOCH_MAGIC)
                    .putLong(wallClock.millis())
                    .array();
            return Map.entry(EPOCH, Operation.lastingWrite(bytes, Load.LONGEST_TIME_TO_LIVE));
        }
    }

    private boolean write(String key, Operation operation) {
        byte[] bytes = operation.bytes();
        boolean done = false;
        try {
            done = call(
                    () -> {
                        if (bytes == null) {
                            level.remove(key);
                        } else if (!key.equals(EPOCH)
                                || readEpoch() < ByteBuffer.wrap(bytes).getLong(Integer.BYTES)) {
                            level.put(key, bytes, operation.timeToLive());
                        }
                        return true;
                    },
                    false);
        } catch (InterruptedException e) {
            failures.increment();
            LOG.debug("A write to the second level was interrupted", e);
        } finally {
            // Whether the client left it behind, or the cache was closed and this thread is about to end: it is about
            // this call, and not about those that come.
            Thread.interrupted();
        }
        if (done && bytes != null && !key.equals(EPOCH)) {
            written.increment();
        }
        return done;
    }

    private interface Call<T> {
        T run() throws Exception;
    }

    /** Makes a call, unless the breaker is open; whatever it throws, errors included, is its failure and not the caller's. */
    private <T> T call(Call<T> call, T otherwise) throws InterruptedException {
        if (isOpen()) {
            skipped.increment();
            return otherwise;
        }
        try {
            T result = Objects.requireNonNull(call.run(), "the second level returned null");
            failuresInARow.set(0);
            writes.resume();
            return result;
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            if (Thread.interrupted()) {
                InterruptedException interrupt = new InterruptedException("interrupted in a call of the second level");
                interrupt.initCause(e);
                throw interrupt;
            }
            failures.increment();
            closedUntil = clock.nanoTime() + PAUSE.toNanos();
            if (failuresInARow.incrementAndGet() == FAILURES) {
                LOG.warn("The second level fails; it is left alone for {} at a time", PAUSE, e);
            }
            return otherwise;
        }
    }

    /** Whether the breaker is open; the one that it lets through once its time is over moves that time on. */
    private boolean isOpen() {
        if (failuresInARow.get() < FAILURES) {
            return false;
        }
        if (isPaused()) {
            return true;
        }
        closedUntil = clock.nanoTime() + PAUSE.toNanos();
        return false;
    }

    /** Whether the breaker is open, and lets nobody through. */
    private boolean isPaused() {
        return failuresInARow.get() >= FAILURES && closedUntil - clock.nanoTime() > 0;
    }

    /** {@return the entry's bytes, behind a sum over them and their key; null if there are none} */
    private byte @Nullable [] encode(String text, Entry<K, V> entry, Entry.Lifetime lifetime, long beganMillis) {
        V value = entry.value;
        if (value == null) {
            return null;
        }
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(MAGIC);
            out.writeInt(0);
            out.writeLong(beganMillis);
            out.writeLong(instance);
            out.writeLong(entry.number);
            out.writeLong(lifetime.softNanos());
            out.writeLong(lifetime.hardNanos());
            out.writeShort(entry.tags.size());
            for (String tag : entry.tags) {
                out.writeUTF(tag);
            }
            out.write(codec.encode(value));
            byte[] array = bytes.toByteArray();
            ByteBuffer.wrap(array).putInt(Integer.BYTES, sum(text, array));
            return array;
        } catch (Throwable e) {
            failures.increment();
            LOG.debug("A value can't be encoded for the second level", e);
            return null;
        }
    }

    private static int sum(String text, byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        sum.update(bytes, HEADER, bytes.length - HEADER);
        return (int) sum.getValue();
    }

    private @Nullable Entry<K, V> decode(K key, String text, byte[] bytes, long number, long now) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (bytes.length < HEADER || in.readInt() != MAGIC) {
                return null;
            }
            Args.check(in.readInt() == sum(text, bytes), "sum", "wrong", "that of the bytes and their key");
            long began = in.readLong();
            boolean own = in.readLong() == instance;
            Moment moment = new Moment(began, in.readLong());
            long soft = in.readLong();
            long hard = in.readLong();
            Args.inRange("hard time to live", hard, 1, Load.LONGEST_TIME_TO_LIVE.toNanos());
            Args.inRange("soft time to live", soft, 1, hard);
            List<String> stones = new ArrayList<>();
            stones.add(keyStone(text));
            String[] tags = new String[in.readShort()];
            for (int i = 0; i < tags.length; i++) {
                tags[i] = in.readUTF();
                stones.add(tagStone(tags[i]));
            }
            long age = TimeUnit.MILLISECONDS.toNanos(Math.max(0, wallClock.millis() - began));
            if (age >= soft || began <= epoch.get() || tombstones.cover(moment, own, stones)) {
                return null;
            }
            V value = Objects.requireNonNull(codec.decode(in.readAllBytes()), "the codec returned null");
            long weight = settings.weight(key, value);
            if (settings.isTooHeavy(weight)) {
                return null;
            }
            Entry.Lifetime lifetime =
                    new Entry.Lifetime(age, soft, hard, settings.staleIfError().toNanos());
            return new Entry<>(key, value, null, number, now, lifetime, (int) weight, Set.of(tags), true);
        } catch (Throwable e) {
            failures.increment();
            LOG.debug("What the second level has can't be read", e);
            return null;
        }
    }

    private static String keyStone(String key) {
        return "k" + key;
    }

    private static String tagStone(String tag) {
        return "t" + tag;
    }
}
