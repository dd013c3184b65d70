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
     * <p>The threads serve whoever comes: they inherit nothing of the thread that happens to need one, neither inheritable
     * thread locals nor the context class loader. Theirs is that of the thread that asks for the factory.
     *
     * @param room the module that owns the threads, such as {@code core}
     * @param what what the threads do, such as {@code query}
     */
    public static ThreadFactory daemon(String room, String what) {
        String prefix = "tentpole-" + Args.notBlank("room", room) + "-" + Args.notBlank("what", what) + "-";
        AtomicLong count = new AtomicLong();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return task -> {
            Thread thread = new Thread(null, task, prefix + count.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(loader);
            return thread;
        };
    }
}
