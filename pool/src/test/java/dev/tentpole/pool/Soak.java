package dev.tentpole.pool;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Borrowers of sockets that give back, let others give back, break, lose and dirty what they get, while sizes change, lending is suspended, the
 * server hangs up and everything is evicted, at random. {@code main} runs it for as many seconds as its argument says, 60 by default.
 */
final class Soak {

    private static final int BORROWERS = 6;
    private static final int LARGEST = 8;

    private final EchoServer server = new EchoServer();
    private final Map<Thing, Socket> sockets = new ConcurrentHashMap<>();
    private final AtomicInteger hungUp = new AtomicInteger();
    private final Thing.Maker maker = new Thing.Maker() {
        @Override
        public Thing open() throws Exception {
            Thing thing = super.open();
            sockets.put(thing, server.connect());
            return thing;
        }

        @Override
        public boolean validate(Thing thing, Occasion occasion) throws Exception {
            return super.validate(thing, occasion) && EchoServer.answers(sockets.get(thing));
        }

        @Override
        public void close(Thing thing) throws Exception {
            super.close(thing);
            sockets.remove(thing).close();
        }
    };
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    private final AtomicInteger trips = new AtomicInteger();
    private final ExecutorService closer = Executors.newSingleThreadExecutor();
    private int maxSize = LARGEST;
    private int mayBeOpen = LARGEST;

    Soak() throws IOException {}

    public static void main(String[] args) throws InterruptedException, IOException {
        new Soak().run(Duration.ofSeconds(args.length == 0 ? 60 : Integer.parseInt(args[0])), new Random().nextLong());
    }

    void run(Duration length, long seed) throws InterruptedException, IOException {
        long end = System.nanoTime() + length.toNanos();
        Random random = new Random(seed);
        Pool<Thing> pool = Pool.open(
                PoolSettings.named("soak")
                        .size(1, LARGEST)
                        .acquireTimeout(Duration.ofSeconds(2))
                        .idleTimeout(Duration.ofMillis(200))
                        .maxLifetime(Duration.ofMillis(700))
                        .keepAlive(Duration.ofMillis(100))
                        .validateAfterIdle(Duration.ofMillis(20))
                        .openTimeout(Duration.ofSeconds(1))
                        .drainTimeout(Duration.ofSeconds(1))
                        .build(),
                maker);
        List<Thread> borrowers = new ArrayList<>();
        for (int i = 0; i < BORROWERS; i++) {
            long mine = random.nextLong();
            Thread borrower = new Thread(() -> borrow(pool, new Random(mine), end));
            borrowers.add(borrower);
            borrower.start();
        }
        while (System.nanoTime() - end < 0 && broken.get() == null) {
            disturb(pool, random);
            PoolStatistics before = pool.statistics();
            int open = maker.open.get();
            PoolStatistics after = pool.statistics();
            // What was being opened when all was evicted, or for too long, comes on top.
            long late = before.abandoned() + after.abandoned() + after.lateOpens() - before.lateOpens();
            // What is more than a maximum that became smaller goes, and is not replaced.
            mayBeOpen = Math.max(maxSize, Math.min(mayBeOpen, before.total() + before.closing()));
            check(open <= mayBeOpen + late, open + " are open, and no more than " + mayBeOpen + " may be: " + after);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        maker.failure = null;
        pool.resume();
        for (Thread borrower : borrowers) {
            borrower.join();
        }
        closer.shutdown();
        check(closer.awaitTermination(10, TimeUnit.SECONDS), "leases are still being closed");
        pool.close();
        check(maker.open.get() == 0, maker.open.get() + " were left open");
        check(sockets.isEmpty(), sockets.size() + " sockets were left open");
        check(hungUp.get() > 0, "no borrower was hung up on");
        Until.holds(() -> server.connected() == 0);
        server.close();
        check(pool.statistics().total() == 0, "something is left: " + pool.statistics());
        Throwable thrown = broken.get();
        if (thrown != null) {
            throw new AssertionError("seed " + seed + ", after " + trips.get() + " trips", thrown);
        }
        System.out.println("soak: " + trips.get() + " trips, seed " + seed + ", " + pool.statistics());
    }

    private void disturb(Pool<Thing> pool, Random random) throws IOException {
        switch (random.nextInt(14)) {
            case 0 -> pool.suspend();
            case 1, 2 -> pool.resume();
            case 3 -> pool.evictAll();
            case 4 -> {
                maxSize = 3 + random.nextInt(LARGEST - 2);
                pool.resize(random.nextInt(3), maxSize);
            }
            case 5 -> maker.failure = new IllegalStateException("killed");
            case 6, 7 -> maker.failure = null;
            case 8 -> System.gc();
            case 9, 10 -> server.hangUpOnOne(random);
            default -> {
                // A moment of peace.
            }
        }
    }

    private void borrow(Pool<Thing> pool, Random random, long end) {
        while (System.nanoTime() - end < 0 && broken.get() == null) {
            try {
                Lease<Thing> lease = pool.acquire();
                Thing thing = lease.get();
                check(thing.isLent.compareAndSet(false, true), thing + " is lent twice");
                check(!thing.isClosed, thing + " is closed while it is lent");
                use(lease, thing, random);
                trips.incrementAndGet();
            } catch (AcquireException e) {
                check(e.reason() == AcquireException.Reason.TIMEOUT, e.toString());
            }
        }
    }

    private void use(Lease<Thing> lease, Thing thing, Random random) {
        int what = random.nextInt(1_000);
        if (what % 10 == 7 && !EchoServer.answers(sockets.get(thing))) {
            hungUp.incrementAndGet();
            lease.invalidate(new IOException("hung up"));
        } else if (what < 5) {
            lease.invalidate(new IllegalStateException("broken"));
        } else if (what < 8) {
            return;
        }
        thing.isDirty = what < 50;
        thing.isValid = what % 100 != 9;
        thing.isLent.set(false);
        if (what >= 800) {
            closer.execute(lease::close);
        }
        if (what < 900) {
            lease.close();
        }
        if (what < 100) {
            lease.close();
        }
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            broken.compareAndSet(null, new AssertionError(what));
        }
    }
}
