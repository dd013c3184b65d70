package dev.tentpole.retry;

import java.util.Map;
import org.slf4j.MDC;

/**
 * Carries what belongs to a call from the calling thread to the one that does the work: logging context, a trace, a
 * tenant.
 */
@FunctionalInterface
public interface ContextCarrier {

    /**
     * {@return the same task, which sees on any thread what the present thread sees, and leaves nothing behind}
     *
     * <p>It is called on the calling thread. What it throws comes out of the call, and so does what the returned task throws
     * before the given one has begun; a returned task that ends without running the given one fails the call.
     *
     * <p>The returned task may run several times, one after the other: once for each attempt.
     *
     * @param task what will run elsewhere
     */
    Runnable carry(Runnable task);

    /**
     * {@return a carrier that carries nothing}
     */
    static ContextCarrier none() {
        return task -> task;
    }

    /**
     * {@return a carrier of SLF4J's {@link MDC}}
     */
    static ContextCarrier mdc() {
        return task -> {
            Map<String, String> context = MDC.getCopyOfContextMap();
            return () -> {
                Map<String, String> before = MDC.getCopyOfContextMap();
                restore(context);
                try {
                    task.run();
                } finally {
                    restore(before);
                }
            };
        };
    }

    /**
     * {@return a carrier of what this and another one carry}
     *
     * @param other the other one
     */
    default ContextCarrier and(ContextCarrier other) {
        return task -> carry(other.carry(task));
    }

    private static void restore(@org.jspecify.annotations.Nullable Map<String, String> context) {
        if (context == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(context);
        }
    }
}
