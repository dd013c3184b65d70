package dev.tentpole.streaming;

import dev.tentpole.streaming.ConnectionListener.StateChange;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The changes that a listener was told of, which is after they are made. */
final class Told {

    private final List<StateChange> changes = new CopyOnWriteArrayList<>();

    void add(StateChange change) {
        changes.add(change);
    }

    List<StateChange> all() {
        return changes;
    }

    List<StateChange> waits() {
        return changes.stream()
                .filter(change -> change.to() == ConnectionState.WAITING)
                .toList();
    }

    /** Whether the last one led there. */
    boolean endsWith(ConnectionState state) {
        return !changes.isEmpty() && changes.get(changes.size() - 1).to() == state;
    }

    StateChange last() {
        return changes.get(changes.size() - 1);
    }
}
