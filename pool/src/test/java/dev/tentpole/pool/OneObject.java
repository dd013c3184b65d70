package dev.tentpole.pool;

import java.time.Duration;
import java.util.Objects;

/** A pool of one object that is there, without threads: made often and thrown away. */
final class OneObject {

    private static final PoolSettings SETTINGS = PoolSettings.named("one")
            .size(1, 1)
            .validateAfterIdle(Duration.ofDays(1))
            .build();

    /** A thread that does nothing itself. */
    static final Thread ANOTHER = new Thread(() -> {}, "another");

    final Engine<Object> engine;
    final FakeSurroundings time = new FakeSurroundings();
    private Slot<Object> lent;
    private Token token;
    private long stamp;

    OneObject() {
        engine = new Engine<>(SETTINGS, Object::new, time);
        engine.start();
        time.runCalls();
    }

    /** Lends the object and returns where it is; leases of that loan come from {@link #lease}. */
    Slot<Object> lend() {
        Slot<Object> slot = Objects.requireNonNull(engine.slots().tryBorrow());
        token = Objects.requireNonNull(slot.token);
        slot.token = null;
        stamp = slot.leaseStamp;
        lent = slot;
        return slot;
    }

    /** The lease as it is if that thread borrowed. */
    Lease<Object> lease(Thread borrower) {
        return new Lease<>(lent, token, borrower, stamp);
    }

    /** Goes on as borrowers do with what they found free, if anything; returns what may be lent. */
    Slot<Object> checked(Slot<Object> found) {
        return found == null || engine.isToBeChecked(found, engine.coarseClock().nanoTime())
                ? new Borrowing<>(engine).tryAcquire(found)
                : found;
    }

    /** Whether an object that is lent looks as it should to whoever looks for lost leases: its lease alone has the token. */
    boolean isTokenWithTheLease() {
        return engine.slots().all()[0].token == null;
    }
}
