package dev.tentpole.pool;

import java.time.Duration;

/** A pool of one object that is there, without threads: made often and thrown away. */
final class OneObject {

    private static final PoolSettings SETTINGS = PoolSettings.named("one")
            .size(1, 1)
            .validateAfterIdle(Duration.ofDays(1))
            .build();

    final Engine<Object> engine;
    final FakeSurroundings time = new FakeSurroundings();

    OneObject() {
        engine = new Engine<>(SETTINGS, Object::new, time);
        engine.start();
        time.runCalls();
    }

    /** Whether an object that is lent looks as it should to whoever looks for lost leases: its lease alone has the token. */
    boolean isTokenWithTheLease() {
        Slot<Object> slot = engine.slots().all()[0];
        return slot.token == null || (slot.flags() & Slot.SPOILT) != 0;
    }
}
