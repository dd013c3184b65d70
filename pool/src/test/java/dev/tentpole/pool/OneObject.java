package dev.tentpole.pool;

import java.time.Duration;

/** A pool of one object that is there, without threads: made often and thrown away. */
final class OneObject {

    private static final PoolSettings SETTINGS = PoolSettings.named("one")
            .size(1, 1)
            .validateAfterIdle(Duration.ofDays(1))
            .build();

    final Engine<Object> engine;

    OneObject() {
        FakeSurroundings time = new FakeSurroundings();
        engine = new Engine<>(SETTINGS, Object::new, time);
        engine.start();
        time.runCalls();
    }
}
