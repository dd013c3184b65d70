package dev.tentpole.base;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Factories of the daemon threads that Tentpole's modules own, named {@code tentpole-<room>-<what>-<number>}.
 *
 * <p>Stateless and safe for use by several threads, as are the factories.
 */
public final class OwnedThreads {

    private OwnedThreads() {}

    /**
     * {@return a factory of daemon threads}
     *
     * @param room the module that owns the threads, such as {@code core}
     * @param what what the threads do, such as {@code query}
     */
    public static ThreadFactory daemon(String room, String what) {
        String prefix = "tentpole-" + Args.notBlank("room", room) + "-" + Args.notBlank("what", what) + "-";
        AtomicLong count = new AtomicLong();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
