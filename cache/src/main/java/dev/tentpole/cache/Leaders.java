package dev.tentpole.cache;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which thread leads which load, so that a loader that asks for what it is loading gets an error and not a deadlock.
 *
 * <p>A thread that leads a load and is about to wait for another one says so first, and then walks along: from that load
 * to its leader, to what that one waits for. Two that close a circle at the same time both have said so before either
 * walks; at least one sees it. All caches share one, so that circles over several are seen too. A leader who waits for
 * threads of its own making is not seen waiting; then whoever waits for him ends by his time.
 */
final class Leaders {

    static final Leaders OF_ALL_CACHES = new Leaders();

    private final Map<Thread, Flight<?>> innermost = new ConcurrentHashMap<>();

    private Leaders() {}

    void enter(Flight<?> flight) {
        flight.setOuter(innermost.put(Thread.currentThread(), flight));
    }

    void leave(Flight<?> flight) {
        Flight<?> outer = flight.outer();
        if (outer == null) {
            innermost.remove(Thread.currentThread());
        } else {
            innermost.put(Thread.currentThread(), outer);
        }
    }

    /** Says that this thread is about to wait. {@return false if it would wait for itself} */
    boolean beginWait(Flight<?> flight) {
        if (flight.isLedByThisThread()) {
            return false;
        }
        Flight<?> own = innermost.get(Thread.currentThread());
        if (own == null) {
            return true;
        }
        own.setWaitsFor(flight);
        Flight<?> next = flight;
        for (int steps = 0; next != null && steps <= innermost.size(); steps++) {
            if (next.isLedByThisThread()) {
                own.setWaitsFor(null);
                return false;
            }
            next = waitOf(next.leader());
        }
        return true;
    }

    void endWait() {
        Flight<?> own = innermost.get(Thread.currentThread());
        if (own != null) {
            own.setWaitsFor(null);
        }
    }

    private @Nullable Flight<?> waitOf(@Nullable Thread leader) {
        Flight<?> led = leader == null ? null : innermost.get(Objects.requireNonNull(leader));
        return led == null ? null : led.waitsFor();
    }
}
