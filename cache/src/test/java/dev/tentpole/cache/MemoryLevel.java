package dev.tentpole.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A second level that can be looked into, and that fails or waits when a test says so. */
final class MemoryLevel implements SecondLevel {

    final Map<String, byte[]> held = new ConcurrentHashMap<>();
    final AtomicInteger calls = new AtomicInteger();
    volatile boolean down;
    volatile @Nullable Error error;
    final AtomicInteger interrupts = new AtomicInteger();
    volatile CountDownLatch slow = new CountDownLatch(0);
    volatile CountDownLatch slowRead = new CountDownLatch(0);

    private void call() throws IOException {
        calls.incrementAndGet();
        Error thrown = error;
        if (thrown != null) {
            throw thrown;
        }
        if (down) {
            throw new IOException("down");
        }
    }

    @Override
    public Optional<byte[]> get(String key) throws IOException, InterruptedException {
        slowRead.await();
        call();
        return Optional.ofNullable(held.get(key));
    }

    @Override
    public void put(String key, byte[] value, Duration timeToLive) throws IOException, InterruptedException {
        slow.await();
        if (interrupts.get() > 0) {
            Thread.currentThread().interrupt();
            if (interrupts.getAndDecrement() % 2 == 0) {
                throw new InterruptedException("the client's own");
            }
            throw new IOException("interrupted");
        }
        call();
        held.put(key, value);
    }

    @Override
    public void remove(String key) throws IOException {
        call();
        held.remove(key);
    }

    @Override
    public void close() {}
}
