package dev.tentpole.benchmarks.streaming;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A client that subscribes to channel {@code c} whenever it is open, and what it tells its user of a server's fault.
 *
 * <p>All clients ping every 200 ms and have 1 s to connect; what else they have limits for is at its default.
 */
abstract class Suffering implements AutoCloseable {

    /** How often clients ping. */
    static final int HEARTBEAT_MILLIS = 200;

    /** How long a handshake may take. */
    static final int CONNECT_MILLIS = 1_000;

    private final AtomicReference<@Nullable String> told = new AtomicReference<>();
    private final AtomicInteger largest = new AtomicInteger();
    private volatile boolean well;

    /** Whether the consumer blocks for two seconds at its first message. */
    volatile boolean blocks;

    /** Starts to connect; does not wait. */
    abstract void connect(URI uri);

    /** Sends eight mebibytes. */
    abstract void sendMuch();

    /** Whether it is the client's business to connect again. */
    boolean comesBack() {
        return false;
    }

    /** Whether the client says that it is open. */
    abstract boolean saysOpen();

    /** The client tells its user that something is wrong; only the first time counts. */
    final void tells(String what) {
        told.compareAndSet(null, what);
    }

    /** The consumer gets a message. */
    final void gets(String text) {
        largest.accumulateAndGet(text.length(), Math::max);
        if (text.endsWith("well")) {
            well = true;
        }
        if (blocks && text.endsWith("slow")) {
            pauseTwoSeconds();
        }
    }

    /** What the user was told first, or null. */
    final @Nullable String told() {
        return told.get();
    }

    /** Whether a message of a later, good connection has come. */
    final boolean isWell() {
        return well;
    }

    /** The length of the longest message that the consumer got. */
    final int largest() {
        return largest.get();
    }

    private static void pauseTwoSeconds() {
        try {
            Thread.sleep(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public abstract void close();
}
